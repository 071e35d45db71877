#include "gpu/native/trace_writer.h"

#include <array>
#include <type_traits>

#include "gpu/decode.gen.h"
#include "gpu/payload_hash.h"

namespace shoal::gpu {
namespace {

// A program that writes its own trace has one.
constexpr u32 kDevice = 1;

template <class T>
std::span<const std::byte> bytes_of(const T& value) {
  return std::as_bytes(std::span(&value, 1));
}

}  // namespace

std::string_view adapter_type_name(AdapterType type) {
  switch (type) {
    case AdapterType::kDiscrete: return "discrete";
    case AdapterType::kIntegrated: return "integrated";
    case AdapterType::kSoftware: return "software";
    case AdapterType::kUnknown: return "unknown";
  }
  return "unknown";
}

Result<std::unique_ptr<TraceWriter>> TraceWriter::create(const std::string& path, const Capabilities& adapter) {
  SHOAL_TRY_SET(OutputFile file, OutputFile::create(path));
  std::unique_ptr<TraceWriter> writer(new TraceWriter(std::move(file)));
  writer->append(std::as_bytes(std::span(kTraceMagic)));
  writer->append(bytes_of(kTraceVersion));
  WireWriter(writer->words_)
      .write(DeviceInfo{.device = kDevice,
                        .adapter = adapter.name,
                        .driver = adapter.driver,
                        .type = adapter_type_name(adapter.type)});
  writer->timed(TraceKind::kNotes, 0, writer->words_);
  SHOAL_TRY(writer->written_);
  return writer;
}

TraceWriter::~TraceWriter() { (void)finish(); }

void TraceWriter::append(std::span<const std::byte> bytes) {
  if (!written_ || bytes.empty()) return;
  written_ = file_.append({reinterpret_cast<const u8*>(bytes.data()), bytes.size()});
}

void TraceWriter::record(TraceKind kind, std::span<const std::byte> first, std::span<const std::byte> rest) {
  const u64 size_bytes = first.size() + rest.size();
  append(bytes_of(kind));
  append(bytes_of(size_bytes));
  append(first);
  append(rest);
  const std::array<std::byte, 3> zeros{};
  append(std::span(zeros).first(static_cast<size_t>(align_up(size_bytes, u64{4}) - size_bytes)));
  ++records_;
}

void TraceWriter::timed(TraceKind kind, u32 device, std::span<const u32> words) {
  const auto since_begin = std::chrono::steady_clock::now() - begin_;
  const u64 time_ns = static_cast<u64>(std::chrono::duration_cast<std::chrono::nanoseconds>(since_begin).count());
  const std::array<u32, 4> head = {low_word(time_ns), high_word(time_ns), device, 0};
  record(kind, std::as_bytes(std::span(head)), std::as_bytes(words));
}

u32 TraceWriter::store(std::span<const std::byte> blob) {
  const u64 hash = payload_hash(blob);
  const auto [stored, is_new] = blobs_.try_emplace(hash, static_cast<u32>(blobs_.size() + 1));
  if (is_new) record(TraceKind::kBlob, bytes_of(hash), blob);
  return stored->second;
}

void TraceWriter::stream(std::span<const u32> words) {
  words_.clear();
  // Where the stream is corrupt its executor says so; the trace has what came before.
  (void)decode_commands(words, [this](const auto& command) {
    if constexpr (std::is_same_v<std::remove_cvref_t<decltype(command)>, WriteBufferFromBlob>) {
      WriteBufferFromBlob named = command;
      if (command.blob == 0) {
        const auto* lent =
            reinterpret_cast<const std::byte*>(static_cast<std::uintptr_t>(command.blob_offset_bytes));
        named.blob = store({lent, static_cast<size_t>(command.size_bytes)});
        named.blob_offset_bytes = 0;
      }
      WireWriter(words_).write(named);
    } else {
      WireWriter(words_).write(command);
    }
  });
  timed(TraceKind::kStream, kDevice, words_);
}

void TraceWriter::events(std::span<const u32> words) { timed(TraceKind::kEvents, kDevice, words); }

Result<void> TraceWriter::finish() {
  if (is_finished_) return written_;
  is_finished_ = true;
  const u64 records = records_;
  record(TraceKind::kEnd, bytes_of(records), {});
  if (written_) written_ = file_.commit();
  return written_;
}

}  // namespace shoal::gpu
