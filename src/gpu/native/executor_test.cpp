// Whatever a stream says, the process survives it: invalid work is dropped whole and reported with its label.
#include "gpu/native/executor.h"

#include <cstring>

#include <gtest/gtest.h>

#include "gpu/native/executor_fixture.h"

namespace shoal::gpu {
namespace {

using enum BufferUsage;

TEST_F(ExecutorTest, CarriesOutAKernel) {
  make_kernel();
  const u32 buffer = recorder_.create_buffer("words", 256, kStorage | kCopySrc | kCopyDst);
  const u32 target = recorder_.create_buffer("target", 16, kMapRead | kCopyDst);
  const u32 words[] = {21, 5, 6, 7};
  recorder_.write({buffer, 0, 16}, std::as_bytes(std::span(words)));
  const u32 encoder = begin("frame");
  dispatch(encoder, pipeline_, group_of(buffer), 2);
  recorder_.copy(encoder, {buffer, 0, 16}, {target, 0, 16});
  submit(encoder);
  recorder_.say(MapAsync{.buffer = target, .offset_bytes = 0, .size_bytes = 16, .ticket = 3});
  execute();
  EXPECT_TRUE(errors_.empty()) << errors_.front();
  ASSERT_EQ(mapped_.size(), 1u);
  const u32 doubled[] = {42, 10, 6, 7};
  EXPECT_EQ(std::memcmp(mapped_[0].data(), doubled, 16), 0);
}

TEST_F(ExecutorTest, DropsACopyOfWhatDoesNotFit) {
  const u32 a = recorder_.create_buffer("a", 16, kCopySrc), b = recorder_.create_buffer("b", 16, kCopyDst);
  const u32 encoder = begin("too far");
  recorder_.copy(encoder, {a, 8, 16}, {b, 0, 16});
  submit(encoder);
  execute();
  expect_error("too far");
}

TEST_F(ExecutorTest, DropsACopyBetweenUnknownBuffers) {
  const u32 encoder = begin("unknown");
  recorder_.copy(encoder, {4001, 0, 16}, {4002, 0, 16});
  submit(encoder);
  execute();
  expect_error("buffer 4001");
}

TEST_F(ExecutorTest, DropsWorkIntoAMappedBuffer) {
  const u32 a = recorder_.create_buffer("a", 16, kCopySrc | kCopyDst);
  const u32 b = recorder_.create_buffer("b", 16, kMapRead | kCopyDst);
  recorder_.say(MapAsync{.buffer = b, .offset_bytes = 0, .size_bytes = 16, .ticket = 1});
  const u32 encoder = begin("into mapped");
  recorder_.copy(encoder, {a, 0, 16}, {b, 0, 16});
  submit(encoder);
  execute();
  expect_error("into mapped");
  const u32 again = begin("clears mapped");
  recorder_.say(ClearBuffer{.encoder = again, .buffer = b, .offset_bytes = 0, .size_bytes = 16});
  submit(again);
  execute();
  expect_error("clears mapped");
  recorder_.write({b, 0, 4}, std::as_bytes(std::span(&b, 1)));
  execute();
  expect_error("cannot take 4 bytes");
}

TEST_F(ExecutorTest, DropsWorkThatNamesADestroyedBuffer) {
  make_kernel();
  const u32 buffer = recorder_.create_buffer("words", 256, kStorage);
  const u32 group = group_of(buffer);
  recorder_.say(DestroyBuffer{.buffer = buffer});
  const u32 encoder = begin("destroyed");
  dispatch(encoder, pipeline_, group);
  submit(encoder);
  execute();
  expect_error("which was destroyed");
}

TEST_F(ExecutorTest, DestroysABufferOnlyBehindWorkThatNamesIt) {
  make_kernel();
  const u32 buffer = recorder_.create_buffer("words", 256, kStorage);
  const u32 encoder = begin("in time");
  dispatch(encoder, pipeline_, group_of(buffer));
  recorder_.say(DestroyBuffer{.buffer = buffer});
  submit(encoder);
  execute();
  EXPECT_TRUE(errors_.empty()) << errors_.front();
  group_of(buffer);
  execute();
  expect_error("unusable");
}

TEST_F(ExecutorTest, DropsBadBindGroups) {
  make_kernel();
  const u32 small = recorder_.create_buffer("small", 256, kStorage),
            plain = recorder_.create_buffer("plain", 256, kCopyDst);
  for (const u32 group : {group_of(small, 100, 16), group_of(small, 0, 512), group_of(plain), group_of(5000)}) {
    const u32 encoder = begin("bad group");
    dispatch(encoder, pipeline_, group);
    submit(encoder);
    execute();
    EXPECT_GE(errors_.size(), 1u);
    expect_error("");
  }
}

TEST_F(ExecutorTest, DropsPassesThatLackSomething) {
  make_kernel();
  const u32 buffer = recorder_.create_buffer("words", 256, kStorage);
  const u32 group = group_of(buffer);
  const auto pass_of = [&](u32 pipeline, u32 bind_group, u32 x) {
    const u32 encoder = begin("lacking");
    dispatch(encoder, pipeline, bind_group, x);
    submit(encoder);
    execute();
    expect_error("lacking");
  };
  pass_of(0, group, 1);
  pass_of(pipeline_, 0, 1);
  pass_of(pipeline_, 6000, 1);
  pass_of(6000, group, 1);
  pass_of(pipeline_, group, 1'000'000'000);
}

TEST_F(ExecutorTest, SurvivesStreamsOutOfOrder) {
  const u32 encoder = begin("open"), pass = recorder_.new_id(), finished = recorder_.new_id();
  recorder_.say(BeginComputePass{.encoder = encoder, .pass = pass, .label = "open"});
  recorder_.say(Finish{.encoder = encoder, .command_buffer = finished});
  recorder_.say(DispatchWorkgroups{.pass = pass, .x = 1, .y = 1, .z = 1});
  recorder_.say(EndPass{.pass = pass});
  recorder_.say(Finish{.encoder = encoder, .command_buffer = recorder_.new_id()});
  const u32 twice[] = {finished, finished, 9999};
  recorder_.say(Submit{.command_buffers = twice});
  recorder_.say(CopyBufferToCanvas{.encoder = 777});
  recorder_.say(BeginComputePass{.encoder = 778, .pass = 779, .label = "nowhere"});
  recorder_.say(Unmap{.buffer = 780});
  recorder_.say(DestroyBuffer{.buffer = 781});
  recorder_.say(ReleaseBindGroup{.bind_group = 782});
  execute();
  expect_error("pass");
  const u32 good = begin("good"), good_buffer = recorder_.new_id();
  recorder_.say(Finish{.encoder = good, .command_buffer = good_buffer});
  const u32 good_twice[] = {good_buffer, good_buffer};
  recorder_.say(Submit{.command_buffers = good_twice});
  execute();
  expect_error("command buffer");
}

TEST_F(ExecutorTest, RefusesWritesThatDoNotFit) {
  const u32 buffer = recorder_.create_buffer("small", 16, kCopyDst),
            still = recorder_.create_buffer("still", 16, kStorage);
  const std::byte bytes[32] = {};
  for (const View& target :
       {View{buffer, 0, 0}, View{buffer, 12, 0}, View{buffer, 2, 0}, View{still, 0, 0}, View{7777, 0, 0}}) {
    recorder_.write(target, bytes);
    execute();
    expect_error("cannot take 32 bytes");
  }
}

TEST_F(ExecutorTest, AnswersEveryMap) {
  const u32 buffer = recorder_.create_buffer("no map", 16, kCopyDst),
            map = recorder_.create_buffer("map", 16, kMapRead | kCopyDst);
  recorder_.say(MapAsync{.buffer = buffer, .offset_bytes = 0, .size_bytes = 16, .ticket = 1});
  recorder_.say(MapAsync{.buffer = map, .offset_bytes = 0, .size_bytes = 64, .ticket = 2});
  recorder_.say(MapAsync{.buffer = 8888, .offset_bytes = 0, .size_bytes = 64, .ticket = 3});
  execute();
  EXPECT_EQ(map_failures_.size(), 3u);
  // Destroyed while its map is on its way.
  recorder_.say(MapAsync{.buffer = map, .offset_bytes = 0, .size_bytes = 16, .ticket = 4});
  recorder_.say(DestroyBuffer{.buffer = map});
  execute();
  EXPECT_EQ(map_failures_.size() + mapped_.size(), 4u);
  expect_works();
}

TEST_F(ExecutorTest, FailsAMapThatNoAnswerCanCarry) {
  const u64 size_bytes = kMostPayloadBytes + 8;
  const u32 map = recorder_.create_buffer("map", size_bytes, kMapRead | kCopyDst);
  recorder_.say(MapAsync{.buffer = map, .offset_bytes = 0, .size_bytes = size_bytes, .ticket = 1});
  execute();
  ASSERT_EQ(map_failures_.size(), 1u);
  EXPECT_NE(map_failures_[0].find("more than one answer carries"), std::string::npos) << map_failures_[0];
  recorder_.say(MapAsync{.buffer = map, .offset_bytes = 8, .size_bytes = kMostPayloadBytes, .ticket = 2});
  execute();
  ASSERT_EQ(mapped_.size(), 1u);
  EXPECT_EQ(mapped_[0].size(), kMostPayloadBytes);
  expect_works();
}

TEST_F(ExecutorTest, FailsTheMapsOfADroppedSubmission) {
  const u32 target = recorder_.create_buffer("target", 16, kMapRead | kCopyDst);
  const u32 encoder = begin("dropped");
  recorder_.copy(encoder, {4001, 0, 16}, {target, 0, 16});
  submit(encoder);
  recorder_.say(MapAsync{.buffer = target, .offset_bytes = 0, .size_bytes = 16, .ticket = 1});
  execute();
  EXPECT_TRUE(mapped_.empty());
  EXPECT_EQ(map_failures_.size(), 1u);
  expect_error("buffer 4001");
}

TEST_F(ExecutorTest, ReportsBuffersThatCannotBe) {
  recorder_.say(CreateBuffer{
      .buffer = recorder_.new_id(), .label = "huge", .size_bytes = u64{1} << 60, .usage = kStorage, .reports = 1});
  recorder_.say(CreateBuffer{.buffer = recorder_.new_id(),
                             .label = "odd",
                             .size_bytes = 16,
                             .usage = static_cast<BufferUsage>(0xf0000000u),
                             .reports = 1});
  execute();
  EXPECT_EQ(buffer_failures_.size(), 2u);
  errors_.clear();
  recorder_.say(CreateBuffer{
      .buffer = recorder_.new_id(), .label = "both", .size_bytes = 16, .usage = kMapRead | kStorage, .reports = 0});
  execute();
  expect_error("both");
}

TEST_F(ExecutorTest, ShowsWhereAKernelDoesNotCompile) {
  make_kernel("@compute @workgroup_size(1) fn double() { let x: u32 = 1.5; }");
  ASSERT_EQ(pipeline_failures_.size(), 1u);
  EXPECT_NE(pipeline_failures_[0].find("1.5"), std::string::npos) << pipeline_failures_[0];
  make_kernel("@compute @workgroup_size(1) fn other() {}");
  EXPECT_EQ(pipeline_failures_.size(), 2u);
  expect_works();
}

TEST_F(ExecutorTest, ReportsTheLossOfTheDevice) {
  make_kernel();
  const u32 target = recorder_.create_buffer("target", 16, kMapRead | kCopyDst);
  execute();
  wgpuDeviceDestroy(device_.device());
  const u32 encoder = begin("after the loss");
  recorder_.say(ClearBuffer{.encoder = encoder, .buffer = target, .offset_bytes = 0, .size_bytes = 16});
  submit(encoder);
  recorder_.say(MapAsync{.buffer = target, .offset_bytes = 0, .size_bytes = 16, .ticket = 1});
  recorder_.say(OnSubmittedWorkDone{.serial = 1});
  recorder_.write({target, 0, 4}, std::as_bytes(std::span(&target, 1)));
  execute();
  ASSERT_EQ(losses_.size(), 1u);
  EXPECT_FALSE(losses_[0].empty());
  EXPECT_TRUE(mapped_.empty());
  execute();
  EXPECT_EQ(losses_.size(), 1u);
}

}  // namespace
}  // namespace shoal::gpu
