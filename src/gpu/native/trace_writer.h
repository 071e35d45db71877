// Writes a trace while a program runs. Every record is with the operating system before what it says is executed,
// so a process that dies leaves the trace up to its last words in `PATH.XXXXXX`; finish() gives it its name.
#pragma once

#include <chrono>
#include <memory>
#include <span>
#include <string>
#include <unordered_map>
#include <vector>

#include "base/write_file.h"
#include "gpu/capabilities.h"
#include "gpu/commands.gen.h"
#include "gpu/trace.h"

namespace shoal::gpu {

// As a trace's device_info names it: discrete, integrated, software, unknown.
std::string_view adapter_type_name(AdapterType type);

class TraceWriter {
 public:
  // Errors: kIo.
  static Result<std::unique_ptr<TraceWriter>> create(const std::string& path, const Capabilities& adapter);
  // Finishes, when nobody has.
  ~TraceWriter();
  TraceWriter(const TraceWriter&) = delete;
  TraceWriter& operator=(const TraceWriter&) = delete;

  // Call before the stream is executed, while the memory that it lends is there. Equal blobs are stored once.
  // What cannot be written is reported by finish(): a full disk does not stop the program that is recorded.
  void stream(std::span<const u32> words);
  void events(std::span<const u32> words);

  // Errors: kIo, the first that there was; nothing is left of the file then.
  Result<void> finish();

 private:
  explicit TraceWriter(OutputFile file) : file_(std::move(file)) {}
  u32 store(std::span<const std::byte> blob);
  void timed(TraceKind kind, u32 device, std::span<const u32> words);
  void record(TraceKind kind, std::span<const std::byte> first, std::span<const std::byte> rest);
  void append(std::span<const std::byte> bytes);

  OutputFile file_;
  Result<void> written_;
  bool is_finished_ = false;
  u64 records_ = 0;
  std::chrono::steady_clock::time_point begin_ = std::chrono::steady_clock::now();
  std::unordered_map<u64, u32> blobs_;  // hash -> number
  std::vector<u32> words_;              // of the stream in hand, blobs named by number
};

}  // namespace shoal::gpu
