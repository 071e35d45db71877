// Whatever a file says, the layer answers with a result or an error: it never crashes or hangs.
#include <gtest/gtest.h>

#include <filesystem>
#include <random>

#include "wgsl/flatten_case.h"
#include "wgsl/layout.h"
#include "wgsl/parser.h"
#include "wgsl/reflection.h"
#include "wgsl/tool/files.h"
#include "wgsl/tool/kernel_writer.h"
#include "wgsl/tool/layout_writer.h"
#include "wgsl/variants.h"

namespace shoal::wgsl {
namespace {

constexpr int kMutations = 5000;

using Package = std::map<std::string, std::string, std::less<>>;

// The packages of the golden cases, and testdata's own files as one more.
std::vector<Package> packages() {
  const std::filesystem::path root = SHOAL_SOURCE_DIR "/src";
  std::map<std::string, Package> by_path;  // folders have no order, but a seed must mean something
  for (const auto& file : std::filesystem::recursive_directory_iterator(root / "wgsl/testdata")) {
    std::string path = file.path().lexically_relative(root).generic_string();
    if (path.ends_with(".wgsl")) by_path["testdata"][path] = read_text_file(file.path()).value();
    if (path.ends_with(".case")) by_path[path] = parse_flatten_case(read_text_file(file.path()).value()).files;
  }
  std::vector<Package> result;
  for (auto& [path, package] : by_path) result.push_back(std::move(package));
  return result;
}

class Mutator {
 public:
  explicit Mutator(u32 seed) : random_(seed) {}

  size_t below(size_t end) { return random_() % end; }

  std::string mutate(std::string text, const std::string& other) {
    static constexpr std::string_view kFragments[] = {"{",           "}",
                                                      "(",           ")",
                                                      "<",           ">",
                                                      "[",           "]",
                                                      ";",           ",",
                                                      ":",           "::",
                                                      "@if(",        "@else ",
                                                      "@elif(x)",    "/*",
                                                      "*/",          "//",
                                                      "import ",     "struct ",
                                                      "0x",          "1e",
                                                      "array<",      "@size(",
                                                      "\xFF",        "\xE2\x80",
                                                      "fn ",         "slots::",
                                                      "!",           "&&",
                                                      "||",          "\n",
                                                      "super::",     "@unroll for (",
                                                      "for (",       "override a = a;",
                                                      "alias A = A;"};
    for (size_t count = 1 + below(4); count > 0; --count) {
      size_t at = below(text.size() + 1);
      size_t length = std::min(below(24), text.size() - at);
      switch (below(6)) {
        case 0: text.erase(at, length); break;
        case 1: text.insert(at, kFragments[below(std::size(kFragments))]); break;
        case 2: text.insert(at, other.substr(below(other.size()), below(80))); break;
        case 3: text.insert(at, text.substr(at, length)); break;
        case 4: text.resize(at); break;
        default:
          if (at < text.size()) text[at] = static_cast<char>(random_());
      }
    }
    return text;
  }

 private:
  std::mt19937 random_;
};

// Everything that can be done with a file; true when all of it succeeds.
bool succeeds(const Package& package, const std::string& path) {
  ReadSource read = [&](std::string_view wanted) -> Result<std::string> {
    auto found = package.find(wanted);
    if (found == package.end()) return fail(ErrorCode::kNotFound, "{} is not there.", wanted);
    return found->second;
  };
  bool fine = flatten_variants(path, read).has_value();
  fine = write_layout_header(path, read).has_value() && fine;
  fine = write_kernel(path, read).has_value() && fine;
  Source source{path, package.at(path)};
  Result<Module> module = parse_module(source, {"subgroups"});
  if (!module) return false;
  fine = reflect(*module).has_value() && fine;
  Layouts layouts(*module);
  for (const Declaration& declaration : module->declarations) {
    if (declaration.kind == DeclarationKind::kStruct) fine = layouts.of_struct(declaration).has_value() && fine;
  }
  return fine;
}

template <class Map>
auto& pick(Map& map, size_t index) {
  return *std::next(map.begin(), static_cast<std::ptrdiff_t>(index));
}

TEST(Mutations, NeverCrashOrHang) {
  std::vector<Package> originals = packages();
  ASSERT_GE(originals.size(), 15u);
  Mutator mutator(20261123);
  int successes = 0;
  for (int i = 0; i < kMutations; ++i) {
    Package package = originals[mutator.below(originals.size())];
    const Package& other = originals[mutator.below(originals.size())];
    auto& [path, text] = pick(package, mutator.below(package.size()));
    text = mutator.mutate(text, pick(other, mutator.below(other.size())).second);
    successes += succeeds(package, package.contains("entry.wgsl") ? "entry.wgsl" : path);
  }
  // Neither all refused nor all let through: the mutants reach every stage.
  EXPECT_GT(successes, kMutations / 50);
  EXPECT_LT(successes, kMutations / 2);
  RecordProperty("successes", successes);
}

}  // namespace
}  // namespace shoal::wgsl
