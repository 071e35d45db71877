#!/usr/bin/env python3
"""Replays a folder of traces with two built programs in turns, and writes one table: is head slower than base, and where.

    gpu_batch.py DIR --base PROGRAM [--head PROGRAM] [--rounds N] [--adapter NAME] [--timeout S] [-o OUT]

OUT.md and OUT.json have, for each trace and each label of its passes, the median of either program, the ratio of head to
base, and the interval that holds its median with 95 %: rounds are pairs, so what slows the machine down slows both. A trace
that a program cannot replay, or reads other bytes back from, has a line that says so, and the others go on; the exit code is
1 then.
"""
import argparse
import collections
import json
import math
import pathlib
import statistics
import subprocess
import sys

ROOT = pathlib.Path(__file__).resolve().parents[1]


def interval(values):
    """The order statistics around the median that hold the true one with 95 %, or all where there are too few."""
    ordered = sorted(values)
    n, k, tail = len(ordered), 0, 0.0
    while True:
        tail += math.comb(n, k) / 2**n
        if tail > 0.025 or k + 1 > (n - 1) // 2:
            break
        k += 1
    k = max(k - 1, 0)
    return ordered[k], ordered[-1 - k]


def replay(program, trace, options):
    """({label: milliseconds of all its passes}, what went wrong or "")."""
    command = [program, "replay", trace, "--measure", "--repetitions", 3, "--json", "--timeout", options.timeout]
    if options.adapter:
        command += ["--adapter", options.adapter]
    try:
        done = subprocess.run(list(map(str, command)), stdin=subprocess.DEVNULL, capture_output=True, text=True, errors="replace",
                              timeout=options.timeout + 60, check=False)
        report = json.loads(done.stdout)
    except subprocess.TimeoutExpired:
        return {}, f"{program} did not end within {options.timeout + 60} s."
    except OSError as error:
        return {}, f"{program} cannot be run: {error.strerror}."
    except ValueError:
        return {}, f"{program} gave no report: {(done.stderr.strip() or done.stdout.strip())[-300:]}"
    if "passes" not in report:
        return {}, report.get("error", {}).get("message", "The report has no passes.")
    times = collections.defaultdict(float)
    for one in report["passes"]:
        if one["ms"] is not None:
            times[f"{one['label'] or 'without a label'} ({one['kind']})"] += one["ms"]
    differing = report["readbacks"] - report["equal_readbacks"]
    return times, f"{program} reads {differing} of {report['readbacks']} readbacks otherwise." if differing else ""


def compare(trace, options):
    """A trace's lines, and what went wrong with it."""
    rounds, problems = [], []
    for number in range(options.rounds + 1):
        order = [options.base, options.head] if number % 2 == 0 else [options.head, options.base]
        times = {}
        for program in order:
            times[program], problem = replay(program, trace, options)
            if problem and problem not in problems:
                problems.append(problem)
        if not all(times.values()):
            break
        if number > 0:  # the first compiles
            rounds.append((times[options.base], times[options.head]))
    lines = []
    for label in rounds[0][0] if rounds else []:
        pairs = [(base[label], head[label]) for base, head in rounds if base.get(label) and head.get(label)]
        if not pairs:
            continue
        ratios = [head / base for base, head in pairs]
        low, high = interval(ratios)
        lines.append({"trace": trace.name, "pass": label, "base_ms": statistics.median(base for base, _ in pairs),
                      "head_ms": statistics.median(head for _, head in pairs), "ratio": statistics.median(ratios),
                      "ratio_low": low, "ratio_high": high, "rounds": len(pairs)})
    if not lines and not problems:
        problems.append("No pass was timed.")
    return sorted(lines, key=lambda line: -line["base_ms"]), problems


def verdict(line):
    return "slower" if line["ratio_low"] > 1 else "faster" if line["ratio_high"] < 1 else ""


def markdown(lines, problems):
    out = ["| trace | pass | base ms | head ms | head / base | 95 % | |", "|---|---|--:|--:|--:|--:|---|"]
    for line in lines:
        name = line["pass"].replace("|", "\\|")
        out.append(f"| {line['trace']} | {name} | {line['base_ms']:.3f} | {line['head_ms']:.3f} | {line['ratio']:.3f} "
                   f"| {line['ratio_low']:.3f} to {line['ratio_high']:.3f} | {verdict(line)} |")
    out += [""] if problems else []
    out += [f"- {trace}: {problem}" for trace, found in problems.items() for problem in found]
    return "\n".join(out) + "\n"


def main(arguments):
    parser = argparse.ArgumentParser(prog="./dev gpu-batch", description="Replays a folder of traces, head against base.")
    parser.add_argument("folder", type=pathlib.Path)
    parser.add_argument("--base", type=pathlib.Path, required=True, help="a built program to compare with")
    parser.add_argument("--head", type=pathlib.Path, default=ROOT / "build" / "shoal")
    parser.add_argument("--rounds", type=int, default=7)
    parser.add_argument("--adapter", default="")
    parser.add_argument("--timeout", type=int, default=600, help="seconds for one replay")
    parser.add_argument("-o", "--out", type=pathlib.Path, default=ROOT / "build" / "gpu-batch")
    options = parser.parse_args(arguments)
    traces = sorted(options.folder.glob("*.trace"))
    if not traces:
        print(f"There is no *.trace in {options.folder}. ./dev bench leaves some in build/traces.", file=sys.stderr)
        return 2
    lines, problems = [], {}
    for trace in traces:
        found, wrong = compare(trace, options)
        lines += found
        if wrong:
            problems[trace.name] = wrong
        print(f"{'failed ' if wrong else 'ok     '} {trace.name}", *wrong, sep="\n        ", flush=True)
        # What is done is on disk, should the rest not be.
        document = {"base": str(options.base), "head": str(options.head), "lines": lines, "problems": problems}
        pathlib.Path(f"{options.out}.json").write_text(json.dumps(document, indent=1) + "\n")
        pathlib.Path(f"{options.out}.md").write_text(markdown(lines, problems))
    print(markdown(lines, problems), end="")
    print(f"The table is in {options.out}.md and {options.out}.json.")
    return 1 if problems else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
