#!/usr/bin/env python3
"""Runs every suite that `./dev test` is made of, and prints how many tests passed as the last line.

Each suite prints its own last line in the same words; a suite that dies without one counts as one failure.
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
RESULTS = ROOT / "build" / "test_results"
SUMMARY = re.compile(r"^(\d+) passed, (\d+) failed(?:, (\d+) skipped)?$")


def read_summary(line):
    """(passed, failed, skipped) when the line is a suite's summary, else None."""
    match = SUMMARY.match(line.strip())
    return tuple(int(group or 0) for group in match.groups()) if match else None


def summary(counts):
    passed, failed, skipped = counts
    return f"{passed} passed, {failed} failed" + (f", {skipped} skipped" if skipped else "")


def run_suite(command, cwd=ROOT):
    """Runs a suite, shows what it prints but its summary, and returns its counts."""
    counts = None
    process = subprocess.Popen(command, cwd=cwd, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                               stderr=subprocess.STDOUT, text=True, errors="replace")
    for line in process.stdout:
        found = read_summary(line)
        counts = found or counts
        if not found:
            print(line, end="", flush=True)
    status = process.wait()
    if counts is None or (status != 0 and counts[1] == 0):
        print(f"{' '.join(map(str, command))} ended with exit code {status} without counting its failures.")
        counts = counts or (0, 0, 0)
        return counts[0], counts[1] + 1, counts[2]
    return counts


def count_native(junit, googletest):
    """Counts the single tests inside the programs that ctest ran; a program that wrote no list is one test."""
    passed = failed = skipped = 0
    for program in ElementTree.parse(junit).getroot().iter("testcase"):
        status = program.get("status")
        listed = googletest / f"shoal_{program.get('name')}_test.xml"
        if status in ("disabled", "notrun"):
            skipped += 1
        elif not listed.exists():
            passed, failed = (passed + 1, failed) if status == "run" else (passed, failed + 1)
        else:
            before = failed
            for test in ElementTree.parse(listed).getroot().iter("testcase"):
                if test.find("failure") is not None:
                    failed += 1
                elif test.get("result") == "completed":
                    passed += 1
                else:
                    skipped += 1
            if status != "run" and failed == before:
                failed += 1
    return passed, failed, skipped


def run_native(tree, jobs):
    googletest = RESULTS / "googletest"
    shutil.rmtree(RESULTS, ignore_errors=True)
    googletest.mkdir(parents=True)
    junit = RESULTS / "ctest.xml"
    os.environ["GTEST_OUTPUT"] = f"xml:{googletest}/"
    subprocess.run(["ctest", "--test-dir", tree, "--parallel", jobs, "--output-on-failure", "--output-junit", junit,
                    "--no-tests=ignore"], cwd=ROOT, stdin=subprocess.DEVNULL, check=False)
    del os.environ["GTEST_OUTPUT"]
    return count_native(junit, googletest)


def suites():
    """(name, how it runs), in the order in which failures are cheapest to read."""
    jobs = os.environ.get("JOBS", "2")
    python = sys.executable
    yield "native", lambda: run_native("build/release", jobs)
    yield "scripts", lambda: run_suite([python, "scripts/unit_tests.py"])
    yield "cases", lambda: run_suite([python, "tests/run_cases.py", "--jobs", jobs])
    yield "queries beside DuckDB", lambda: run_suite([python, "tests/duckdb_queries.py"])
    yield "host memory", lambda: run_suite([python, "tests/host_memory.py"])
    yield "traces of third-party programs", lambda: run_suite([python, "tests/third_party_traces.py"])
    yield "reviews of programs", lambda: run_suite([python, "tests/review_programs.py"])
    yield "installed library", lambda: run_suite([python, "tests/installed_library.py"])
    yield "web", lambda: run_suite(["npm", "test", "--silent"], cwd=ROOT / "web")


def main():
    total = (0, 0, 0)
    for name, run in suites():
        print(f"== {name}", flush=True)
        start = time.monotonic()
        counts = run()
        print(f"== {name}: {summary(counts)} ({time.monotonic() - start:.0f} s)", flush=True)
        total = tuple(map(sum, zip(total, counts)))
    print("\nNext: ./dev check" if total[1] == 0 else "\nNext: read the first failure above")
    print(summary(total))
    return 1 if total[1] else 0


if __name__ == "__main__":
    sys.exit(main())
