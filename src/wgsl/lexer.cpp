#include "wgsl/lexer.h"

#include <algorithm>
#include <array>

#include "base/text.h"

namespace shoal::wgsl {
namespace {

constexpr auto kKeywords = std::to_array<std::string_view>(
    {"alias",    "break",    "case",   "const",  "const_assert", "continue", "continuing", "default", "diagnostic",
     "discard",  "else",     "enable", "false",  "fn",           "for",      "if",         "let",     "loop",
     "override", "requires", "return", "struct", "switch",       "true",     "var",        "while"});

// Longest first, so that the first match is the token.
constexpr auto kPunctuation =
    std::to_array<std::string_view>({"<<=", ">>=", "&&", "||", "->", "==", "!=", "<=", ">=", "<<", ">>", "++",
                                     "--",  "+=",  "-=", "*=", "/=", "%=", "&=", "|=", "^=", "::", "+",  "-",
                                     "*",   "/",   "%",  "<",  ">",  "=",  "!",  "~",  "&",  "|",  "^",  ".",
                                     ",",   ";",   ":",  "(",  ")",  "[",  "]",  "{",  "}",  "@"});

bool is_digit(char c) { return c >= '0' && c <= '9'; }
bool is_hex_digit(char c) { return is_digit(c) || (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F'); }
bool is_ascii_letter(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_'; }

bool assigns(std::string_view token) {
  return token.ends_with('=') && token != "==" && token != "!=" && token != "<=" && token != ">=";
}

class Lexer {
 public:
  explicit Lexer(const Source& source) : source_(source), text_(source.text) {}

  Result<LexedSource> run() {
    while (true) {
      SHOAL_TRY(skip_blankspace_and_comments());
      if (at_ == text_.size()) return std::move(result_);
      SHOAL_TRY(take_token());
    }
  }

 private:
  char peek(size_t ahead = 0) const { return at_ + ahead < text_.size() ? text_[at_ + ahead] : '\0'; }
  bool starts_with(std::string_view prefix) const { return text_.substr(at_).starts_with(prefix); }

  Span span_from(size_t begin) const { return {static_cast<u32>(begin), static_cast<u32>(at_)}; }

  void push(TokenKind kind, size_t begin) { result_.tokens.push_back({kind, span_from(begin)}); }

  // The length in bytes of the blankspace character here, 0 when there is none.
  size_t blankspace_length() const {
    char c = peek();
    if (c == ' ' || (c >= '\t' && c <= '\r')) return 1;
    if (starts_with("\xC2\x85")) return 2;  // next line
    for (std::string_view mark : {"\xE2\x80\x8E", "\xE2\x80\x8F", "\xE2\x80\xA8", "\xE2\x80\xA9"}) {
      if (starts_with(mark)) return 3;  // left-to-right and right-to-left marks, line and paragraph separators
    }
    return 0;
  }

  Result<void> skip_blankspace_and_comments() {
    while (at_ < text_.size()) {
      if (size_t length = blankspace_length()) {
        at_ += length;
      } else if (starts_with("//")) {
        size_t begin = at_;
        while (at_ < text_.size() && !ends_line()) ++at_;
        result_.comments.push_back(span_from(begin));
      } else if (starts_with("/*")) {
        SHOAL_TRY(skip_block_comment());
      } else {
        break;
      }
    }
    return {};
  }

  bool ends_line() const {
    char c = peek();
    return (c >= '\n' && c <= '\r') || starts_with("\xC2\x85") || starts_with("\xE2\x80\xA8") ||
           starts_with("\xE2\x80\xA9");
  }

  Result<void> skip_block_comment() {
    size_t begin = at_;
    size_t depth = 0;
    do {
      if (at_ == text_.size()) {
        at_ = begin + 2;
        return fail_at(source_, span_from(begin), "This block comment is not closed. Add the missing '*/'.");
      }
      if (starts_with("/*")) {
        ++depth;
        at_ += 2;
      } else if (starts_with("*/")) {
        --depth;
        at_ += 2;
      } else {
        ++at_;
      }
    } while (depth > 0);
    result_.comments.push_back(span_from(begin));
    return {};
  }

  Result<void> take_token() {
    char c = peek();
    if (is_digit(c) || (c == '.' && is_digit(peek(1)))) return take_number();
    if (is_ascii_letter(c) || static_cast<u8>(c) >= 0x80) return take_word();
    return take_punctuation();
  }

  Result<void> take_word() {
    size_t begin = at_;
    while (at_ < text_.size() && blankspace_length() == 0) {
      if (!is_ascii_letter(peek()) && !is_digit(peek()) && static_cast<u8>(peek()) < 0x80) break;
      SHOAL_TRY(step_over_code_point());
    }
    std::string_view word = text_.substr(begin, at_ - begin);
    if (word.starts_with("__")) {
      return fail_at(source_, span_from(begin), "{} starts with two underscores, which WGSL reserves. Rename it.",
                     quote(word));
    }
    if (word == "_") {
      push(TokenKind::kPunctuation, begin);
    } else {
      bool keyword = std::ranges::find(kKeywords, word) != kKeywords.end();
      push(keyword ? TokenKind::kKeyword : TokenKind::kIdentifier, begin);
    }
    return {};
  }

  Result<void> step_over_code_point() {
    u8 lead = static_cast<u8>(peek());
    size_t length = lead < 0x80 ? 1 : (lead >> 5) == 0x6 ? 2 : (lead >> 4) == 0xE ? 3 : (lead >> 3) == 0x1E ? 4 : 0;
    bool whole = length > 0 && at_ + length <= text_.size();
    for (size_t i = 1; whole && i < length; ++i) whole = (static_cast<u8>(peek(i)) & 0xC0) == 0x80;
    if (!whole) {
      size_t begin = at_++;
      return fail_at(source_, span_from(begin), "Byte 0x{:02X} is not UTF-8. Save the file as UTF-8.", lead);
    }
    at_ += length;
    return {};
  }

  void skip_digits(bool hex) {
    while (hex ? is_hex_digit(peek()) : is_digit(peek())) ++at_;
  }

  // Sign and digits after e or p. False when there are no digits.
  bool skip_exponent() {
    ++at_;
    if (peek() == '+' || peek() == '-') ++at_;
    if (!is_digit(peek())) return false;
    skip_digits(false);
    return true;
  }

  Result<void> take_number() {
    size_t begin = at_;
    bool hex = starts_with("0x") || starts_with("0X");
    if (hex) at_ += 2;
    size_t digits_begin = at_;
    skip_digits(hex);
    size_t digits = at_ - digits_begin;
    bool leading_zero = !hex && digits > 1 && text_[digits_begin] == '0';
    bool is_float = false;
    if (peek() == '.') {
      is_float = true;
      ++at_;
      size_t fraction_begin = at_;
      skip_digits(hex);
      digits += at_ - fraction_begin;
    }
    bool well_formed = digits > 0;
    bool exponent = hex ? peek() == 'p' || peek() == 'P' : peek() == 'e' || peek() == 'E';
    if (exponent) {
      is_float = true;
      well_formed = skip_exponent() && well_formed;
    }
    // A hexadecimal f is a digit, so only an exponent lets a suffix follow a hexadecimal float.
    bool may_be_float = !hex || exponent;
    if ((peek() == 'f' || peek() == 'h') && may_be_float) {
      is_float = true;
      ++at_;
    } else if ((peek() == 'i' || peek() == 'u') && !is_float) {
      ++at_;
    }
    well_formed = well_formed && (is_float || !leading_zero);
    if (leading_zero && is_float && !exponent &&
        text_.substr(begin, at_ - begin).find('.') == std::string_view::npos) {
      well_formed = false;  // 01f
    }
    if (is_ascii_letter(peek()) || is_digit(peek())) {
      well_formed = false;
      while (is_ascii_letter(peek()) || is_digit(peek())) ++at_;
    }
    if (!well_formed) {
      return fail_at(source_, span_from(begin),
                     "{} is not a number WGSL knows. Write it like 7u, 0x1F, 1.5f or 2e-3.",
                     quote(text_.substr(begin, at_ - begin)));
    }
    push(is_float ? TokenKind::kFloat : TokenKind::kInteger, begin);
    return {};
  }

  // Template lists are found as the specification's algorithm does: a < after an identifier is a candidate until
  // its > comes at the same depth of brackets, or until something comes that no template list can hold.
  struct Candidate {
    size_t token;
    size_t depth;
  };

  void drop_candidates_at(size_t depth) {
    while (!candidates_.empty() && candidates_.back().depth >= depth) candidates_.pop_back();
  }

  bool may_open_template() const {
    if (peek() != '<' || peek(1) == '<' || peek(1) == '=' || result_.tokens.empty()) return false;
    const Token& last = result_.tokens.back();
    return last.kind == TokenKind::kIdentifier || source_.slice(last.span) == "var";
  }

  Result<void> take_punctuation() {
    size_t begin = at_;
    if (may_open_template()) {
      candidates_.push_back({result_.tokens.size(), depth_});
      ++at_;
      push(TokenKind::kPunctuation, begin);
      return {};
    }
    if (peek() == '>' && !candidates_.empty() && candidates_.back().depth == depth_) {
      result_.tokens[candidates_.back().token].kind = TokenKind::kTemplateOpen;
      candidates_.pop_back();
      ++at_;
      push(TokenKind::kTemplateClose, begin);
      return {};
    }
    auto found = std::ranges::find_if(kPunctuation, [&](std::string_view p) { return starts_with(p); });
    if (found == kPunctuation.end()) {
      ++at_;
      return fail_at(source_, span_from(begin), "Character {} has no meaning in WGSL. Remove it.",
                     quote(text_.substr(begin, 1)));
    }
    at_ += found->size();
    push(TokenKind::kPunctuation, begin);
    follow_depth(*found);
    return {};
  }

  void follow_depth(std::string_view token) {
    if (token == "(" || token == "[") {
      ++depth_;
    } else if (token == ")" || token == "]") {
      drop_candidates_at(depth_);
      if (depth_ > 0) --depth_;
    } else if (token == ";" || token == "{" || token == ":" || assigns(token)) {
      depth_ = 0;
      candidates_.clear();
    } else if (token == "&&" || token == "||") {
      drop_candidates_at(depth_);
    }
  }

  const Source& source_;
  std::string_view text_;
  size_t at_ = 0;
  size_t depth_ = 0;
  std::vector<Candidate> candidates_;
  LexedSource result_;
};

}  // namespace

Result<LexedSource> lex(const Source& source) {
  constexpr size_t kMaxSizeBytes = size_t{1} << 28;  // spans are 32 bits; nobody writes more
  if (source.text.size() > kMaxSizeBytes) {
    return fail(ErrorCode::kUnsupported, "{} has {}. A WGSL file may have at most {}.", source.path,
                format_bytes(source.text.size()), format_bytes(kMaxSizeBytes));
  }
  return Lexer(source).run();
}

Result<u32> after_matching_bracket(const Source& source, const std::vector<Token>& tokens, u32 open) {
  std::vector<char> expected;
  for (u32 i = open; i < tokens.size(); ++i) {
    std::string_view text = source.slice(tokens[i].span);
    if (text == "(") expected.push_back(')');
    if (text == "[") expected.push_back(']');
    if (text == "{") expected.push_back('}');
    if (tokens[i].kind == TokenKind::kTemplateOpen) expected.push_back('>');
    bool closes = text == ")" || text == "]" || text == "}" || tokens[i].kind == TokenKind::kTemplateClose;
    if (!closes) continue;
    if (expected.back() != text[0]) {
      return fail_at(source, tokens[i].span, "'{}' stands where '{}' is expected.", text, expected.back());
    }
    expected.pop_back();
    if (expected.empty()) return i + 1;
  }
  return fail_at(source, tokens[open].span, "This '{}' is not closed. Add the missing '{}'.",
                 source.slice(tokens[open].span), expected.front());
}

}  // namespace shoal::wgsl
