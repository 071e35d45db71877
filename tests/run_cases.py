#!/usr/bin/env python3
"""Runs the end-to-end cases of tests/cases/*.case against build/shoal. The format: tests/README.md.

    python3 tests/run_cases.py [WORD...]     the cases whose file or claim holds one of the words; all without one
    python3 tests/run_cases.py --list-json   the cases as JSON, for the runner in the browser
    python3 tests/run_cases.py --judge       judges for that runner: a line of JSON in ({"case": as it is in the list,
                                             "exit_code", "stdout", "stderr", "written": {NAME: [WIDTH, HEIGHT]}}), a
                                             line out with the reasons why the case does not hold
"""
import argparse
import concurrent.futures
import json
import os
import pathlib
import subprocess
import sys
import tempfile
import time

import case_format
from make_data import make_data

ROOT = pathlib.Path(__file__).resolve().parents[1]
CASES = ROOT / "tests" / "cases"
DATA = ROOT / "build" / "testdata" / "cases"
FLIGHTS = ROOT / ".deps" / "data" / "flights-3m.parquet"
TIMEOUT_S = 180


def lay_out(folder):
    """Links every input into the folder that a case runs in."""
    for path in DATA.iterdir():
        (folder / path.name).symlink_to(path)
    (folder / "flights.parquet").symlink_to(FLIGHTS)
    (folder / "folder.parquet").mkdir()
    return {path.name for path in folder.iterdir()}


def run(case, program):
    """The reasons why the case does not hold; none when it does."""
    with tempfile.TemporaryDirectory() as name:
        folder = pathlib.Path(name)
        inputs = lay_out(folder)
        environment = {**os.environ, **case["environment"]}
        environment.setdefault("XDG_RUNTIME_DIR", name)
        try:
            done = subprocess.run([program, *case["arguments"]], cwd=folder, env=environment, stdin=subprocess.DEVNULL,
                                  capture_output=True, timeout=TIMEOUT_S)
        except subprocess.TimeoutExpired:
            return [f"it had not ended after {TIMEOUT_S} s"]
        written = {path.name: case_format.png_size(path.read_bytes())
                   for path in folder.iterdir() if path.name not in inputs}
    return case_format.judge(case, done.returncode, done.stdout.decode(errors="replace"),
                             done.stderr.decode(errors="replace"), written)


def judge_lines():
    for line in sys.stdin:
        done = json.loads(line)
        reasons = case_format.judge(done["case"], done["exit_code"], done["stdout"], done["stderr"], done["written"])
        print(json.dumps(reasons), flush=True)


def report(case, reasons, seconds):
    where = f"{case['file']}:{case['line']}"
    print(f"{'failed' if reasons else 'ok':7} {case['claim']} ({where}, {seconds:.1f} s)", flush=True)
    for reason in reasons:
        print(f"        {case['command']}\n        {reason}", flush=True)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("words", nargs="*")
    parser.add_argument("--list-json", action="store_true")
    parser.add_argument("--judge", action="store_true")
    parser.add_argument("--program", default=str(ROOT / "build" / "shoal"))
    parser.add_argument("--jobs", type=int, default=os.cpu_count())
    options = parser.parse_args()
    if options.judge:
        judge_lines()
        return 0
    cases = [case for path in sorted(CASES.glob("*.case"))
             for case in case_format.parse(path.name, path.read_text(encoding="utf-8"))]
    if options.words:
        cases = [case for case in cases if any(word in case["file"] + case["claim"] for word in options.words)]
    if options.list_json:
        json.dump(cases, sys.stdout, indent=1)
        return 0

    make_data(DATA)

    def timed(case):
        start = time.monotonic()
        return run(case, options.program), time.monotonic() - start

    failed = 0
    with concurrent.futures.ThreadPoolExecutor(options.jobs) as pool:
        for case, (reasons, seconds) in zip(cases, pool.map(timed, cases)):
            report(case, reasons, seconds)
            failed += bool(reasons)
    print(f"{len(cases) - failed} passed, {failed} failed")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
