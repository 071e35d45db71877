#!/usr/bin/env python3
"""Runs the tests of the scripts themselves (*_test.py in scripts/ and tests/), counted as ./dev test counts."""
import pathlib
import sys
import unittest

ROOT = pathlib.Path(__file__).resolve().parents[1]


def main():
    suite = unittest.TestSuite()
    for folder in ("scripts", "tests"):
        suite.addTests(unittest.TestLoader().discover(str(ROOT / folder), pattern="*_test.py"))
    result = unittest.TextTestRunner(stream=sys.stdout).run(suite)
    failed = len(result.failures) + len(result.errors)
    skipped = len(result.skipped)
    print(f"{result.testsRun - failed - skipped} passed, {failed} failed" + (f", {skipped} skipped" if skipped else ""))
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
