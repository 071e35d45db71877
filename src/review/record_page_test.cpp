// What stands around the browser: addresses, traces as a page hands them over, and browsers that are not there.
// web/tests/record_command_test.ts has pages in one that is.
#include "review/record_page.h"

#include <unistd.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "gpu/native/trace_file.h"
#include "review/browser/page_traces.h"
#include "review/temporary_folder.h"

namespace shoal::review {
namespace {

namespace fs = std::filesystem;
using testing::HasSubstr;

class RecordPageTest : public testing::Test {
 protected:
  void SetUp() override {
    auto made = TemporaryFolder::make("shoal-record-page");
    ASSERT_TRUE(made) << made.error().message();
    folder_.emplace(std::move(*made));
  }

  std::string path(const std::string& name) const { return folder_->path() + "/" + name; }
  void write(const std::string& name, const std::string& text) const { std::ofstream(path(name)) << text; }
  size_t files() const {
    return static_cast<size_t>(std::distance(fs::directory_iterator(folder_->path()), fs::directory_iterator()));
  }

  std::optional<TemporaryFolder> folder_;
};

// The head of a trace, as base64.
constexpr const char* kHead = "U0hPQUxUUkMBAAAA";

TEST_F(RecordPageTest, TakesAddressesAndPathsOfPages) {
  EXPECT_EQ(page_url("https://a.example/?x=1"), "https://a.example/?x=1");
  EXPECT_EQ(page_url("file:///tmp/a.html"), "file:///tmp/a.html");
  write("a page.html", "");
  EXPECT_EQ(page_url(path("a page.html")), "file://" + folder_->path() + "/a%20page.html");
  EXPECT_EQ(page_url(path("none.html")), "");
  EXPECT_EQ(page_url("./app"), "");
}

TEST_F(RecordPageTest, GivesEachThreadAFile) {
  PageTraces traces(path("a.trace"));
  ASSERT_TRUE(traces.take("page", fmt::format("one 3 {}", kHead)));
  ASSERT_TRUE(traces.take("worker", fmt::format("one 7 {}", kHead)));
  EXPECT_EQ(traces.frames(), 7u);
  RecordReport report;
  const auto finished = traces.finish(report);
  ASSERT_TRUE(finished) << finished.error().message();
  EXPECT_EQ(report.traces, (std::vector<std::string>{path("a.trace"), path("a.trace.2")}));
  for (const std::string& name : report.traces) {
    const auto file = gpu::load_trace(name);
    ASSERT_TRUE(file) << file.error().message();
    EXPECT_EQ(file->trace.damage, "");
  }
  EXPECT_EQ(files(), 2u);
}

TEST_F(RecordPageTest, LeavesOutWhatAPageMakesUp) {
  PageTraces traces(path("a.trace"));
  for (const char* text :
       {"", "x", "one two", "one x U0hP", "one -1 U0hP", "one 1 U0*P", "one 99999999999999 U0hP"}) {
    ASSERT_TRUE(traces.take("page", text)) << text;
  }
  EXPECT_TRUE(traces.is_empty());
  for (int i = 0; i < 1000; ++i) ASSERT_TRUE(traces.take("page", fmt::format("{} 1 {}", i, kHead)));
  EXPECT_LE(files(), 64u);
}

TEST_F(RecordPageTest, LeavesNothingWhereNothingIsFinished) {
  {
    PageTraces traces(path("a.trace"));
    ASSERT_TRUE(traces.take("page", fmt::format("one 1 {}", kHead)));
    EXPECT_EQ(files(), 1u);
  }
  EXPECT_EQ(files(), 0u);
}

TEST_F(RecordPageTest, SaysWhatIsMissing) {
  const auto message = [&](const RecordPageOptions& options) {
    const auto report = record_page(options);
    return report ? std::string("recorded") : report.error().message();
  };
  RecordPageOptions options{.out = path("a.trace"), .url = "http://127.0.0.1:1/", .recorder = path("record.js")};
  EXPECT_THAT(message(options), HasSubstr("./dev web"));
  write("record.js", "");
  options.out = path("none/a.trace");
  EXPECT_THAT(message(options), HasSubstr("its folder is not there"));
  options.out = path("a.trace");
  ::setenv("CHROMIUM", path("no-browser").c_str(), 1);
  EXPECT_THAT(message(options), HasSubstr("cannot be run"));
  // One that ends at once, with a word about it.
  write("browser", "#!/bin/sh\necho 'no display' >&2\nexit 3\n");
  fs::permissions(path("browser"), fs::perms::owner_all);
  ::setenv("CHROMIUM", path("browser").c_str(), 1);
  EXPECT_THAT(message(options), HasSubstr("The browser ended by itself. The last that it said was: no display"));
  ::unsetenv("CHROMIUM");
  EXPECT_FALSE(fs::exists(path("a.trace")));
}

}  // namespace
}  // namespace shoal::review
