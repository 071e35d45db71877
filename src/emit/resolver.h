// Gives every argument of every stage its array, count or value: what the text names, what flows in from the stage
// before, or something of its own.
#pragma once

#include <optional>

#include "emit/pipeline.h"
#include "emit/stages.h"

namespace shoal::emit {

constexpr u64 bytes_of_type(std::string_view type) { return type == "u8" ? 1 : type.ends_with("64") ? 8 : 4; }

class Resolver {
 public:
  // `type`: of the first stage that says none, where not empty.
  Resolver(Pipeline& pipeline, std::string_view type) : pipeline_(pipeline), first_type_(type) {}

  Result<void> add(const Stage& stage);

 private:
  // How many elements there are: a host count, a word in GPU memory, or a number.
  struct Amount {
    enum class Kind : u8 { kHost, kArray, kNumber } kind = Kind::kHost;
    size_t index = 0;  // of counts or arrays
    u32 number = 0;
  };

  Result<void> choose_type();
  Result<Amount> amount_of(const Field& field);
  Result<void> add_field(const Field& field);
  Result<void> add_array(const Field& field);
  Result<void> add_count(const Field& field);
  Result<void> add_number(const Field& field);
  Result<void> add_enum(const Field& field, std::span<const std::string_view> values);
  Result<void> add_quantiles(const Field& field);
  Result<void> add_monoid(const Field& field);
  Result<void> add_rows(const Field& field);
  Result<void> read_program(const Field& field, std::string_view path, std::string& text) const;
  Result<void> add_program_arrays(const Field& field, const std::string& text, bool may_bind);
  void flow_on();

  bool is_present(const Field& field) const;
  std::string_view value_of(const Field& field) const;
  std::string_view value_of(std::string_view field) const;
  Result<u32> number_of(std::string_view field) const;
  Result<size_t> find_or_make(std::string_view name, const Field& field, const Shape& shape, Role role);
  Result<size_t> make_array(std::string name, const Field& field, const Shape& shape, Role role);
  Result<void> set_type(Array& array, const Shape& shape) const;
  Result<void> set_extent(Array& array, const Shape& shape) const;
  std::string free_name(std::string_view name) const;
  bool is_taken(std::string_view name) const;
  size_t host_count(std::string_view name);
  void read(size_t array);

  void words(std::initializer_list<u32> words);
  void text_words(std::string_view text);
  void piece(Piece::Kind kind, size_t index);

  Pipeline& pipeline_;
  std::string_view first_type_;
  const Stage* stage_ = nullptr;
  std::string type_;  // of the stage's elements
  Amount amount_;     // of the stage
  bool has_amount_ = false;
  std::optional<size_t> main_input_, main_result_, result_count_;
  // What the stage before hands on.
  std::optional<size_t> flow_array_;
  Amount flow_amount_;
};

}  // namespace shoal::emit
