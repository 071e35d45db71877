#include "gpu/print_item.h"

namespace shoal::gpu {

void ItemPrinter::print_id(std::string_view kind, u32 id) {
  if (!is_scope(kind)) out_ += fmt::format("{} ", kind);
  if (id == 0) {
    out_ += "none";
    return;
  }
  print_number(id);
  if (kind != "blob" && (!is_scope(kind) || id == labelled_id_)) print_label(id);
}

void ItemPrinter::print_label(u32 id) {
  const auto label = labels_.find(id);
  if (label == labels_.end()) return;
  out_ += ' ';
  append_quoted(out_, label->second.substr(0, kLongestLabel));
  if (label->second.size() > kLongestLabel) out_ += "...";
}

void ItemPrinter::print_enum(u32 value, const EnumNames& names) {
  const char* separator = "";
  if (is_json_) out_ += names.is_flags ? '[' : '"';
  u32 unnamed = value;
  for (const EnumName& name : names.names) {
    if (names.is_flags ? (value & name.value) == 0 : value != name.value) continue;
    const char* quote = is_json_ && names.is_flags ? "\"" : "";
    out_ += fmt::format("{}{}{}{}", separator, quote, name.name, quote);
    separator = is_json_ ? "," : "|";
    unnamed = names.is_flags ? unnamed & ~name.value : 0;
  }
  const bool is_named = names.is_flags ? unnamed == 0 && (value != 0 || is_json_) : *separator != '\0';
  if (!is_named) {
    const char* quote = is_json_ && names.is_flags ? "\"" : "";
    out_ += fmt::format("{}{}{:#x}{}", separator, quote, unnamed, quote);
  }
  if (is_json_) out_ += names.is_flags ? ']' : '"';
}

void ItemPrinter::print_payload(std::span<const std::byte> payload) {
  constexpr std::string_view kText = "[{} bytes, xxh3 {:016x}]", kJson = R"({{"size_bytes":{},"xxh3":"{:016x}"}})";
  const size_t size_bytes = payload.size();
  const u64 hash = payload_hash(payload);
  out_ += fmt::vformat(is_json_ ? kJson : kText, fmt::make_format_args(size_bytes, hash));
}

}  // namespace shoal::gpu
