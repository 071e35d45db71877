// What the build leaves of a kernel: its flattened WGSL for each combination of features, with a line where each
// slot's text goes, and what a host must know to bind and dispatch it. This is all of the layer that a program
// needs at run time; everything else of it runs in the build (and in `review`).
#pragma once

#include <array>
#include <initializer_list>
#include <span>
#include <string>
#include <string_view>

#include "base/int.h"
#include "base/result.h"

namespace shoal::wgsl {

enum class BindingKind : u8 { kUniform, kStorageRead, kStorageReadWrite, kTexture, kStorageTexture, kSampler };

struct Binding {
  u32 group = 0;
  u32 binding = 0;
  BindingKind kind = BindingKind::kUniform;
  std::string_view name;
  u64 min_size_bytes = 0;  // of buffers: a runtime-sized array counts with one element
};

enum class Stage : u8 { kCompute, kVertex, kFragment };

struct EntryPoint {
  std::string_view name;
  Stage stage = Stage::kCompute;
  std::array<u32, 3> workgroup_size = {1, 1, 1};  // overrides at their defaults; 0 where one has no default
  bool size_is_override = false;
};

// A constant that is set when a pipeline is made.
struct Override {
  std::string_view name;
  bool has_default = false;
};

// One variant of a kernel.
struct KernelTemplate {
  std::string_view name;  // the kernel's
  std::string_view text;  // directives such as `enable subgroups;` are left to whoever loads it
  std::span<const std::string_view> slots = {};
  std::span<const Binding> bindings = {};
  std::span<const EntryPoint> entry_points = {};
  std::span<const Override> overrides = {};
  bool uses_subgroups = false;  // a subgroup built-in occurs: Tint needs `enable subgroups;`
  bool uses_f16 = false;        // an f16 type or literal occurs: `enable f16;`
};

// Names of features that are on: kernel.variant({"subgroups"}).
class Features {
 public:
  Features(std::initializer_list<std::string_view> names) : names_(names.begin(), names.size()) {}
  Features(std::span<const std::string_view> names) : names_(names) {}

  bool contains(std::string_view name) const;

 private:
  std::span<const std::string_view> names_;  // not owned
};

struct Kernel {
  std::string_view name;
  std::string_view path;                            // "primitives/reduce/reduce.wgsl"
  std::span<const std::string_view> feature_names;  // those that make a difference to this kernel
  std::span<const KernelTemplate* const> variants;  // [mask]: bit i is feature_names[i]

  // Features that this kernel does not ask for make no difference.
  const KernelTemplate& variant(Features features) const;
};

// In a template's text, a line of this and a slot's name stands where the slot's text goes.
inline constexpr std::string_view kSlotMarker = "//@slot ";

struct SlotText {
  std::string_view name;
  std::string_view text;  // WGSL declarations, bindings of its own included
};

// The template's text with every slot filled. A module-scope fn, const, struct or alias that begins a line of a
// slot's text and that the kernel declares word for word is not repeated: both may have flattened one module.
// Errors: kInvalidArgument when a slot is missing, unknown or given twice.
Result<std::string> splice(const KernelTemplate& kernel, std::span<const SlotText> slots);

}  // namespace shoal::wgsl
