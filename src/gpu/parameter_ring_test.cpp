// Parameters stay where a frame put them until no frame that could name them is open.
#include "gpu/parameter_ring.h"

#include <gtest/gtest.h>

namespace shoal::gpu {
namespace {

ParameterBlock block_of(u32 word) {
  ParameterBlock block{};
  block[0] = word;
  return block;
}

class ParameterRingTest : public testing::Test {
 protected:
  ParameterRing::Slots write(u32 word) {
    const ParameterBlock block = block_of(word);
    return ring_.write(recorder_, std::span(&block, 1));
  }
  Recorder recorder_;
  ParameterRing ring_;
};

TEST_F(ParameterRingTest, WritesNothingThatIsThere) {
  ring_.on_frame_begin();
  const auto first = write(1), second = write(2);
  EXPECT_EQ(second.first_offset_bytes, first.first_offset_bytes + kParameterSlotBytes);
  ring_.on_frame_end();
  recorder_.clear();
  ring_.on_frame_begin();
  EXPECT_EQ(write(1).first_offset_bytes, first.first_offset_bytes);
  EXPECT_EQ(write(2).first_offset_bytes, second.first_offset_bytes);
  EXPECT_TRUE(recorder_.empty());
  write(3);
  EXPECT_FALSE(recorder_.empty());
  ring_.on_frame_end();
}

TEST_F(ParameterRingTest, KeepsTheSlotsOfOpenFrames) {
  ring_.on_frame_begin();
  const auto first = write(1);
  ring_.on_frame_begin();
  const auto second = write(2);
  ring_.on_frame_end();
  EXPECT_NE(write(3).first_offset_bytes, first.first_offset_bytes);
  EXPECT_NE(second.first_offset_bytes, first.first_offset_bytes);
  ring_.on_frame_end();
}

TEST_F(ParameterRingTest, TakesAnotherPageWhenOneIsFull) {
  ring_.on_frame_begin();
  const std::vector<ParameterBlock> blocks(200, block_of(1));
  const auto first = ring_.write(recorder_, blocks), second = ring_.write(recorder_, blocks);
  EXPECT_NE(first.host_buffer, second.host_buffer);
  EXPECT_EQ(second.first_offset_bytes, 0u);
  ring_.on_frame_end();
  recorder_.clear();
  ring_.on_frame_begin();
  EXPECT_EQ(ring_.write(recorder_, blocks).host_buffer, first.host_buffer);
  EXPECT_EQ(ring_.write(recorder_, blocks).host_buffer, second.host_buffer);
  EXPECT_TRUE(recorder_.empty());
  ring_.on_frame_end();
}

}  // namespace
}  // namespace shoal::gpu
