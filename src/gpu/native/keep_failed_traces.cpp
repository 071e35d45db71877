// Part of each program of GPU tests: a test that fails leaves what it said to its devices, a test that passes
// nothing.
#include <filesystem>

#include <fmt/format.h>
#include <gtest/gtest.h>

#include "gpu/native/trace_watch.h"

namespace shoal::gpu {
namespace {

class KeepFailedTraces : public testing::EmptyTestEventListener {
 public:
  KeepFailedTraces() {
    watch_devices([this] {
      std::error_code ignored;
      std::filesystem::create_directories(kFolder, ignored);
      const std::string number = traces_.empty() ? "" : fmt::format("-{}", traces_.size() + 1);
      return traces_.emplace_back(fmt::format("{}/{}{}.trace", kFolder, name_, number));
    });
  }

 private:
  static constexpr const char* kFolder = SHOAL_SOURCE_DIR "/build/traces";

  void OnTestStart(const testing::TestInfo& test) override {
    traces_.clear();
    name_ = fmt::format("{}.{}", test.test_suite_name(), test.name());
    for (char& c : name_) c = c == '/' ? '-' : c;
  }

  // Its devices are closed by now.
  void OnTestEnd(const testing::TestInfo& test) override {
    for (const std::string& trace : traces_) {
      std::error_code ignored;
      if (!test.result()->Failed()) {
        std::filesystem::remove(trace, ignored);
      } else if (std::filesystem::exists(trace, ignored)) {
        fmt::print("What the test said to its device: {} (shoal trace print, shoal replay)\n", trace);
      }
    }
  }

  std::string name_ = "device";
  std::vector<std::string> traces_;
};

// GoogleTest owns it.
[[maybe_unused]] const bool is_listening = [] {
  testing::UnitTest::GetInstance()->listeners().Append(new KeepFailedTraces);
  return true;
}();

}  // namespace
}  // namespace shoal::gpu
