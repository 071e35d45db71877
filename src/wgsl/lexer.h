// WGSL's tokens. The grammar is the specification's (sections "Textual Structure" and "Template Lists") plus `::`
// for WESL's module paths.
#pragma once

#include <string_view>
#include <vector>

#include "wgsl/source.h"

namespace shoal::wgsl {

enum class TokenKind : u8 {
  kIdentifier,  // any word that is not a keyword; non-ASCII letters are taken as they come, compilers judge them
  kKeyword,
  kInteger,
  kFloat,
  kPunctuation,
  kTemplateOpen,   // the < of array<f32>
  kTemplateClose,  // its >
};

struct Token {
  TokenKind kind = TokenKind::kPunctuation;
  Span span;
};

// A half-open range of indices into a vector of tokens.
struct TokenRange {
  u32 begin = 0;
  u32 end = 0;

  bool empty() const { return begin == end; }
};

struct LexedSource {
  std::vector<Token> tokens;
  std::vector<Span> comments;
};

Result<LexedSource> lex(const Source& source);

// The index after the bracket that closes the one at `open`; a type's template list counts as a bracket too.
Result<u32> after_matching_bracket(const Source& source, const std::vector<Token>& tokens, u32 open);

}  // namespace shoal::wgsl
