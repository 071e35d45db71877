// What filter_wgsl writes compiles, and keeps the rows its CPU twin keeps. Many filters share a module: compiling
// is what takes the time.
#include "query/filter_wgsl.h"

#include <gtest/gtest.h>

#include <array>
#include <cstring>

#include "gpu/native/native_gpu.h"
#include "query/filter_test_random.h"

namespace shoal::query {
namespace {

constexpr u32 kRows = 64;  // one workgroup

std::string replaced(std::string text, std::string_view what, std::string_view with) {
  for (size_t at = text.find(what); at != std::string::npos; at = text.find(what, at + with.size())) {
    text.replace(at, what.size(), with);
  }
  return text;
}

// Filters over one table, and a kernel that writes one word for each filter and row.
struct Batch {
  std::string kernel =
      "@group(0) @binding(0) var<storage, read> rows: array<u32>;\n"
      "@group(0) @binding(1) var<storage, read> words: array<u32>;\n"
      "@group(0) @binding(2) var<storage, read_write> kept: array<u32>;\n";
  std::string body;
  std::vector<u32> rows;
  std::vector<u32> words;
  std::vector<u32> expected;
  std::vector<std::string> texts;

  void add(const TestTable& table, const CompiledFilter& filter, const std::string& text) {
    const size_t index = texts.size();
    texts.push_back(text);
    std::string functions = replaced(filter.wgsl, "keep", fmt::format("keep{}", index));
    functions = replaced(functions, "filter_word(", fmt::format("filter_word{}(", index));
    kernel += fmt::format("fn filter_word{}(index: u32) -> u32 {{ return words[{}u + index]; }}\n{}", index,
                          words.size(), functions);
    const size_t first = rows.size();
    const size_t stride = 1 + 2 * filter.columns.size();
    std::string arguments;
    for (size_t slot = 0; slot < filter.columns.size(); ++slot) {
      const std::string low = fmt::format("rows[{}u + {}u * row]", first + 1 + 2 * slot, stride);
      const std::string high = fmt::format("rows[{}u + {}u * row]", first + 2 + 2 * slot, stride);
      arguments +=
          table.columns[filter.columns[slot]].codes.wide ? fmt::format("vec2u({}, {}), ", low, high) : low + ", ";
    }
    body += fmt::format("  kept[{}u + row] = u32(keep{}({}rows[{}u + {}u * row]));\n", index * kRows, index,
                        arguments, first, stride);
    words.insert(words.end(), filter.words.begin(), filter.words.end());
    for (size_t row = 0; row < kRows; ++row) {
      rows.push_back(table.validity(filter, row));
      for (const u64 code : table.row_codes(filter, row)) {
        rows.push_back(low_word(code));
        rows.push_back(high_word(code));
      }
      expected.push_back(table.keeps(filter, row) ? 1 : 0);
    }
  }

  std::string text() const {
    return kernel +
           "@compute @workgroup_size(64) fn main(@builtin(global_invocation_id) id: vec3u) {\n  let row = id.x;\n" +
           body + "}\n";
  }
};

std::vector<u32> run(gpu::NativeGpu& gpu, const Batch& batch) {
  using enum gpu::BufferUsage;
  const std::string text = batch.text();
  constexpr wgsl::Binding kBindings[] = {{0, 0, wgsl::BindingKind::kStorageRead, "rows", 4},
                                         {0, 1, wgsl::BindingKind::kStorageRead, "words", 4},
                                         {0, 2, wgsl::BindingKind::kStorageReadWrite, "kept", 4}};
  constexpr wgsl::EntryPoint kEntryPoints[] = {{.name = "main", .workgroup_size = {64, 1, 1}}};
  wgsl::KernelTemplate kernel_template;
  kernel_template.name = "filters under test";
  kernel_template.text = text;
  kernel_template.bindings = kBindings;
  kernel_template.entry_points = kEntryPoints;

  gpu::Device& device = gpu.device();
  const auto kernel = device.kernels.get(device.recorder, {.kernel = &kernel_template});
  EXPECT_TRUE(kernel);
  while ((*kernel)->state == gpu::Kernel::State::kCompiling) {
    const auto pumped = gpu.pump(true);
    EXPECT_TRUE(pumped) << pumped.error().message().substr(0, 4000);
    if (!pumped) return {};
  }
  const auto upload = [&](const char* label, std::span<const u32> data) {
    const gpu::View view{
        device.recorder.create_buffer(label, align_up<u64>(data.size() * 4 + 4, 256), kStorage | kCopyDst), 0,
        data.size() * 4};
    device.recorder.write(view, std::as_bytes(data));
    return view;
  };
  const u64 kept_bytes = batch.expected.size() * 4;
  const gpu::View kept{device.recorder.create_buffer("kept", kept_bytes, kStorage | kCopySrc), 0, kept_bytes};
  const gpu::View views[] = {upload("rows", batch.rows), upload("words", batch.words), kept};
  const u32 group = device.bind_groups.get(device.recorder, (*kernel)->bind_group_layouts[0], "filters", views);
  gpu::Frame frame(device, "filters");
  frame.begin_pass("filters", 0);
  const u32 groups[] = {group};
  frame.dispatch({.kernel = *kernel, .groups = groups});
  frame.end_pass();
  const gpu::Ticket ticket = frame.read(kept);
  frame.submit();
  for (;;) {
    const auto pumped = gpu.pump(true);
    EXPECT_TRUE(pumped) << pumped.error().message();
    if (!pumped) return {};
    if (const auto bytes = device.readbacks.take(ticket)) {
      std::vector<u32> words(bytes->size() / 4);
      std::memcpy(words.data(), bytes->data(), bytes->size());
      return words;
    }
  }
}

TEST(FilterWgsl, KeepsWhatItsTwinKeeps) {
  auto gpu = gpu::NativeGpu::open("software", gpu::Tier::kMinimum, {});
  ASSERT_TRUE(gpu) << gpu.error().message();
  constexpr int kTables = 6;
  constexpr size_t kFilters = 40;
  for (u64 seed = 1; seed <= kTables; ++seed) {
    RandomFilters random(seed);
    const TestTable table = random.table(kRows);
    Batch batch;
    for (int i = 0; batch.texts.size() < kFilters; ++i) {
      const std::string text = random.condition(table, i % 3);
      const auto filter = compile_filter(text, table.columns);
      if (filter && !filter->columns.empty()) batch.add(table, *filter, text);
    }
    const std::vector<u32> kept = run(**gpu, batch);
    ASSERT_EQ(kept.size(), batch.expected.size());
    for (size_t i = 0; i < kept.size(); ++i) {
      ASSERT_EQ(kept[i], batch.expected[i])
          << "seed " << seed << ", row " << i % kRows << ": " << batch.texts[i / kRows];
    }
  }
}

TEST(FilterWgsl, TextDependsOnTheShapeOnly) {
  RandomFilters random(5);
  const TestTable table = random.table(kRows);
  const auto text_of = [&](const std::string& condition) {
    const auto filter = compile_filter(condition, table.columns);
    EXPECT_TRUE(filter) << filter.error().message();
    return filter ? filter->wgsl : "";
  };
  const std::pair<const char*, const char*> kSameShape[] = {
      {"i16 > 60", "i16 > 100000"},
      {"i16 > 60", "i16 <= -5"},
      {"i16 BETWEEN 0 AND 10", "i16 BETWEEN 10 AND 0"},
      {"i32 <> 5", "i32 <> 5.5"},
      {"i64 IN (1, 2, 3)", "i64 IN (9, 18446744073709551615, 4.5, 7)"},
      {"text = 'SFO'", "text = 'nowhere'"},
      {"text LIKE 'S%'", "text LIKE 'nowhere'"},
      {"f64 >= 0.5", "f64 >= 1e300"},
      {"f64 BETWEEN 0 AND 1 AND text = 'SFO'", "f64 BETWEEN -5.5 AND 'inf' AND text = ''"},
      {"i8 + i16 > 100", "i8 + i16 > 99999.5"},
      {"i8 + i32 < 5", "i8 + i32 < -2147483648000"},
      {"i8 IN (1,2,3,4,5,6)", "i8 IN (1,2,3,4,5,6,7,8,9)"},
      {"i64 IN (1,2,3,4,5,6)", "i64 IN (1,2,3,4,5,6,7,8,9)"}};
  for (const auto& [a, b] : kSameShape) EXPECT_EQ(text_of(a), text_of(b)) << a << " | " << b;
}

}  // namespace
}  // namespace shoal::query
