#include "review/timestamp_bytes.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace shoal::review {
namespace {

using gpu::QueryType;
using testing::ElementsAre;
using testing::IsEmpty;
using testing::Pair;

constexpr u64 kAll = ~u64{0};
constexpr u32 kTimes = 1, kOcclusion = 2, kResolved = 3, kRead = 4;

class TimestampBytesTest : public testing::Test {
 protected:
  void SetUp() override {
    bytes_.learn(gpu::CreateQuerySet{.query_set = kTimes, .label = "", .type = QueryType::kTimestamp, .count = 8});
    bytes_.learn(
        gpu::CreateQuerySet{.query_set = kOcclusion, .label = "", .type = QueryType::kOcclusion, .count = 8});
    for (const u32 buffer : {kResolved, kRead}) {
      bytes_.learn(gpu::CreateBuffer{.buffer = buffer, .label = "", .size_bytes = 256});
    }
  }

  void resolve(u32 set, u32 count, u64 to) {
    bytes_.learn(
        gpu::ResolveQuerySet{.query_set = set, .count = count, .target = kResolved, .target_offset_bytes = to});
  }
  void copy(u64 from, u64 to, u64 size) {
    bytes_.learn(gpu::CopyBufferToBuffer{.source = kResolved,
                                         .source_offset_bytes = from,
                                         .target = kRead,
                                         .target_offset_bytes = to,
                                         .size_bytes = size});
  }
  std::vector<TimestampBytes::Range> map(u64 offset, u64 size) {
    bytes_.learn(gpu::MapAsync{.buffer = kRead, .offset_bytes = offset, .size_bytes = size, .ticket = ++ticket_});
    const auto found = bytes_.of(ticket_);
    return {found.begin(), found.end()};
  }

  TimestampBytes bytes_;
  u32 ticket_ = 0;
};

TEST_F(TimestampBytesTest, FollowsTimesThroughCopies) {
  resolve(kTimes, 4, 64);
  copy(0, 128, 80);
  EXPECT_THAT(map(0, kAll), ElementsAre(Pair(192, 208)));
  EXPECT_THAT(map(200, 16), ElementsAre(Pair(0, 8)));
  EXPECT_THAT(map(0, 128), IsEmpty());
}

TEST_F(TimestampBytesTest, ForgetsWhatIsWrittenOver) {
  resolve(kTimes, 8, 0);
  copy(0, 0, kAll);
  bytes_.learn(gpu::ClearBuffer{.buffer = kRead, .offset_bytes = 16, .size_bytes = 16});
  EXPECT_THAT(map(0, kAll), ElementsAre(Pair(0, 16), Pair(32, 64)));
  copy(128, 32, 128);
  EXPECT_THAT(map(0, kAll), ElementsAre(Pair(0, 16)));
  const std::byte word[4] = {};
  bytes_.learn(gpu::WriteBuffer{.buffer = kRead, .offset_bytes = 0, .data = word});
  EXPECT_THAT(map(0, kAll), ElementsAre(Pair(4, 16)));
}

TEST_F(TimestampBytesTest, TakesCountsForAnswers) {
  resolve(kTimes, 8, 0);
  resolve(kOcclusion, 8, 0);
  copy(0, 0, kAll);
  EXPECT_THAT(map(0, kAll), IsEmpty());
}

TEST_F(TimestampBytesTest, KeepsWhatWasMappedWhenItWasAskedFor) {
  resolve(kTimes, 1, 0);
  copy(0, 0, 8);
  EXPECT_THAT(map(0, kAll), ElementsAre(Pair(0, 8)));
  bytes_.learn(gpu::ClearBuffer{.buffer = kRead, .offset_bytes = 0, .size_bytes = kAll});
  EXPECT_EQ(bytes_.of(ticket_).size(), 1u);
}

TEST_F(TimestampBytesTest, SurvivesAnyNumbers) {
  resolve(kTimes, ~u32{0}, kAll);
  resolve(kTimes, ~u32{0}, 8);
  copy(kAll, kAll, kAll);
  copy(8, kAll - 8, kAll);
  copy(kAll - 8, 8, kAll);
  EXPECT_THAT(map(kAll, kAll), IsEmpty());
  copy(0, 0, kAll);
  EXPECT_THAT(map(0, kAll), ElementsAre(Pair(8, 256)));
}

}  // namespace
}  // namespace shoal::review
