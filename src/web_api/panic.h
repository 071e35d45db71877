// The end of the core: our own mistake, or no memory left.
#pragma once

#include <cstring>

namespace shoal::web_api {

// The module's only import. The page throws, and calls nothing of this instance again.
extern "C" [[clang::import_module("env"), clang::import_name("shoal_panic"), noreturn]] void shoal_panic(
    const char* message, unsigned size);

[[noreturn]] inline void panic(const char* message) {
  shoal_panic(message, static_cast<unsigned>(strlen(message)));
}

}  // namespace shoal::web_api
