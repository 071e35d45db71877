"""A folder of traces is replayed to its end, whatever one of them does, and the table says what was measured."""
import json
import pathlib
import sys
import tempfile
import unittest

sys.path.insert(0, str(pathlib.Path(__file__).parent))
import gpu_batch

# Answers as `shoal replay --json` does: milliseconds by its own name, and by what the trace holds.
PROGRAM = """#!{python}
import json, pathlib, sys
trace = pathlib.Path(sys.argv[2]).read_text()
if trace == "dies":
    sys.exit("The driver died.")
ms = {ms}
print(json.dumps({{"readbacks": 2, "equal_readbacks": 1 if trace == "differs" else 2,
                   "passes": [{{"label": "sort", "kind": "compute", "ms": ms}}, {{"label": "sort", "kind": "compute", "ms": ms}},
                              {{"label": "late", "kind": "render", "ms": None}}]}}))
"""


class GpuBatch(unittest.TestCase):
    def run_batch(self, traces):
        with tempfile.TemporaryDirectory() as folder:
            folder = pathlib.Path(folder)
            for name, text in traces.items():
                (folder / name).write_text(text)
            for name, ms in {"base": 2, "head": 3}.items():
                (folder / name).write_text(PROGRAM.format(ms=ms, python=sys.executable))
                (folder / name).chmod(0o755)
            code = gpu_batch.main([str(folder), "--base", str(folder / "base"), "--head", str(folder / "head"), "--rounds", "3",
                                   "-o", str(folder / "out")])
            return code, json.loads((folder / "out.json").read_text()), (folder / "out.md").read_text()

    def test_says_which_pass_is_slower(self):
        code, document, table = self.run_batch({"a.trace": "", "b.trace": ""})
        self.assertEqual(code, 0)
        self.assertEqual([(line["trace"], line["pass"], line["base_ms"], line["head_ms"]) for line in document["lines"]],
                         [("a.trace", "sort (compute)", 4, 6), ("b.trace", "sort (compute)", 4, 6)])
        self.assertIn("| a.trace | sort (compute) | 4.000 | 6.000 | 1.500 | 1.500 to 1.500 | slower |", table)

    def test_goes_on_behind_a_trace_that_fails(self):
        code, document, table = self.run_batch({"a.trace": "dies", "b.trace": "differs", "c.trace": ""})
        self.assertEqual(code, 1)
        self.assertEqual(sorted(document["problems"]), ["a.trace", "b.trace"])
        self.assertIn("The driver died.", table)
        self.assertIn("reads 1 of 2 readbacks otherwise", table)
        self.assertIn("c.trace", [line["trace"] for line in document["lines"]])

    def test_interval_holds_the_median_with_95_percent(self):
        self.assertEqual(gpu_batch.interval([3, 1, 2]), (1, 3))
        self.assertEqual(gpu_batch.interval(range(1, 8)), (1, 7))
        self.assertEqual(gpu_batch.interval(range(1, 10)), (2, 8))


if __name__ == "__main__":
    unittest.main()
