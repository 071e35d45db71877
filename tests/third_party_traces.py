#!/usr/bin/env python3
"""Records programs that nobody here wrote the library of (tests/third_party), and replays them with equal readbacks.

Each must print what it prints without the recorder. The last line counts as ./dev test counts.
"""
import concurrent.futures
import json
import os
import pathlib
import subprocess
import sys
import tempfile

ROOT = pathlib.Path(__file__).resolve().parents[1]
SHOAL = ROOT / "build" / "release" / "src" / "cli" / "shoal"
PROGRAMS = ROOT / "tests" / "third_party"
# The least that each program must have said: a trace that lacks half of it would replay equally too.
LEAST = {"wgpu_compute": {"readbacks": 3, "submissions": 3, "passes": 3},
         "wgpu_triangle": {"readbacks": 4, "submissions": 4, "passes": 4},
         "wgpu_cube": {"readbacks": 6, "submissions": 6, "passes": 6},
         "pygfx_scene": {"readbacks": 3, "submissions": 3, "passes": 6}}
# The others draw six frames, each through passes for the scene, for what the renderer does with it, and for the canvas.
LEAST |= {f"pygfx_{name}": {"readbacks": 6, "submissions": 6, "passes": 18}
          for name in ("image", "instances", "lines", "points", "shadows", "video", "volume")}


def environment():
    packages = [str(ROOT / ".deps" / "review"), str(ROOT / ".deps" / "python")]
    return os.environ | {"PYTHONPATH": os.pathsep.join(packages), "XDG_RUNTIME_DIR": os.environ.get("XDG_RUNTIME_DIR", "/tmp")}


def run(*command):
    return subprocess.run(list(map(str, command)), env=environment(), capture_output=True, text=True, timeout=300, check=False)


def names_lines(trace, program, shoal):
    """Whether call stacks name the lines of the program that submit and read, or, of what leaves that to a library, that draw."""
    source = program.read_text().splitlines()
    records = json.loads(run(shoal, "trace", "print", trace, "--json").stdout)
    frames = [record["arguments"] for record in records if record["record"] == "note" and record["note"] == "stack_frame"]
    said = {source[frame["line"] - 1] for frame in frames if frame["file"] == str(program) and 0 < frame["line"] <= len(source)}
    return any(call in line for line in said for call in ("submit(", ".draw(", "render(", "compute_with_buffers("))


def faults(name, trace, shoal=SHOAL):
    """What is wrong with recording and replaying a program, as sentences."""
    program = PROGRAMS / f"{name}.py"
    plain = run(sys.executable, program)
    if plain.returncode != 0:
        return [f"{program} fails by itself: {plain.stderr.strip()[-400:]}"]
    recorded = run(shoal, "record", "-o", trace, "--", sys.executable, program)
    if recorded.returncode != 0:
        return [f"Recording ended with exit code {recorded.returncode}: {recorded.stderr.strip()[-400:]}"]
    found = []
    if recorded.stdout != plain.stdout:
        found.append(f"It printed {recorded.stdout.strip()!r} when recorded and {plain.stdout.strip()!r} by itself.")
    if "not recorded" in recorded.stderr or "by name only" in recorded.stderr:
        found.append(recorded.stderr.strip())
    replayed = run(shoal, "replay", trace, "--adapter", "software", "--json")
    try:
        report = json.loads(replayed.stdout)
    except ValueError:
        return [*found, f"The replay printed no JSON: {replayed.stdout[:200]} {replayed.stderr.strip()[-400:]}"]
    if report["readbacks"] != report["equal_readbacks"]:
        found.append(f"Of {report['readbacks']} readbacks {report['equal_readbacks']} are equal: {report['differences'][:3]}")
    if report["errors"] != []:
        found.append(f"The replay met errors: {report['errors'][:3]}")
    if not names_lines(trace, program, shoal):
        found.append("No call stack names the line of the program that draws or computes.")
    for what, least in LEAST[name].items():
        count = len(report[what]) if isinstance(report[what], list) else report[what]
        if count < least:
            found.append(f"It has {count} {what}, and the program makes {least}.")
    return found


def main():
    shoal = pathlib.Path(sys.argv[1]) if len(sys.argv) > 1 else SHOAL
    failed = 0
    with tempfile.TemporaryDirectory() as folder, concurrent.futures.ThreadPoolExecutor(int(os.environ.get("JOBS", "2"))) as pool:
        jobs = [(name, pool.submit(faults, name, pathlib.Path(folder) / f"{name}.trace", shoal)) for name in LEAST]
        for name, job in jobs:
            found = job.result()
            failed += bool(found)
            print(f"{'failed ' if found else 'ok     '} {name}", *found, sep="\n        ", flush=True)
    print(f"{len(LEAST) - failed} passed, {failed} failed")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
