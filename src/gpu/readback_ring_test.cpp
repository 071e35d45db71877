// Tickets: buffers are taken again, answers are given once, failures are told.
#include "gpu/readback_ring.h"
#include "gpu/decode.gen.h"

#include <gtest/gtest.h>

namespace shoal::gpu {
namespace {

struct Said {
  u32 created = 0, copies = 0, maps = 0, unmaps = 0;
};

Said take_words(Recorder& recorder) {
  Said said;
  EXPECT_TRUE(decode_commands(recorder.words(), [&]<class T>(const T&) {
    said.created += std::is_same_v<T, CreateBuffer>;
    said.copies += std::is_same_v<T, CopyBufferToBuffer>;
    said.maps += std::is_same_v<T, MapAsync>;
    said.unmaps += std::is_same_v<T, Unmap>;
  }));
  recorder.clear();
  return said;
}

TEST(ReadbackRing, ASteadyFrameCreatesNothing) {
  Recorder recorder;
  ReadbackRing ring;
  for (int frame = 0; frame < 5; ++frame) {
    const Ticket small = ring.read(recorder, 1, {9, 0, 16}), large = ring.read(recorder, 1, {9, 0, 4096});
    ring.after_submit(recorder);
    const Said said = take_words(recorder);
    EXPECT_EQ(said.created, frame == 0 ? 2u : 0u);
    EXPECT_EQ(said.copies, 2u);
    EXPECT_EQ(said.maps, 2u);
    const std::vector<std::byte> bytes(16, std::byte{7});
    EXPECT_FALSE(ring.take(small));
    ring.on(recorder, Mapped{.ticket = small, .data = bytes});
    ring.on(recorder, Mapped{.ticket = large, .data = bytes});
    EXPECT_EQ(take_words(recorder).unmaps, 2u);
    EXPECT_EQ(ring.take(small), bytes);
    EXPECT_FALSE(ring.take(small));
    EXPECT_TRUE(ring.take(large));
  }
}

TEST(ReadbackRing, KeepsBuffersOfFramesInFlightApart) {
  Recorder recorder;
  ReadbackRing ring;
  const Ticket first = ring.read(recorder, 1, {9, 0, 16});
  ring.after_submit(recorder);
  const Ticket second = ring.read(recorder, 2, {9, 0, 16});
  ring.after_submit(recorder);
  EXPECT_NE(first, second);
  const Said said = take_words(recorder);
  EXPECT_EQ(said.created, 2u);
  EXPECT_EQ(said.maps, 2u);
}

TEST(ReadbackRing, TellsWhatFailedAndUsesTheBufferAgain) {
  Recorder recorder;
  ReadbackRing ring;
  const Ticket ticket = ring.read(recorder, 1, {9, 0, 16});
  ring.after_submit(recorder);
  take_words(recorder);
  ring.on(recorder, MapFailed{.ticket = ticket, .message = "no"});
  EXPECT_EQ(take_words(recorder).unmaps, 0u);
  EXPECT_TRUE(ring.has_failed(ticket));
  EXPECT_FALSE(ring.take(ticket));
  ring.read(recorder, 2, {9, 0, 16});
  EXPECT_EQ(take_words(recorder).created, 0u);
}

TEST(ReadbackRing, BringsInPartsWhatOneAnswerCannotCarry) {
  Recorder recorder;
  ReadbackRing ring;
  const u64 size_bytes = 2 * kMostPayloadBytes + 8;
  const Ticket large = ring.read(recorder, 1, {9, 256, size_bytes}), small = ring.read(recorder, 1, {9, 0, 16});
  ring.after_submit(recorder);
  std::vector<MapAsync> maps;
  u64 next_byte = 256;
  EXPECT_TRUE(decode_commands(recorder.words(), [&]<class T>(const T& command) {
    if constexpr (std::is_same_v<T, CopyBufferToBuffer>) {
      if (maps.empty() && command.source_offset_bytes >= 256) {
        EXPECT_EQ(command.source_offset_bytes, next_byte);
        next_byte += command.size_bytes;
      }
    }
    if constexpr (std::is_same_v<T, MapAsync>) maps.push_back(command);
  }));
  EXPECT_EQ(next_byte, 256 + size_bytes);
  ASSERT_EQ(maps.size(), 4u);
  // The last part's answer comes first.
  for (const size_t part : {2u, 0u, 1u}) {
    EXPECT_FALSE(ring.take(large));
    const std::vector<std::byte> bytes(static_cast<size_t>(maps[part].size_bytes),
                                       static_cast<std::byte>(part + 1));
    ring.on(recorder, Mapped{.ticket = maps[part].ticket, .data = bytes});
  }
  EXPECT_FALSE(ring.take(small));
  const auto data = ring.take(large);
  ASSERT_TRUE(data);
  ASSERT_EQ(data->size(), size_bytes);
  EXPECT_EQ(data->front(), std::byte{1});
  EXPECT_EQ((*data)[static_cast<size_t>(kMostPayloadBytes)], std::byte{2});
  EXPECT_EQ((*data)[static_cast<size_t>(2 * kMostPayloadBytes)], std::byte{3});
  EXPECT_EQ(data->back(), std::byte{3});
}

TEST(ReadbackRing, FailsWhenAPartFails) {
  Recorder recorder;
  ReadbackRing ring;
  const Ticket ticket = ring.read(recorder, 1, {9, 0, kMostPayloadBytes + 4});
  ring.after_submit(recorder);
  ring.on(recorder, MapFailed{.ticket = ticket + 1, .message = "no"});
  EXPECT_TRUE(ring.has_failed(ticket));
  const std::vector<std::byte> bytes(16);
  ring.on(recorder, Mapped{.ticket = ticket, .data = bytes});
  EXPECT_FALSE(ring.take(ticket));
}

TEST(ReadbackRing, AnswersToNobodyAreLeftAlone) {
  Recorder recorder;
  ReadbackRing ring;
  ring.on(recorder, Mapped{.ticket = 77, .data = {}});
  EXPECT_TRUE(recorder.empty());
}

}  // namespace
}  // namespace shoal::gpu
