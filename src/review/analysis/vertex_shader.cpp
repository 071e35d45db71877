#include "review/analysis/vertex_shader.h"

#include <algorithm>
#include <cmath>
#include <cstring>

#include "review/analysis/shader_value.h"
#include "wgsl/constant_expression.h"
#include "wgsl/parser.h"

namespace shoal::review {
namespace {

using wgsl::TokenRange;

// What a shader is given, by the name that its body uses: "at", or "corner.at".
struct Input {
  std::string name;
  std::string_view builtin;  // "" where it comes at a location
  u32 location = 0;
  u32 count = 0;  // of its numbers
};

// 2 of vec2f and vec2<f32>, 1 of f32; 0 of what holds integers, which are left alone.
u32 floats_of(const wgsl::Module& module, TokenRange type) {
  if (type.empty()) return 0;
  const std::string_view name = module.text(type.begin);
  if (name == "f32") return 1;
  if (!name.starts_with("vec") || name.size() < 4 || name[3] < '2' || name[3] > '4') return 0;
  const bool is_float = name.ends_with('f') || (type.end > type.begin + 2 && module.text(type.begin + 2) == "f32");
  return is_float ? static_cast<u32>(name[3] - '0') : 0;
}

std::optional<Input> input_of(const wgsl::Module& module, const wgsl::Member& member, std::string name) {
  if (const auto* location = wgsl::find_attribute(member.attributes, "location")) {
    const auto number = wgsl::evaluate_integer(module, location->arguments);
    if (!number || number->value < 0 || number->value > 64) return std::nullopt;
    return Input{std::move(name), {}, static_cast<u32>(number->value), floats_of(module, member.type)};
  }
  if (const auto* builtin = wgsl::find_attribute(member.attributes, "builtin")) {
    if (builtin->arguments.empty()) return std::nullopt;
    return Input{std::move(name), module.text(builtin->arguments.begin)};
  }
  return std::nullopt;
}

// A statement of a body: `let NAME = VALUE`, `NAME.MEMBER = VALUE` or `return VALUE`.
struct Statement {
  std::string name;  // "" of a return
  TokenRange value;
};

}  // namespace

struct VertexShader::Parsed {
  wgsl::Source source;
  wgsl::Module module;
  const wgsl::Declaration* function = nullptr;
  std::vector<Input> inputs;
  bool is_plain = true;  // all inputs were understood
  std::vector<Statement> statements;
  bool is_straight = false;  // the body is nothing but such statements, and a return at its end
  int position_member = -1;  // of the struct that it returns; -1: it returns the position itself

  void learn_inputs() {
    for (const wgsl::Member& parameter : function->members) {
      const wgsl::Declaration* structure =
          parameter.type.empty() ? nullptr : find_struct(module, module.text(parameter.type.begin));
      if (structure == nullptr) {
        take_input(parameter, std::string(parameter.name));
        continue;
      }
      for (const wgsl::Member& member : structure->members) {
        take_input(member, fmt::format("{}.{}", parameter.name, member.name));
      }
    }
  }
  void take_input(const wgsl::Member& member, std::string name) {
    if (auto input = input_of(module, member, std::move(name))) {
      inputs.push_back(*std::move(input));
    } else {
      is_plain = false;
    }
  }

  // Whether the body uses the name; a struct that is used whole uses all its members.
  bool names(std::string_view name) const {
    const size_t dot = name.find('.');
    const std::string_view whole = name.substr(0, dot);
    for (u32 i = function->value.begin; i < function->value.end; ++i) {
      if (module.text(i) != whole) continue;
      if (i > function->value.begin && module.text(i - 1) == ".") continue;  // some other struct's
      if (dot == std::string_view::npos) return true;
      const bool is_member = i + 2 < function->value.end && module.text(i + 1) == ".";
      if (!is_member || module.text(i + 2) == name.substr(dot + 1)) return true;
    }
    return false;
  }

  void learn_statements() {
    u32 at = function->value.begin + 1;
    const u32 end = function->value.end - 1;  // its closing brace
    while (at < end) {
      Statement statement;
      u32 begin = at, equals = end;
      for (; at < end && module.text(at) != ";"; ++at) {
        const std::string_view token = module.text(at);
        if (token == "{" || token == "}") return;
        if (token == "=" && equals == end) equals = at;
      }
      if (at == end) return;
      const std::string_view first = module.text(begin);
      if (first == "return") {
        statement.value = {begin + 1, at};
        statements.push_back(std::move(statement));
        is_straight = at + 1 == end;
        return;
      }
      if (first == "let" || first == "var" || first == "const") ++begin;
      if (begin >= at) return;
      statement.name = module.text(begin);
      if (begin + 2 < at && module.text(begin + 1) == ".")
        statement.name += fmt::format(".{}", module.text(begin + 2));
      if (equals < at) {
        const bool is_declared = first == "let" || first == "var" || first == "const";
        const bool is_member = !is_declared && equals == begin + 3 && module.text(begin + 1) == ".";
        if (!is_declared && !is_member && equals != begin + 1) return;
        statement.value = {equals + 1, at};
      } else if (first != "var") {
        return;
      }
      statements.push_back(std::move(statement));
      ++at;
    }
  }

  bool learn_position() {
    if (wgsl::find_attribute(function->return_attributes, "builtin") != nullptr) return true;
    if (function->type.empty()) return false;
    const wgsl::Declaration* structure = find_struct(module, module.text(function->type.begin));
    if (structure == nullptr) return false;
    for (size_t i = 0; i < structure->members.size(); ++i) {
      const auto* builtin = wgsl::find_attribute(structure->members[i].attributes, "builtin");
      if (builtin == nullptr || builtin->arguments.empty()) continue;
      if (module.text(builtin->arguments.begin) != "position") continue;
      position_member = static_cast<int>(i);
      position_name = structure->members[i].name;
      return true;
    }
    return false;
  }
  std::string_view position_name;
};

VertexShader::VertexShader(std::string_view wgsl, std::string_view entry_point) {
  auto parsed = std::make_unique<Parsed>();
  parsed->source = {"shader", std::string(wgsl)};
  auto module = wgsl::parse_module(parsed->source, {});
  if (!module) return;
  parsed->module = *std::move(module);
  for (const wgsl::Declaration& declaration : parsed->module.declarations) {
    if (declaration.kind != wgsl::DeclarationKind::kFunction) continue;
    if (wgsl::find_attribute(declaration.attributes, "vertex") == nullptr) continue;
    if (!entry_point.empty() && declaration.name != entry_point) continue;
    parsed->function = &declaration;
  }
  if (parsed->function == nullptr || parsed->function->value.end < parsed->function->value.begin + 2) return;
  parsed->learn_inputs();
  if (parsed->learn_position()) parsed->learn_statements();
  parsed_ = std::move(parsed);
}

VertexShader::~VertexShader() = default;
VertexShader::VertexShader(VertexShader&&) noexcept = default;

bool VertexShader::may_read(u32 location) const {
  if (parsed_ == nullptr || !parsed_->is_plain) return true;
  return std::ranges::any_of(parsed_->inputs, [&](const Input& input) {
    return input.builtin.empty() && input.location == location && parsed_->names(input.name);
  });
}

std::optional<Position> VertexShader::position(u32 vertex_index, u32 instance_index,
                                               const Attributes& attributes) const {
  if (parsed_ == nullptr || !parsed_->is_plain || !parsed_->is_straight) return std::nullopt;
  ShaderNames names;
  for (const Input& input : parsed_->inputs) {
    if (input.builtin == "vertex_index") names[input.name] = ShaderValue::integer(vertex_index);
    if (input.builtin == "instance_index") names[input.name] = ShaderValue::integer(instance_index);
    if (!input.builtin.empty() || input.count == 0) continue;
    if (const auto value = attributes(input.location)) {
      names[input.name] = ShaderValue::vector({value->begin(), value->begin() + input.count});
    }
  }
  ShaderValue out;
  for (const Statement& statement : parsed_->statements) {
    if (statement.name.empty()) {
      out = evaluate(parsed_->module, statement.value, names);
      if (parsed_->position_member >= 0) {
        const size_t member = static_cast<size_t>(parsed_->position_member);
        if (out.kind == ShaderValue::Kind::kList && member < out.items.size()) {
          out = ShaderValue(out.items[member]);
        } else if (statement.value.end == statement.value.begin + 1) {
          const auto built =
              names.find(fmt::format("{}.{}", parsed_->module.text(statement.value.begin), parsed_->position_name));
          out = built == names.end() ? ShaderValue() : built->second;
        } else {
          return std::nullopt;
        }
      }
    } else if (!statement.value.empty()) {
      names[statement.name] = evaluate(parsed_->module, statement.value, names);
    }
  }
  if (!out.is_numbers() || out.numbers.size() != 4) return std::nullopt;
  Position position{};
  for (size_t i = 0; i < 4; ++i) position[i] = static_cast<float>(out.numbers[i]);
  return position;
}

}  // namespace shoal::review
