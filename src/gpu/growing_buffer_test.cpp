// A buffer grows when it must, and leaves no group behind that names the one before.
#include "gpu/growing_buffer.h"

#include <gtest/gtest.h>

#include "gpu/decode.gen.h"
#include "gpu/device.h"

namespace shoal::gpu {
namespace {

struct Said {
  std::vector<u64> created_bytes;
  u32 destroyed = 0, released_groups = 0;
};

Said take_words(Recorder& recorder) {
  Said said;
  EXPECT_TRUE(decode_commands(recorder.words(), [&]<class T>(const T& command) {
    if constexpr (std::is_same_v<T, CreateBuffer>) said.created_bytes.push_back(command.size_bytes);
    said.destroyed += std::is_same_v<T, DestroyBuffer>;
    said.released_groups += std::is_same_v<T, ReleaseBindGroup>;
  }));
  recorder.clear();
  return said;
}

Capabilities with_binding(u64 most_bytes) {
  Capabilities capabilities;
  capabilities.limits.max_storage_binding_size_bytes = most_bytes;
  return capabilities;
}

TEST(GrowingBuffer, MakesAnotherOnlyWhenMoreIsNeededThanEver) {
  Device device(Capabilities{}, {});
  GrowingBuffer buffer("test", BufferUsage::kStorage);
  EXPECT_TRUE(buffer.reserve(device, 300));
  EXPECT_EQ(take_words(device.recorder).created_bytes, std::vector<u64>{512});
  const View first = buffer.all();
  EXPECT_EQ(first.size_bytes, 512u);
  for (const u64 size_bytes : {1u, 512u, 300u}) EXPECT_FALSE(buffer.reserve(device, size_bytes));
  EXPECT_TRUE(device.recorder.empty());
  EXPECT_EQ(buffer.all(), first);
  EXPECT_EQ(buffer.first(20), (View{first.buffer, 0, 20}));
}

TEST(GrowingBuffer, ForgetsTheGroupsOfTheOneBefore) {
  Device device(Capabilities{}, {});
  GrowingBuffer buffer("test", BufferUsage::kStorage), other("other", BufferUsage::kStorage);
  buffer.reserve(device, 300);
  other.reserve(device, 300);
  const View both[] = {buffer.all(), other.all()}, one[] = {other.all()};
  const u32 group = device.bind_groups.get(device.recorder, 7, "both", both);
  const u32 kept = device.bind_groups.get(device.recorder, 7, "one", one);
  take_words(device.recorder);
  EXPECT_TRUE(buffer.reserve(device, 513));
  const Said said = take_words(device.recorder);
  EXPECT_EQ(said.created_bytes, std::vector<u64>{1024});
  EXPECT_EQ(said.destroyed, 1u);
  EXPECT_EQ(said.released_groups, 1u);
  const View grown[] = {buffer.all(), other.all()};
  EXPECT_NE(device.bind_groups.get(device.recorder, 7, "both", grown), group);
  EXPECT_EQ(device.bind_groups.get(device.recorder, 7, "one", one), kept);
}

TEST(GrowingBuffer, StaysBindableWhileItGrows) {
  Device device(with_binding(1000), {});
  GrowingBuffer buffer("test", BufferUsage::kStorage);
  buffer.reserve(device, 600);
  EXPECT_EQ(buffer.all().size_bytes, 1000u);
  buffer.reserve(device, 1001);
  EXPECT_EQ(buffer.all().size_bytes, 1004u) << "more than can be bound is the caller's affair";
}

}  // namespace
}  // namespace shoal::gpu
