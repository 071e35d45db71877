"""That mutate.py can plant its mistakes: it runs for minutes, and only in ./dev check."""
import pathlib
import sys
import unittest

TESTS = pathlib.Path(__file__).resolve().parent
sys.path.insert(0, str(TESTS))
from mutations import MUTATIONS


class Mutations(unittest.TestCase):
    def test_what_each_replaces_stands_once(self):
        for mutation in MUTATIONS:
            text = (TESTS.parent / "src" / mutation.file).read_text()
            self.assertEqual(text.count(mutation.find), 1, f"{mutation.name}: {mutation.file}")


if __name__ == "__main__":
    unittest.main()
