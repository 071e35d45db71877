#!/usr/bin/env python3
"""Runs every rule of `shoal review` on every program of tests/review, with its defect and without.

Prints what each rule found, missed and claimed falsely, the programs of tests/review and those of other people
(tests/third_party) apart. The last line counts as ./dev test counts: a program is one test, its twin another.

    review_programs.py [--prove] [NAME...]
"""
import collections
import json
import os
import pathlib
import subprocess
import sys
import tempfile

ROOT = pathlib.Path(__file__).resolve().parents[1]
SHOAL = ROOT / "build" / "release" / "src" / "cli" / "shoal"
# The rule that each program's defect is for.
DEFECTS = {"crowd": "zero-count-draw", "fluid": "copy-never-read", "histogram": "map-then-wait", "layers": "adjacent-passes",
           "materials": "duplicate-pipelines", "mesh": "wide-indices", "particles": "unchanged-upload", "scene": "redundant-state",
           "shadow": "store-never-read", "smoothing": "many-submits", "sprites": "many-small-writes", "terrain": "whole-upload",
           "tiles": "memory-growing", "trails": "create-destroy-churn", "volume": "never-used", "widgets": "objects-made-again"}
# Programs as people write them, and what is true of them: the helper of wgpu-py compiles its shader at each call, and
# pygfx makes the views of its targets anew for each frame.
THIRD_PARTY = {"wgpu_compute": "duplicate-pipelines", "wgpu_triangle": "", "pygfx_scene": "objects-made-again"}


def environment():
    packages = [str(ROOT / ".deps" / "review"), str(ROOT / ".deps" / "python")]
    return os.environ | {"PYTHONPATH": os.pathsep.join(packages), "XDG_RUNTIME_DIR": os.environ.get("XDG_RUNTIME_DIR", "/tmp")}


def run(*command):
    return subprocess.run(list(map(str, command)), env=environment(), capture_output=True, text=True, timeout=600, check=False)


def findings(trace, program, *arguments, proves=False):
    """(what the review found, what went wrong)."""
    recorded = run(SHOAL, "record", "-o", trace, "--", sys.executable, program, *arguments)
    if recorded.returncode != 0:
        return [], f"Recording ended with exit code {recorded.returncode}: {recorded.stderr.strip()[-400:]}"
    proof = ["--prove", "--adapter", "software"] if proves else []
    reviewed = run(SHOAL, "review", trace, "--json", *proof)
    if reviewed.returncode != 0:
        return [], f"The review ended with exit code {reviewed.returncode}: {reviewed.stderr.strip()[-400:]}"
    return json.loads(reviewed.stdout)["findings"], ""


def findings_at_once(report, program):
    """The same by the short way: the program is recorded and reviewed in one go, and prints what it likes meanwhile."""
    reviewed = run(SHOAL, "review", "--json", "-o", report, "--", sys.executable, program)
    if reviewed.returncode != 0:
        return [], f"The review ended with exit code {reviewed.returncode}: {reviewed.stderr.strip()[-400:]}"
    return json.loads(report.read_text())["findings"], ""


class Table:
    """By rule: found, missed, and claimed where nothing is wrong."""

    def __init__(self):
        self.counts = collections.defaultdict(lambda: [0, 0, 0])

    def show(self, title):
        print(f"\n{title:<24} found  missed  false")
        for rule, (found, missed, false) in sorted(self.counts.items()):
            print(f"  {rule:<22} {found:>5}  {missed:>6}  {false:>5}")


def gain_text(finding):
    gain = finding["gain"]
    return f"{gain['ms']:.2f} ms {gain['kind']}. {gain['note']}"


def main():
    proves = "--prove" in sys.argv[1:]
    wanted = [argument for argument in sys.argv[1:] if not argument.startswith("--")]
    passed = failed = 0
    own, others = Table(), Table()

    def judge(name, found, problem, expected, table):
        nonlocal passed, failed
        rules = collections.Counter(finding["rule"] for finding in found)
        faults = [problem] if problem else []
        if expected and not problem:
            table.counts[expected][0 if rules[expected] else 1] += 1
            if not rules[expected]:
                faults.append(f"{expected} was not found.")
        for finding in found:
            if finding["rule"] != expected:
                table.counts[finding["rule"]][2] += 1
                faults.append(f"{finding['rule']}: {finding['what']}")
            elif proves:
                print(f"        {finding['rule']}: {gain_text(finding)}")
                if finding["mechanical"] and finding["gain"]["kind"] == "refuted" and "other bytes" in finding["gain"]["note"]:
                    faults.append(f"{finding['rule']}: {finding['gain']['note']}")
        passed, failed = (passed, failed + 1) if faults else (passed + 1, failed)
        print(f"{'failed ' if faults else 'ok     '} {name}", *faults, sep="\n        ", flush=True)

    with tempfile.TemporaryDirectory() as folder:
        for name, rule in DEFECTS.items():
            if wanted and name not in wanted:
                continue
            program = ROOT / "tests" / "review" / f"{name}.py"
            for twin in (False, True):
                title = f"{name}, clean" if twin else name
                trace = pathlib.Path(folder) / f"{name}{twin:d}.trace"
                found, problem = findings(trace, program, *["clean"] * twin, proves=proves and not twin)
                judge(title, found, problem, "" if twin else rule, own)
        for name, rule in THIRD_PARTY.items():
            if wanted and name not in wanted:
                continue
            found, problem = findings_at_once(pathlib.Path(folder) / f"{name}.json", ROOT / "tests" / "third_party" / f"{name}.py")
            judge(name, found, problem, rule, others)
    own.show("tests/review")
    others.show("tests/third_party")
    print(f"{passed} passed, {failed} failed")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
