#!/usr/bin/env python3
"""Runs every rule of `shoal review` on every program that is known here, and counts what was found, missed and claimed falsely.

Six sources, each with a table of its own: programs of tests/review with one defect, and their clean twins; pages of
tests/review/pages, as they are and with one defect each; larger programs (tests/review/large) with several defects or
none; programs on other people's libraries (tests/third_party); our own benchmarks; and traces of others' programs with
defects injected (injected_defects.py). Traces are kept in build/review_traces by what they were recorded from.
The last line counts as ./dev test counts.

    review_programs.py [--prove] [NAME...]
"""
import collections
import concurrent.futures
import hashlib
import json
import os
import pathlib
import shutil
import subprocess
import sys
import tempfile

import injected_defects
from trace_file import EVENT_TYPES, EVENTS, NOTE_TYPES, NOTES, Trace, said

ROOT = pathlib.Path(__file__).resolve().parents[1]
SHOAL = ROOT / "build" / "release" / "src" / "cli" / "shoal"
RECORDER = SHOAL.with_name("libshoal_record.so")
PAGE_RECORDER = ROOT / "build" / "web" / "record.js"
TRACES = ROOT / "build" / "review_traces"
OWN, LARGE, OTHERS = ROOT / "tests" / "review", ROOT / "tests" / "review" / "large", ROOT / "tests" / "third_party"
PAGE_FOLDER = OWN / "pages"
# What each program's defect breaks; with ? what it may break as well, by how the answers come. What is read back to be
# uploaded again or to decide is waited for.
DEFECTS = {"antialias": "store-never-read", "crowd": "zero-count-draw", "culling": "readback-decides map-then-wait",
           "decals": "pipeline-in-frame", "dungeon": "off-screen", "fluid": "copy-never-read", "gauges": "needless-depth", "glow": "needless-samples",
           "histogram": "map-then-wait", "labels": "write-then-copy", "layers": "adjacent-passes", "markers": "tiny-draws",
           "materials": "duplicate-pipelines", "mesh": "wide-indices", "models": "never-unmapped",
           "particles": "unchanged-upload", "photos": "left-to-collector", "points": "oversized", "scene": "redundant-state",
           "shadow": "store-never-read", "smoothing": "many-submits", "sprites": "many-small-writes", "stars": "tiny-draws",
           "statue": "unused-attributes", "sunset": "load-then-overwrite", "swarm": "round-trip map-then-wait",
           "terrain": "whole-upload", "tiles": "memory-growing", "trails": "create-destroy-churn", "volume": "never-used",
           "widgets": "objects-made-again"}
# Pages answer as browsers do: the software adapter under a native program carries out one submission after the other, so
# no two of its answers are ever on the way. What each breaks by the word behind its address; without one it is clean.
PAGES = {"city": {"calls": "crossing-per-call"},
         "dashboard": {"alarms": "pipeline-in-frame", "closed": "zero-count-draw", "grid": "unchanged-upload",
                       "groups": "objects-made-again", "history": "whole-upload", "passes": "adjacent-passes",
                       "pipelines": "duplicate-pipelines", "scrolled": "off-screen", "sensors": "many-small-writes",
                       "staging": "write-then-copy", "state": "redundant-state", "submits": "many-submits"},
         "flock": {"birds": "tiny-draws", "count": "readback-decides map-then-wait", "shown": "round-trip map-then-wait",
                   "waits": "map-then-wait"},
         "meter": {"two": "readback-ring-short map-then-wait?"},
         "picture": {"compare": "copy-never-read", "depth": "needless-depth", "export": "never-unmapped",
                     "histogram": "never-used", "loaded": "load-then-overwrite", "radius": "oversized",
                     "samples": "needless-samples", "temporary": "create-destroy-churn", "undo": "memory-growing"},
         "statue": {"depth": "store-never-read", "file": "unused-attributes", "order": "wide-indices",
                    "samples": "store-never-read"}}
# Larger programs: all that is wrong with each.
LARGER = {"controls": "tiny-draws write-then-copy", "deferred": "adjacent-passes load-then-overwrite store-never-read",
          "editor": "many-submits objects-made-again", "equaliser": "map-then-wait round-trip", "film": "", "nbody": "",
          "panes": "oversized", "sparks": "create-destroy-churn map-then-wait", "text": "many-small-writes unchanged-upload",
          "viewer": "redundant-state unused-attributes wide-indices"}
# Programs as people write them, and what is true of them: the helper of wgpu-py compiles its shader at each call, and
# pygfx makes the views of its targets anew for each frame, and stores depth and what can be picked though nobody asks.
PYGFX = "objects-made-again store-never-read"
THIRD_PARTY = {"wgpu_compute": "duplicate-pipelines", "wgpu_triangle": "", "wgpu_cube": "", "pygfx_scene": "objects-made-again",
               "pygfx_image": PYGFX, "pygfx_instances": PYGFX, "pygfx_lines": PYGFX, "pygfx_points": PYGFX,
               "pygfx_shadows": PYGFX, "pygfx_video": PYGFX, "pygfx_volume": PYGFX}


# Our own benchmarks, and what docs/case-studies.md explains in each.
BENCHES = {"reduce-wide": "", "sort-pairs": "duplicate-pipelines never-used", "unique": "never-used"}


def environment():
    packages = [str(ROOT / ".deps" / "review"), str(ROOT / ".deps" / "python")]
    return os.environ | {"PYTHONPATH": os.pathsep.join(packages), "XDG_RUNTIME_DIR": os.environ.get("XDG_RUNTIME_DIR", "/tmp")}


def run(*command):
    return subprocess.run(list(map(str, command)), env=environment(), capture_output=True, text=True, timeout=600, check=False)


def ending(what, process):
    return f"{what} ended with exit code {process.returncode}: {process.stderr.strip()[-400:]}"


def recorded(program, *arguments):
    """(its trace, what went wrong); recorded anew when the program, its neighbour or the recorder changed."""
    content = hashlib.sha256()
    for file in (program, OWN / "headless.py", RECORDER):
        content.update(file.read_bytes())
    trace = TRACES / f"{program.stem}{''.join(arguments)}-{content.hexdigest()[:16]}.trace"
    if trace.exists():
        return trace, ""
    TRACES.mkdir(parents=True, exist_ok=True)
    for old in TRACES.glob(f"{program.stem}{''.join(arguments)}-*"):
        old.unlink(missing_ok=True)
    unfinished = trace.with_suffix(".new")
    process = run(SHOAL, "record", "-o", unfinished, "--", sys.executable, program, *arguments)
    if process.returncode != 0:
        return None, ending("Recording", process)
    unfinished.rename(trace)
    return trace, ""


def recorded_pages(names):
    """(a folder with a trace of each page, what went wrong); a name is page:variant. One browser shows them all."""
    content = hashlib.sha256(" ".join(names).encode())
    for file in (PAGE_RECORDER, PAGE_FOLDER / "gallery.html", *(PAGE_FOLDER / f"{page}.html" for page in PAGES)):
        content.update(file.read_bytes())
    folder = TRACES / f"pages-{content.hexdigest()[:16]}"
    if folder.exists():
        return folder, ""
    TRACES.mkdir(parents=True, exist_ok=True)
    for old in TRACES.glob("pages-*"):
        shutil.rmtree(old)
    unfinished = pathlib.Path(tempfile.mkdtemp(dir=TRACES, prefix="pages-"))
    address = f"{(PAGE_FOLDER / 'gallery.html').as_uri()}?{','.join(names)}"
    # The gallery closes itself when each page has shown enough.
    process = run(SHOAL, "record", address, "-o", unfinished / "recorded", "--frames", 10**6, "--seconds", 300)
    if process.returncode != 0:
        return None, ending("Recording the pages", process)
    for trace in unfinished.iterdir():
        program = next(note["program"] for name, note in said(trace, NOTES, NOTE_TYPES) if name == "process")
        page, variant = program.rsplit("/", 1)[1].split(".html?")
        trace.rename(unfinished / f"{page}:{variant}")
    unfinished.rename(folder)
    return folder, ""


def review_page(recording, name):
    folder, problem = recording.result()
    if problem:
        return [], problem
    trace = folder / name
    if not trace.exists():
        return [], "It was not recorded."
    for event, arguments in said(trace, EVENTS, EVENT_TYPES):
        if event == "error_event":
            return [], f"WebGPU refuses what it says: {arguments['message']}"
    return findings(trace)


def findings(trace, proves=False):
    """(what the review found, what went wrong)."""
    proof = ["--prove", "--adapter", "software"] if proves else []
    process = run(SHOAL, "review", trace, "--json", *proof)
    if process.returncode != 0:
        return [], ending("The review", process)
    return json.loads(process.stdout)["findings"], ""


def review_program(program, *arguments, proves=False):
    trace, problem = recorded(program, *arguments)
    return ([], problem) if problem else findings(trace, proves)


def review_at_once(program):
    """The same by the short way: the program is recorded and reviewed in one go, and prints what it likes meanwhile."""
    with tempfile.TemporaryDirectory() as folder:
        report = pathlib.Path(folder) / "report.json"
        process = run(SHOAL, "review", "--json", "-o", report, "--", sys.executable, program)
        return ([], ending("The review", process)) if process.returncode != 0 else (json.loads(report.read_text())["findings"], "")


def review_bench(name):
    with tempfile.TemporaryDirectory() as folder:
        process = run(SHOAL, "bench", name, "--traces", folder, "--rows", 65536, "--adapter", "software")
        if process.returncode != 0:
            return [], ending("The benchmark", process)
        return findings(pathlib.Path(folder) / f"{name}.trace")


def review_injected(program, rule):
    """What is found of a rule in the program's trace with its defect; None where it has no place for it."""
    trace, problem = recorded(program)
    if problem:
        return [], problem
    changed = Trace(trace)
    if not injected_defects.DEFECTS[rule](changed):
        return None, ""
    with tempfile.TemporaryDirectory() as folder:
        path = pathlib.Path(folder) / "injected.trace"
        changed.write(path)
        found, problem = findings(path)
    return [finding for finding in found if finding["rule"] == rule], problem


class Table:
    """By rule: found, missed, and claimed where nothing is wrong."""

    def __init__(self, title):
        self.title = title
        self.counts = collections.defaultdict(lambda: [0, 0, 0])

    def show(self):
        print(f"\n{self.title:<32} found  missed  false")
        for rule, counts in [*sorted(self.counts.items()), ("together", [sum(column) for column in zip(*self.counts.values())])]:
            if counts:
                print(f"  {rule:<30} {counts[0]:>5}  {counts[1]:>6}  {counts[2]:>5}")


def show_estimates(proven):
    """What was estimated beside what a replay then measured."""
    print(f"\n{'proven':<24} estimated ms  measured ms  factor")
    for name, gain in proven:
        print(f"  {name:<22} {gain['estimated_ms']:>12.2f} {gain['ms']:>12.2f} {gain['estimated_ms'] / gain['ms']:>7.2f}")
    near = sum(0.5 <= gain["estimated_ms"] / gain["ms"] <= 2 for _, gain in proven)
    print(f"  within a factor of 2: {near} of {len(proven)}")


def gain_text(finding):
    gain = finding["gain"]
    return f"{gain['ms']:.2f} ms {gain['kind']}. {gain['note']}"


def main():
    proves = "--prove" in sys.argv[1:]
    wanted = [argument for argument in sys.argv[1:] if not argument.startswith("--")]
    passed = failed = 0
    proven = []
    if proves:  # estimates are made with what calls cost on the adapter that is here
        run(SHOAL, "adapters", "--calibrate")

    def judge(name, found, problem, expected, table):
        nonlocal passed, failed
        rules = collections.Counter(finding["rule"] for finding in found)
        faults = [problem] if problem else []
        for rule in expected.split() if not problem else []:
            if rule.endswith("?"):
                continue
            table.counts[rule][0 if rules[rule] else 1] += 1
            if not rules[rule]:
                faults.append(f"{rule} was not found.")
        for finding in found:
            if finding["rule"] not in expected.replace("?", "").split():
                table.counts[finding["rule"]][2] += 1
                faults.append(f"{finding['rule']}: {finding['what']}")
            elif proves:
                print(f"        {finding['rule']}: {gain_text(finding)}")
                if finding["gain"]["kind"] == "measured":
                    proven.append((name, finding["gain"]))
                if finding["mechanical"] and finding["gain"]["kind"] == "refuted" and "other bytes" in finding["gain"]["note"]:
                    faults.append(f"{finding['rule']}: {finding['gain']['note']}")
        passed, failed = (passed, failed + 1) if faults else (passed + 1, failed)
        print(f"{'failed ' if faults else 'ok     '} {name}", *faults, sep="\n        ", flush=True)

    own, large, others = Table("tests/review"), Table("tests/review/large"), Table("tests/third_party")
    pages = Table("pages")
    injected, benches = Table("injected"), Table("our benchmarks")
    jobs = []  # (name, future, expected, table)
    # A proof measures: nothing runs beside it.
    with concurrent.futures.ThreadPoolExecutor(1 if proves else int(os.environ.get("JOBS", "2"))) as pool:
        def add(name, expected, table, work, *arguments, **options):
            jobs.append((name, pool.submit(work, *arguments, **options), expected, table))

        def is_wanted(name):
            return not wanted or name in wanted

        shown = {} if proves else {f"{page}:{variant}": rules for page, variants in PAGES.items() if is_wanted(page)
                                   for variant, rules in {"": "", **variants}.items()}
        if shown:  # while programs are recorded
            recording = pool.submit(recorded_pages, list(shown))

        for name, rules in filter(lambda item: is_wanted(item[0]), DEFECTS.items()):
            add(name, rules, own, review_program, OWN / f"{name}.py", proves=proves)
            add(f"{name}, clean", "", own, review_program, OWN / f"{name}.py", "clean")
        for name, rules in filter(lambda item: is_wanted(item[0]), LARGER.items()):
            add(name, rules, large, review_program, LARGE / f"{name}.py", proves=proves)
        for name, rules in filter(lambda item: is_wanted(item[0]) and not proves, BENCHES.items()):
            add(f"{name}, a benchmark", rules, benches, review_bench, name)
        for number, (name, rules) in enumerate(filter(lambda item: is_wanted(item[0]), THIRD_PARTY.items())):
            if number == 0:
                add(f"{name}, at once", rules, others, review_at_once, OTHERS / f"{name}.py")
            add(name, rules, others, review_program, OTHERS / f"{name}.py", proves=proves)
        for name, rules in shown.items():
            add(f"{name.rstrip(':')}, a page", rules, pages, review_page, recording, name)
        for job in jobs:
            judge(job[0], *job[1].result(), job[2], job[3])
        if not proves:
            jobs = []
            for name, rules in filter(lambda item: is_wanted(item[0]), THIRD_PARTY.items()):
                for rule in injected_defects.DEFECTS.keys() - set(rules.split()):
                    add(f"{name} with {rule}", rule, injected, review_injected, OTHERS / f"{name}.py", rule)
            for name, future, rule, table in sorted(jobs, key=lambda job: job[0]):
                found, problem = future.result()
                if found is not None:
                    judge(name, found, problem, rule, table)
    for table in (own, pages, large, others, benches, injected):
        table.show()
    if proves:
        show_estimates(proven)
    print(f"{passed} passed, {failed} failed")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
