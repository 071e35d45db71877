"""What a case file may say, and what the judge lets pass."""
import pathlib
import struct
import sys
import unittest

sys.path.insert(0, str(pathlib.Path(__file__).parent))
import case_format


def one(text):
    (case,) = case_format.parse("a.case", text)
    return case


def png(width, height):
    return case_format.PNG_SIGNATURE + struct.pack(">I4sII", 13, b"IHDR", width, height) + b"...." + b"IEND" + b"\0" * 4


class Parsing(unittest.TestCase):
    def test_a_case_is_claim_command_and_expectations(self):
        case = one('# A claim\n# of two lines.\nshoal query f.parquet --filter "a > 1" --json\n> {"a":\n> 1}\n')
        self.assertEqual(case["claim"], "A claim of two lines.")
        self.assertEqual(case["arguments"], ["query", "f.parquet", "--filter", "a > 1", "--json"])
        self.assertEqual((case["stdout"], case["exit_code"], case["line"]), ('{"a":\n1}', 0, 3))

    def test_a_message_means_failure_unless_the_exit_code_is_given(self):
        self.assertEqual(one("# C.\nshoal info\n! Which file?\n")["exit_code"], 1)
        self.assertEqual(one("# C.\nshoal info\n! Which file?\n? 2\n")["exit_code"], 2)

    def test_assignments_come_before_the_command(self):
        case = one("# C.\nVK_DRIVER_FILES=/none shoal adapters\n")
        self.assertEqual((case["environment"], case["arguments"]), ({"VK_DRIVER_FILES": "/none"}, ["adapters"]))

    def test_outputs_and_the_reason_to_leave_a_case_out(self):
        case = one("# C.\nshoal render -o a.png\n+ a.png 4x3\n~ it writes a file\n")
        self.assertEqual(case["outputs"], [{"name": "a.png", "size": [4, 3]}])
        self.assertEqual(case["not_in_page"], "it writes a file")

    def test_several_commands_may_share_a_claim(self):
        self.assertEqual(len(case_format.parse("a.case", "# C.\nshoal a\n? 2\nshoal b\n")), 2)

    def test_what_is_not_a_case_is_refused_by_line(self):
        for text, line in (("shoal info\n", 1), ("# C.\n> x\n", 2), ("# C.\nls\n", 2), ("# C.\nshoal a\n\n> x\n", 4)):
            with self.assertRaisesRegex(case_format.CaseError, f"^a.case:{line}: "):
                case_format.parse("a.case", text)


class Judging(unittest.TestCase):
    def judge(self, text, exit_code=0, stdout="", stderr="", written=None):
        return case_format.judge(one("# C.\nshoal x\n" + text), exit_code, stdout, stderr, written or {})

    def test_only_the_keys_that_are_named_are_compared(self):
        self.assertEqual(self.judge('> {"a": 1}', stdout='{"a": 1, "b": 2}'), [])
        self.assertEqual(self.judge('> {"a": 2}', stdout='{"a": 1}'), ["$.a is 1, expected 2"])
        self.assertEqual(self.judge('> {"c": 2}', stdout='{"a": 1}'), ["$.c is missing"])

    def test_integers_are_exact_floats_nearly(self):
        self.assertEqual(len(self.judge("> [9007199254740993]", stdout="[9007199254740992]")), 1)
        self.assertEqual(self.judge("> [0.1]", stdout="[0.10000000000000001]"), [])
        self.assertEqual(len(self.judge("> [0.1]", stdout="[0.1000000001]")), 1)

    def test_types_are_compared(self):
        for expected, actual in (("[1]", "[true]"), ("[0]", "[null]"), ('["1"]', "[1]"), ("[1]", "[1, 2]"), ("[1]", "{}")):
            self.assertEqual(len(self.judge("> " + expected, stdout=actual)), 1, (expected, actual))

    def test_stdout_that_is_no_json_is_reported(self):
        self.assertIn("stdout is no JSON", self.judge('> {"a": 1}', stdout="oops")[0])

    def test_text_is_compared_by_line(self):
        self.assertEqual(self.judge("> a\n> b", stdout="a\nb\n"), [])
        self.assertIn("stdout differs", self.judge("> a", stdout="b\n")[0])

    def test_a_message_is_looked_for_on_stderr_and_in_the_error_document(self):
        self.assertEqual(self.judge("! near", 1, stderr="It is near.\n"), [])
        self.assertEqual(self.judge("! near", 1, stdout='{"error": {"code": "x", "message": "It is near."}}'), [])
        self.assertIn("no message says 'near'", self.judge("! near", 1, stderr="far")[0])

    def test_a_crash_is_never_the_expected_failure(self):
        self.assertIn("signal 11", self.judge("! near", -11, stderr="near")[0])

    def test_every_file_that_is_left_must_be_named(self):
        self.assertEqual(self.judge("+ a.png 4x3", written={"a.png": [4, 3]}), [])
        self.assertIn("no PNG of 4x3", self.judge("+ a.png 4x3", written={"a.png": [3, 4]})[0])
        self.assertIn("no PNG of 4x3", self.judge("+ a.png 4x3", written={"a.png": None})[0])
        self.assertIn("did not write 'a.png'", self.judge("+ a.png")[0])
        self.assertIn("left the file 'a.png.part'", self.judge("", written={"a.png.part": None})[0])

    def test_only_a_whole_png_has_a_size(self):
        self.assertEqual(case_format.png_size(png(4, 3)), [4, 3])
        self.assertIsNone(case_format.png_size(png(4, 3)[:-8]))
        self.assertIsNone(case_format.png_size(b"%PDF-1.7"))


if __name__ == "__main__":
    unittest.main()
