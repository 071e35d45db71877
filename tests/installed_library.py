#!/usr/bin/env python3
"""Installs the library into build/install, builds examples/ against it as a program outside the tree does, and runs them.

Counted as ./dev test counts. Counts of elements are small, but for `sort`, whose claim is ten million keys.
"""
import pathlib
import re
import shutil
import subprocess
import sys
import time

ROOT = pathlib.Path(__file__).resolve().parents[1]
TREE = ROOT / "build" / "release"
PREFIX = ROOT / "build" / "install"
EXAMPLES = ROOT / "build" / "examples"
INCLUDE = re.compile(r'#include ["<](shoal/[^">]+|[a-z_]+/[^">]+\.h)[">]')
# The program, what it is given, what it must print.
RUNS = [
    ("sort", [], "sorted 10000000 keys"),
    ("sort_and_unique", ["100003"], "word 1552 occurs 127 times"),
    ("custom_monoid", ["100003"], "maxima of four bytes over 100003 words"),
    ("adopt_your_device", ["100003"], "right: kept 33335 of 100003 squares"),
    ("ten_million_points", ["100003", "3"], "right: "),
]
MOST_LINES = 30


def call(*command):
    """What the command prints; an AssertionError with it when it fails."""
    done = subprocess.run([str(part) for part in command], cwd=ROOT, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                          stderr=subprocess.STDOUT, text=True, timeout=600, check=False)
    assert done.returncode == 0, f"{' '.join(map(str, command))} ended with {done.returncode}:\n{done.stdout}"
    return done.stdout


def install():
    shutil.rmtree(PREFIX, ignore_errors=True)
    call("cmake", "--install", TREE, "--prefix", PREFIX)


def nothing_points_into_the_tree():
    """The package describes what is installed: no path of this tree, no option of its build."""
    described = sorted((PREFIX / "lib" / "cmake").rglob("*.cmake"))
    assert len(described) > 3, described
    for file in described:
        text = file.read_text(encoding="utf-8")
        for foreign in (str(ROOT), "PRECOMPILE", "shoal_flags"):
            assert foreign not in text, f"{file} says {foreign}"


def headers_are_complete():
    """What a header includes of ours is installed, and one program can include all of them."""
    root = PREFIX / "include"
    headers = sorted((root / "shoal").rglob("*.h"))
    ours = [header for header in headers if "wgpu_native" not in header.parts]
    assert len(ours) > 30, ours
    for header in ours:
        for included in INCLUDE.findall(header.read_text(encoding="utf-8")):
            if not included.startswith("fmt/"):
                assert (root / included).is_file(), f"{header} includes {included}, which is not installed"
    EXAMPLES.mkdir(parents=True, exist_ok=True)
    everything = EXAMPLES / "every_header.cpp"
    # In reverse, so that headers come before those that they might lean on.
    everything.write_text("".join(f"#include <{header.relative_to(root)}>\n" for header in reversed(ours)), encoding="utf-8")
    call("c++", "-std=c++23", "-fsyntax-only", "-Wall", "-Wextra", "-Werror", f"-I{root}", f"-I{root}/shoal/wgpu_native", everything)


def build_examples():
    (EXAMPLES / "CMakeCache.txt").unlink(missing_ok=True)
    call("cmake", "-S", ROOT / "examples", "-B", EXAMPLES, "-G", "Ninja", "-DCMAKE_BUILD_TYPE=Release",
         f"-DCMAKE_PREFIX_PATH={PREFIX}")
    call("cmake", "--build", EXAMPLES)


def run_example(name, arguments, expected):
    printed = call(EXAMPLES / name, *arguments)
    assert expected in printed, f"{name} printed\n{printed}"


def is_short():
    for program in ("sort/sort.cpp", "sort/sort.js"):
        lines = (ROOT / "examples" / program).read_text(encoding="utf-8").count("\n")
        assert lines < MOST_LINES, f"{program} has {lines} lines"


def main():
    passed = failed = 0
    tests = [("the library installs", install), ("nothing of it points into the tree", nothing_points_into_the_tree),
             ("its headers are complete", headers_are_complete),
             ("programs outside build against it", build_examples), ("a sort is under 30 lines", is_short)]
    tests += [(f"the example {name} runs", lambda run=(name, arguments, expected): run_example(*run))
              for name, arguments, expected in RUNS]
    for name, test in tests:
        begin = time.monotonic()
        try:
            test()
            passed += 1
            print(f"ok      {name} ({time.monotonic() - begin:.1f} s)", flush=True)
        except (AssertionError, OSError, subprocess.TimeoutExpired) as error:
            failed += 1
            print(f"failed  {name}\n{error}", flush=True)
    print(f"{passed} passed, {failed} failed")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
