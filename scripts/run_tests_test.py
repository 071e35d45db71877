"""How ./dev test counts: no failure may get lost between a program and the last line."""
import pathlib
import sys
import tempfile
import unittest

sys.path.insert(0, str(pathlib.Path(__file__).parent))
import run_tests


class Summaries(unittest.TestCase):
    def test_only_a_line_of_its_own_is_a_summary(self):
        self.assertEqual(run_tests.read_summary("12 passed, 0 failed\n"), (12, 0, 0))
        self.assertEqual(run_tests.read_summary("1 passed, 2 failed, 3 skipped"), (1, 2, 3))
        for line in ("cases: 12 passed, 0 failed", "12 passed", "12 passed, 0 failed (3 s)"):
            self.assertIsNone(run_tests.read_summary(line))

    def test_a_summary_reads_back(self):
        for counts in ((3, 0, 0), (0, 1, 2)):
            self.assertEqual(run_tests.read_summary(run_tests.summary(counts)), counts)


class Suites(unittest.TestCase):
    def setUp(self):
        self.failures = []

    def run_python(self, code):
        return run_tests.run_suite([sys.executable, "-c", code], self.failures)

    def test_counts_are_the_suites_own(self):
        self.assertEqual(self.run_python("print('2 passed, 0 failed')"), (2, 0, 0))
        self.assertEqual(self.run_python("print('2 passed, 1 failed'); raise SystemExit(1)"), (2, 1, 0))

    def test_a_suite_that_dies_is_a_failure(self):
        self.assertEqual(self.run_python("raise SystemExit(0)"), (0, 1, 0))
        self.assertEqual(self.run_python("print('2 passed, 0 failed'); raise SystemExit(3)"), (2, 1, 0))
        self.assertIn("ended with exit code 3", self.failures[-1])

    def test_what_failed_is_kept_for_the_end(self):
        printed = "ok      a\nfailed  b\n  the reason\nok      c\nFAIL: d\nwhy\nRan 2 tests\nrest\n2 passed, 2 failed\n"
        self.assertEqual(self.run_python(f"print({printed!r}); raise SystemExit(1)"), (2, 2, 0))
        self.assertEqual("".join(self.failures), "failed  b\n  the reason\nFAIL: d\nwhy\n")
        self.assertEqual(self.run_python("print('failed  in a test of tests'); print('2 passed, 0 failed')"), (2, 0, 0))
        self.assertEqual(len(self.failures), 4)


class Native(unittest.TestCase):
    def count(self, status, listed=None):
        with tempfile.TemporaryDirectory() as name:
            folder = pathlib.Path(name)
            junit = folder / "ctest.xml"
            junit.write_text(f'<testsuite><testcase name="base" status="{status}"/></testsuite>')
            if listed is not None:
                (folder / "base.xml").write_text(f"<testsuites><testsuite>{listed}</testsuite></testsuites>")
            self.failures = []
            return run_tests.count_native(junit, folder, self.failures)

    def test_the_tests_inside_a_program_are_counted(self):
        listed = ('<testcase name="a" result="completed"/><testcase name="b" result="skipped"/>'
                  '<testcase classname="S" name="c" result="completed"><failure message="1 is 2"/></testcase>')
        self.assertEqual(self.count("fail", listed), (1, 1, 1))
        self.assertEqual(self.failures, ["failed  S.c\n", "1 is 2\n"])

    def test_a_program_without_a_list_is_one_test(self):
        self.assertEqual(self.count("run"), (1, 0, 0))
        self.assertEqual(self.count("fail"), (0, 1, 0))

    def test_a_program_that_crashes_after_its_list_has_failed(self):
        self.assertEqual(self.count("fail", '<testcase name="a" result="completed"/>'), (1, 1, 0))


if __name__ == "__main__":
    unittest.main()
