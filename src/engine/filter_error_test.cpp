#include "engine/filter_error.h"

#include <gtest/gtest.h>

#include "query/filter.h"

namespace shoal::engine {
namespace {

// What the parser says of the filter, taken apart.
FilterError located(const std::string& filter) {
  const std::vector<query::Column> columns = {{"delay", {.type = {.kind = table::TypeKind::kInteger}}},
                                              {"über", {.type = {.kind = table::TypeKind::kString}}}};
  const auto compiled = query::compile_filter(filter, columns);
  EXPECT_FALSE(compiled) << filter;
  return compiled ? FilterError{} : locate_filter_error(filter, compiled.error().message());
}

TEST(FilterError, SaysWhereWithoutTheText) {
  const FilterError error = located("delay > 10 AND dealy > 60");
  EXPECT_EQ(error.at, std::string("delay > 10 AND ").size());
  EXPECT_NE(error.sentence.find("'dealy'"), std::string::npos) << error.sentence;
  EXPECT_EQ(error.sentence.find('\n'), std::string::npos);
}

TEST(FilterError, CountsBytesWhereACharacterHasSeveral) {
  const std::string before = "\"über\" = 'äöü€' AND ";
  EXPECT_EQ(located(before + "dealy > 60").at, before.size());
}

TEST(FilterError, FindsThePlaceInALongFilter) {
  std::string before;
  for (int i = 0; i < 40; ++i) before += "delay <> " + std::to_string(i) + " AND ";
  EXPECT_EQ(located(before + "dealy > 60 AND delay < 100").at, before.size());
}

TEST(FilterError, TakesASentenceThatHasNoPlace) {
  const FilterError error = locate_filter_error("a > 1", "The filter is too long.");
  EXPECT_EQ(error.sentence, "The filter is too long.");
  EXPECT_EQ(error.at, 0u);
}

}  // namespace
}  // namespace shoal::engine
