#include "review/recorded_trace.h"

#include <fcntl.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <filesystem>

#include <nlohmann/json.hpp>

#include "base/text.h"
#include "gpu/commands.gen.h"
#include "gpu/decode.gen.h"
#include "gpu/native/trace_file.h"

namespace shoal::review {
namespace {

namespace fs = std::filesystem;

void append_record(std::vector<std::byte>& out, gpu::TraceKind kind, std::span<const std::byte> payload) {
  const auto put = [&out](const auto& value) {
    const auto bytes = std::as_bytes(std::span(&value, 1));
    out.insert(out.end(), bytes.begin(), bytes.end());
  };
  put(kind);
  put(static_cast<u64>(payload.size()));
  out.insert(out.end(), payload.begin(), payload.end());
  out.resize(align_up(out.size(), size_t{4}));
}

}  // namespace

Result<void> check_folder_of(const std::string& file) {
  std::error_code error;
  if (fs::is_directory(fs::absolute(file, error).parent_path(), error)) return {};
  return fail(ErrorCode::kIo, "{} cannot be written: its folder is not there. Create it first.", quote(file));
}

Result<void> finish_trace(const std::string& path, const std::string& name, RecordReport& report) {
  u64 whole_bytes = 0, records = 0;
  {
    SHOAL_TRY_SET(const gpu::TraceFile file, gpu::load_trace(path));
    whole_bytes = file.trace.whole_bytes;
    records = file.trace.records.size();
    const auto add = [](std::vector<std::string>& names, std::string_view added) {
      if (std::ranges::find(names, added) == names.end()) names.emplace_back(added);
    };
    for (const gpu::TraceRecord& record : file.trace.records) {
      if (record.kind == gpu::TraceKind::kStream) {
        (void)gpu::decode_commands(record.words, [&]<class Command>(const Command& command) {
          report.commands += std::is_same_v<Command, gpu::Call> ? 0u : 1u;
          report.submissions += std::is_same_v<Command, gpu::Submit> ? 1u : 0u;
          report.frames +=
              std::is_same_v<Command, gpu::Present> || std::is_same_v<Command, gpu::FrameMark> ? 1u : 0u;
          if constexpr (std::is_same_v<Command, gpu::Unsupported>) add(report.unsupported, command.name);
        });
      } else if (record.kind == gpu::TraceKind::kNotes) {
        (void)gpu::decode_notes(record.words, [&]<class Note>(const Note& note) {
          if constexpr (std::is_same_v<Note, gpu::Unrecorded>) add(report.unrecorded, note.name);
        });
      }
    }
  }
  std::vector<u32> note(gpu::kTraceTimedHeadBytes / sizeof(u32));
  const u64 time_ns = static_cast<u64>(report.host_ms * 1e6);
  std::memcpy(note.data(), &time_ns, sizeof time_ns);
  gpu::WireWriter(note).write(gpu::ProgramEnd{.exit_code = static_cast<u32>(report.exit_code),
                                              .signal = static_cast<u32>(report.signal),
                                              .host_ms = report.host_ms});
  std::vector<std::byte> tail;
  append_record(tail, gpu::TraceKind::kNotes, std::as_bytes(std::span(note)));
  const u64 count = records + 1;
  append_record(tail, gpu::TraceKind::kEnd, std::as_bytes(std::span(&count, 1)));
  const int file = ::open(path.c_str(), O_WRONLY | O_CLOEXEC);
  const bool is_written = file >= 0 && ::ftruncate(file, static_cast<off_t>(whole_bytes)) == 0 &&
                          ::pwrite(file, tail.data(), tail.size(), static_cast<off_t>(whole_bytes)) ==
                              static_cast<ssize_t>(tail.size());
  const int error = errno;
  if (file >= 0) ::close(file);
  if (!is_written)
    return fail(ErrorCode::kIo, "The trace {} cannot be ended: {}.", quote(path), std::strerror(error));
  report.trace_bytes += whole_bytes + tail.size();
  std::error_code problem;
  fs::rename(path, name, problem);
  if (problem) {
    return fail(ErrorCode::kIo, "{} cannot be renamed to {}: {}.", quote(path), quote(name), problem.message());
  }
  report.traces.push_back(name);
  return {};
}

std::string record_json(const RecordReport& report) {
  const nlohmann::json json = {{"exit_code", report.exit_code},
                               {"signal", report.signal},
                               {"host_ms", report.host_ms},
                               {"commands", report.commands},
                               {"submissions", report.submissions},
                               {"frames", report.frames},
                               {"trace_bytes", report.trace_bytes},
                               {"traces", report.traces},
                               {"unrecorded", report.unrecorded},
                               {"unsupported", report.unsupported},
                               {"ending", report.ending}};
  return json.dump(-1, ' ', false, nlohmann::json::error_handler_t::replace);
}

}  // namespace shoal::review
