#include "emit/stages.h"

#include <algorithm>
#include <array>
#include <cctype>

#include "base/text.h"

namespace shoal::emit {
namespace {

bool is_blank(char c) { return std::isspace(static_cast<unsigned char>(c)) != 0; }

std::vector<std::string_view> words_of(std::string_view text) {
  std::vector<std::string_view> words;
  while (true) {
    while (!text.empty() && is_blank(text.front())) text.remove_prefix(1);
    if (text.empty()) return words;
    size_t size = 0;
    while (size < text.size() && !is_blank(text[size])) ++size;
    words.push_back(text.substr(0, size));
    text.remove_prefix(size);
  }
}

Result<const Primitive*> find_primitive(std::string_view name) {
  const auto all = all_primitives();
  const auto found = std::ranges::find(all, name, &Primitive::name);
  if (found != all.end()) return &*found;
  std::vector<std::string> names;
  for (const Primitive& primitive : all) names.emplace_back(primitive.name);
  return fail(ErrorCode::kNotFound, "There is no primitive {}.{} Choose of {}.", quote(name),
              did_you_mean(name, names), fmt::join(names, ", "));
}

Result<void> add_setting(Stage& stage, std::string_view word) {
  const size_t equals = word.find('=');
  const std::string_view key = word.substr(0, equals);
  const Primitive& primitive = *stage.primitive;
  if (std::ranges::find(primitive.fields, key, &Field::name) == primitive.fields.end()) {
    std::vector<std::string> names;
    for (const Field& field : primitive.fields) names.emplace_back(field.name);
    return fail(ErrorCode::kInvalidArgument, "{} takes no {}.{} It takes {}.", primitive.name, quote(key),
                did_you_mean(key, names), fmt::join(names, ", "));
  }
  if (!stage.setting(key).empty()) {
    return fail(ErrorCode::kInvalidArgument, "{} is given {} twice. Give it once.", primitive.name, quote(key));
  }
  const std::string_view value = equals == std::string_view::npos ? "true" : word.substr(equals + 1);
  if (value.empty()) {
    return fail(ErrorCode::kInvalidArgument, "{} of {} has no value. Write {}=VALUE.", quote(key), primitive.name,
                key);
  }
  stage.settings.emplace_back(key, value);
  return {};
}

}  // namespace

std::string_view Stage::setting(std::string_view key) const {
  const auto found = std::ranges::find(settings, key, &std::pair<std::string, std::string>::first);
  return found == settings.end() ? std::string_view() : found->second;
}

Result<std::vector<Stage>> parse_stages(std::string_view text) {
  constexpr size_t kMostStages = 32;
  std::vector<Stage> stages;
  while (true) {
    const size_t bar = text.find('|');
    const std::vector<std::string_view> words = words_of(text.substr(0, bar));
    if (words.empty()) {
      return fail(ErrorCode::kInvalidArgument,
                  "Stage {} of the pipeline is empty. Write a primitive's name, or several with | between them.",
                  stages.size() + 1);
    }
    Stage& stage = stages.emplace_back();
    SHOAL_TRY_SET(stage.primitive, find_primitive(words[0]));
    for (size_t i = 1; i < words.size(); ++i) SHOAL_TRY(add_setting(stage, words[i]));
    if (stages.size() > kMostStages) {
      return fail(ErrorCode::kUnsupported, "The pipeline has more than {} stages. Emit it in parts.", kMostStages);
    }
    if (bar == std::string_view::npos) return stages;
    text.remove_prefix(bar + 1);
  }
}

bool is_name(std::string_view word) {
  // Those of C++ and TypeScript that somebody may want to call an array, and what the emitted code calls its own.
  static constexpr std::array<std::string_view, 58> kTaken = {
      "auto",    "bool",       "break",   "buffers", "case",      "catch",    "char",     "class",  "const",
      "count",   "create",     "default", "delete",  "device",    "do",       "double",   "else",   "encoder",
      "enum",    "export",     "extends", "false",   "float",     "for",      "function", "if",     "import",
      "in",      "int",        "let",     "long",    "namespace", "new",      "null",     "number", "operator",
      "package", "parameters", "private", "public",  "queue",     "record",   "release",  "return", "scratch",
      "short",   "signed",     "static",  "struct",  "switch",    "template", "this",     "true",   "typeof",
      "union",   "unsigned",   "using",   "void"};
  const auto is_letter = [](char c) { return std::isalnum(static_cast<unsigned char>(c)) != 0 || c == '_'; };
  constexpr size_t kLongest = 48;
  return !word.empty() && word.size() <= kLongest && std::islower(static_cast<unsigned char>(word[0])) != 0 &&
         std::ranges::all_of(word, is_letter) && word.find("__") == std::string_view::npos && word.back() != '_' &&
         std::ranges::find(kTaken, word) == kTaken.end();
}

}  // namespace shoal::emit
