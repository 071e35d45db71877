// The wgpu-native that the program would have called without the recorder.
#pragma once

#include "review/record/real_library.gen.h"

namespace shoal::review {

// Found at the first call: behind this library in the order of loading, where the program links one; else at
// SHOAL_RECORD_LIBRARY, for programs that open it by a path, which was given this library's instead. Ends the
// process where there is neither, since no call could be answered.
const RealLibrary& real();

}  // namespace shoal::review
