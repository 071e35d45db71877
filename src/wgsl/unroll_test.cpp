// What @unroll refuses, and where its errors point; testdata/flatten has what it writes.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "wgsl/flatten.h"

namespace shoal::wgsl {
namespace {

using ::testing::HasSubstr;
using ::testing::StartsWith;

std::string flatten_text(std::string_view entry) {
  const ReadSource read = [&](std::string_view path) -> Result<std::string> {
    if (path == "entry.wgsl") return std::string(entry);
    return fail(ErrorCode::kNotFound, "{} is not there.", path);
  };
  const Result<Flattened> result = flatten("entry.wgsl", {}, read);
  return result ? result->text : result.error().message();
}

// Of a function's only line, behind some constants.
std::string unrolled(std::string_view statement) {
  return flatten_text(
      fmt::format("const four = 4u; const below = -1; const itself = itself; override most = 4u;\n"
                  "fn f(x: u32) {{\n  {}\n}}\n",
                  statement));
}

// "COLUMN: SENTENCE", and how many carets stand under the line.
struct Refusal {
  std::string_view statement, message;
  size_t carets = 0;
};

void expect_refused(std::initializer_list<Refusal> refusals) {
  for (const auto& [statement, message, carets] : refusals) {
    SCOPED_TRACE(statement);
    const std::string text = unrolled(statement);
    EXPECT_THAT(text, StartsWith(fmt::format("entry.wgsl:3:{}\n 3 |   {}\n", message, statement)));
    EXPECT_EQ(std::ranges::count(text.substr(text.rfind('\n')), '^'), static_cast<std::ptrdiff_t>(carets));
  }
}

TEST(Unroll, RefusesTurnsThatAreNoneOrTooMany) {
  constexpr std::string_view kLeave = "and @unroll writes out 1 to 64. Change its bounds, or leave @unroll out.";
  expect_refused(
      {{"@unroll for (var i = 0u; i < 0u; i++) {}", fmt::format("3: This loop goes round 0 times, {}", kLeave), 37},
       {"@unroll for (var i = 9u; i < four; i++) {}", fmt::format("3: This loop goes round 0 times, {}", kLeave),
        39},
       {"@unroll for (var i = 0u; i < 65u; i++) {}", fmt::format("3: This loop goes round 65 times, {}", kLeave),
        38},
       {"@unroll for (var i = 0u; i < 0xffffffffu; i++) {}",
        fmt::format("3: This loop goes round 4294967295 times, {}", kLeave), 46}});
  EXPECT_THAT(unrolled("@unroll for (var i = 0u; i < 64u; i++) {}"), HasSubstr("const i = 63u;"));
}

TEST(Unroll, RefusesStepsThatNeverEnd) {
  expect_refused(
      {{"@unroll for (var i = 0u; i < 4u; i += 0u) {}", "3: Steps of 0 never end this loop. Choose others.", 41},
       {"@unroll for (var i = 4294967290u; i < 4294967295u; i += 4u) {}",
        "3: Steps of 4 never end this loop. Choose others.", 59}});
}

TEST(Unroll, RefusesBoundsThatAreNoU32) {
  expect_refused({{"@unroll for (var i = -1; i < 4u; i++) {}",
                   "24: This is -1. The bounds of an unrolled loop are from 0 to 4294967295.", 2},
                  {"@unroll for (var i = 0u; i < below; i++) {}",
                   "32: This is -1. The bounds of an unrolled loop are from 0 to 4294967295.", 5},
                  {"@unroll for (var i = 0u; i < 4u; i += 2u - 3u) {}",
                   "41: This is -1. The bounds of an unrolled loop are from 0 to 4294967295.", 7},
                  {"@unroll for (var i = 0u; i < 4294967296; i++) {}",
                   "32: This is 4294967296. The bounds of an unrolled loop are from 0 to 4294967295.", 10},
                  {"@unroll for (var i = 0u; i < 99999999999999999999u; i++) {}",
                   "32: '99999999999999999999u' is too large an integer.", 21},
                  {"@unroll for (var i = 0; i < 4; i++) {}",
                   "24: The variable of an unrolled loop is a u32, and 0 is none. Add a u.", 1}});
}

TEST(Unroll, RefusesBoundsThatAreNoConstants) {
  constexpr std::string_view kNoConstant =
      "This cannot be worked out as an integer constant. Write literals, constants and integer operators.";
  expect_refused(
      {{"@unroll for (var i = 0u; i < x; i++) {}",
        "32: 'x' is a name of the function here. The bounds of an unrolled loop are constants of modules.", 1},
       {"@unroll for (var i = 0u; i < most; i++) {}",
        "32: An override decides this bound, which nobody knows yet when loops are unrolled. Use a const.", 4},
       {"@unroll for (var i = 0u; i < nothing; i++) {}", fmt::format("32: {}", kNoConstant), 7},
       {"@unroll for (var i = 0u; i < max(1u, 2u); i++) {}", fmt::format("32: {}", kNoConstant), 3},
       {"@unroll for (var i = 0u; i < 1.5; i++) {}", fmt::format("32: {}", kNoConstant), 3},
       {"@unroll for (var i = 0u; i < ; i++) {}", fmt::format("30: {}", kNoConstant), 1}});
  EXPECT_THAT(unrolled("@unroll for (var i = 0u; i < itself; i++) {}"),
              StartsWith("entry.wgsl:1:51: This constant depends on itself, or on more than 64 others.\n 1 | "));
}

TEST(Unroll, RefusesWhatIsNoSuchLoop) {
  constexpr std::string_view kForm =
      "is expected here: @unroll stands before for (var i = A; i < B; i++), or i += C, with constants.";
  expect_refused({{"@unroll(4) for (var i = 0u; i < 4u; i++) {}", fmt::format("10: 'for' {}", kForm), 1},
                  {"@unroll() for (var i = 0u; i < 4u; i++) {}", fmt::format("10: 'for' {}", kForm), 1},
                  {"@unroll @unroll for (var i = 0u; i < 4u; i++) {}", fmt::format("11: 'for' {}", kForm), 1},
                  {"@unroll let y = x;", fmt::format("11: 'for' {}", kForm), 3},
                  {"@unroll for (let i = 0u; i < 4u; i++) {}", fmt::format("16: 'var' {}", kForm), 3},
                  {"@unroll for (var 4u = 0u; i < 4u; i++) {}", "20: A name is expected here.", 2},
                  {"@unroll for (var i: u32 = 0u; i < 4u; i++) {}", fmt::format("21: '=' {}", kForm), 1},
                  {"@unroll for (var i = 0u; k < 4u; i++) {}", fmt::format("28: 'i' {}", kForm), 1},
                  {"@unroll for (var i = 0u; i <= 4u; i++) {}", fmt::format("30: '<' {}", kForm), 2},
                  {"@unroll for (var i = 0u; i < 4u; i--) {}", fmt::format("37: '+=' {}", kForm), 2}});
  EXPECT_THAT(unrolled("@unroll for (var i = 0u; i < 4u; i += 1u)"), StartsWith("entry.wgsl:4:1: '{' is expected"));
  EXPECT_THAT(flatten_text("fn f() {}\n@unroll"), StartsWith("entry.wgsl:2:"));
  EXPECT_THAT(flatten_text("fn f() {}\n@unroll fn g() {}"), StartsWith("entry.wgsl:2:9: 'for' is expected here"));
}

TEST(Unroll, RefusesInsideLoopsWhatItRefusesOutside) {
  expect_refused(
      {{"@unroll for (var i = 0u; i < 4u; i++) { @unroll for (var k = 0u; k < i; k++) {} }",
        "72: 'i' is a name of the function here. The bounds of an unrolled loop are constants of modules.", 1},
       {"@unroll for (var i = 0u; i < 4u; i++) { if x > i { break; } }",
        "54: An unrolled loop has no 'break': write an if around the rest.", 5},
       {"@unroll for (var i = 0u; i < 4u; i++) { switch x { default: { break; } } continue; }",
        "76: An unrolled loop has no 'continue': write an if around the rest.", 8}});
}

TEST(Unroll, BoundsWhatAFileIsWrittenOutTo) {
  std::string loops = "x++;", file;
  for (int depth = 0; depth < 4; ++depth) {
    loops = fmt::format("@unroll for (var i{0} = 0u; i{0} < 64u; i{0}++) {{ {1} }}", depth, loops);
  }
  EXPECT_THAT(unrolled("var x = 0u; " + loops),
              HasSubstr("With this loop the unrolled loops of this file come to 8.3 MB, and 1.0 MB are the most."));
  for (int i = 0; i < 600; ++i) file += "@unroll for (var i = 0u; i < 64u; i++) { }\n";
  EXPECT_THAT(unrolled(file), HasSubstr("and 1.0 MB are the most. Unroll fewer."));
}

// Neither depth of nesting nor constants in terms of constants take more than moments.
TEST(Unroll, EndsWhateverItIsGiven) {
  const auto nested = [](std::string_view opening, std::string_view closing, size_t depth) {
    std::string text = "@unroll for (var i = 0u; i < 1u; i++) { ";
    for (size_t i = 0; i < depth; ++i) text += opening;
    for (size_t i = 0; i < depth; ++i) text += closing;
    return text + " }";
  };
  EXPECT_THAT(unrolled(nested("switch x { default: { ", "break; } }", 20'000)), HasSubstr("const i = 0u;"));
  EXPECT_THAT(unrolled(nested("@unroll for (var k = 0u; k < 1u; k++) { ", "}", 20'000)),
              HasSubstr("Unroll fewer."));
  std::string constants = "const c0 = 1u;\n";
  for (int i = 1; i < 60; ++i) constants += fmt::format("const c{0} = c{1} + c{1};\n", i, i - 1);
  EXPECT_THAT(flatten_text(constants + "fn f() { @unroll for (var i = 0u; i < c59; i++) {} }"),
              HasSubstr("This constant depends on more than 4096 others."));
}

}  // namespace
}  // namespace shoal::wgsl
