#include "primitives/primitive_test.h"
#include "gpu/decode.gen.h"

#include <algorithm>
#include <cstdlib>
#include <cstring>
#include <map>
#include <type_traits>

namespace shoal::primitives {

// Every kernel's tiles and strips several times over; copies of millions of elements would take most of the time.
constexpr u64 kMostSanitizedBytes = u64{1} << 20;

std::string test_adapter() {
  const char* name = std::getenv("SHOAL_TEST_ADAPTER");
  return name == nullptr ? "software" : name;
}

void PrimitiveTest::SetUp() {
  // Compiling is the dear part of a test, so kernels outlive it. Never destroyed, since drivers may go first.
  struct Opened {
    std::unique_ptr<gpu::NativeGpu> gpu;
    std::unique_ptr<Sanitizer> sanitizer;
  };
  static auto& devices = *new std::map<gpu::Tier, Opened>;
  Opened& opened = devices[GetParam()];
  if (opened.gpu == nullptr || !opened.gpu->device().check()) {
    auto result = gpu::NativeGpu::open(test_adapter(), GetParam(), {});
    ASSERT_TRUE(result) << result.error().message();
    opened.sanitizer.reset();
    opened.gpu = std::move(*result);
    gpu_ = opened.gpu.get();
    wait_until([this] { return Sanitizer::prepare(device()); });
    opened.sanitizer = std::make_unique<Sanitizer>(device(), kMostSanitizedBytes);
  }
  gpu_ = opened.gpu.get();
  sanitizer_ = opened.sanitizer.get();
  capabilities_ = device().capabilities;
}

void PrimitiveTest::TearDown() {
  if (gpu_ == nullptr) return;
  device().capabilities = capabilities_;
  if (device().check()) {
    const Result<void> judged = writes_outside();
    EXPECT_TRUE(judged) << judged.error().message();
  }
  for (const u32 buffer : buffers_) {
    device().bind_groups.forget(device().recorder, buffer);
    device().recorder.say(gpu::DestroyBuffer{.buffer = buffer});
  }
  buffers_.clear();
  EXPECT_TRUE(gpu_->pump(false));
}

gpu::View PrimitiveTest::upload(std::span<const u32> words) {
  using enum gpu::BufferUsage;
  std::vector<u32> padded(words.begin(), words.end());
  padded.resize(align_up<size_t>(std::max<size_t>(words.size(), 1), 4), 0xffffffffu);
  return uploaded(std::as_bytes(std::span(padded)), kStorage | kCopyDst | kCopySrc);
}

gpu::View PrimitiveTest::uploaded(std::span<const std::byte> bytes, gpu::BufferUsage usage) {
  gpu::Recorder& recorder = device().recorder;
  const gpu::View view{recorder.create_buffer("test", align_up<u64>(bytes.size(), 16), usage), 0, bytes.size()};
  buffers_.push_back(view.buffer);
  recorder.write(view, bytes);
  EXPECT_TRUE(gpu_->pump(false));
  return view;
}

gpu::View PrimitiveTest::upload(std::span<const u64> elements, bool wide) {
  std::vector<u32> words;
  words.reserve(elements.size() * (wide ? 2 : 1));
  for (const u64 element : elements) {
    words.push_back(low_word(element));
    if (wide) words.push_back(high_word(element));
  }
  return upload(words);
}

gpu::View PrimitiveTest::untouched(u64 words) {
  return upload(std::vector<u32>(align_up<size_t>(static_cast<size_t>(words), 4) + 4, kUntouched));
}

gpu::Count PrimitiveTest::count_of(u32 count, bool on_gpu) {
  if (!on_gpu) return count;
  std::vector<u32> words(80, 0xffffffffu);
  words[67] = count;
  return gpu::View{upload(words).buffer, 67 * 4, 4};
}

void PrimitiveTest::wait_until(const std::function<Result<bool>()>& prepare) {
  const Result<void> is_ready = gpu_->wait_until(prepare);
  ASSERT_TRUE(is_ready) << is_ready.error().message();
}

void PrimitiveTest::run(const std::function<Result<void>(gpu::Frame&)>& record) {
  gpu::Frame frame(device(), "test");
  const Result<void> recorded = record(frame);
  ASSERT_TRUE(recorded) << recorded.error().message();
  frame.submit();
  const Result<void> pumped = gpu_->pump(false);
  ASSERT_TRUE(pumped) << pumped.error().message();
}

std::string PrimitiveTest::refusal(const std::function<Result<void>(gpu::Frame&)>& record) {
  gpu::Frame frame(device(), "test");
  const Result<void> recorded = record(frame);
  frame.submit();
  EXPECT_TRUE(gpu_->pump(false));
  EXPECT_FALSE(recorded);
  return recorded ? std::string() : recorded.error().message();
}

std::vector<u32> PrimitiveTest::download(const gpu::View& view) {
  std::vector<u32> words(static_cast<size_t>(view.size_bytes / 4));
  gpu::Frame frame(device(), "download");
  const gpu::Ticket ticket = frame.read(view);
  frame.submit();
  const auto bytes = gpu_->wait_for(ticket);
  EXPECT_TRUE(bytes) << bytes.error().message();
  if (bytes) std::memcpy(words.data(), bytes->data(), bytes->size());
  return words;
}

Result<void> PrimitiveTest::writes_outside() {
  gpu::Frame frame(device(), "sanitizer");
  const gpu::Ticket ticket = sanitizer_->read(frame);
  frame.submit();
  SHOAL_TRY_SET(const auto report, gpu_->wait_for(ticket));
  return sanitizer_->judge(report);
}

std::vector<std::string> PrimitiveTest::creations_of_second(
    const std::function<Result<void>(gpu::Frame&)>& record) {
  // The sanitizer's memory grows with the calls of the first frame; what it then replaced is made once more in the
  // next.
  run(record);
  run(record);
  gpu::Frame frame(device(), "second");
  EXPECT_TRUE(record(frame));
  frame.submit();
  std::vector<std::string> names;
  const auto decoded = gpu::decode_commands(device().recorder.words(), [&names](const auto& command) {
    const std::string_view name = std::remove_cvref_t<decltype(command)>::kName;
    const bool makes = name.starts_with("create_") && name != "create_command_encoder";
    if (makes || name.starts_with("write_")) names.emplace_back(name);
  });
  EXPECT_TRUE(decoded);
  EXPECT_TRUE(gpu_->pump(false));
  return names;
}

std::vector<u64> elements_of(std::span<const u32> words, size_t count, bool wide) {
  std::vector<u64> elements;
  for (size_t i = 0; i < count; ++i) {
    elements.push_back(wide ? join_words(words[2 * i], words[2 * i + 1]) : words[i]);
  }
  for (size_t i = count * (wide ? 2 : 1); i < words.size(); ++i) {
    EXPECT_EQ(words[i], kUntouched) << "word " << i << " behind " << count << " elements";
    if (words[i] != kUntouched) break;
  }
  return elements;
}

std::vector<u32> boundary_sizes(u32 most) {
  std::vector<u32> sizes = {0, 1, 2, 3, 4, 5, 7, 8, 9, 31, 32, 33, 127, 128, 129};
  for (u32 size = 256; size <= most; size *= 4) {
    for (const u32 near : {size - 1, size, size + 1}) sizes.push_back(near);
  }
  std::erase_if(sizes, [most](u32 size) { return size > most; });
  const char* amount = std::getenv("SHOAL_TEST_SIZES");
  if (amount == nullptr || std::string_view(amount) != "few") return sizes;
  std::vector<u32> few;
  for (size_t i = 0; i < sizes.size(); i += 3) few.push_back(sizes[i]);
  return few;
}

}  // namespace shoal::primitives
