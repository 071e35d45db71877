#include "wgsl/layout.h"

#include <algorithm>

#include "base/text.h"
#include "wgsl/constant_expression.h"

namespace shoal::wgsl {
namespace {

constexpr u32 kMaxDepth = 64;                // of types within types; ends recursive ones
constexpr u64 kMaxSizeBytes = u64{1} << 40;  // beyond any buffer; keeps the arithmetic in range

u64 scalar_size(std::string_view scalar) { return scalar == "f16" ? 2 : 4; }

bool is_scalar(std::string_view name) { return name == "u32" || name == "i32" || name == "f32" || name == "f16"; }

std::string_view scalar_of_suffix(char suffix) {
  switch (suffix) {
    case 'u': return "u32";
    case 'i': return "i32";
    case 'f': return "f32";
    case 'h': return "f16";
    default: return {};
  }
}

TypeLayout scalar_layout(std::string_view scalar) {
  TypeLayout layout;
  layout.scalar = scalar;
  layout.size_bytes = layout.align_bytes = scalar_size(scalar);
  return layout;
}

TypeLayout vector_layout(std::string_view scalar, u32 rows) {
  TypeLayout layout = scalar_layout(scalar);
  layout.kind = TypeKind::kVector;
  layout.rows = rows;
  layout.align_bytes = layout.size_bytes * (rows == 2 ? 2 : 4);
  layout.size_bytes *= rows;
  return layout;
}

TypeLayout matrix_layout(std::string_view scalar, u32 columns, u32 rows) {
  TypeLayout layout = vector_layout(scalar, rows);
  layout.kind = TypeKind::kMatrix;
  layout.columns = columns;
  layout.stride_bytes = align_up(layout.size_bytes, layout.align_bytes);
  layout.size_bytes = layout.stride_bytes * columns;
  return layout;
}

u32 dimension(char digit) { return digit >= '2' && digit <= '4' ? static_cast<u32>(digit - '0') : 0; }

}  // namespace

bool TypeLayout::is_runtime_sized() const {
  if (kind == TypeKind::kArray) return count == 0;
  return kind == TypeKind::kStruct && structure->members.back().type.is_runtime_sized();
}

Span Layouts::span_of(TokenRange range) const {
  return {module_.tokens[range.begin].span.begin, module_.tokens[range.end - 1].span.end};
}

Result<TypeLayout> Layouts::of_type(TokenRange type) {
  if (depth_ == kMaxDepth) {
    return fail_at(*module_.source, span_of(type), "This type holds itself, or nests deeper than {} levels.",
                   kMaxDepth);
  }
  struct Level {
    u32& depth;
    explicit Level(u32& counter) : depth(counter) { ++depth; }
    ~Level() { --depth; }
  } level(depth_);

  std::string_view name = module_.text(type.begin);
  if (const Declaration* declaration = find_declaration(module_, name)) {
    if (declaration->kind == DeclarationKind::kAlias) return of_type(declaration->type);
    if (declaration->kind == DeclarationKind::kStruct) {
      TypeLayout layout;
      layout.kind = TypeKind::kStruct;
      SHOAL_TRY_SET(layout.structure, of_struct(*declaration));
      layout.size_bytes = layout.structure->size_bytes;
      layout.align_bytes = layout.structure->align_bytes;
      return layout;
    }
    return fail_at(*module_.source, span_of(type), "{} is not a type.", quote(name));
  }
  if (name == "array") return of_array(type);
  return of_predeclared(type, name);
}

Result<TypeLayout> Layouts::of_predeclared(TokenRange type, std::string_view name) {
  // vec3<f32>, mat4x4<f16>, atomic<u32>: the scalar in the template list; vec3f, mat4x4h: in the last letter.
  std::string_view scalar;
  bool has_list = type.end - type.begin >= 4;
  if (has_list) {
    SHOAL_TRY_SET(TypeLayout argument, of_type({type.begin + 2, type.end - 1}));
    if (argument.kind == TypeKind::kScalar) scalar = argument.scalar;
  } else if (name.size() > 4) {
    scalar = scalar_of_suffix(name.back());
    if (!scalar.empty()) name.remove_suffix(1);
  }
  if (!has_list && is_scalar(module_.text(type.begin))) return scalar_layout(module_.text(type.begin));
  if (!scalar.empty()) {
    if (has_list && name == "atomic" && (scalar == "u32" || scalar == "i32")) return scalar_layout(scalar);
    bool is_vector = name.size() == 4 && name.starts_with("vec") && dimension(name[3]) != 0;
    if (is_vector) return vector_layout(scalar, dimension(name[3]));
    bool is_matrix = name.size() == 6 && name.starts_with("mat") && dimension(name[3]) != 0 && name[4] == 'x' &&
                     dimension(name[5]) != 0 && (scalar == "f32" || scalar == "f16");
    if (is_matrix) return matrix_layout(scalar, dimension(name[3]), dimension(name[5]));
  }
  return fail_at(
      *module_.source, span_of(type),
      "{} is not a type that host and GPU can share. Use u32, i32, f32, f16, atomics, vectors, matrices, arrays "
      "or structs of these.",
      quote(module_.source->slice(span_of(type))));
}

Result<TypeLayout> Layouts::of_array(TokenRange type) {
  if (type.end - type.begin < 4) {
    return fail_at(*module_.source, span_of(type),
                   "This array names no element type. Write array<u32, 4> or array<u32>.");
  }
  u32 element_end = type.begin + 2;
  u32 close = type.end - 1;
  if (module_.tokens[element_end].kind != TokenKind::kIdentifier) {
    return fail_at(*module_.source, span_of(type),
                   "This array names no element type. Write array<u32, 4> or array<u32>.");
  }
  if (module_.tokens[element_end + 1].kind == TokenKind::kTemplateOpen) {
    SHOAL_TRY_SET(element_end, after_matching_bracket(*module_.source, module_.tokens, element_end + 1));
  } else {
    ++element_end;
  }
  TypeLayout layout;
  layout.kind = TypeKind::kArray;
  SHOAL_TRY_SET(TypeLayout element, of_type({type.begin + 2, element_end}));
  if (element.is_runtime_sized()) {
    return fail_at(*module_.source, span_of(type), "The elements of an array cannot be sized at run time.");
  }
  layout.align_bytes = element.align_bytes;
  layout.stride_bytes = align_up(element.size_bytes, element.align_bytes);
  layout.element = std::make_shared<const TypeLayout>(std::move(element));
  u64 count = 1;
  TokenRange count_range{element_end + 1, close};
  if (element_end < close && module_.text(element_end) == "," && count_range.begin < close) {
    SHOAL_TRY_SET(ConstantValue value, evaluate_integer(module_, count_range));
    if (value.is_override || value.value < 1) {
      return fail_at(*module_.source, span_of(count_range),
                     "The size of a shared array must be a constant of at least 1 (it is {}{}).", value.value,
                     value.is_override ? " by an override's default" : "");
    }
    count = layout.count = static_cast<u64>(value.value);
  }
  if (count > kMaxSizeBytes / layout.stride_bytes) {
    return fail_at(*module_.source, span_of(type), "This array is larger than {}.", format_bytes(kMaxSizeBytes));
  }
  layout.size_bytes = count * layout.stride_bytes;
  return layout;
}

Result<u64> Layouts::size_attribute(const Attribute& attribute) {
  if (attribute.arguments.empty()) {
    return fail_at(*module_.source, attribute.span, "@{} needs a number of bytes in parentheses.", attribute.name);
  }
  SHOAL_TRY_SET(ConstantValue value, evaluate_integer(module_, attribute.arguments));
  bool in_range = value.value >= 1 && static_cast<u64>(value.value) <= kMaxSizeBytes && !value.is_override;
  bool power_of_two = in_range && std::has_single_bit(static_cast<u64>(value.value));
  if (!in_range || (attribute.name == "align" && !power_of_two)) {
    return fail_at(*module_.source, attribute.span, "@{} cannot be {}. It is a constant {} of bytes.",
                   attribute.name, value.value, attribute.name == "align" ? "power of two" : "number");
  }
  return static_cast<u64>(value.value);
}

Result<void> Layouts::place_member(StructLayout& layout, const Member& member, bool is_last) {
  SHOAL_TRY_SET(TypeLayout type, of_type(member.type));
  u64 align = type.align_bytes;
  u64 size = type.size_bytes;
  if (type.is_runtime_sized() && (!is_last || type.kind != TypeKind::kArray)) {
    return fail_at(*module_.source, member.name_span,
                   "{} is sized at run time. Only an array that is the last member may be.", quote(member.name));
  }
  if (const Attribute* attribute = find_attribute(member.attributes, "align")) {
    SHOAL_TRY_SET(u64 given, size_attribute(*attribute));
    if (given % align != 0) {
      return fail_at(*module_.source, attribute->span, "@align({}) is no multiple of the type's own alignment, {}.",
                     given, align);
    }
    align = given;
  }
  if (const Attribute* attribute = find_attribute(member.attributes, "size")) {
    SHOAL_TRY_SET(u64 given, size_attribute(*attribute));
    if (given < size || type.is_runtime_sized()) {
      return fail_at(*module_.source, attribute->span, "@size({}) is smaller than the type, which takes {} bytes.",
                     given, size);
    }
    size = given;
  }
  u64 end = layout.members.empty() ? 0 : layout.members.back().offset_bytes + layout.members.back().size_bytes;
  u64 offset = align_up(end, align);
  if (offset + size > kMaxSizeBytes) {
    return fail_at(*module_.source, member.name_span, "Struct {} is larger than {}.", quote(layout.name),
                   format_bytes(kMaxSizeBytes));
  }
  layout.align_bytes = std::max(layout.align_bytes, align);
  layout.members.push_back({member.name, member.name_span, std::move(type), offset, size});
  return {};
}

Result<std::shared_ptr<const StructLayout>> Layouts::of_struct(const Declaration& declaration) {
  if (auto known = structs_.find(declaration.name); known != structs_.end()) return known->second;
  auto layout = std::make_shared<StructLayout>();
  layout->name = declaration.name;
  for (const Member& member : declaration.members) {
    SHOAL_TRY(place_member(*layout, member, &member == &declaration.members.back()));
  }
  const MemberLayout& last = layout->members.back();
  layout->size_bytes = align_up(last.offset_bytes + last.size_bytes, layout->align_bytes);
  structs_[declaration.name] = layout;
  return std::shared_ptr<const StructLayout>(std::move(layout));
}

Result<void> Layouts::check_uniform(const TypeLayout& type, Span where) const {
  constexpr u64 kUniformAlign = 16;
  if (type.is_runtime_sized()) {
    return fail_at(*module_.source, where, "A uniform cannot be sized at run time. Use var<storage>.");
  }
  if (type.kind == TypeKind::kArray) {
    if (type.stride_bytes % kUniformAlign != 0) {
      return fail_at(
          *module_.source, where,
          "An array in a uniform needs elements in steps of 16 bytes, not {}. Use vec4 elements or var<storage>.",
          type.stride_bytes);
    }
    return check_uniform(*type.element, where);
  }
  if (type.kind != TypeKind::kStruct) return {};
  const std::vector<MemberLayout>& members = type.structure->members;
  for (size_t i = 0; i < members.size(); ++i) {
    const MemberLayout& member = members[i];
    SHOAL_TRY(check_uniform(member.type, member.name_span));
    bool is_struct = member.type.kind == TypeKind::kStruct;
    bool needs_align = is_struct || member.type.kind == TypeKind::kArray;
    if (needs_align && member.offset_bytes % kUniformAlign != 0) {
      return fail_at(*module_.source, member.name_span,
                     "In a uniform {} must lie at a multiple of 16 bytes, not at {}. Add @align(16).",
                     quote(member.name), member.offset_bytes);
    }
    if (is_struct && i + 1 < members.size() &&
        members[i + 1].offset_bytes < member.offset_bytes + align_up(member.type.size_bytes, kUniformAlign)) {
      return fail_at(*module_.source, members[i + 1].name_span,
                     "In a uniform {} lies too close behind a struct ({} bytes). Add @align(16).",
                     quote(members[i + 1].name), member.type.size_bytes);
    }
  }
  return {};
}

}  // namespace shoal::wgsl
