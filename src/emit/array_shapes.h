// How large an argument's array is, of what, and what an example fills it with: what calls.schema says in words.
#pragma once

#include <string_view>

#include "base/int.h"

namespace shoal::emit {

enum class Element : u8 { kOfType, kU32, kF32, kU8, kPoint, kPacked, kBit };
enum class Extent : u8 { kPerCount, kFixed, kOfOption };
// How an example's numbers run.
enum class Fill : u8 { kRandom, kBelow, kSorted, kRuns, kFlags, kRising, kEdges, kBackwards, kShort };

struct Shape {
  std::string_view primitive = {};  // empty: any
  std::string_view field = {};
  Element element = Element::kOfType;
  Extent extent = Extent::kPerCount;
  std::string_view option = {};  // times elements, where kOfOption
  u32 times = 1;
  u32 plus = 0;
  u32 float_times = 0;       // instead of `times` where elements are f32
  u32 wide_times = 0;        // and where they have two words
  std::string_view by = {};  // another option that elements are times
  Fill fill = Fill::kRandom;
  std::string_view fill_option = {};  // kBelow: that option's value
};

// The shape of a primitive's argument; where nothing is said of it, an element for each of the count.
Shape shape_of(std::string_view primitive, std::string_view field);

}  // namespace shoal::emit
