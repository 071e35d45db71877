#include "emit/resolver.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <cstring>

#include "base/text.h"

namespace shoal::emit {
namespace {

constexpr std::array<std::string_view, 5> kElementTypes = {"u32", "i32", "f32", "u64", "i64"};
constexpr std::array<std::string_view, 3> kOperators = {"sum", "min", "max"};
constexpr std::array<std::string_view, 3> kHistogramOf = {"codes", "bytes", "floats"};
constexpr std::array<std::string_view, 5> kDensityOf = {"counts", "sums", "smallest", "largest", "means"};

template <class Number>
bool parse_whole(std::string_view text, Number& number) {
  const char* end = text.data() + text.size();
  const auto [at, error] = std::from_chars(text.data(), end, number);
  return error == std::errc() && at == end;
}

template <class... Args>
std::unexpected<Error> wrong(fmt::format_string<Args...> format, Args&&... args) {
  return fail(ErrorCode::kInvalidArgument, format, std::forward<Args>(args)...);
}

}  // namespace

Result<void> Resolver::add(const Stage& stage) {
  stage_ = &stage;
  main_input_ = main_result_ = result_count_ = std::nullopt;
  has_amount_ = false;
  SHOAL_TRY(choose_type());
  pipeline_.calls.push_back({.primitive = stage.primitive});
  // Counts come first: arrays are as long as they say.
  for (const Field& field : stage.primitive->fields) {
    if (field.type != "count") continue;
    SHOAL_TRY_SET(amount_, amount_of(field));
    has_amount_ = true;
    break;
  }
  if (!has_amount_) amount_ = {.kind = Amount::Kind::kNumber, .number = pipeline_.capacity};
  for (const Field& field : stage.primitive->fields) SHOAL_TRY(add_field(field));
  flow_on();
  return {};
}

Result<void> Resolver::choose_type() {
  const auto& fields = stage_->primitive->fields;
  const auto field = std::ranges::find(fields, std::string_view("element"), &Field::type);
  type_ = "u32";
  if (field == fields.end()) return {};
  type_ = field->default_value;
  if (!first_type_.empty() && !flow_array_) type_ = first_type_;
  if (flow_array_) {
    const std::string& flowing = pipeline_.arrays[*flow_array_].type;
    if (std::ranges::find(kElementTypes, flowing) != kElementTypes.end()) type_ = flowing;
  }
  if (!stage_->setting(field->name).empty()) type_ = stage_->setting(field->name);
  if (std::ranges::find(kElementTypes, type_) != kElementTypes.end()) return {};
  return wrong("The type {} is none of elements. Choose of {}.", quote(type_), fmt::join(kElementTypes, ", "));
}

// What it says, or what its default is; the type as it was chosen.
std::string_view Resolver::value_of(const Field& field) const {
  if (field.type == "element") return type_;
  const std::string_view said = stage_->setting(field.name);
  if (!said.empty()) return said;
  // An array that is named asks for what fills it.
  const auto names_one_of = [&](std::initializer_list<std::string_view> names) {
    return std::ranges::any_of(names, [&](std::string_view name) { return !stage_->setting(name).empty(); });
  };
  // Where values go along with keys they may be left out; where they are all that is moved, options say so.
  const bool is_pairs = std::ranges::any_of(stage_->primitive->fields, [](const Field& other) {
    return other.name == "sorted_values" || other.name == "merged_values";
  });
  if (field.name == "has_rows" && names_one_of({"rows"})) return "true";
  if (field.name == "has_z" && names_one_of({"zs"})) return "true";
  if (field.name == "has_values" && is_pairs &&
      names_one_of({"values", "sorted_values", "a_values", "b_values", "merged_values"})) {
    return "true";
  }
  return field.default_value;
}

std::string_view Resolver::value_of(std::string_view name) const {
  const auto& fields = stage_->primitive->fields;
  const auto field = std::ranges::find(fields, name, &Field::name);
  return field == fields.end() ? std::string_view() : value_of(*field);
}

Result<u32> Resolver::number_of(std::string_view field) const {
  if (field == "quantiles") return static_cast<u32>(std::ranges::count(value_of(field), ',') + 1);
  const std::string_view value = value_of(field);
  u32 number = 0;
  // Scratch for more rows than arrays have room for would not be used.
  if (field == "most_rows" && stage_->setting(field).empty()) return pipeline_.capacity;
  // Numbers that must be known when it is emitted, and that no kernel can be asked for without.
  if (value.empty() && field == "a_count") return pipeline_.capacity / 2;
  if (value.empty() && field == "b_count") return pipeline_.capacity - pipeline_.capacity / 2;
  if (value.empty() && field == "sorted_count") return pipeline_.capacity;
  if (value.empty())
    return wrong("{} needs {}. Write {}=NUMBER behind its name.", stage_->primitive->name, field, field);
  if (!parse_whole(value, number)) {
    return wrong("{} of {} is {}, which is no number of 0 to 4,294,967,295. Write one.", field,
                 stage_->primitive->name, quote(value));
  }
  return number;
}

Result<void> Resolver::add_field(const Field& field) {
  if (field.is_array()) return add_array(field);
  if (field.type == "count") return add_count(field);
  if (field.type == "element") return add_enum(field, kElementTypes);
  if (field.type == "operator") return add_enum(field, kOperators);
  if (field.type == "histogram_of") return add_enum(field, kHistogramOf);
  if (field.type == "density_of") return add_enum(field, kDensityOf);
  if (field.type == "quantiles") return add_quantiles(field);
  if (field.type == "monoid" || field.type == "segment_monoid") return add_monoid(field);
  if (field.type == "rows") return add_rows(field);
  return add_number(field);
}

Result<void> Resolver::add_enum(const Field& field, std::span<const std::string_view> values) {
  const std::string_view value = value_of(field);
  const auto found = std::ranges::find(values, value);
  if (found == values.end()) {
    return wrong("{} of {} is {}. Choose of {}.", field.name, stage_->primitive->name, quote(value),
                 fmt::join(values, ", "));
  }
  words({static_cast<u32>(found - values.begin())});
  return {};
}

Result<void> Resolver::add_number(const Field& field) {
  const std::string_view value = value_of(field);
  const auto refuse = [&](std::string_view what) {
    return wrong("{} of {} is {}. Write {}.", field.name, stage_->primitive->name, quote(value), what);
  };
  if (field.type == "bool") {
    if (value != "true" && value != "false") return refuse("true or false");
    words({value == "true" ? 1u : 0u});
  } else if (field.type == "f32") {
    float number = 0;
    if (!parse_whole(value, number)) return refuse("a number");
    words({std::bit_cast<u32>(number)});
  } else if (field.type == "u64") {
    u64 number = 0;
    if (!parse_whole(value, number)) return refuse("a whole number below 2^64");
    words({low_word(number), high_word(number)});
  } else if (field.type == "u32") {
    SHOAL_TRY_SET(const u32 number, number_of(field.name));
    words({number});
  } else {
    return fail(ErrorCode::kInternal, "{} of {} has the type {}, which shoal emit does not know.", field.name,
                stage_->primitive->name, field.type);
  }
  return {};
}

Result<void> Resolver::add_quantiles(const Field& field) {
  std::string_view rest = value_of(field);
  std::vector<u32> list;
  while (!rest.empty()) {
    const std::string_view one = rest.substr(0, rest.find(','));
    const size_t slash = one.find('/');
    u32 numerator = 0, denominator = 0;
    if (slash == std::string_view::npos || !parse_whole(one.substr(0, slash), numerator) ||
        !parse_whole(one.substr(slash + 1), denominator)) {
      return wrong("{} is no quantile. Write fractions with commas between them: quantiles=1/2,99/100.",
                   quote(one));
    }
    list.insert(list.end(), {numerator, denominator});
    rest.remove_prefix(std::min(rest.size(), one.size() + 1));
  }
  if (list.empty()) return wrong("quantiles are not said. Write them as fractions: quantiles=1/2,99/100.");
  words({static_cast<u32>(list.size() / 2)});
  for (const u32 word : list) words({word});
  return {};
}

void Resolver::flow_on() {
  if (!main_result_) {
    flow_array_.reset();
    flow_amount_ = {};
    return;
  }
  flow_array_ = main_result_;
  flow_amount_ = amount_;
  const Array& result = pipeline_.arrays[*main_result_];
  // partition's count says where its result is parted; all of it is there.
  if (result_count_ && stage_->primitive->name != "partition") {
    flow_amount_ = {.kind = Amount::Kind::kArray, .index = *result_count_};
  } else if (!result.is_per_count) {
    flow_amount_ = {.kind = Amount::Kind::kNumber,
                    .number = static_cast<u32>(result.size_bytes / bytes_of_type(result.type))};
  }
}

void Resolver::words(std::initializer_list<u32> words) {
  std::vector<Piece>& pieces = pipeline_.calls.back().pieces;
  if (pieces.empty() || pieces.back().kind != Piece::Kind::kWords) pieces.emplace_back();
  pieces.back().words.insert(pieces.back().words.end(), words);
}

void Resolver::text_words(std::string_view text) {
  words({static_cast<u32>(text.size())});
  for (size_t at = 0; at < text.size(); at += 4) {
    u32 word = 0;
    std::memcpy(&word, text.data() + at, std::min<size_t>(4, text.size() - at));
    words({word});
  }
}

void Resolver::piece(Piece::Kind kind, size_t index) {
  pipeline_.calls.back().pieces.push_back({.kind = kind, .index = index});
}

}  // namespace shoal::emit
