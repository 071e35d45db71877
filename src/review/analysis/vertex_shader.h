// A vertex shader that nobody here wrote: what it reads of its vertices, and where it puts them, as far as its text
// says so plainly.
#pragma once

#include <array>
#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "base/int.h"
#include "gpu/commands.gen.h"

namespace shoal::review {

// In clip space.
using Position = std::array<float, 4>;

class VertexShader {
 public:
  // `entry_point` may be "": the module's only vertex shader. What cannot be parsed answers nothing to all
  // questions.
  VertexShader(std::string_view wgsl, std::string_view entry_point);
  ~VertexShader();
  VertexShader(VertexShader&&) noexcept;

  // Whether its body may read what comes at this location. True where the text does not tell.
  bool may_read(u32 location) const;

  // What comes at a location: up to four numbers, those that are missing (0, 0, 0, 1); nothing where it is not
  // known.
  using Attributes = std::function<std::optional<Position>(u32 location)>;
  // Worked out from numbers, attributes and both indices alone; nothing where anything else has a part in it.
  std::optional<Position> position(u32 vertex_index, u32 instance_index, const Attributes& attributes) const;

 private:
  struct Parsed;
  std::unique_ptr<Parsed> parsed_;
};

// The attribute of that format at the bytes' begin; nothing where it is no floating-point format or the bytes end
// before.
std::optional<Position> read_attribute(gpu::VertexFormat format, std::span<const std::byte> bytes);
// 0 for a value that is none.
u32 attribute_bytes(gpu::VertexFormat format);

}  // namespace shoal::review
