#include "gpu/native/naga_wgsl.h"

#include <gtest/gtest.h>

namespace shoal::gpu {
namespace {

TEST(NagaWgsl, TakesTheExtensionOutWhereverItStands) {
  EXPECT_EQ(without_enabled_subgroups("enable subgroups;\nfn f() {}"), "                 \nfn f() {}");
  EXPECT_EQ(without_enabled_subgroups("enable f16, subgroups;"), "enable f16           ;");
  EXPECT_EQ(without_enabled_subgroups("enable subgroups, f16;"), "enable            f16;");
  EXPECT_EQ(without_enabled_subgroups("enable f16, subgroups, dual;"), "enable f16,            dual;");
  EXPECT_EQ(without_enabled_subgroups("// a\n/* b /* c */ */ enable f16;\nrequires x;\nenable subgroups;fn f() {}"),
            "// a\n/* b /* c */ */ enable f16;\nrequires x;\n                 fn f() {}");
}

TEST(NagaWgsl, LeavesEverythingElse) {
  for (const char* code : {"", "enable", "enable f16;", "enable ;", "enable subgroups_f16;", "enable subgroups",
                           "const enable = 1; // enable subgroups;", "/* enable subgroups;",
                           "enable \"subgroups\";", "fn f() {}\nenable subgroups;", "enable f16,;", "*/"}) {
    EXPECT_EQ(without_enabled_subgroups(code), code);
  }
}

}  // namespace
}  // namespace shoal::gpu
