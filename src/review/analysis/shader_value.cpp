#include "review/analysis/shader_value.h"

#include <algorithm>
#include <charconv>
#include <cmath>

namespace shoal::review {
namespace {

using wgsl::Token;
using wgsl::TokenKind;
using wgsl::TokenRange;
using Kind = ShaderValue::Kind;

constexpr u32 kMostDepth = 64;
constexpr size_t kMostItems = 4096;  // of an array: a stranger's may be as long as its text

int precedence_of(std::string_view token) {
  if (token == "|") return 1;
  if (token == "^") return 2;
  if (token == "&") return 3;
  if (token == "<<" || token == ">>") return 4;
  if (token == "+" || token == "-") return 5;
  if (token == "*" || token == "/" || token == "%") return 6;
  return 0;
}

// WGSL's f32 and 32-bit integers, each worked out as such.
double combined(std::string_view token, double a, double b, bool is_integer) {
  if (!is_integer) {
    const float x = static_cast<float>(a), y = static_cast<float>(b);
    if (token == "+") return x + y;
    if (token == "-") return x - y;
    if (token == "*") return x * y;
    if (token == "/") return x / y;
    if (token == "%") return std::fmod(x, y);
    return std::nan("");
  }
  const i64 x = static_cast<i64>(a), y = static_cast<i64>(b);
  if (token == "+") return static_cast<double>(x + y);
  if (token == "-") return static_cast<double>(x - y);
  if (token == "*") return a * b;
  if ((token == "/" || token == "%") && y == 0) return std::nan("");
  if (token == "/") return static_cast<double>(x / y);
  if (token == "%") return static_cast<double>(x % y);
  if (token == "&") return static_cast<double>(x & y);
  if (token == "|") return static_cast<double>(x | y);
  if (token == "^") return static_cast<double>(x ^ y);
  if (y < 0 || y > 31 || x < 0) return std::nan("");
  return token == "<<" ? static_cast<double>(static_cast<u32>(x << y)) : static_cast<double>(x >> y);
}

class Evaluator {
 public:
  Evaluator(const wgsl::Module& module, TokenRange range, const ShaderNames& names, u32 depth)
      : module_(module), at_(range.begin), end_(range.end), names_(names), depth_(depth) {}

  ShaderValue run() {
    ShaderValue value = binary(1);
    return at_ == end_ ? value : ShaderValue();
  }

 private:
  std::string_view peek() const { return at_ < end_ ? module_.text(at_) : std::string_view(); }
  bool accept(std::string_view token) {
    if (peek() != token) return false;
    ++at_;
    return true;
  }
  ShaderValue give_up() {
    at_ = end_ + 1;  // so that nothing behind it is taken for the rest
    return {};
  }

  ShaderValue binary(int least) {
    if (++depth_ > kMostDepth) return give_up();
    ShaderValue left = unary();
    for (int precedence = precedence_of(peek()); precedence >= least; precedence = precedence_of(peek())) {
      const std::string_view token = module_.text(at_++);
      left = combine(token, left, binary(precedence + 1));
    }
    --depth_;
    return left;
  }

  static ShaderValue combine(std::string_view token, const ShaderValue& a, const ShaderValue& b) {
    if (!a.is_numbers() || !b.is_numbers()) return {};
    const size_t n = std::max(a.numbers.size(), b.numbers.size());
    if ((a.numbers.size() != n && a.numbers.size() != 1) || (b.numbers.size() != n && b.numbers.size() != 1))
      return {};
    const bool is_integer = a.kind == Kind::kInteger && b.kind == Kind::kInteger;
    ShaderValue out{is_integer ? Kind::kInteger : Kind::kFloat, std::vector<double>(n), {}};
    for (size_t i = 0; i < n; ++i) {
      out.numbers[i] = combined(token, a.numbers[a.numbers.size() == 1 ? 0 : i],
                                b.numbers[b.numbers.size() == 1 ? 0 : i], is_integer);
      if (std::isnan(out.numbers[i])) return {};
    }
    return out;
  }

  ShaderValue unary() {
    if (accept("-")) {
      ShaderValue value = unary();
      for (double& number : value.numbers) number = -number;
      return value;
    }
    ShaderValue value = primary();
    for (;;) {
      if (accept(".")) {
        value = member(value, peek());
        ++at_;
      } else if (accept("[")) {
        const ShaderValue index = binary(1);
        if (!accept("]")) return give_up();
        value = element(value, index);
      } else {
        return value;
      }
    }
  }

  static ShaderValue member(const ShaderValue& value, std::string_view name) {
    ShaderValue out{value.kind, {}, {}};
    if (!value.is_numbers() || value.numbers.size() < 2 || name.size() > 4) return {};
    for (const char letter : name) {
      const size_t xyzw = std::string_view("xyzw").find(letter), rgba = std::string_view("rgba").find(letter);
      const size_t i = std::min(xyzw, rgba);
      if (i >= value.numbers.size()) return {};
      out.numbers.push_back(value.numbers[i]);
    }
    return out;
  }

  static ShaderValue element(const ShaderValue& value, const ShaderValue& index) {
    if (index.kind != Kind::kInteger || index.numbers.size() != 1 || index.numbers[0] < 0) return {};
    const size_t i = static_cast<size_t>(index.numbers[0]);
    if (value.kind == Kind::kList) return i < value.items.size() ? value.items[i] : ShaderValue();
    if (!value.is_numbers() || value.numbers.size() < 2 || i >= value.numbers.size()) return {};
    return {value.kind, {value.numbers[i]}, {}};
  }

  ShaderValue primary() {
    if (at_ >= end_) return give_up();
    if (accept("(")) {
      ShaderValue value = binary(1);
      return accept(")") ? value : give_up();
    }
    const Token& token = module_.tokens[at_];
    const std::string_view text = module_.text(at_++);
    if (token.kind == TokenKind::kInteger || token.kind == TokenKind::kFloat) return number(text, token.kind);
    if (token.kind != TokenKind::kIdentifier && token.kind != TokenKind::kKeyword) return give_up();
    std::string_view element_type;
    if (at_ < end_ && module_.tokens[at_].kind == TokenKind::kTemplateOpen) {
      element_type = at_ + 1 < end_ ? module_.text(at_ + 1) : std::string_view();
      const auto after = wgsl::after_matching_bracket(*module_.source, module_.tokens, at_);
      if (!after || *after > end_) return give_up();
      at_ = *after;
    }
    if (accept("(")) return call(text, element_type);
    // A member of a parameter has a name of its own: "corner.at".
    if (peek() == "." && at_ + 1 < end_) {
      const auto whole = names_.find(fmt::format("{}.{}", text, module_.text(at_ + 1)));
      if (whole != names_.end()) {
        at_ += 2;
        return whole->second;
      }
    }
    if (const auto known = names_.find(text); known != names_.end()) return known->second;
    for (const wgsl::Declaration& declaration : module_.declarations) {
      if (declaration.kind != wgsl::DeclarationKind::kConst || declaration.name != text) continue;
      if (depth_ >= kMostDepth) return {};
      static const ShaderNames none;
      return Evaluator(module_, declaration.value, none, depth_ + 1).run();
    }
    return {};
  }

  static ShaderValue number(std::string_view text, TokenKind kind) {
    const bool is_float = kind == TokenKind::kFloat || text.ends_with('f');
    if (text.starts_with("0x") || text.starts_with("0X")) {
      u32 value = 0;
      const std::string_view digits = text.substr(2);
      std::from_chars(digits.data(), digits.data() + digits.size(), value, 16);
      return is_float && kind == TokenKind::kFloat ? ShaderValue() : ShaderValue::integer(value);
    }
    double value = 0;
    std::from_chars(text.data(), text.data() + text.size(), value);
    return {is_float ? Kind::kFloat : Kind::kInteger, {value}, {}};
  }

  ShaderValue call(std::string_view name, std::string_view element_type) {
    std::vector<ShaderValue> arguments;
    while (!accept(")")) {
      if (arguments.size() >= kMostItems) return give_up();
      arguments.push_back(binary(1));
      if (peek() != ")" && !accept(",")) return give_up();
    }
    if (name == "array" || find_struct(module_, name) != nullptr) return {Kind::kList, {}, std::move(arguments)};
    for (const ShaderValue& argument : arguments) {
      if (!argument.is_numbers()) return {};
    }
    if (name.starts_with("vec") && name.size() >= 4) return vector(name, element_type, arguments);
    if (arguments.size() == 1) return converted(name, std::move(arguments[0]));
    return {};
  }

  static ShaderValue vector(std::string_view name, std::string_view element_type,
                            const std::vector<ShaderValue>& arguments) {
    const size_t n = static_cast<size_t>(name[3] - '0');
    const bool is_integer =
        name.ends_with('u') || name.ends_with('i') || element_type == "u32" || element_type == "i32";
    ShaderValue out{is_integer ? Kind::kInteger : Kind::kFloat, {}, {}};
    for (const ShaderValue& argument : arguments) {
      out.numbers.insert(out.numbers.end(), argument.numbers.begin(), argument.numbers.end());
    }
    if (out.numbers.empty() || out.numbers.size() == 1)
      out.numbers.assign(n, out.numbers.empty() ? 0 : out.numbers[0]);
    return n >= 2 && n <= 4 && out.numbers.size() == n ? out : ShaderValue();
  }

  static ShaderValue converted(std::string_view name, ShaderValue value) {
    const bool is_integer = name == "u32" || name == "i32";
    if (name == "f32" || is_integer) {
      for (double& number : value.numbers) number = is_integer ? std::trunc(number) : static_cast<float>(number);
      value.kind = is_integer ? Kind::kInteger : Kind::kFloat;
      return value;
    }
    for (double& number : value.numbers) {
      if (name == "abs")
        number = std::abs(number);
      else if (name == "floor")
        number = std::floor(number);
      else if (name == "fract")
        number = number - std::floor(number);
      else
        return {};
    }
    return value;
  }

  const wgsl::Module& module_;
  u32 at_, end_;
  const ShaderNames& names_;
  u32 depth_;
};

}  // namespace

const wgsl::Declaration* find_struct(const wgsl::Module& module, std::string_view name) {
  for (const wgsl::Declaration& declaration : module.declarations) {
    if (declaration.kind == wgsl::DeclarationKind::kStruct && declaration.name == name) return &declaration;
  }
  return nullptr;
}

ShaderValue evaluate(const wgsl::Module& module, TokenRange expression, const ShaderNames& names) {
  return Evaluator(module, expression, names, 0).run();
}

}  // namespace shoal::review
