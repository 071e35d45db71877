#!/usr/bin/env python3
"""Speed, beside the peers': what ./dev bench runs. --check fails when a ratio misses its target in targets.json.

Whole processes, cold, one of each in turn so that a busy machine slows all of them; medians. Counts are compared
before any time is believed.
"""
import argparse
import json
import os
import pathlib
import statistics
import subprocess
import sys
import tempfile
import time

HERE = pathlib.Path(__file__).resolve().parent
ROOT = HERE.parent
FLIGHTS = ROOT / ".deps" / "data" / "flights-3m.parquet"
QUESTION = [str(FLIGHTS), "-x", "distance", "-y", "delay", "--x-range=21:4962", "--y-range=-1116:1688"]


class Contender:
    """A whole process that draws the picture, and the times it took."""

    def __init__(self, name, command, environment=None):
        self.name = name
        self.command = command
        self.environment = {**os.environ, **(environment or {})}
        self.times_ms = []

    def run(self, *more):
        start = time.perf_counter()
        done = subprocess.run([*self.command, *QUESTION, *more], env=self.environment, stdin=subprocess.DEVNULL,
                              capture_output=True, text=True)
        self.times_ms.append((time.perf_counter() - start) * 1000)
        if done.returncode != 0:
            sys.exit(f"{self.name} failed: {done.stderr.strip()[-2000:]}")
        return done.stdout

    @property
    def median_ms(self):
        return statistics.median(self.times_ms)


def render_contenders():
    python = {"PYTHONPATH": str(ROOT / ".deps" / "bench")}
    peers = HERE / "peers"
    shoal = [str(ROOT / "build" / "shoal"), "render", "--json"]
    return (Contender("shoal", shoal),
            Contender("shoal, empty driver cache", shoal, {"MESA_SHADER_CACHE_DISABLE": "true"}),
            Contender("datashader", [sys.executable, str(peers / "datashader_render.py")], python),
            Contender("DuckDB", [sys.executable, str(peers / "duckdb_render.py")], python))


def check_counts(folder, contenders, bins):
    """Every contender's counts must be equal; these runs also warm the driver's and the machine's caches."""
    dumps = []
    for contender in contenders:
        dump = folder / "counts"
        contender.run("-o", str(folder / "picture.png"), "--dump-counts", str(dump),
                      *([] if contender.name.startswith("shoal") else ["--bins", bins]))
        dumps.append(dump.read_bytes())
        contender.times_ms.clear()
    for contender, dump in zip(contenders, dumps):
        if dump != dumps[0]:
            sys.exit(f"{contender.name} counts otherwise than {contenders[0].name}: no time of it means anything.")


def compare_zooms(shoal, datashader, picture, bins, rounds):
    """Medians of ms from the wish to the pixels, everything loaded, of ten pictures each further in than the one before."""
    ours, theirs = [], []
    for _ in range(rounds):
        ours += json.loads(shoal.run("-o", picture, "--zooms", "10"))["zooms_ms"]
        theirs += json.loads(datashader.run("-o", picture, "--bins", bins, "--warm"))["warm_ms"]
        shoal.times_ms.pop()
        datashader.times_ms.pop()
    return statistics.median(ours), statistics.median(theirs)


def compare_renders(rounds):
    """Ratios of the render, cold and warm, and the lines that say where they come from."""
    with tempfile.TemporaryDirectory() as name:
        folder = pathlib.Path(name)
        contenders = render_contenders()
        shoal, _, datashader, duckdb = contenders
        picture = str(folder / "picture.png")
        report = json.loads(shoal.run("-o", picture))
        bins = "{}x{}".format(*report["bins"])
        check_counts(folder, contenders, bins)
        for _ in range(rounds):
            for contender in contenders:
                out = contender.run("-o", picture, *([] if contender.name.startswith("shoal") else ["--bins", bins]))
                if contender is shoal:
                    report = json.loads(out)
        zooms = compare_zooms(shoal, datashader, picture, bins, rounds)
    print(f"{report['rows_drawn']:,} rows into {bins} bins, the same counts by all; medians of {rounds}, whole processes")
    for contender in contenders:
        print(f"  {contender.name:26} {contender.median_ms:10.1f} ms")
    print("where the last run of shoal spent its time")
    for stage in report["stages"]:
        print(f"  {stage['name']:26} {stage['ms']:10.1f} ms")
    print(f"a zoom, warm: shoal {zooms[0]:.1f} ms, datashader {zooms[1]:.1f} ms")
    return {"render, cold, to datashader": shoal.median_ms / datashader.median_ms,
            "render, cold, to DuckDB": shoal.median_ms / duckdb.median_ms,
            "zoom, warm, to datashader": zooms[0] / zooms[1]}


def kernel_shares():
    """What `shoal bench` says of each kernel's share of its roof."""
    out = subprocess.run([ROOT / "build" / "shoal", "bench", "--json"], stdin=subprocess.DEVNULL, check=True,
                         capture_output=True, text=True).stdout
    return {f"{result['name']}, share of the {result['roof']} roof": result["share"] for result in json.loads(out)}


def leave_traces():
    """Of each kernel, small enough to be kept and sent: ./dev gpu-batch replays them."""
    subprocess.run([ROOT / "build" / "shoal", "bench", "--rows", str(2**20), "--traces", ROOT / "build" / "traces"],
                   stdin=subprocess.DEVNULL, check=True)


def missed(target, ratio):
    return ratio > target.get("at_most", float("inf")) or ratio < target.get("at_least", 0)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--check", action="store_true", help="end with 1 when a target is missed")
    parser.add_argument("--rounds", type=int, default=5)
    options = parser.parse_args()
    targets = json.loads((HERE / "targets.json").read_text())
    ratios = {**compare_renders(options.rounds), **kernel_shares()}
    leave_traces()
    print("ratios")
    misses = 0
    for name, target in targets.items():
        ratio = ratios.get(name)
        wanted = " ".join(f"{word.replace('_', ' ')} {limit}" for word, limit in target.items())
        miss = ratio is None or missed(target, ratio)
        misses += miss
        print(f"  {name:34} {'not measured' if ratio is None else f'{ratio:8.3f}'}  ({wanted}){'  MISSED' if miss else ''}")
    return 1 if options.check and misses else 0


if __name__ == "__main__":
    sys.exit(main())
