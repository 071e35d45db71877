#include "query/parser.h"

#include <gtest/gtest.h>

#include <random>

namespace shoal::query {
namespace {

using Kind = Expression::Kind;

// The tree as text, every operation in parentheses.
std::string shown(const Expression& e) {
  constexpr std::string_view kNames[] = {
      "null", "bool",     "number", "string", "date", "timestamp", "column", "neg",     "+",       "-",  "*",   "/",
      "",     "distinct", "and",    "or",     "not",  "isnull",    "istrue", "isfalse", "between", "in", "like"};
  if (e.children.empty()) return e.text;
  std::string text(e.kind == Kind::kCompare ? comparison_text(e.comparison) : kNames[static_cast<size_t>(e.kind)]);
  for (const Expression& child : e.children) text += " " + shown(child);
  return "(" + text + ")";
}

std::string parsed(std::string_view text) {
  const auto expression = parse_expression(text);
  return expression ? shown(*expression) : expression.error().message();
}

TEST(Parser, KnowsPrecedence) {
  EXPECT_EQ(parsed("a OR b AND NOT c = 1 + 2 * -d"), "(or a (and b (not (= c (+ 1 (* 2 (neg d)))))))");
  EXPECT_EQ(parsed("a = 1 IS NULL"), "(isnull (= a 1))");
  EXPECT_EQ(parsed("true = a in (1, 2)"), "(= true (in a 1 2))");
  EXPECT_EQ(parsed("not a between 1 and 2 and b"), "(and (not (between a 1 2)) b)");
  EXPECT_EQ(parsed("a not in (1) or a not like 'x%'"), "(or (not (in a 1)) (not (like a)))");
  EXPECT_EQ(parsed("a - b - c"), "(- (- a b) c)");
  EXPECT_EQ(parsed("(a or b) and c"), "(and (or a b) c)");
  EXPECT_EQ(parsed("a is not distinct from b"), "(not (distinct a b))");
  EXPECT_EQ(parsed("date = DATE '2001-01-01' -- the first\n and /* only */ date"),
            "(and (= date 2001-01-01) date)");
}

TEST(Parser, ReadsLiterals) {
  EXPECT_EQ(parsed("-128"), "-128");
  EXPECT_EQ(parsed("1_000.5e-3"), "1000.5e-3");
  EXPECT_EQ(parsed("'it''s'"), "it's");
  EXPECT_EQ(parsed("\"a \"\"b\"\"\""), "a \"b\"");
  EXPECT_EQ(parsed("na\xc3\xafve"), "na\xc3\xafve");
}

TEST(Parser, SaysWhatItExpected) {
  EXPECT_EQ(parsed(""), "The expression is empty. Write a condition such as delay > 60.\n    \n    ^");
  EXPECT_EQ(parsed("delay > 60 60"),
            "Expected an operator, AND, OR, or the end here, found '60'.\n"
            "    delay > 60 60\n               ^~");
  EXPECT_EQ(parsed("a < b < c"),
            "Comparisons cannot be chained. Join two of them with AND.\n    a < b < c\n          ^");
  EXPECT_EQ(parsed("a in ()"),
            "Expected a column, a number, a 'string' or ( here, found ')'.\n    a in ()\n          ^");
  EXPECT_EQ(parsed("a = 'x"),
            "The string that starts here has no end. Close it with ' (a quote inside a string is "
            "written '').\n    a = 'x\n        ^");
  EXPECT_EQ(
      parsed("round(a) > 1"),
      "The function 'round' is not known. Filters have comparisons, AND, OR, NOT, IN, BETWEEN, LIKE, IS NULL and "
      "+ - * /.\n    round(a) > 1\n         ^");
  EXPECT_EQ(parsed("\xc3\xa9\xc3\xa9 > ;"),
            "The character ';' has no meaning in an expression. Known are names, numbers, "
            "'strings', comparisons, + - * /, and parentheses.\n    \xc3\xa9\xc3\xa9 > ;\n"
            "         ^");
}

TEST(Parser, BoundsNesting) {
  const auto repeated = [](std::string_view text, size_t count) {
    std::string all;
    for (size_t i = 0; i < count; ++i) all += text;
    return all;
  };
  constexpr size_t kMany = 300'000;
  EXPECT_TRUE(parse_expression(repeated("(", 60) + "a" + repeated(")", 60)));
  EXPECT_TRUE(parse_expression("a = 1" + repeated(" OR a = 1", kMany)));
  for (const std::string& hostile :
       {repeated("(", kMany), repeated("NOT ", kMany) + "a", repeated("- ", kMany) + "1",
        "1" + repeated(" + 1", kMany), "a" + repeated(" IS NULL", kMany), "a" + repeated(" IN (1)", kMany),
        repeated("(a + 1", kMany), repeated("a IN (", kMany), repeated("((a) + ((", kMany / 4),
        repeated("(", 30) + "a" + repeated(" + 1) + 1 + 1 + 1", 30)}) {
    const auto failed = parse_expression(hostile);
    ASSERT_FALSE(failed) << hostile.substr(0, 40);
    EXPECT_LT(failed.error().message().size(), 500u);
  }
}

TEST(Parser, SurvivesMutations) {
  const std::vector<std::string> seeds = {"delay > 60 AND origin IN ('SFO', 'OAK')",
                                          "a BETWEEN 1 AND 2.5e3 OR NOT \"b c\" LIKE 'x!%' ESCAPE '!'",
                                          "date >= TIMESTAMP '2001-01-01 00:00:00' IS NOT TRUE",
                                          "-a * (b + 1) / 3 <> c -- end\n AND /* x */ d IS NULL"};
  constexpr std::string_view kPieces[] = {"(",    ")",     "'",    "\"",   "--", "/*", "*/",
                                          "NOT ", " AND ", "\xff", "\xc3", "\n", "1e"};
  std::mt19937 random(7);
  for (int i = 0; i < 20'000; ++i) {
    std::string text = seeds[random() % seeds.size()];
    for (u64 edits = random() % 6; edits > 0; --edits) {
      const size_t at = random() % (text.size() + 1);
      switch (random() % 4) {
        case 0: text.insert(at, kPieces[random() % std::size(kPieces)]); break;
        case 1: text.erase(at, random() % 5); break;
        case 2: text.insert(at, 1, static_cast<char>(random())); break;
        default: text.insert(at, text.substr(random() % (text.size() + 1), random() % 20)); break;
      }
    }
    const auto expression = parse_expression(text);
    if (!expression) {
      ASSERT_FALSE(expression.error().sentence.empty());
    }
  }
}

}  // namespace
}  // namespace shoal::query
