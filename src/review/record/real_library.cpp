#include "review/record/real_library.h"

#include <dlfcn.h>

#include <cstdio>
#include <cstdlib>

namespace shoal::review {
namespace {

RealLibrary load() {
  void* library = RTLD_NEXT;
  if (dlsym(RTLD_NEXT, "wgpuCreateInstance") == nullptr) {
    const char* path = std::getenv("SHOAL_RECORD_LIBRARY");
    library = path == nullptr ? nullptr : dlopen(path, RTLD_NOW | RTLD_LOCAL);
    if (library == nullptr) {
      std::fprintf(stderr, "shoal record: wgpu-native was not found (%s). Name it with --library.\n",
                   path == nullptr ? "the program links none" : dlerror());
      std::abort();
    }
  }
  RealLibrary found;
  visit_functions([&](const char* name, auto member) {
    using Function = std::remove_reference_t<decltype(found.*member)>;
    found.*member = reinterpret_cast<Function>(dlsym(library, name));
  });
  return found;
}

}  // namespace

const RealLibrary& real() {
  static const RealLibrary library = load();
  return library;
}

}  // namespace shoal::review
