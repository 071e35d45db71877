// Where WGSL puts the bytes of host-shareable types: the specification's section "Memory Layout".
#pragma once

#include <map>
#include <memory>
#include <string_view>
#include <vector>

#include "wgsl/module.h"

namespace shoal::wgsl {

struct StructLayout;

enum class TypeKind { kScalar, kVector, kMatrix, kArray, kStruct };

struct TypeLayout {
  TypeKind kind = TypeKind::kScalar;
  std::string_view scalar;                    // "u32", "i32", "f32", "f16": of scalars, atomics, vectors, matrices
  u32 rows = 1;                               // of vectors and matrices
  u32 columns = 1;                            // of matrices
  std::shared_ptr<const TypeLayout> element;  // of arrays
  u64 count = 0;                              // of arrays; 0: sized at run time
  u64 stride_bytes = 0;                       // of arrays, and of a matrix's columns
  std::shared_ptr<const StructLayout> structure;
  u64 size_bytes = 0;  // sized at run time: with one element
  u64 align_bytes = 1;

  bool is_runtime_sized() const;
};

struct MemberLayout {
  std::string_view name;
  Span name_span;
  TypeLayout type;
  u64 offset_bytes = 0;
  u64 size_bytes = 0;  // the type's, or more by @size
};

struct StructLayout {
  std::string_view name;
  std::vector<MemberLayout> members;
  u64 size_bytes = 0;
  u64 align_bytes = 1;
};

class Layouts {
 public:
  explicit Layouts(const Module& module) : module_(module) {}

  // Errors: the type is not host-shareable (bool, textures, pointers), not known, or breaks a rule of layout.
  Result<TypeLayout> of_type(TokenRange type);
  Result<std::shared_ptr<const StructLayout>> of_struct(const Declaration& declaration);

  // The further rules of `var<uniform>`: strides, and what holds structs, in multiples of 16 bytes.
  Result<void> check_uniform(const TypeLayout& type, Span where) const;

 private:
  Result<TypeLayout> of_array(TokenRange type);
  Result<TypeLayout> of_predeclared(TokenRange type, std::string_view name);
  Result<void> place_member(StructLayout& layout, const Member& member, bool is_last);
  Result<u64> size_attribute(const Attribute& attribute);
  Span span_of(TokenRange range) const;

  const Module& module_;
  std::map<std::string_view, std::shared_ptr<const StructLayout>> structs_;
  u32 depth_ = 0;
};

}  // namespace shoal::wgsl
