#include "wgsl/compact.h"

#include <gtest/gtest.h>

#include <filesystem>

#include "wgsl/kernel_template.h"
#include "wgsl/parser.h"
#include "wgsl/tool/files.h"
#include "wgsl/variants.h"

namespace shoal::wgsl {
namespace {

std::string compacted(std::string_view text) {
  const Source source{"k.wgsl", std::string(text)};
  const Result<Module> module = parse_module(source, {});
  EXPECT_TRUE(module) << module.error().message();
  return module ? compact_text(*module) : "";
}

std::vector<std::string> tokens_of(const std::string& text) {
  const Source source{"k.wgsl", text};
  const Result<Module> module = parse_module(source, {});
  EXPECT_TRUE(module) << module.error().message() << text;
  std::vector<std::string> tokens;
  if (!module) return tokens;
  for (u32 token = 0; token < module->tokens.size(); ++token) tokens.emplace_back(module->text(token));
  return tokens;
}

TEST(Compact, LeavesTokensSlotsAndTheShapeOfDeclarations) {
  EXPECT_EQ(
      compacted("// Purpose.\n\n//@slot keep  // what passes\n/* a\n /* b */ */\n\nfn f(/* row */ x: u32) -> u32 { "
                " // f\n"
                "    if x == 1u {\n\n      return 2u;\n    }\n  return/**/x;\n}\n"),
      "//@slot keep  // what passes\nfn f(  x: u32) -> u32 {\n if x == 1u {\n return 2u;\n }\n return x;\n}\n");
}

TEST(Compact, SpellsEveryKernelAsItWasWritten) {
  const std::filesystem::path root = std::filesystem::path(SHOAL_SOURCE_DIR) / "src";
  size_t variants_seen = 0, as_written_bytes = 0, compact_bytes = 0;
  for (const auto& file : std::filesystem::recursive_directory_iterator(root)) {
    const std::string path = file.path().lexically_relative(root).generic_string();
    if (file.path().extension() != ".wgsl" || path.find("testdata") != std::string::npos) continue;
    const Result<KernelVariants> variants = flatten_variants(path, read_below(root));
    ASSERT_TRUE(variants) << path << ": " << variants.error().message();
    for (const Flattened& variant : variants->variants) {
      const std::string compact = compacted(variant.text);
      EXPECT_EQ(tokens_of(compact), tokens_of(variant.text)) << path;
      EXPECT_EQ(compacted(compact), compact) << path;
      ++variants_seen;
      as_written_bytes += variant.text.size();
      compact_bytes += compact.size();
    }
  }
  EXPECT_GT(variants_seen, 20u);
  EXPECT_LT(compact_bytes * 4, as_written_bytes * 3);
}

}  // namespace
}  // namespace shoal::wgsl
