#include "table/dictionary.h"

#include <string>

#include <gtest/gtest.h>

namespace shoal::table {
namespace {

TEST(Dictionary, GivesCodesInTheOrderOfFirstAppearance) {
  Dictionary dictionary;
  EXPECT_EQ(*dictionary.insert("SFO"), 0u);
  EXPECT_EQ(*dictionary.insert(""), 1u);
  EXPECT_EQ(*dictionary.insert("JFK"), 2u);
  EXPECT_EQ(*dictionary.insert("SFO"), 0u);
  EXPECT_EQ(*dictionary.insert(""), 1u);
  EXPECT_EQ(dictionary.size(), 3u);
  EXPECT_EQ(dictionary[0], "SFO");
  EXPECT_EQ(dictionary[1], "");
  EXPECT_EQ(dictionary[2], "JFK");
}

TEST(Dictionary, FindsWhatWasInsertedAndNothingElse) {
  Dictionary dictionary;
  EXPECT_FALSE(dictionary.find(""));
  EXPECT_EQ(dictionary.size_bytes(), 0u);
  ASSERT_TRUE(dictionary.insert("a"));
  EXPECT_EQ(dictionary.find("a"), 0u);
  EXPECT_FALSE(dictionary.find(""));
  EXPECT_FALSE(dictionary.find("b"));
}

TEST(Dictionary, TellsStringsApartThatDifferInZerosOrLength) {
  Dictionary dictionary;
  std::string text;
  for (u32 length = 0; length < 40; ++length, text.push_back('\0')) EXPECT_EQ(*dictionary.insert(text), length);
  EXPECT_EQ(dictionary.find(std::string(17, '\0')), 17u);
}

TEST(Dictionary, KeepsItsCodesWhileItGrows) {
  Dictionary dictionary;
  constexpr u32 kStrings = 300'000;
  for (u32 i = 0; i < kStrings; ++i) ASSERT_EQ(*dictionary.insert("name of row " + std::to_string(i)), i);
  for (u32 i = 0; i < kStrings; i += 997) {
    EXPECT_EQ(dictionary.find("name of row " + std::to_string(i)), i);
    EXPECT_EQ(dictionary[i], "name of row " + std::to_string(i));
  }
  EXPECT_GT(dictionary.size_bytes(), u64{kStrings} * 16);
}

TEST(Dictionary, RefusesMoreThanItsMost) {
  Dictionary dictionary("name", 2);
  EXPECT_TRUE(dictionary.insert("a"));
  EXPECT_TRUE(dictionary.insert("b"));
  const auto refused = dictionary.insert("c");
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().code, ErrorCode::kUnsupported);
  EXPECT_NE(refused.error().message().find("Column 'name' has more than 2 distinct strings"), std::string::npos);
  EXPECT_EQ(*dictionary.insert("b"), 1u);
  EXPECT_FALSE(dictionary.find("c"));
}

}  // namespace
}  // namespace shoal::table
