// For tests: a file that testdata/make_parquet.py wrote, in memory.
#pragma once

#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <iterator>
#include <string>
#include <vector>

namespace shoal::formats {

inline std::vector<std::byte> read_test_file(const std::string& name) {
  std::ifstream in(std::filesystem::path(SHOAL_TESTDATA) / name, std::ios::binary);
  EXPECT_TRUE(in) << name << " is missing: build the target shoal_formats_testdata.";
  const std::vector<char> bytes{std::istreambuf_iterator<char>(in), {}};
  const auto* begin = reinterpret_cast<const std::byte*>(bytes.data());
  return {begin, begin + bytes.size()};
}

}  // namespace shoal::formats
