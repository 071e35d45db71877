// The arrays, counts and programs of a stage.
#include <algorithm>
#include <fstream>
#include <iterator>

#include "base/text.h"
#include "emit/resolver.h"
#include "wgsl/parser.h"
#include "wgsl/reflection.h"

namespace shoal::emit {
namespace {

template <class... Args>
std::unexpected<Error> wrong(fmt::format_string<Args...> format, Args&&... args) {
  return fail(ErrorCode::kInvalidArgument, format, std::forward<Args>(args)...);
}

}  // namespace

bool Resolver::is_present(const Field& field) const {
  if (!field.is_optional || !stage_->setting(field.name).empty()) return true;
  if (field.name == "edges") return value_of("of") == "floats";
  if (field.name.ends_with("rows")) return value_of("has_rows") == "true";
  if (field.name == "zs") return value_of("has_z") == "true";
  if (field.name == "values" && !value_of("of").empty()) return value_of("of") != "counts";
  const bool is_moved = field.name.ends_with("values") || field.name == "result";
  return is_moved && value_of("has_values") == "true";
}

bool Resolver::is_taken(std::string_view name) const {
  return name == "count" || std::ranges::find(pipeline_.arrays, name, &Array::name) != pipeline_.arrays.end() ||
         std::ranges::find(pipeline_.counts, name, &HostCount::name) != pipeline_.counts.end();
}

// The name, else with the primitive before it, else with a number behind that.
std::string Resolver::free_name(std::string_view name) const {
  std::string free(name);
  if (is_taken(free)) free = fmt::format("{}_{}", stage_->primitive->name, name);
  const std::string stem = free;
  for (u32 i = 2; is_taken(free); ++i) free = fmt::format("{}{}", stem, i);
  return free;
}

size_t Resolver::host_count(std::string_view name) {
  const auto found = std::ranges::find(pipeline_.counts, name, &HostCount::name);
  if (found != pipeline_.counts.end()) return static_cast<size_t>(found - pipeline_.counts.begin());
  pipeline_.counts.push_back({.name = std::string(name), .view = {}});
  return pipeline_.counts.size() - 1;
}

Result<Resolver::Amount> Resolver::amount_of(const Field& field) {
  const std::string_view said = stage_->setting(field.name);
  if (!said.empty()) {
    const auto array = std::ranges::find(pipeline_.arrays, said, &Array::name);
    if (array != pipeline_.arrays.end()) {
      return Amount{.kind = Amount::Kind::kArray, .index = static_cast<size_t>(array - pipeline_.arrays.begin())};
    }
    if (said != "count" && !is_name(said)) {
      return wrong(
          "{} of {} is {}, which is no name. Give it the name of a count: one of the host's, or the array "
          "that an earlier stage writes it to.",
          field.name, stage_->primitive->name, quote(said));
    }
    return Amount{.index = host_count(said)};
  }
  if (has_amount_) return Amount{.index = host_count(free_name(field.name))};
  return flow_array_ ? flow_amount_ : Amount{.index = host_count("count")};
}

Result<void> Resolver::add_count(const Field& field) {
  const auto& fields = stage_->primitive->fields;
  const bool is_main = &field == &*std::ranges::find(fields, std::string_view("count"), &Field::type);
  Amount amount = amount_;
  if (!is_main) {
    SHOAL_TRY_SET(amount, amount_of(field));
  }
  switch (amount.kind) {
    case Amount::Kind::kHost: piece(Piece::Kind::kHostCount, amount.index); break;
    case Amount::Kind::kArray:
      piece(Piece::Kind::kCount, amount.index);
      read(amount.index);
      break;
    case Amount::Kind::kNumber: words({0, amount.number}); break;
  }
  return {};
}

// What one stage writes and another reads is the pipeline's own.
void Resolver::read(size_t array) {
  if (pipeline_.arrays[array].role == Role::kResult) pipeline_.arrays[array].role = Role::kBetween;
}

Result<void> Resolver::add_array(const Field& field) {
  if (!is_present(field)) {
    words({0, 0, 0, 0, 0});
    return {};
  }
  const Shape shape = shape_of(stage_->primitive->name, field.name);
  const std::string_view said = stage_->setting(field.name);
  size_t array = 0;
  if (field.type == "reads") {
    if (said.empty() && !main_input_ && flow_array_) {
      array = *flow_array_;
    } else if (said.empty()) {
      SHOAL_TRY_SET(array, make_array(free_name(field.name), field, shape, Role::kInput));
    } else {
      SHOAL_TRY_SET(array, find_or_make(said, field, shape, Role::kInput));
    }
    if (!main_input_) main_input_ = array;
    read(array);
  } else {
    if (!said.empty() && is_taken(said)) {
      return wrong("{} of {} is to be {}, which there is already. Give a result a name of its own.", field.name,
                   stage_->primitive->name, quote(said));
    }
    SHOAL_TRY_SET(
        array, make_array(said.empty() ? free_name(field.name) : std::string(said), field, shape, Role::kResult));
    if (!main_result_) main_result_ = array;
    if (field.name.ends_with("_count")) result_count_ = array;
  }
  piece(Piece::Kind::kView, array);
  return {};
}

Result<size_t> Resolver::find_or_make(std::string_view name, const Field& field, const Shape& shape, Role role) {
  const auto found = std::ranges::find(pipeline_.arrays, name, &Array::name);
  if (found != pipeline_.arrays.end()) return static_cast<size_t>(found - pipeline_.arrays.begin());
  return make_array(std::string(name), field, shape, role);
}

Result<size_t> Resolver::make_array(std::string name, const Field& field, const Shape& shape, Role role) {
  if (!is_name(name) || is_taken(name)) {
    return wrong(
        "{} of {} cannot be called {}. Choose lower-case letters, digits and _, no word of C++ or "
        "TypeScript, and no name of a count.",
        field.name, stage_->primitive->name, quote(name));
  }
  Array array{.name = std::move(name), .role = role, .doc = std::string(field.doc), .fill = shape.fill};
  SHOAL_TRY(set_type(array, shape));
  SHOAL_TRY(set_extent(array, shape));
  pipeline_.arrays.push_back(std::move(array));
  return pipeline_.arrays.size() - 1;
}

Result<void> Resolver::set_type(Array& array, const Shape& shape) const {
  const std::string_view primitive = stage_->primitive->name;
  switch (shape.element) {
    case Element::kOfType: array.type = type_; break;
    case Element::kU32:
    case Element::kPacked:
    case Element::kBit: array.type = "u32"; break;
    case Element::kF32: array.type = "f32"; break;
    case Element::kU8: array.type = "u8"; break;
    case Element::kPoint: array.type = value_of("wide") == "true" ? "u64" : "u32"; break;
  }
  if (primitive == "random_numbers" && value_of("floats") == "true") array.type = "f32";
  if (primitive == "point_density" && shape.field == "result") {
    const std::string_view of = value_of("of");
    if (of == "counts") array.type = "u32";
    if (of == "means") array.type = "f32";
    if (of == "sums" && type_ != "f32") array.type = type_.starts_with('u') ? "u64" : "i64";
  }
  if (primitive == "histogram" && array.role == Role::kInput && shape.element == Element::kOfType) {
    const std::string_view of = value_of("of");
    array.type = of == "bytes" ? "u8" : of == "floats" ? "f32" : "u32";
    if (of == "codes") {
      array.fill = Fill::kBelow;
      SHOAL_TRY_SET(array.fill_below, number_of("bin_count"));
    }
  }
  if (array.fill == Fill::kEdges) {
    const auto float_of = [&](std::string_view name) {
      return std::strtof(std::string(value_of(name)).c_str(), nullptr);
    };
    array.low = float_of("low");
    array.high = float_of("high");
  }
  if (!shape.fill_option.empty()) {
    SHOAL_TRY_SET(array.fill_below, number_of(shape.fill_option));
  }
  return {};
}

Result<void> Resolver::set_extent(Array& array, const Shape& shape) const {
  u64 elements = shape.plus;
  if (shape.extent == Extent::kOfOption) {
    SHOAL_TRY_SET(const u32 number, number_of(shape.option));
    const u32 own_times = type_ == "f32" ? shape.float_times : type_.ends_with("64") ? shape.wide_times : 0;
    elements += u64{number} * (own_times != 0 ? own_times : shape.times);
  } else if (shape.extent == Extent::kPerCount) {
    const bool is_number = amount_.kind == Amount::Kind::kNumber;
    const u64 most = is_number ? amount_.number : pipeline_.capacity;
    elements += most;
    array.is_per_count = !is_number;
    if (amount_.kind == Amount::Kind::kHost) array.count = amount_.index;
    // Offsets are as many as segments, which have a count of their own.
    if (shape.plus == 1 && shape.extent == Extent::kPerCount) array.is_per_count = false;
  }
  if (!shape.by.empty()) {
    SHOAL_TRY_SET(const u32 factor, number_of(shape.by));
    elements *= factor;
    array.is_per_count = false;
  }
  u64 size_bytes = elements * bytes_of_type(array.type);
  if (shape.element == Element::kPacked || shape.element == Element::kBit) {
    u32 bits = 1;
    if (shape.element == Element::kPacked) {
      SHOAL_TRY_SET(bits, number_of("bits"));
    }
    size_bytes = divide_round_up(elements * bits, u64{8});
    array.is_per_count = false;
  }
  array.elements = elements;
  array.shape = fmt::format("{} {}", group_thousands(elements), array.type);
  array.size_bytes = align_up(std::max<u64>(size_bytes, 16), u64{16});
  return {};
}

Result<void> Resolver::read_program(const Field& field, std::string_view path, std::string& text) const {
  std::ifstream file{std::string(path), std::ios::binary};
  constexpr size_t kMostBytes = 1 << 20;
  text.assign(std::istreambuf_iterator<char>(file), {});
  if (!file.is_open() || text.empty() || text.size() > kMostBytes) {
    return fail(ErrorCode::kIo, "{} of {} cannot be read from {}. Name a file of WGSL, of at most 1 MB.",
                field.name, stage_->primitive->name, quote(path));
  }
  return {};
}

Result<void> Resolver::add_monoid(const Field& field) {
  const std::string_view said = stage_->setting(field.name);
  std::string text;
  if (!said.empty()) {
    if (!said.starts_with('@')) return wrong("{} is a file of WGSL. Write {}=@FILE.", field.name, field.name);
    SHOAL_TRY(read_program(field, said.substr(1), text));
  }
  text_words(text);
  return add_program_arrays(field, text, field.type == "monoid");
}

// Its bindings in group 1, as arrays of their names.
Result<void> Resolver::add_program_arrays(const Field& field, const std::string& text, bool may_bind) {
  const wgsl::Source source{std::string(field.name), text};
  SHOAL_TRY_SET(const wgsl::Module module, wgsl::parse_module(source, {}));
  SHOAL_TRY_SET(const wgsl::Reflection reflection, wgsl::reflect(module));
  const auto& bindings = reflection.bindings;
  for (u32 i = 0; i < bindings.size(); ++i) {
    if (may_bind && bindings[i].group == 1 && bindings[i].binding == i &&
        bindings[i].kind == wgsl::BindingKind::kStorageRead) {
      continue;
    }
    return wrong("{} of {} binds {}. {}", field.name, stage_->primitive->name, quote(bindings[i].name),
                 may_bind ? "Let it bind storage for reading, in group 1, from binding 0 on, in their order."
                          : "It may have no arrays of its own.");
  }
  words({static_cast<u32>(bindings.size())});
  for (const wgsl::Binding& binding : bindings) {
    const Field array{.name = binding.name, .type = "reads", .doc = "Of the program's own."};
    SHOAL_TRY_SET(const size_t index, find_or_make(binding.name, array, {.element = Element::kU32}, Role::kInput));
    read(index);
    piece(Piece::Kind::kView, index);
  }
  return {};
}

Result<void> Resolver::add_rows(const Field& field) {
  static constexpr std::string_view kForms[] = {"flags", "bits", "run_starts", "run_ends"};
  const std::string_view said = stage_->setting(field.name).empty() ? "flags" : stage_->setting(field.name);
  if (said.starts_with('@')) {
    std::string text;
    SHOAL_TRY(read_program(field, said.substr(1), text));
    words({4, 0});
    text_words(text);
    return add_program_arrays(field, text, true);
  }
  const std::string_view form = said.substr(0, said.find(':'));
  const auto found = std::ranges::find(kForms, form);
  if (found == std::end(kForms)) {
    return wrong("{} of {} is {}. Choose of {}, with :NAME for the array, or write @FILE for WGSL.", field.name,
                 stage_->primitive->name, quote(said), fmt::join(kForms, ", "));
  }
  const u32 by = static_cast<u32>(found - std::begin(kForms));
  const bool is_runs = by >= 2;
  const Field of{.name = is_runs ? "keys" : form,
                 .type = "reads",
                 .doc = by == 1   ? "A bit a row, the lowest first."
                        : by == 0 ? "A word a row: kept, or a head, where it is not 0."
                                  : "Runs of equal neighbours count."};
  Shape shape{.element = is_runs ? Element::kOfType : Element::kU32, .fill = is_runs ? Fill::kRuns : Fill::kFlags};
  const std::string name =
      form.size() == said.size() ? free_name(of.name) : std::string(said.substr(form.size() + 1));
  SHOAL_TRY_SET(const size_t index, find_or_make(name, of, shape, Role::kInput));
  Array& array = pipeline_.arrays[index];
  read(index);
  if (by == 1) {
    array.size_bytes = align_up(u64{pipeline_.capacity} / 8, u64{16});
    array.shape = fmt::format("{} u32", group_thousands(divide_round_up(pipeline_.capacity, 32u)));
    array.is_per_count = false;
  }
  const bool is_wide = bytes_of_type(array.type) == 8;
  words({by, is_runs && is_wide ? 3u : 0u, 0, 1});
  piece(Piece::Kind::kView, index);
  return {};
}

}  // namespace shoal::emit
