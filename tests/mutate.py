#!/usr/bin/env python3
"""Plants mistakes in the engine, one at a time, and shows that the tests find each.

    python3 tests/mutate.py [WORD...]

WORD chooses mutations by name or file. Each is compiled into a program of its own beside the release tree that
`./dev test` builds: only what the mutation changes is compiled, and linked before the rest. The generated questions of
duckdb_queries.py are asked until one is answered wrongly, which the program without the mutation must answer rightly.
A mutation that questions cannot find names the unit tests that must fail.
"""
import argparse
import concurrent.futures
import dataclasses
import json
import os
import pathlib
import random
import re
import shlex
import shutil
import subprocess
import sys
import time

import duckdb_queries
from mutations import MUTATIONS

ROOT = pathlib.Path(__file__).resolve().parents[1]
SOURCE = ROOT / "src"
BUILD = ROOT / "build" / "release"
WORK = ROOT / "build" / "mutate"
PROGRAM = "src/cli/shoal"
MOST_SECONDS = 300  # of a unit test: one that hangs has found something


@dataclasses.dataclass
class Outcome:
    mutation: object
    found_by: str  # empty: it survived
    seconds: float


def call(command, **options):
    done = subprocess.run(command, cwd=BUILD, stdin=subprocess.DEVNULL, capture_output=True, text=True, **options)
    if done.returncode != 0:
        sys.exit(f"{shlex.join(map(str, command))}\nfailed:\n{done.stderr[-3000:]}")
    return done.stdout


class Tree:
    """Commands of the release tree, to repeat them for single files."""

    def __init__(self):
        if not (BUILD / "compile_commands.json").exists():
            sys.exit("There is no release tree with tests. Run ./dev test, then this again.")
        self.compile = {entry["file"]: entry["command"] for entry in json.loads((BUILD / "compile_commands.json").read_text())}
        # Files that are only lists of kernels.
        self.kernel_lists = [pathlib.Path(file) for file in self.compile if pathlib.Path(file).name.startswith("unity_kernels")]

    def object_of(self, file, mutated, folder):
        """Compiles `mutated` as the tree compiles `file`."""
        words = shlex.split(self.compile[str(file)])
        target = folder / (mutated.name + ".o")
        words[words.index("-o") + 1] = str(target)
        words[words.index(str(file))] = str(mutated)
        call(words)
        return target

    def link(self, program, objects, folder):
        """Links `program` with these objects before its libraries, whose members of the same symbols are then left out."""
        command = call(["ninja", "-t", "commands", program]).splitlines()[-1]
        words = shlex.split(command.removeprefix(": && ").split(" && ")[0])
        at = words.index("-o")
        target = folder / pathlib.Path(program).name
        words[at + 1] = str(target)
        call(words[:at] + [str(path) for path in objects] + words[at:])
        return target

    def mutate(self, mutation, folder):
        """The objects that the mutation changes."""
        text = (SOURCE / mutation.file).read_text()
        if text.count(mutation.find) != 1:
            sys.exit(f"'{mutation.name}': {mutation.file} has its text {text.count(mutation.find)} times. Bring "
                     f"tests/mutations.py up to date.")
        text = text.replace(mutation.find, mutation.replace)
        if mutation.file.endswith(".cpp"):
            mutated = folder / pathlib.Path(mutation.file).name
            mutated.write_text(text)
            return [self.object_of(SOURCE / mutation.file, mutated, folder)]
        return self.mutate_kernels(mutation.file, text, folder)

    def mutate_kernels(self, file, text, folder):
        """Every kernel that the WGSL file is part of, as the build noted."""
        overlay, generated = folder / "src", folder / "generated"
        for path in SOURCE.rglob("*.wgsl"):
            target = overlay / path.relative_to(SOURCE)
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_text(text if path == SOURCE / file else path.read_text())
        objects = []
        for kernel_list in self.kernel_lists:
            text = mutated = kernel_list.read_text()
            for built in map(pathlib.Path, re.findall(r'#include "(.*\.kernel\.cpp)"', text)):
                if str(SOURCE / file) not in built.with_suffix(".d").read_text().split():
                    continue
                kernel = built.relative_to(BUILD / "generated")
                (generated / kernel).parent.mkdir(parents=True, exist_ok=True)
                call([BUILD / "src/wgsl/shoal_wgsl", "kernel", overlay, kernel.with_suffix("").with_suffix(".wgsl"), generated,
                      generated / f"{kernel}.d"])
                # A condition may keep it out of what it is imported for.
                if (generated / kernel).read_bytes() != built.read_bytes():
                    mutated = mutated.replace(str(built), str(generated / kernel))
            if mutated != text:
                target = folder / f"kernels_{len(objects)}.cpp"
                target.write_text(mutated)
                objects.append(self.object_of(kernel_list, target, folder))
        if not objects:
            sys.exit(f"No kernel of the program has {file} in it.")
        return objects


def first_wrong(questions, program):
    """The first question that the program answers wrongly, and how."""
    for question in questions:
        if reason := question.disagreement(program):
            return question, reason
    return None


def find(tree, mutation, questions, folder):
    """Which test finds the mutation; an empty text when none does."""
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    objects = tree.mutate(mutation, folder)
    if not mutation.unit:
        wrong = first_wrong(questions, tree.link(PROGRAM, objects, folder))
        if not wrong:
            return ""
        question, _ = wrong
        if reason := question.disagreement(BUILD / PROGRAM):
            sys.exit(f"Without a mutation too the program is wrong about {question}: {reason}")
        return f"question {questions.index(question) + 1}, {question}"
    layer, tests = mutation.unit
    test = f"src/{layer}/shoal_{layer}_test"
    mutated = [tree.link(test, objects, folder), f"--gtest_filter={tests}"]
    try:
        fails = subprocess.run(mutated, cwd=BUILD, stdin=subprocess.DEVNULL, capture_output=True,
                               timeout=MOST_SECONDS).returncode != 0
    except subprocess.TimeoutExpired:
        fails = True
    # `./dev test` has seen them pass.
    if "\n  " not in call([BUILD / test, f"--gtest_filter={tests}", "--gtest_list_tests"]):
        sys.exit(f"'{mutation.name}' names the tests {tests}, and shoal_{layer}_test has none of that name.")
    return f"unit test {tests}" if fails else ""


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("words", nargs="*")
    options = parser.parse_args()
    chosen = [mutation for mutation in MUTATIONS
              if not options.words or any(word in mutation.name + mutation.file for word in options.words)]
    tree = Tree()
    questions = list(duckdb_queries.questions())
    random.Random(1).shuffle(questions)  # of every kind among the first

    def outcome_of(numbered):
        number, mutation = numbered
        start = time.monotonic()
        found_by = find(tree, mutation, questions, WORK / str(number))
        return Outcome(mutation, found_by, time.monotonic() - start)

    outcomes = []
    with concurrent.futures.ThreadPoolExecutor(os.cpu_count()) as pool:
        for outcome in pool.map(outcome_of, enumerate(chosen)):
            outcomes.append(outcome)
            print(f"{'found' if outcome.found_by else 'MISSED':7} {outcome.mutation.name} ({outcome.mutation.file}, "
                  f"{outcome.seconds:.0f} s)\n        "
                  f"{outcome.found_by or 'No question and no unit test noticed. Strengthen one.'}", flush=True)
    shutil.rmtree(WORK, ignore_errors=True)
    missed = sum(not outcome.found_by for outcome in outcomes)
    print(f"{len(outcomes) - missed} passed, {missed} failed")
    return 1 if missed or not outcomes else 0


if __name__ == "__main__":
    sys.exit(main())
