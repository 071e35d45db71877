#!/usr/bin/env python3
"""Runs every suite that `./dev test` is made of, and prints how many tests passed as the last line.

Each suite prints its own last line in the same words; a suite that dies without one counts as one failure. What
failed is printed once more at the end, where whoever sees only the end of a long log finds it.
"""
import os
import pathlib
import re
import shutil
import subprocess
import sys
import time
import xml.etree.ElementTree as ElementTree

ROOT = pathlib.Path(__file__).resolve().parents[1]
SUMMARY = re.compile(r"^(\d+) passed, (\d+) failed(?:, (\d+) skipped)?$")
FAILURE_BEGINS = re.compile(r"^(failed |FAIL: |ERROR: )")
FAILURE_ENDS = re.compile(r"^(ok |skipped |# |Ran \d)")
LINES_OF_A_FAILURE = 40


def read_summary(line):
    """(passed, failed, skipped) when the line is a suite's summary, else None."""
    match = SUMMARY.match(line.strip())
    return tuple(int(group or 0) for group in match.groups()) if match else None


def summary(counts):
    passed, failed, skipped = counts
    return f"{passed} passed, {failed} failed" + (f", {skipped} skipped" if skipped else "")


class Failures:
    """Takes a suite's lines one by one and keeps those that tell of a failure, the first lines of each."""

    def __init__(self):
        self.lines = []
        self._left = 0

    def take(self, line):
        if FAILURE_BEGINS.match(line):
            self._left = LINES_OF_A_FAILURE
        elif FAILURE_ENDS.match(line):
            self._left = 0
        if self._left > 0:
            self._left -= 1
            self.lines.append(line)


def run_suite(command, failures, cwd=ROOT):
    """Runs a suite, shows what it prints but its summary, and returns its counts."""
    kept = Failures()
    counts = None
    process = subprocess.Popen(command, cwd=cwd, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                               stderr=subprocess.STDOUT, text=True, errors="replace")
    for line in process.stdout:
        found = read_summary(line)
        counts = found or counts
        if not found:
            print(line, end="", flush=True)
            kept.take(line)
    status = process.wait()
    if counts is None or counts[1] > 0:
        failures += kept.lines
    if counts is None or (status != 0 and counts[1] == 0):
        fault = f"{' '.join(map(str, command))} ended with exit code {status} without counting its failures.\n"
        print(fault, end="")
        failures.append(fault)
        counts = counts or (0, 0, 0)
        return counts[0], counts[1] + 1, counts[2]
    return counts


def count_native(junit, lists, failures):
    """Counts the single tests inside the programs that ctest ran; one that wrote no list into that folder is one test."""
    passed = failed = skipped = 0
    for program in ElementTree.parse(junit).getroot().iter("testcase"):
        status = program.get("status")
        listed = lists / f"{program.get('name')}.xml"
        if status in ("disabled", "notrun"):
            skipped += 1
        elif not listed.exists():
            passed, failed = (passed + 1, failed) if status == "run" else (passed, failed + 1)
            if status != "run":
                failures.append(f"failed  {program.get('name')}\n")
        else:
            before = failed
            for test in ElementTree.parse(listed).getroot().iter("testcase"):
                if test.find("failure") is not None:
                    failed += 1
                    failures.append(f"failed  {test.get('classname')}.{test.get('name')}\n")
                    failures += [f"{failure.get('message')}\n" for failure in test.iter("failure")]
                elif test.get("result") == "completed":
                    passed += 1
                else:
                    skipped += 1
            if status != "run" and failed == before:
                failed += 1
                failures.append(f"failed  {program.get('name')} ended badly after its tests\n")
    return passed, failed, skipped


def run_native(tree, jobs, failures):
    results = ROOT / tree / "test_results"
    shutil.rmtree(results, ignore_errors=True)
    results.mkdir()
    junit = results / "ctest.xml"
    subprocess.run(["ctest", "--test-dir", tree, "--parallel", jobs, "--output-on-failure", "--output-junit", junit,
                    "--no-tests=ignore"], cwd=ROOT, stdin=subprocess.DEVNULL, check=False)
    return count_native(junit, results, failures)


def suites():
    """(name, how it runs with a list for its failures), in the order in which failures are cheapest to read."""
    jobs = os.environ.get("JOBS", "2")
    python = sys.executable
    yield "native", lambda failures: run_native("build/release", jobs, failures)
    yield "scripts", lambda failures: run_suite([python, "scripts/unit_tests.py"], failures)
    yield "cases", lambda failures: run_suite([python, "tests/run_cases.py", "--jobs", jobs], failures)
    yield "queries beside DuckDB", lambda failures: run_suite([python, "tests/duckdb_queries.py"], failures)
    yield "host memory", lambda failures: run_suite([python, "tests/host_memory.py"], failures)
    yield "traces of third-party programs", lambda failures: run_suite([python, "tests/third_party_traces.py"], failures)
    yield "reviews of programs", lambda failures: run_suite([python, "tests/review_programs.py"], failures)
    yield "installed library", lambda failures: run_suite([python, "tests/installed_library.py"], failures)
    yield "web", lambda failures: run_suite(["npm", "test", "--silent"], failures, cwd=ROOT / "web")


def main():
    total = (0, 0, 0)
    failures = []
    for name, run in suites():
        print(f"== {name}", flush=True)
        start = time.monotonic()
        counts = run(failures)
        print(f"== {name}: {summary(counts)} ({time.monotonic() - start:.0f} s)", flush=True)
        total = tuple(map(sum, zip(total, counts)))
    if failures:
        print("\n== what failed, once more\n", *failures, sep="", end="")
    print("\nNext: ./dev check" if total[1] == 0 else "\nNext: read the first failure above")
    print(summary(total))
    return 1 if total[1] else 0


if __name__ == "__main__":
    sys.exit(main())
