// An emitted pipeline as text in each language.
#pragma once

#include <string>
#include <vector>

#include "emit/wording.h"

namespace shoal::emit {

struct EmittedFile {
  std::string name;
  std::string text;
};

// A file a kernel, its head says which steps run it and how.
Result<std::vector<EmittedFile>> write_wgsl(const Emitted& emitted);
// One file; with an example that runs where asked for.
Result<EmittedFile> write_cpp(const Emitted& emitted, bool with_main);
Result<EmittedFile> write_typescript(const Emitted& emitted, bool with_main);

}  // namespace shoal::emit
