// Part of each program of GPU tests: a test that fails leaves what it said to its devices, a test that passes
// nothing.
#include <algorithm>
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
      handed_out_.push_back(traces_.emplace_back(fmt::format("{}/{}{}.trace", kFolder, name_, number)));
      return traces_.back();
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

  // Devices that outlive their tests never close, so their traces have the names that they are written under.
  void OnTestProgramEnd(const testing::UnitTest& all) override {
    if (all.Failed()) return;
    std::error_code ignored;
    for (const auto& entry : std::filesystem::directory_iterator(kFolder, ignored)) {
      const std::string path = entry.path().string();
      const bool is_own =
          std::ranges::any_of(handed_out_, [&](const std::string& trace) { return path.starts_with(trace + "."); });
      if (is_own) std::filesystem::remove(path, ignored);
    }
  }

  std::string name_ = "device";
  std::vector<std::string> traces_;      // of this test
  std::vector<std::string> handed_out_;  // of all
};

// GoogleTest owns it.
[[maybe_unused]] const bool is_listening = [] {
  testing::UnitTest::GetInstance()->listeners().Append(new KeepFailedTraces);
  return true;
}();

}  // namespace
}  // namespace shoal::gpu
