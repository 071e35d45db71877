#include "wgsl/flatten.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <map>

namespace shoal::wgsl {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::StartsWith;

using Files = std::map<std::string, std::string, std::less<>>;

Result<Flattened> flatten_files(const Files& files, const FeatureNames& enabled = {}) {
  ReadSource read = [&](std::string_view path) -> Result<std::string> {
    auto found = files.find(path);
    if (found == files.end()) return fail(ErrorCode::kNotFound, "{} is not there.", path);
    return found->second;
  };
  return flatten("entry.wgsl", enabled, read);
}

std::string text_of(const Result<Flattened>& result) { return result ? result->text : result.error().message(); }

std::string flatten_text(std::string_view entry, const FeatureNames& enabled = {}) {
  return text_of(flatten_files({{"entry.wgsl", std::string(entry)}}, enabled));
}

TEST(Flatten, KeepsOnlyWhatIsReachedOfImportedFiles) {
  Files files = {
      {"entry.wgsl", "// Purpose.\n\nimport package::a::f;\n\nfn main() { f(); }\n"},
      {"a.wgsl", "// About a.\n\n// f's comment.\nfn f() { g(); }  // behind\nfn unused() {}\nfn g() {}\n"}};
  EXPECT_EQ(text_of(flatten_files(files)),
            "// Purpose.\n\nfn main() { f(); }\n\n// From a.wgsl:\n\n// f's comment.\nfn f() { g(); }  // "
            "behind\nfn g() {}\n");
}

TEST(Flatten, ResolvesSuperFromTheFolderOfTheFile) {
  Files files = {{"entry.wgsl", "import package::x::y::f;\nfn main() { f(); }\n"},
                 {"x/y.wgsl", "import super::z::g;\nimport super::super::top::h;\nfn f() { g(); h(); }\n"},
                 {"x/z.wgsl", "fn g() {}\n"},
                 {"top.wgsl", "fn h() {}\n"}};
  Result<Flattened> result = flatten_files(files);
  ASSERT_TRUE(result) << result.error().message();
  EXPECT_THAT(result->files, ElementsAre("entry.wgsl", "x/y.wgsl", "x/z.wgsl", "top.wgsl"));
}

TEST(Flatten, CyclesEnd) {
  Files files = {{"entry.wgsl", "import package::a::f;\nfn main() { f(); }\nfn helper() {}\n"},
                 {"a.wgsl", "import package::entry::helper;\nfn f() { helper(); }\n"}};
  EXPECT_EQ(text_of(flatten_files(files)),
            "fn main() { f(); }\nfn helper() {}\n\n// From a.wgsl:\n\nfn f() { helper(); }\n");
}

TEST(Flatten, NamesBothPlacesOfACollision) {
  Files files = {{"entry.wgsl", "import package::a::f;\nfn main() { f(); }\nfn g() {}\n"},
                 {"a.wgsl", "fn f() { g(); }\nfn g() {}\n"}};
  std::string message = text_of(flatten_files(files));
  EXPECT_THAT(message,
              StartsWith("a.wgsl:2:4: 'g' is also declared at entry.wgsl:3:4, and entry.wgsl needs both."));
  EXPECT_THAT(message, HasSubstr("\n 2 | fn g() {}\n   |    ^"));
}

TEST(Flatten, ANameThatOnlyFlatteningMakesVisibleIsRefused) {
  Files files = {{"entry.wgsl", "import package::a::f;\nfn main() { f(); g(); }\n"},
                 {"a.wgsl", "fn f() { g(); }\nfn g() {}\n"}};
  EXPECT_THAT(text_of(flatten_files(files)),
              StartsWith("entry.wgsl:2:18: 'g' is declared in a.wgsl but not imported here."));
}

TEST(Flatten, LeavesALineForEachSlot) {
  EXPECT_EQ(flatten_text("import slots::{keep, value};\nfn main() { keep(value()); }\n"),
            "//@slot keep\n//@slot value\nfn main() { keep(value()); }\n");
}

TEST(Flatten, DecidesConditionsOnEveryKindOfNode) {
  constexpr std::string_view kEntry = R"(struct S {
  a: u32,
  @if(x) b: array<u32, 4>,
  c: u32,
}

@compute @if(x) @workgroup_size(64)
fn main(@if(x) p: u32) {
  @if(x)
  let a = 1;
  // otherwise
  @else
  let a = 2;
  if a == 1 {
  } @if(x) else {
    a();
  }
  switch a {
    @if(x) case 1: { b(); }
    default: {}
  }
}
)";
  EXPECT_EQ(flatten_text(kEntry, {"x"}), R"(struct S {
  a: u32,
  b: array<u32, 4>,
  c: u32,
}

@compute @workgroup_size(64)
fn main(p: u32) {
  let a = 1;
  if a == 1 {
  } else {
    a();
  }
  switch a {
    case 1: { b(); }
    default: {}
  }
}
)");
  EXPECT_EQ(flatten_text(kEntry), "struct S {\n  a: u32,\n  c: u32,\n}\n");
}

}  // namespace
}  // namespace shoal::wgsl
