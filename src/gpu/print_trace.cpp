#include "gpu/print_trace.h"
#include "gpu/decode.gen.h"

#include <optional>
#include <type_traits>

namespace shoal::gpu {
namespace {

class TracePrinter {
 public:
  explicit TracePrinter(PrintStyle style) : is_json_(style == PrintStyle::kJson), items_(style, out_) {}

  std::string print(const Trace& trace) {
    begin_line(0);
    say(R"({{"record":"trace","version":{})", "trace version={}", kTraceVersion);
    end_line();
    for (const TraceRecord& record : trace.records) {
      if (record.kind == TraceKind::kBlob) {
        const TraceBlob& blob = trace.blobs[record.blob - 1];
        begin_line(0);
        say(R"({{"record":"blob","blob":{},"size_bytes":{},"xxh3":"{:016x}")", "blob {} size_bytes={} xxh3={:016x}",
            record.blob, blob.bytes.size(), blob.hash);
        end_line();
      } else {
        print_record(record);
      }
    }
    print_end(trace);
    if (is_json_) out_ += "\n]\n";
    return std::move(out_);
  }

 private:
  void print_record(const TraceRecord& record) {
    const bool is_stream = record.kind == TraceKind::kStream, is_note = record.kind == TraceKind::kNotes;
    u32& number = is_stream ? streams_ : is_note ? notes_ : batches_;
    ++number;
    const std::string_view name = is_stream ? "stream" : is_note ? "notes" : "events";
    begin_line(0);
    say(R"({{"record":"{0}","{0}":{1},"host_ms":{2:.3f},"device":{3},"thread":{4})",
        "{0} {1} host_ms={2:.3f} device={3} thread={4}", name, number,
        static_cast<double>(record.host_time_ns) / 1e6, record.device, record.thread);
    end_line();
    // All decode: read_trace has seen to that.
    if (is_stream) {
      (void)decode_commands(record.words,
                            [&](const auto& command) { print_command(command, record.host_time_ns); });
    } else if (is_note) {
      (void)decode_notes(record.words, [this](const auto& note) {
        begin_line(1);
        print_item(R"({{"record":"note","notes":{},"note":"{}","arguments":)", notes_, note);
        end_line();
      });
    } else {
      (void)decode_events(record.words, [this](const auto& event) {
        begin_line(1);
        print_item(R"({{"record":"event","events":{},"event":"{}","arguments":)", batches_, event);
        end_line();
      });
    }
  }

  // What is encoded is indented below the submission that it is for, and what a pass holds below the pass.
  template <class Command>
  void print_command(const Command& command, u64 stream_ns) {
    if constexpr (std::is_same_v<Command, Call>) {
      call_ = command;
      return;
    }
    if constexpr (std::is_same_v<Command, CreateCommandEncoder>) {
      if (!in_submission_) {
        in_submission_ = true;
        ++submissions_;
        if (!is_json_) {
          begin_line(1);
          say("", "submission {}", submissions_);
          end_line();
        }
      }
    }
    if constexpr (std::is_same_v<Command, EndPass> || std::is_same_v<Command, FinishBundle>) in_pass_ = false;
    begin_line(1 + (in_submission_ ? 1u : 0u) + (in_pass_ ? 1u : 0u));
    if (is_json_ && in_submission_) {
      say(R"({{"record":"command","stream":{},"submission":{},)", "", streams_, submissions_);
      print_item(R"("command":"{1}","arguments":)", streams_, command);
    } else {
      print_item(R"({{"record":"command","stream":{},"command":"{}","arguments":)", streams_, command);
    }
    print_call(stream_ns);
    end_line();
    if constexpr (std::is_same_v<Command, BeginComputePass> || std::is_same_v<Command, BeginRenderPass> ||
                  std::is_same_v<Command, CreateRenderBundleEncoder>) {
      in_pass_ = true;
    }
    if constexpr (std::is_same_v<Command, Submit>) in_submission_ = in_pass_ = false;
  }

  template <class Item>
  void print_item(fmt::format_string<u32&, const std::string_view&> json_head, u32 number, const Item& item) {
    if (is_json_) out_ += fmt::format(json_head, number, Item::kName);
    items_.print(item);
  }

  // When the command in hand was said, how long that took, and from where, where its recorder knew.
  void print_call(u64 stream_ns) {
    if (!call_) return;
    const double at_ms = static_cast<double>(stream_ns + call_->begin_ns) / 1e6;
    say(R"(,"at_ms":{:.3f})", " at_ms={:.3f}", at_ms);
    if (call_->duration_ns == kAllOrNone) {
      say(R"(,"took_us":null)", " never returned");
    } else {
      say(R"(,"took_us":{:.1f})", " took_us={:.1f}", static_cast<double>(call_->duration_ns) / 1e3);
    }
    say(R"(,"stack":{})", " stack={}", call_->stack);
    call_.reset();
  }

  void print_end(const Trace& trace) {
    begin_line(0);
    if (trace.damage.empty()) {
      say(R"({{"record":"end","whole":true)", "end");
    } else {
      say(R"({{"record":"end","whole":false,"whole_bytes":{},"message":)", "cut off whole_bytes={} ",
          trace.whole_bytes);
      append_quoted(out_, trace.damage);
    }
    end_line();
  }

  template <class... Args>
  void say(std::string_view json, std::string_view text, const Args&... args) {
    out_ += fmt::vformat(is_json_ ? json : text, fmt::make_format_args(args...));
  }

  void begin_line(u32 depth) {
    if (is_json_) {
      out_ += out_.empty() ? "[\n" : ",\n";
    } else {
      out_.append(size_t{2} * depth, ' ');
    }
  }

  void end_line() { out_ += is_json_ ? '}' : '\n'; }

  bool is_json_;
  std::string out_;
  ItemPrinter items_;
  u32 streams_ = 0, batches_ = 0, notes_ = 0, submissions_ = 0;
  std::optional<Call> call_;  // of the command that follows
  bool in_submission_ = false, in_pass_ = false;
};

}  // namespace

std::string print(const Trace& trace, PrintStyle style) { return TracePrinter(style).print(trace); }

}  // namespace shoal::gpu
