"""What lint_tree finds, and what it lets pass."""
import pathlib
import sys
import unittest

sys.path.insert(0, str(pathlib.Path(__file__).parent))
import lint_tree


class Includes(unittest.TestCase):
    def findings(self, path, text):
        return list(lint_tree.include_findings(path, text))

    def test_a_higher_layer_may_include_a_lower_one(self):
        self.assertEqual(self.findings("src/gpu/device.h", '#include "wgsl/layout.h"\n#include <vector>\n'), [])

    def test_its_own_layer_and_foreign_headers_pass(self):
        self.assertEqual(self.findings("src/wgsl/a.cpp", '#include "wgsl/a.h"\n#include "fmt/format.h"\n'), [])

    def test_a_lower_layer_may_not_include_a_higher_one(self):
        (line, message), = self.findings("src/wgsl/lexer.cpp", '\n  #  include "gpu/device.h"\n')
        self.assertEqual(line, 2)
        self.assertIn('layer wgsl includes "gpu/device.h" of layer gpu. It may include base', message)

    def test_formats_makes_no_gpu_calls(self):
        self.assertEqual(len(self.findings("src/formats/parquet/reader.cpp", '#include "gpu/recorder.h"\n')), 1)

    def test_a_header_is_named_from_src_on(self):
        self.assertIn("without its layer", self.findings("src/gpu/a.cpp", '#include "a.h"\n')[0][1])

    def test_a_folder_that_is_no_layer_is_reported(self):
        self.assertIn("'stuff' is no layer", self.findings("src/stuff/a.cpp", "")[0][1])

    def test_files_outside_src_are_nobodys_layer(self):
        self.assertEqual(self.findings("bench/a.cpp", '#include "gpu/device.h"\n'), [])

    def test_each_layer_may_include_what_those_it_includes_are_made_of(self):
        for layer, below in lint_tree.MAY_INCLUDE.items():
            for other in below:
                if other != "table" or layer != "formats":
                    self.assertLessEqual(set(lint_tree.MAY_INCLUDE[other]), set(below), f"{layer} over {other}")


class Names(unittest.TestCase):
    def test_empty_names_are_found_as_words_of_a_name(self):
        for path in ("src/gpu/utils.h", "src/gpu/buffer_manager.cpp", "src/common/x.h", "web/src/helpers/a.ts"):
            self.assertEqual(len(list(lint_tree.name_findings(path))), 1, path)

    def test_names_that_only_contain_the_letters_pass(self):
        for path in ("src/gpu/commands.h", "src/base/futility.h", "src/gpu/management_rules.h"):
            self.assertEqual(list(lint_tree.name_findings(path)), [], path)


class Lengths(unittest.TestCase):
    def test_only_long_handwritten_files_are_warned_about(self):
        self.assertEqual(list(lint_tree.length_warnings("a.cpp", "\n" * 400)), [])
        self.assertEqual(len(list(lint_tree.length_warnings("a.cpp", "\n" * 401))), 1)
        self.assertEqual(list(lint_tree.length_warnings("a.gen.h", "\n" * 401)), [])


if __name__ == "__main__":
    unittest.main()
