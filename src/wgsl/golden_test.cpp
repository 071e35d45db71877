#include <gtest/gtest.h>

#include <filesystem>

#include "wgsl/flatten_case.h"
#include "wgsl/tool/files.h"

namespace shoal::wgsl {
namespace {

TEST(Golden, EveryCaseFlattensAsItSays) {
  size_t count = 0;
  for (const auto& file : std::filesystem::directory_iterator(SHOAL_SOURCE_DIR "/src/wgsl/testdata/flatten")) {
    SCOPED_TRACE(file.path().string());
    FlattenCase golden = parse_flatten_case(read_text_file(file.path()).value());
    ASSERT_FALSE(golden.expectations.empty());
    ReadSource read = [&](std::string_view path) -> Result<std::string> {
      auto found = golden.files.find(path);
      if (found == golden.files.end()) return fail(ErrorCode::kNotFound, "{} is not there.", path);
      return found->second;
    };
    for (const Expectation& expected : golden.expectations) {
      Result<Flattened> result = flatten("entry.wgsl", expected.features, read);
      EXPECT_EQ(result.has_value(), !expected.is_error);
      EXPECT_EQ(result ? result->text : result.error().message() + "\n", expected.text);
      ++count;
    }
  }
  EXPECT_GE(count, 20u);
}

}  // namespace
}  // namespace shoal::wgsl
