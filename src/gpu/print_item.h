// Prints any command or event of the schema, from the names that are generated with it: a new command needs nothing
// here. As text, `dispatch_workgroups pass=7 x=67 y=1 z=1`; as JSON, the fields in braces.
#pragma once

#include <cmath>
#include <span>
#include <string>
#include <string_view>
#include <type_traits>
#include <unordered_map>

#include <fmt/format.h>

#include "gpu/commands.gen.h"
#include "gpu/payload_hash.h"
#include "gpu/print_text.h"

namespace shoal::gpu {

enum class PrintStyle { kText, kJson };

// Remembers labels, so that text can say `buffer 12 "slab"` wherever the buffer is named: what it was given must
// outlive it. Payloads and shader code are given by size and hash.
class ItemPrinter {
 public:
  ItemPrinter(PrintStyle style, std::string& out) : is_json_(style == PrintStyle::kJson), out_(out) {}

  template <class Item>
  void print(const Item& item) {
    learn_label(item);
    if (is_json_) {
      print_fields(item);
    } else {
      out_ += Item::kName;
      is_first_ = false;
      print_each(item);
    }
  }

 private:
  // A label is long enough to be told from others; a stranger's could be long enough to fill the memory by
  // repetition.
  static constexpr size_t kLongestLabel = 80;

  // A `label` directly behind an id is the label of that id.
  template <class Item>
  void learn_label(const Item& item) {
    labelled_id_ = 0;
    Item::visit(item, [this](const auto&... values) {
      [[maybe_unused]] u32 id = 0;
      [[maybe_unused]] size_t i = 0;
      ((this->learn_field(Item::kFields[i], Item::kTypes[i], values, id), ++i), ...);
    });
  }

  template <class T>
  void learn_field(std::string_view name, std::string_view type, const T& value, u32& id) {
    if constexpr (std::is_same_v<T, std::string_view>) {
      if (name == "label" && id != 0) {
        labels_[id] = value;
        labelled_id_ = id;
      }
    }
    id = 0;
    if constexpr (std::is_same_v<T, u32>) {
      if (type.starts_with("id ")) id = value;
    }
  }

  template <class Item>
  void print_fields(const Item& item) {
    out_ += '{';
    is_first_ = true;
    print_each(item);
    out_ += '}';
    is_first_ = false;
  }

  template <class Item>
  void print_each(const Item& item) {
    Item::visit(item, [this](const auto&... values) {
      [[maybe_unused]] size_t i = 0;
      ((this->print_field(Item::kFields[i], Item::kTypes[i], values), ++i), ...);
    });
  }

  // Inlined into every command that has such a field, it would be most of the program.
  template <class T>
  [[gnu::noinline]] void print_field(std::string_view name, std::string_view type, const T& value) {
    if constexpr (std::is_same_v<T, std::string_view>) {
      if (!is_json_ && name == "label" && labelled_id_ != 0) return;
    }
    if (!is_first_) out_ += is_json_ ? ',' : ' ';
    is_first_ = false;
    if (is_json_) {
      out_ += fmt::format("\"{}\":", name);
    } else if (!(type.starts_with("id ") && type.substr(3) == name && !is_scope(name))) {
      out_ += fmt::format("{}=", name);
    }
    print_value(name, type, value);
  }

  template <class T>
  void print_value(std::string_view name, std::string_view type, const T& value) {
    if constexpr (std::is_enum_v<T>) {
      print_enum(static_cast<u32>(value), names_of(value));
    } else if constexpr (std::is_same_v<T, u32>) {
      if (!is_json_ && type.starts_with("id ")) return print_id(type.substr(3), value);
      print_number(value);
    } else if constexpr (std::is_same_v<T, u64> || std::is_same_v<T, i32>) {
      print_number(value);
    } else if constexpr (std::is_same_v<T, double>) {
      if (is_json_ && !std::isfinite(value)) return append_quoted(out_, fmt::format("{}", value));
      print_number(value);
    } else if constexpr (std::is_same_v<T, std::string_view>) {
      if (name == "code") return print_payload(std::as_bytes(std::span(value)));
      append_quoted(out_, value);
    } else if constexpr (std::is_same_v<T, std::span<const std::byte>>) {
      print_payload(value);
    } else if constexpr (requires { T::kFields; }) {
      print_fields(value);
    } else {
      print_list(type, value);
    }
  }

  template <class List>
  void print_list(std::string_view type, const List& list) {
    const bool has_ids = !is_json_ && type.starts_with("list id ");
    out_ += '[';
    bool is_first = true;
    for (const auto& item : list) {
      if (!is_first) out_ += is_json_ ? "," : ", ";
      is_first = false;
      if constexpr (std::is_same_v<List, std::span<const u32>>) {
        print_number(item);
        if (has_ids) print_label(item);
      } else if constexpr (std::is_enum_v<std::remove_cvref_t<decltype(item)>>) {
        print_enum(static_cast<u32>(item), names_of(item));
      } else {
        print_fields(item);
      }
    }
    out_ += ']';
    is_first_ = false;
  }

  template <class Number>
  void print_number(Number value) {
    out_ += fmt::format("{}", value);
  }

  // Encoders and passes are named by all that they hold, and indentation says which is which: the number is enough.
  static bool is_scope(std::string_view kind) {
    return kind == "command_encoder" || kind == "pass" || kind == "scope";
  }
  void print_id(std::string_view kind, u32 id);
  void print_label(u32 id);
  void print_enum(u32 value, const EnumNames& names);
  void print_payload(std::span<const std::byte> payload);

  bool is_json_;
  std::string& out_;
  bool is_first_ = true;  // no separator is due
  u32 labelled_id_ = 0;   // the one that the item in hand gives a label to
  std::unordered_map<u32, std::string_view> labels_;
};

}  // namespace shoal::gpu
