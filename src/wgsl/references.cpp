#include "wgsl/references.h"

namespace shoal::wgsl {
namespace {

// Arguments that are words of the language, not names.
bool holds_words(std::string_view attribute) {
  return attribute == "builtin" || attribute == "interpolate" || attribute == "diagnostic";
}

void append_range(const Module& module, TokenRange range, std::vector<u32>& tokens) {
  for (u32 i = range.begin; i < range.end; ++i) {
    if (module.text(i) == "@" && i + 1 < range.end) {
      ++i;
      if (!holds_words(module.text(i))) continue;
      while (i + 1 < range.end && module.text(i) != ")") ++i;  // no brackets within
      continue;
    }
    if (module.tokens[i].kind != TokenKind::kIdentifier) continue;
    if (i > 0 && module.text(i - 1) == ".") continue;
    tokens.push_back(i);
  }
}

void append_attributes(const Module& module, const std::vector<Attribute>& attributes, std::vector<u32>& tokens) {
  for (const Attribute& attribute : attributes) {
    if (!holds_words(attribute.name)) append_range(module, attribute.arguments, tokens);
  }
}

}  // namespace

std::vector<u32> referenced_tokens(const Module& module, const Declaration& declaration) {
  std::vector<u32> tokens;
  append_attributes(module, declaration.attributes, tokens);
  for (const Member& member : declaration.members) {
    append_attributes(module, member.attributes, tokens);
    append_range(module, member.type, tokens);
  }
  append_attributes(module, declaration.return_attributes, tokens);
  append_range(module, declaration.type, tokens);
  append_range(module, declaration.value, tokens);
  return tokens;
}

std::set<std::string_view> local_names(const Module& module, const Declaration& declaration) {
  std::set<std::string_view> names;
  if (declaration.kind != DeclarationKind::kFunction) return names;
  for (const Member& parameter : declaration.members) names.insert(parameter.name);
  for (u32 i = declaration.value.begin; i + 1 < declaration.value.end; ++i) {
    std::string_view word = module.text(i);
    if (word != "let" && word != "var" && word != "const") continue;
    u32 name = i + 1;
    if (module.tokens[name].kind == TokenKind::kTemplateOpen) {
      while (name < declaration.value.end && module.tokens[name].kind != TokenKind::kTemplateClose) ++name;
      ++name;
    }
    if (name < declaration.value.end) names.insert(module.text(name));
  }
  return names;
}

}  // namespace shoal::wgsl
