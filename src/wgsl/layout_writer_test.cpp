#include "wgsl/tool/layout_writer.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <map>

#include "wgsl/tool/files.h"

namespace shoal::wgsl {
namespace {

using ::testing::HasSubstr;
using ::testing::StartsWith;

std::string header_of(std::map<std::string, std::string, std::less<>> files) {
  ReadSource read = [&](std::string_view path) -> Result<std::string> {
    auto found = files.find(path);
    if (found == files.end()) return fail(ErrorCode::kNotFound, "{} is not there.", path);
    return found->second;
  };
  Result<std::string> header = write_layout_header("table/a.wgsl", read);
  return header ? *header : header.error().message();
}

TEST(LayoutWriter, CommittedMirrorsAreWhatItWrites) {
  for (std::string_view name : {"mirror", "sum", "wide"}) {
    std::string stem = fmt::format("wgsl/testdata/{}", name);
    auto header = write_layout_header(stem + ".wgsl", read_below(SHOAL_SOURCE_DIR "/src"));
    EXPECT_EQ(header.value(), read_text_file(SHOAL_SOURCE_DIR "/src/" + stem + "_layout.gen.h").value());
  }
}

TEST(LayoutWriter, NothingMarkedGivesNothing) {
  EXPECT_EQ(header_of({{"table/a.wgsl", "struct A { x: u32 }"}}), "");
  EXPECT_EQ(header_of({{"table/a.wgsl", "// host-shareable\n\nstruct A { x: u32 }"}}), "");
  EXPECT_EQ(header_of({{"table/a.wgsl", "const x = 1; // host-shareable\nstruct A { x: u32 }"}}), "");
}

TEST(LayoutWriter, IncludesAndQualifiesStructsOfOtherLayers) {
  std::string header =
      header_of({{"table/a.wgsl", "import package::primitives::b::B;\n// host-shareable\nstruct A { b: B }"},
                 {"primitives/b.wgsl",
                  "// Words.\n// host-shareable\n// More words.\n@if(x) const y = 1;\nstruct B { x: u32 }"}});
  EXPECT_THAT(header, HasSubstr("#include \"primitives/b_layout.gen.h\"\n"));
  EXPECT_THAT(header, HasSubstr("namespace shoal::table {\n\nstruct A {\n  primitives::B b = {};\n};\n"));
}

TEST(LayoutWriter, RefusesWhatHasNoMirror) {
  EXPECT_THAT(header_of({{"table/a.wgsl", "// host-shareable\nstruct A { n: u32, rows: array<u32> }"}}),
              StartsWith("table/a.wgsl:2:20: An array sized at run time has no C++ mirror."));
  EXPECT_THAT(
      header_of({{"table/a.wgsl", "// host-shareable\nstruct A { @if(x) n: u32, rows: u32 }"}}),
      StartsWith("table/a.wgsl:2:12: Struct 'A' is mirrored in C++, so its members cannot be conditional."));
  EXPECT_THAT(
      header_of({{"table/a.wgsl", "// host-shareable\nstruct A { b: B }\nstruct B { x: u32 }"}}),
      StartsWith("table/a.wgsl:2:12: Its struct 'B' has no C++ mirror. Write '// host-shareable' above it in"));
  EXPECT_THAT(
      header_of({{"table/a.wgsl",
                  "// host-shareable\nstruct A { b: B }\n// host-shareable\nstruct B { @align(8) x: u32 }"}}),
      StartsWith("table/a.wgsl:2:12: Compilers disagree on where struct 'B' lies inside another"));
  EXPECT_THAT(header_of({{"table/a.wgsl", "// host-shareable\nstruct A { b: bool }"}}),
              HasSubstr("'bool' is not a type that host and GPU can share"));
}

}  // namespace
}  // namespace shoal::wgsl
