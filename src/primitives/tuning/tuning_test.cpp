#include "primitives/tuning/tuning.h"

#include <algorithm>
#include <set>
#include <vector>

#include <gtest/gtest.h>

#include "primitives/tuning/tuning_table.h"

namespace shoal::primitives {
namespace {

std::vector<TuningRow> rows_of(std::string_view text) {
  std::vector<TuningRow> rows;
  for (std::string_view line; !(line = detail::next_word(text, '\n')).empty();) {
    const auto row = parse_tuning_row(line);
    EXPECT_TRUE(row) << line;
    if (row) rows.push_back(*row);
  }
  return rows;
}

gpu::Capabilities adapter(gpu::AdapterType type, std::string name = "") {
  gpu::Capabilities capabilities;
  capabilities.type = type;
  capabilities.name = std::move(name);
  return capabilities;
}

TEST(Tuning, EveryRowIsOneThatASearchTries) {
  const std::vector<TuningRow> space = rows_of(kTuningSpace);
  for (TuningRow row : rows_of(kTuningTable)) {
    const std::string line = tuning_line(row);
    row.adapters = AdapterClass::kAny;
    EXPECT_NE(std::ranges::find(space, row), space.end()) << line;
  }
}

TEST(Tuning, EveryPrimitiveHasOneRowForAnyAdapterAndSomethingToTry) {
  for (size_t i = 0; i < kTunables.size(); ++i) {
    const auto primitive = static_cast<Tunable>(i);
    std::vector<TuningRow> rows = rows_of(kTuningTable);
    std::erase_if(rows, [&](const TuningRow& row) { return row.primitive != primitive; });
    EXPECT_EQ(std::ranges::count(rows, AdapterClass::kAny, &TuningRow::adapters), 1) << kTunables[i].name;
    std::set<AdapterClass> classes;
    for (const TuningRow& row : rows) EXPECT_TRUE(classes.insert(row.adapters).second) << tuning_line(row);
    EXPECT_GT(std::ranges::count(rows_of(kTuningSpace), primitive, &TuningRow::primitive), 1) << kTunables[i].name;
  }
}

TEST(Tuning, ARowIsReadAsItIsWritten) {
  for (const std::string_view text : {kTuningTable, kTuningSpace}) {
    for (const TuningRow& row : rows_of(text)) EXPECT_EQ(parse_tuning_row(tuning_line(row)), row);
  }
  EXPECT_EQ(tuning_line({Tunable::kSort, AdapterClass::kNvidia, {1, 8}}), "sort nvidia staged=1 teams=8");
  for (const std::string_view line :
       {"", "sort", "sort any", "sort any staged=1", "sort any teams=8 staged=1", "sort any staged=1 teams=",
        "sort any staged=1 teams=8 more=1", "sort any staged=x teams=8", "sort every staged=1 teams=8",
        "reduce any workgroups=99999999999", "reduce any workgroups=1 teams=2", "shuffle any x=1"}) {
    EXPECT_EQ(parse_tuning_row(line), std::nullopt) << line;
  }
}

TEST(Tuning, TheNarrowestClassOfAnAdapterCounts) {
  using enum gpu::AdapterType;
  EXPECT_EQ(tuning_line(tuning(adapter(kUnknown), Tunable::kSort)), "sort any staged=0 teams=8");
  EXPECT_EQ(tuning_line(tuning(adapter(kSoftware), Tunable::kSort)), "sort any staged=0 teams=8");
  EXPECT_EQ(tuning_line(tuning(adapter(kIntegrated), Tunable::kSort)), "sort gpu staged=1 teams=16");
  EXPECT_EQ(tuning_line(tuning(adapter(kSoftware), Tunable::kReduce)), "reduce software workgroups=16");
  EXPECT_EQ(adapter_class(adapter(kUnknown, "NVIDIA")), AdapterClass::kAny);
  EXPECT_EQ(adapter_class(adapter(kDiscrete, "NVIDIA H100")), AdapterClass::kNvidia);
  EXPECT_EQ(adapter_class(adapter(kIntegrated, "Intel")), AdapterClass::kGpu);
}

TEST(Tuning, ATrialCountsWhileItLives) {
  const gpu::Capabilities capabilities = adapter(gpu::AdapterType::kSoftware);
  const TuningRow table = tuning(capabilities, Tunable::kReduce);
  {
    TuningTrial trial;
    trial.use(TuningRow{Tunable::kReduce, AdapterClass::kAny, {64, 0}});
    EXPECT_EQ(tuning(capabilities, Tunable::kReduce).values[0], 64u);
    EXPECT_EQ(tuning(capabilities, Tunable::kStrips).values[0], 1u) << "of another primitive";
    trial.use({});
    EXPECT_EQ(tuning(capabilities, Tunable::kReduce), table);
    trial.use(TuningRow{Tunable::kReduce, AdapterClass::kAny, {64, 0}});
  }
  EXPECT_EQ(tuning(capabilities, Tunable::kReduce), table);
}

}  // namespace
}  // namespace shoal::primitives
