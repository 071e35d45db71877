#include <array>
#include <filesystem>

#include <gtest/gtest.h>
#include <unistd.h>

#include "base/result.h"
#include "base/text.h"
#include "base/write_file.h"

namespace shoal {
namespace {

Result<int> half(int value) {
  if (value % 2 != 0) return fail(ErrorCode::kInvalidArgument, "The value {} is odd. Give an even one.", value);
  return value / 2;
}

Result<int> quarter(int value) {
  SHOAL_TRY_SET(const int once, half(value));
  SHOAL_TRY(half(once));
  return once / 2;
}

TEST(Result, PassesErrorsUpWithContext) {
  EXPECT_EQ(*quarter(8), 2);
  const auto failed = quarter(6);
  ASSERT_FALSE(failed);
  EXPECT_EQ(while_doing(failed.error(), "quartering 6").message(),
            "The value 3 is odd. Give an even one. (while quartering 6)");
}

TEST(Text, GroupsThousands) {
  EXPECT_EQ(group_thousands(0), "0");
  EXPECT_EQ(group_thousands(999), "999");
  EXPECT_EQ(group_thousands(1000), "1,000");
  EXPECT_EQ(group_thousands(40113664), "40,113,664");
}

TEST(Text, FormatsBytes) {
  EXPECT_EQ(format_bytes(999), "999 B");
  EXPECT_EQ(format_bytes(24'000'000), "24.0 MB");
  EXPECT_EQ(format_bytes(999'960), "1.0 MB");
}

TEST(Text, FindsTheNearestName) {
  const std::array<std::string, 3> names = {"delay", "distance", "origin"};
  EXPECT_EQ(did_you_mean("dealy", names), " Did you mean 'delay'?");
  EXPECT_EQ(did_you_mean("DELAY", names), " Did you mean 'delay'?");
  EXPECT_EQ(did_you_mean("temperature", names), "");
}

TEST(Text, ParsesSizes) {
  EXPECT_EQ(parse_bytes("64MiB"), 64u << 20);
  EXPECT_EQ(parse_bytes("1.5 GB"), 1'500'000'000u);
  EXPECT_EQ(parse_bytes("7"), 7u);
  EXPECT_FALSE(parse_bytes("-1"));
  EXPECT_FALSE(parse_bytes("12 parsecs"));
  EXPECT_FALSE(parse_bytes(""));
}

TEST(OutputFile, TakesItsPlaceWhenItIsCommittedAndNotBefore) {
  namespace fs = std::filesystem;
  const fs::path folder = fs::temp_directory_path() / ("shoal_base_" + std::to_string(getpid()));
  fs::create_directories(folder);
  const auto files = [&] { return std::distance(fs::directory_iterator(folder), {}); };
  const std::string path = folder / "a";
  const std::array<u8, 3> bytes = {1, 2, 3};
  {
    auto dropped = OutputFile::create(path);
    ASSERT_TRUE(dropped && dropped->append(bytes));
    EXPECT_FALSE(fs::exists(path));
  }
  EXPECT_EQ(files(), 0);
  {
    auto kept = OutputFile::create(path);
    ASSERT_TRUE(kept && kept->append(bytes) && kept->append(bytes) && kept->commit());
  }
  EXPECT_EQ(fs::file_size(path), 6u);
  EXPECT_EQ(files(), 1);
  fs::remove_all(folder);
}

}  // namespace
}  // namespace shoal
