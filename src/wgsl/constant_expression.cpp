#include "wgsl/constant_expression.h"

#include <charconv>

#include "base/text.h"

namespace shoal::wgsl {
namespace {

constexpr u32 kMaxDepth = 64;    // of parentheses and of constants in terms of constants; ends cycles
constexpr u32 kMaxNames = 4096;  // looked up: constants that each name the next one twice take 2^64

// 0 for what is no binary operator. Higher binds tighter.
int precedence_of(std::string_view token) {
  if (token == "|") return 1;
  if (token == "^") return 2;
  if (token == "&") return 3;
  if (token == "<<" || token == ">>") return 4;
  if (token == "+" || token == "-") return 5;
  if (token == "*" || token == "/" || token == "%") return 6;
  return 0;
}

class Evaluator {
 public:
  Evaluator(const Module& module, TokenRange range, const FindConstant& find, u32& names, u32 depth = 0)
      : module_(module), find_(find), names_(names), at_(range.begin), end_(range.end), depth_(depth) {}

  Result<ConstantValue> run() {
    SHOAL_TRY_SET(ConstantValue value, binary(1));
    if (at_ != end_) return unexpected();
    return value;
  }

 private:
  std::string_view peek() const { return at_ < end_ ? module_.text(at_) : std::string_view(); }

  Span span() const { return module_.tokens[at_ < end_ || at_ == 0 ? at_ : at_ - 1].span; }

  std::unexpected<Error> unexpected() const {
    return fail_at(
        *module_.source, span(),
        "This cannot be worked out as an integer constant. Write literals, constants and integer operators.");
  }

  Result<ConstantValue> binary(int least) {
    SHOAL_TRY_SET(ConstantValue left, unary());
    for (int precedence = precedence_of(peek()); precedence >= least; precedence = precedence_of(peek())) {
      u32 operation = at_++;
      SHOAL_TRY_SET(ConstantValue right, binary(precedence + 1));
      SHOAL_TRY_SET(left.value, combine(operation, left.value, right.value));
      left.is_override = left.is_override || right.is_override;
    }
    return left;
  }

  Result<i64> combine(u32 operation, i64 left, i64 right) const {
    std::string_view token = module_.text(operation);
    i64 value = 0;
    bool wrong = false;
    if (token == "+") wrong = __builtin_add_overflow(left, right, &value);
    if (token == "-") wrong = __builtin_sub_overflow(left, right, &value);
    if (token == "*") wrong = __builtin_mul_overflow(left, right, &value);
    if (token == "/" || token == "%") {
      wrong = right == 0 || (right == -1 && left == std::numeric_limits<i64>::min());
      if (!wrong) value = token == "/" ? left / right : left % right;
    }
    if (token == "<<" || token == ">>") {
      wrong = right < 0 || right > 31 || left < 0 || left > std::numeric_limits<u32>::max();
      if (!wrong) value = token == "<<" ? left << right : left >> right;
    }
    if (token == "&") value = left & right;
    if (token == "|") value = left | right;
    if (token == "^") value = left ^ right;
    if (wrong) {
      return fail_at(*module_.source, module_.tokens[operation].span, "{} {} {} has no value in this constant.",
                     left, token, right);
    }
    return value;
  }

  Result<ConstantValue> unary() {
    if (depth_ > kMaxDepth) {
      return fail_at(*module_.source, span(), "This constant depends on itself, or on more than {} others.",
                     kMaxDepth);
    }
    if (at_ >= end_) return unexpected();
    if (peek() == "-") {
      u32 operation = at_++;
      ++depth_;
      SHOAL_TRY_SET(ConstantValue value, unary());
      --depth_;
      SHOAL_TRY_SET(value.value, combine(operation, 0, value.value));
      return value;
    }
    if (peek() == "(") return parenthesized();
    if (module_.tokens[at_].kind == TokenKind::kInteger) return literal();
    if (module_.tokens[at_].kind != TokenKind::kIdentifier) return unexpected();
    std::string_view name = peek();
    if (name == "u32" || name == "i32") {
      ++at_;
      if (peek() != "(") return unexpected();
      return parenthesized();
    }
    return named();
  }

  Result<ConstantValue> parenthesized() {
    ++at_;
    ++depth_;
    SHOAL_TRY_SET(ConstantValue value, binary(1));
    --depth_;
    if (peek() != ")") return unexpected();
    ++at_;
    return value;
  }

  Result<ConstantValue> literal() {
    std::string_view text = peek();
    std::string_view digits = text;
    if (digits.ends_with('u') || digits.ends_with('i')) digits.remove_suffix(1);
    bool hex = digits.starts_with("0x") || digits.starts_with("0X");
    if (hex) digits.remove_prefix(2);
    ConstantValue value;
    auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), value.value, hex ? 16 : 10);
    if (error != std::errc()) return fail_at(*module_.source, span(), "{} is too large an integer.", quote(text));
    ++at_;
    return value;
  }

  Result<ConstantValue> named() {
    if (++names_ > kMaxNames) {
      return fail_at(*module_.source, span(), "This constant depends on more than {} others.", kMaxNames);
    }
    const auto [module, declaration] = find_(module_, peek());
    bool is_override = declaration != nullptr && declaration->kind == DeclarationKind::kOverride;
    bool is_const = declaration != nullptr && declaration->kind == DeclarationKind::kConst;
    if (!is_override && !is_const) return unexpected();
    ++at_;
    if (declaration->value.empty()) return ConstantValue{.value = 0, .is_override = true};
    SHOAL_TRY_SET(ConstantValue value, Evaluator(*module, declaration->value, find_, names_, depth_ + 1).run());
    value.is_override = value.is_override || is_override;
    return value;
  }

  const Module& module_;
  const FindConstant& find_;
  u32& names_;  // looked up so far, for the whole expression
  u32 at_;
  u32 end_;
  u32 depth_;
};

}  // namespace

const Declaration* find_declaration(const Module& module, std::string_view name) {
  for (const Declaration& declaration : module.declarations) {
    if (declaration.name == name) return &declaration;
  }
  return nullptr;
}

ConstantPlace find_constant(const Module& module, std::string_view name) {
  return {&module, find_declaration(module, name)};
}

Result<ConstantValue> evaluate_integer(const Module& module, TokenRange expression, const FindConstant& find) {
  if (!expression.empty() && module.text(expression.end - 1) == ",") --expression.end;
  u32 names = 0;
  return Evaluator(module, expression, find, names).run();
}

}  // namespace shoal::wgsl
