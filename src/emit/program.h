// A recorded pipeline as what a program must hold: shaders, kernels, buffers, bind groups and steps, which are
// dispatches one after the other. Counts of the host's are known again here, so that the emitted code takes any.
#pragma once

#include <array>
#include <set>
#include <span>
#include <string>
#include <vector>

#include "emit/pipeline.h"
#include "gpu/parameter_ring.h"

namespace shoal::emit {

struct Shader {
  std::string name;  // of its kernel's file
  std::string code;
};

struct Kernel {
  std::string name;  // the entry point's, unlike all others
  std::string entry_point;
  size_t shader = 0;
  std::vector<std::vector<gpu::LayoutEntry>> groups = {};
  std::vector<std::pair<std::string, double>> constants = {};
  std::vector<std::vector<std::string>> variables = {};  // what bindings are called, like `groups`
  std::vector<std::string> parameters = {};              // what the words of its uniform are called
  // Which variables the entry point reads and writes; what it only adds to counts as written.
  std::set<std::string, std::less<>> read = {}, written = {};
};

enum class Owner : u8 { kCaller, kPipeline, kParameters, kGpuParameters };

struct Buffer {
  std::string name;
  Owner owner = Owner::kCaller;
  u64 size_bytes = 0;
  gpu::BufferUsage usage{};
};

// A part of a buffer that is bound, and what it holds.
struct Part {
  std::string name;  // of the buffer where it is all of it
  size_t buffer = 0;
  u64 offset_bytes = 0, size_bytes = 0;
};

struct Bound {
  u32 binding = 0;
  size_t part = 0;
};

struct Group {
  size_t kernel = 0;
  u32 index = 0;
  std::vector<Bound> bound = {};
};

// Where a step's count, its first parameter and what its grid comes of, is known.
enum class CountBy : u8 { kFixed, kHost, kGpu };

struct Step {
  size_t kernel = 0;
  std::vector<size_t> groups;
  CountBy count_by = CountBy::kFixed;
  size_t count = 0;            // of Pipeline::counts, where the host's
  u32 most = 0;                // the count where fixed, 0 for a kernel without parameters; else what it is cut to
  u32 elements_per_group = 0;  // 0: `workgroups`, whatever the count
  u32 workgroups = 1;
  gpu::ParameterBlock block{};  // as recorded, slots numbered anew
};

struct Program {
  std::vector<Shader> shaders;
  std::vector<Kernel> kernels;
  std::vector<Buffer> buffers;
  std::vector<Part> parts;
  std::vector<Group> groups;
  std::vector<Step> steps;

  bool has_gpu_counts() const;
};

// Whether a kernel with this group 0 is told parameters, from a slot of its dispatch's.
bool has_parameters(std::span<const gpu::LayoutEntry> group0);

// Errors: kUnsupported for a command that emitted code has no words for.
Result<Program> make_program(const Pipeline& pipeline, std::span<const u32> words);

}  // namespace shoal::emit
