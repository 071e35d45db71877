#include "engine/kernel_examples.h"

#include <algorithm>
#include <limits>
#include <set>
#include <tuple>

#include <fmt/format.h>

#include "base/text.h"
#include "engine/all_kernels.h"
#include "plot/extent_program.kernel.h"
#include "primitives/array_elements.kernel.h"
#include "primitives/array_points.kernel.h"
#include "primitives/fold_states/states_program.h"
#include "primitives/monoid.kernel.h"
#include "primitives/selection/selected_flags.kernel.h"
#include "primitives/selection/selected_rows.kernel.h"
#include "primitives/selection/selected_runs.kernel.h"
#include "primitives/sum_floats/float_array.kernel.h"
#include "query/aggregate_program.kernel.h"
#include "query/density_program.kernel.h"
#include "query/row_program.h"

namespace shoal::engine {
namespace {

constexpr u32 kColumnGroup = 1;  // of a chunk's descriptor, which is bound with an offset

// What stands in a kernel's slots.
struct Program {
  std::string name;
  std::string text;
  std::span<const wgsl::Binding> bindings;
  bool wide = false;
  u32 dynamic_group = 0xffffffffu;
};

table::Dictionary dictionary_of(std::initializer_list<std::string_view> strings) {
  table::Dictionary dictionary;
  for (const std::string_view text : strings) (void)dictionary.insert(text);
  return dictionary;
}

// Columns that differ in what the text of a program depends on: words of a code, nulls, scales.
std::vector<query::Column> example_columns() {
  using table::TypeKind;
  static const table::Dictionary kOrigins = dictionary_of({"SFO", "OAK", "ABE", "JFK"});
  static const table::Dictionary kDestinations = dictionary_of({"YAK", "ABE", "SFO"});
  const auto integer = [](u8 bits, bool wide, u64 divisor, u64 last, bool nullable) {
    return table::CodeSpace{.type = {.kind = TypeKind::kInteger, .bits = bits},
                            .wide = wide,
                            .base = -500,
                            .divisor = divisor,
                            .first_code = 0,
                            .last_code = last,
                            .nullable = nullable};
  };
  const auto real = [](u8 bits, bool wide, bool nullable) {
    return table::CodeSpace{.type = {.kind = TypeKind::kFloat, .bits = bits},
                            .wide = wide,
                            .first_code = wide ? table::f64_image(-1e9) : table::f32_image(-1e9f),
                            .last_code = wide ? table::f64_image(1e9) : table::f32_image(1e9f),
                            .first_finite_code = wide ? table::f64_image(-1e9) : table::f32_image(-1e9f),
                            .last_finite_code = wide ? table::f64_image(1e9) : table::f32_image(1e9f),
                            .nullable = nullable};
  };
  const auto text = [](const table::Dictionary& dictionary, bool nullable) {
    return table::CodeSpace{.type = {.kind = TypeKind::kString},
                            .dictionary = &dictionary,
                            .first_code = 0,
                            .last_code = dictionary.size() - 1,
                            .nullable = nullable};
  };
  return {{"delay", integer(16, false, 1, 2000, true)},
          {"distance", integer(32, false, 10, 500, false)},
          {"id", integer(64, true, 1, u64{1} << 40, false)},
          {"price", integer(64, true, 100, u64{1} << 40, true)},
          {"speed", real(32, false, true)},
          {"height", real(32, false, false)},
          {"weight", real(64, true, true)},
          {"mass", real(64, true, false)},
          {"origin", text(kOrigins, false)},
          {"destination", text(kDestinations, true)},
          {"flag", {.type = {.kind = TypeKind::kBoolean}, .first_code = 0, .last_code = 1, .nullable = true}},
          {"day", {.type = {.kind = TypeKind::kDate}, .base = -100, .first_code = 0, .last_code = 20'000}},
          {"time",
           {.type = {.kind = TypeKind::kTimestamp},
            .wide = true,
            .base = -1,
            .first_code = 0,
            .last_code = u64{1} << 50}},
          {"rows", integer(32, false, 1, 3'000'000, false)},
          // So near each other that all codes can be tried.
          {"near",
           {.type = {.kind = TypeKind::kFloat, .bits = 64},
            .wide = true,
            .first_code = table::f64_image(1.0),
            .last_code = table::f64_image(1.0) + 100}}};
}

// Among them every kind of formula, in narrow and in wide codes: forgotten_formula() says what is missing.
std::vector<std::pair<std::string, std::string>> example_filters() {
  std::string many_numbers, many_ids, many_near;
  for (int i = 0; i < 40; ++i) {
    many_numbers += fmt::format("{}{}", i == 0 ? "" : ", ", i * i);
    many_ids += fmt::format("{}{}", i == 0 ? "" : ", ", i64{1} << i);
    many_near += fmt::format("{}{}", i == 0 ? "" : ", ", 1 + 2 * i * std::numeric_limits<double>::epsilon());
  }
  return {{"all", ""},
          {"range", "distance > 60"},
          {"range-null", "delay <= 3 OR delay IS NULL"},
          {"ranges", "delay BETWEEN 1 AND 5 OR delay BETWEEN 9 AND 12 OR distance < 100"},
          {"range-wide", "id > 9007 AND NOT (price > 900)"},
          {"table", fmt::format("delay IN ({})", many_numbers)},
          {"table-like", "origin LIKE 'S%' AND destination NOT LIKE '%K'"},
          {"table-wide", fmt::format("near IN ({})", many_near)},
          {"sorted", fmt::format("rows IN ({})", many_numbers)},
          {"sorted-wide", fmt::format("id IN ({})", many_ids)},
          {"sum", "delay + distance * 2 > 100"},
          {"sum-wide", "price + distance * 2 - id > 500000"},
          {"floats", "speed < height"},
          {"floats-wide", "weight <= mass OR weight <> mass"},
          {"floats-mixed", "speed >= mass AND speed > 0.5"},
          {"strings", "origin < destination"},
          {"nulls", "speed IS NOT NULL AND weight IS NOT NULL"},
          {"kinds", "flag AND day < DATE '1999-01-01' AND time > TIMESTAMP '2001-01-01 00:00:01'"}};
}

struct ExampleFilter {
  std::string name;
  query::CompiledFilter compiled;
};

Result<std::vector<ExampleFilter>> compiled_filters(const std::vector<query::Column>& columns) {
  std::vector<ExampleFilter> filters;
  for (const auto& [name, text] : example_filters()) {
    if (text.empty()) {
      filters.push_back({name, query::filter_of_all()});
      continue;
    }
    SHOAL_TRY_SET(query::CompiledFilter compiled, query::compile_filter(text, columns));
    filters.push_back({name, std::move(compiled)});
  }
  return filters;
}

// What is left of these when all formulas were taken out.
using Kind = query::Formula::Kind;
std::set<std::pair<Kind, bool>> all_formula_kinds() {
  std::set<std::pair<Kind, bool>> kinds = {{Kind::kStringOrder, false}};
  for (const Kind kind :
       {Kind::kRanges, Kind::kBitTable, Kind::kSortedRanges, Kind::kIntegerOrder, Kind::kFloatOrder}) {
    kinds.insert({kind, false});
    kinds.insert({kind, true});
  }
  return kinds;
}

void take_out(const query::Formula& formula, std::set<std::pair<Kind, bool>>& kinds) {
  kinds.erase({formula.kind, formula.is_wide});
  for (const query::Formula& child : formula.children) take_out(child, kinds);
}

// The slots of a pass: `first` columns, then those of the filter that are not among them.
struct PassSlots {
  std::vector<query::SlotShape> shapes;
  std::vector<size_t> filter_slots;
};

PassSlots pass_slots(const std::vector<query::Column>& columns, std::vector<size_t> first,
                     const std::vector<size_t>& filter_columns) {
  PassSlots slots;
  for (const size_t column : filter_columns) {
    const auto found = std::ranges::find(first, column);
    slots.filter_slots.push_back(static_cast<size_t>(found - first.begin()));
    if (found == first.end()) first.push_back(column);
  }
  for (const size_t column : first) {
    slots.shapes.push_back({.wide = columns[column].codes.wide, .nullable = columns[column].codes.nullable});
  }
  return slots;
}

void add_variants(std::vector<Program>& programs, const wgsl::Kernel& kernel) {
  for (size_t mask = 0; mask < kernel.variants.size(); ++mask) {
    Program program{.name = std::string(kernel.name),
                    .text = std::string(kernel.variants[mask]->text),
                    .bindings = kernel.variants[mask]->bindings};
    for (size_t i = 0; i < kernel.feature_names.size(); ++i) {
      if (((mask >> i) & 1) == 0) continue;
      program.name += fmt::format("-{}", kernel.feature_names[i]);
      if (kernel.feature_names[i] == "wide") program.wide = true;
    }
    programs.push_back(std::move(program));
  }
}

std::vector<Program> density_programs(const std::vector<query::Column>& columns,
                                      const std::vector<ExampleFilter>& filters) {
  std::vector<Program> programs;
  add_variants(programs, primitives::array_points_kernel());
  constexpr size_t kAxes[][2] = {{0, 1}, {2, 1}, {1, 6}, {6, 3}};  // narrow and wide, nullable and not
  for (size_t i = 0; i < filters.size(); ++i) {
    const auto& [name, filter] = filters[i];
    const auto& [x, y] = kAxes[i % std::size(kAxes)];
    PassSlots slots = pass_slots(columns, {x, y}, filter.columns);
    constexpr query::AxisForm kForms[] = {query::AxisForm::kEven, query::AxisForm::kTable,
                                          query::AxisForm::kNarrowEdges};
    for (size_t axis = 0; axis < 2; ++axis) {
      slots.shapes[axis].form =
          slots.shapes[axis].wide ? query::AxisForm::kWideEdges : kForms[(i + axis) % std::size(kForms)];
    }
    programs.push_back({.name = "filter-" + name,
                        .text = density_row_program(slots.shapes, filter, slots.filter_slots),
                        .bindings = query::density_program_kernel().variant({}).bindings,
                        .dynamic_group = kColumnGroup});
  }
  return programs;
}

std::vector<Program> element_programs(const std::vector<query::Column>& columns,
                                      const std::vector<ExampleFilter>& filters) {
  std::vector<Program> programs;
  add_variants(programs, primitives::array_elements_kernel());
  const wgsl::KernelTemplate& floats = primitives::float_array_kernel().variant({});
  programs.push_back({.name = "floats", .text = std::string(floats.text), .bindings = floats.bindings});
  const wgsl::KernelTemplate& extent = plot::extent_program_kernel().variant({});
  programs.push_back({.name = "extent", .text = std::string(extent.text), .bindings = extent.bindings});
  // Filters are tried in full behind density; here it is what they measure that makes a difference.
  const std::pair<std::string_view, std::optional<size_t>> kMeasured[] = {
      {"rows", std::nullopt}, {"narrow", 0}, {"narrow-not-null", 1}, {"wide", 2}, {"wide-null", 3}};
  for (size_t i = 0; i < std::size(kMeasured); ++i) {
    const auto& [name, column] = kMeasured[i];
    const query::CompiledFilter& filter = filters[3 * i].compiled;
    std::vector<size_t> read = filter.columns;
    std::optional<size_t> measured;
    if (column) {
      measured = static_cast<size_t>(std::ranges::find(read, *column) - read.begin());
      if (*measured == read.size()) read.push_back(*column);
    }
    const PassSlots slots = pass_slots(columns, read, filter.columns);
    programs.push_back({.name = fmt::format("measure-{}-{}", name, filters[3 * i].name),
                        .text = element_row_program(slots.shapes, filter, measured),
                        .bindings = query::aggregate_program_kernel().variant({}).bindings,
                        .wide = column && columns[*column].codes.wide,
                        .dynamic_group = kColumnGroup});
  }
  return programs;
}

// Operations on elements of one type, the sum first.
std::vector<Program> operation_programs() {
  std::vector<Program> programs;
  add_variants(programs, primitives::monoid_kernel());
  std::erase_if(programs, [](const Program& program) {
    const auto has = [&](std::string_view feature) { return program.name.contains(feature); };
    return (has("is_float") && (has("is_signed") || program.wide)) || (has("smallest") && has("largest"));
  });
  return programs;
}

// Tests of rows, flags first.
Result<std::vector<Program>> test_programs() {
  std::vector<Program> programs;
  add_variants(programs, primitives::selected_flags_kernel());
  add_variants(programs, primitives::selected_runs_kernel());
  const wgsl::SlotText odd_rows{"keep", "fn keep(row: u32) -> bool { return row % 2u == 1u; }"};
  SHOAL_TRY_SET(std::string text,
                wgsl::splice(primitives::selected_rows_kernel().variant({}), std::span(&odd_rows, 1)));
  programs.push_back({.name = "selected_rows", .text = std::move(text), .bindings = {}});
  return programs;
}

// A state of two words; its arrays follow it.
const primitives::StatesProgram& program_of_states() {
  static constexpr std::string_view kArrays[] = {"partials", "result", "total"};
  static const primitives::StatesProgram kProgram = primitives::states_program({.program = {.text = R"(
struct State { count: u32, rows: u32 }
fn identity() -> State { return State(0u, 0u); }
fn lift(row: u32) -> State { return State(1u, row); }
fn combine(a: State, b: State) -> State { return State(a.count + b.count, a.rows + b.rows); }
)"}},
                                                                               kArrays);
  return kProgram;
}

struct ArrayPrograms {
  std::vector<Program> operations, tests;
};

// What the slots of kernels over arrays take: a state, an operation, a test, or one of each. All of them behind
// kernels of no other feature than `wide`, the first behind the rest.
std::vector<Program> programs_for(const wgsl::KernelTemplate& variant, const ArrayPrograms& all, bool wide,
                                  bool is_plain) {
  const auto has = [&](std::string_view slot) { return std::ranges::count(variant.slots, slot) > 0; };
  std::vector<Program> programs;
  if (has("lift")) {
    const primitives::StatesProgram& states = program_of_states();
    programs.push_back({.name = "states", .text = states.text, .bindings = states.bindings});
  } else if (has("combine") || has("identity")) {
    for (const Program& operation : all.operations) {
      // Both sides of a slot agree on how wide an element is.
      if (operation.wide == wide && (is_plain || programs.empty())) programs.push_back(operation);
    }
    if (has("kept")) {
      for (Program& program : programs) {
        program.text += all.tests.front().text;
        program.bindings = all.tests.front().bindings;
      }
    }
  } else if (has("kept")) {
    programs.assign(all.tests.begin(), is_plain ? all.tests.end() : all.tests.begin() + 1);
  }
  return programs;
}

// One for each of its entry points.
void add_examples(std::vector<KernelExample>& examples, const std::string& name,
                  const wgsl::KernelTemplate& variant, const Program& program) {
  for (const wgsl::EntryPoint& entry_point : variant.entry_points) {
    if (entry_point.stage != wgsl::Stage::kCompute) continue;  // whoever tries them makes compute pipelines
    const bool is_only = variant.entry_points.size() == 1;
    examples.push_back({.name = name + (is_only ? "" : fmt::format("-{}", entry_point.name)) +
                                (program.name.empty() ? "" : "." + program.name),
                        .kernel = &variant,
                        .entry_point = entry_point.name,
                        .program = program.text,
                        .program_bindings = program.bindings,
                        .dynamic_group = program.dynamic_group});
  }
}

// Some features make no difference to some entry points' kernels, or to each other.
void take_out_repetitions(std::vector<KernelExample>& examples) {
  std::set<std::tuple<std::string_view, std::string, std::string_view>> seen;
  std::erase_if(examples, [&seen](const KernelExample& example) {
    return !seen.emplace(example.kernel->text, example.program, example.entry_point).second;
  });
}

}  // namespace

Result<std::vector<KernelExample>> kernel_examples() {
  const std::vector<query::Column> columns = example_columns();
  SHOAL_TRY_SET(const std::vector<ExampleFilter> filters, compiled_filters(columns));
  std::set<std::pair<Kind, bool>> forgotten = all_formula_kinds();
  for (const ExampleFilter& filter : filters) take_out(filter.compiled.formula, forgotten);
  if (!forgotten.empty()) {
    return fail(ErrorCode::kInternal, "No example's filter has a formula of kind {}{}.",
                static_cast<int>(forgotten.begin()->first), forgotten.begin()->second ? ", wide" : "");
  }
  const std::vector<Program> densities = density_programs(columns, filters);
  const std::vector<Program> elements = element_programs(columns, filters);
  SHOAL_TRY_SET(std::vector<Program> tests, test_programs());
  const ArrayPrograms of_arrays{operation_programs(), std::move(tests)};

  // Those that all these are made of.
  const wgsl::Kernel* const programs[] = {
      &plot::extent_program_kernel(),       &primitives::array_elements_kernel(),
      &primitives::array_points_kernel(),   &primitives::monoid_kernel(),
      &primitives::selected_flags_kernel(), &primitives::selected_rows_kernel(),
      &primitives::selected_runs_kernel(),  &query::aggregate_program_kernel(),
      &query::density_program_kernel(),     &primitives::float_array_kernel()};
  std::vector<KernelExample> examples;
  for (const wgsl::Kernel* kernel : all_kernels()) {
    for (size_t mask = 0; mask < kernel->variants.size(); ++mask) {
      const wgsl::KernelTemplate& variant = *kernel->variants[mask];
      if (variant.entry_points.empty()) {
        if (std::ranges::count(programs, kernel) == 1) break;
        return fail(ErrorCode::kInternal, "No example has the program {}.", quote(kernel->path));
      }
      std::string name(kernel->name);
      bool wide = false, is_plain = true;
      for (size_t i = 0; i < kernel->feature_names.size(); ++i) {
        if (((mask >> i) & 1) == 0) continue;
        name += fmt::format("-{}", kernel->feature_names[i]);
        const bool is_wide = kernel->feature_names[i] == "wide";
        wide |= is_wide;
        is_plain &= is_wide;
      }
      if (variant.slots.empty()) {
        add_examples(examples, name, variant, {});
        continue;
      }
      const std::vector<Program> array_programs = programs_for(variant, of_arrays, wide, is_plain);
      for (const Program& program : array_programs) add_examples(examples, name, variant, program);
      if (!array_programs.empty()) continue;
      const auto has = [&](std::string_view slot) { return std::ranges::count(variant.slots, slot) > 0; };
      if (!has("bins") && !has("elements")) {
        return fail(ErrorCode::kInternal, "No example fills the slots of the kernel {}.", quote(kernel->path));
      }
      for (const Program& program : has("bins") ? densities : elements) {
        // Both sides of a slot agree on how wide an element is.
        if (program.wide == wide) add_examples(examples, name, variant, program);
      }
    }
  }
  take_out_repetitions(examples);
  return examples;
}

}  // namespace shoal::engine
