// Devices and buffers of somebody else: used, and left to their owner.
#include <cstring>
#include <vector>

#include <gtest/gtest.h>

#include "gpu/native/native_gpu.h"
#include "gpu/native/string_view.h"

namespace shoal::gpu {
namespace {

// A program's own device, on the software adapter, with a buffer.
class AdoptTest : public testing::Test {
 protected:
  void SetUp() override {
    WGPUInstanceExtras extras = {};
    extras.chain.sType = static_cast<WGPUSType>(WGPUSType_InstanceExtras);
    extras.backends = WGPUInstanceBackend_Vulkan;
    WGPUInstanceDescriptor descriptor = WGPU_INSTANCE_DESCRIPTOR_INIT;
    descriptor.nextInChain = &extras.chain;
    mine_.instance = wgpuCreateInstance(&descriptor);
    std::vector<WGPUAdapter> adapters(wgpuInstanceEnumerateAdapters(mine_.instance, nullptr, nullptr));
    wgpuInstanceEnumerateAdapters(mine_.instance, nullptr, adapters.data());
    ASSERT_FALSE(adapters.empty());
    mine_.adapter = adapters.back();
    for (size_t i = 0; i + 1 < adapters.size(); ++i) wgpuAdapterRelease(adapters[i]);
    WGPUDeviceDescriptor request = WGPU_DEVICE_DESCRIPTOR_INIT;
    request.uncapturedErrorCallbackInfo = {nullptr,
                                           [](WGPUDevice const*, WGPUErrorType, WGPUStringView message, void* to,
                                              void*) { *static_cast<std::string*>(to) = std_text(message); },
                                           &error_, nullptr};
    wgpuAdapterRequestDevice(mine_.adapter, &request,
                             {nullptr, WGPUCallbackMode_AllowProcessEvents,
                              [](WGPURequestDeviceStatus, WGPUDevice device, WGPUStringView, void* to, void*) {
                                *static_cast<WGPUDevice*>(to) = device;
                              },
                              &mine_.device, nullptr});
    wgpuInstanceProcessEvents(mine_.instance);
    ASSERT_NE(mine_.device, nullptr);
    WGPUBufferDescriptor buffer = WGPU_BUFFER_DESCRIPTOR_INIT;
    buffer.size = 64;
    buffer.usage = WGPUBufferUsage_Storage | WGPUBufferUsage_CopyDst | WGPUBufferUsage_CopySrc;
    buffer_ = wgpuDeviceCreateBuffer(mine_.device, &buffer);
    write(7);
  }
  void TearDown() override {
    if (buffer_ != nullptr) wgpuBufferRelease(buffer_);
    if (mine_.device != nullptr) wgpuDeviceRelease(mine_.device);
    if (mine_.adapter != nullptr) wgpuAdapterRelease(mine_.adapter);
    if (mine_.instance != nullptr) wgpuInstanceRelease(mine_.instance);
  }

  // As the owner does it.
  void write(u32 word) {
    const std::vector<u32> words(16, word);
    WGPUQueue queue = wgpuDeviceGetQueue(mine_.device);
    wgpuQueueWriteBuffer(queue, buffer_, 0, words.data(), 64);
    wgpuQueueRelease(queue);
  }

  std::unique_ptr<NativeGpu> adopt() {
    auto adopted = NativeGpu::adopt(mine_, {});
    EXPECT_TRUE(adopted) << adopted.error().message();
    return std::move(*adopted);
  }
  u32 first_word(NativeGpu& gpu, const View& view) {
    Frame frame(gpu.device(), "read");
    const Ticket ticket = frame.read(view);
    frame.submit();
    const auto bytes = gpu.wait_for(ticket);
    EXPECT_TRUE(bytes) << bytes.error().message();
    u32 word = 0;
    if (bytes) std::memcpy(&word, bytes->data(), 4);
    return word;
  }

  ForeignDevice mine_;
  WGPUBuffer buffer_ = nullptr;
  std::string error_;
};

TEST_F(AdoptTest, UsesWhatItAdoptsAndLeavesItToItsOwner) {
  {
    const auto gpu = adopt();
    EXPECT_EQ(gpu->device().capabilities.limits.max_storage_binding_size_bytes, 128u << 20);
    EXPECT_FALSE(gpu->device().capabilities.features.subgroups);  // the device was opened without
    const auto view = gpu->adopt(buffer_);
    ASSERT_TRUE(view) << view.error().message();
    EXPECT_EQ(view->size_bytes, 64u);
    EXPECT_EQ(first_word(*gpu, *view), 7u);
    Frame frame(gpu->device(), "clear");
    frame.clear(*view);
    frame.submit();
    ASSERT_TRUE(gpu->pump(false));
    EXPECT_EQ(first_word(*gpu, *view), 0u);

    gpu->release(*view);
    ASSERT_TRUE(gpu->pump(false));
    Frame after(gpu->device(), "after release");
    after.clear(*view);
    after.submit();
    EXPECT_FALSE(gpu->pump(false));  // no view of it holds
  }
  // A destroyed buffer would refuse this, and a lost device could not say so.
  write(9);
  const auto gpu = adopt();
  const auto view = gpu->adopt(buffer_);
  ASSERT_TRUE(view);
  EXPECT_EQ(first_word(*gpu, *view), 9u);
  EXPECT_EQ(error_, "");
}

TEST_F(AdoptTest, RefusesWhatIsNotThere) {
  for (const ForeignDevice& lacking : {ForeignDevice{nullptr, mine_.adapter, mine_.device},
                                       {mine_.instance, nullptr, mine_.device},
                                       {mine_.instance, mine_.adapter, nullptr}}) {
    const auto refused = NativeGpu::adopt(lacking, {});
    ASSERT_FALSE(refused);
    EXPECT_EQ(refused.error().code, ErrorCode::kInvalidArgument);
  }
  EXPECT_FALSE(adopt()->adopt(nullptr));
}

TEST_F(AdoptTest, KeepsAdoptedBuffersOutOfTraces) {
  const auto gpu = adopt();
  const std::string path = testing::TempDir() + "adopted.trace";
  ASSERT_TRUE(gpu->save_trace(path));
  EXPECT_FALSE(gpu->adopt(buffer_));
  ASSERT_TRUE(gpu->finish_trace());
  EXPECT_TRUE(gpu->adopt(buffer_));
  EXPECT_FALSE(gpu->save_trace(path));
}

TEST_F(AdoptTest, SubmitsNothingOnceALossWasTold) {
  const auto gpu = adopt();
  const auto view = gpu->adopt(buffer_);
  ASSERT_TRUE(view);
  gpu->tell_lost("Somebody pulled the plug.");
  Frame frame(gpu->device(), "clear");
  frame.clear(*view);
  frame.submit();
  const auto pumped = gpu->pump(true);
  ASSERT_FALSE(pumped);
  EXPECT_EQ(pumped.error().code, ErrorCode::kDeviceLost);
  const auto other = adopt();
  EXPECT_EQ(first_word(*other, *other->adopt(buffer_)), 7u);  // nothing was cleared
}

TEST_F(AdoptTest, CarriesNothingOutOfAFrameThatWasNotSubmitted) {
  const auto gpu = adopt();
  const auto view = gpu->adopt(buffer_);
  ASSERT_TRUE(view);
  {
    Frame dropped(gpu->device(), "dropped");
    dropped.clear(*view);
    dropped.begin_pass("left open", 0);
  }
  ASSERT_TRUE(gpu->pump(false));
  EXPECT_EQ(first_word(*gpu, *view), 7u);
}

}  // namespace
}  // namespace shoal::gpu
