#include "wgsl/conditions.h"

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace shoal::wgsl {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;

Result<ConditionalSource> resolve(std::string_view text, const FeatureNames& enabled) {
  Source source{"t.wgsl", std::string(text)};
  return resolve_conditions(source, lex(source).value(), enabled);
}

// Whether an item under this condition stays, with a and b enabled and x and y not; or the error.
std::string decide(std::string_view condition) {
  auto result = resolve(fmt::format("@if({}) const k = 1;", condition), {"a", "b"});
  if (!result) return result.error().message();
  return result->tokens.empty() ? "goes" : "stays";
}

TEST(Conditions, FollowLogic) {
  for (std::string_view condition :
       {"a", "true", "!x", "!!a", "a && b", "a || x", "x || y || a", "(a)", "((a && b))", "a && (x || b)",
        "!(x || y)", "!x && !y", "(x && a) || b", "a,"}) {
    EXPECT_EQ(decide(condition), "stays") << condition;
  }
  for (std::string_view condition :
       {"x", "false", "!a", "a && x", "x || y", "a && b && x", "!(a || x)", "!a || !b"}) {
    EXPECT_EQ(decide(condition), "goes") << condition;
  }
}

TEST(Conditions, RefuseWhatIsNoCondition) {
  for (std::string_view condition :
       {"", "a b", "&&", "a &&", "a & b", "!", "(a", "1", "a == b", "a,,", "if", "a()"}) {
    EXPECT_THAT(decide(condition), HasSubstr("t.wgsl:1:")) << condition;
  }
  EXPECT_THAT(decide("a && b || x"), HasSubstr("Add parentheses"));
  EXPECT_THAT(decide(fmt::format("{}a", std::string(1000, '!'))), HasSubstr("nests deeper than 64"));
  EXPECT_THAT(decide(fmt::format("{}a{}", std::string(1000, '('), std::string(1000, ')'))),
              HasSubstr("nests deeper than 64"));
}

TEST(Conditions, TakeTheFirstBranchThatHolds) {
  constexpr std::string_view kText = "@if(a) const k=1; @elif(b) const k=2; @elif(c) const k=3; @else const k=4;";
  auto value = [&](const FeatureNames& enabled) {
    Source source{"t.wgsl", std::string(kText)};
    auto result = resolve(kText, enabled).value();
    EXPECT_EQ(result.tokens.size(), 5u);
    return std::string(source.slice(result.tokens[3].span));
  };
  EXPECT_EQ(value({"a", "b", "c"}), "1");
  EXPECT_EQ(value({"b", "c"}), "2");
  EXPECT_EQ(value({"c"}), "3");
  EXPECT_EQ(value({}), "4");
}

TEST(Conditions, MentionNamesOfBranchesThatGo) {
  auto result = resolve("@if(a) fn f() { @if(b || c) return; @else return; } @elif(d) const k = 1;", {}).value();
  EXPECT_THAT(result.mentioned, ElementsAre("a", "b", "c", "d"));
}

TEST(Conditions, RefuseAttributesWithoutAnItem) {
  auto message = [](std::string_view text) {
    auto result = resolve(text, {"a"});
    return result ? std::string("fine") : result.error().message();
  };
  EXPECT_THAT(message("@if(a)"), HasSubstr("Nothing follows @if"));
  EXPECT_THAT(message("fn f() { @if(a) }"), HasSubstr("Nothing follows @if"));
  EXPECT_THAT(message("@if const k = 1;"), HasSubstr("@if needs a condition in parentheses"));
  EXPECT_THAT(message("@if(a) @if(b) const k = 1;"), HasSubstr("@if follows @if on the same item"));
  EXPECT_THAT(message("@if(a) const k = 1; @else const k = 2; @else const k = 3;"),
              HasSubstr("@else does not directly"));
  EXPECT_THAT(message("@if(a) const k = 1"), HasSubstr("does not end in ';'"));
  EXPECT_THAT(message("@if(a) fn f()"), HasSubstr("'fn' has no block"));
  EXPECT_THAT(message("@if(a"), HasSubstr("This '(' is not closed"));
  std::string deep;
  for (int i = 0; i < 1000; ++i) deep += "@if(a) {";
  EXPECT_THAT(message(deep + std::string(1000, '}')), HasSubstr("nest deeper than 64"));
}

}  // namespace
}  // namespace shoal::wgsl
