#!/usr/bin/env python3
"""Holds shoal to the host memory it promises: two row groups, the dictionaries and 64 MiB beyond the adapter's own.

    python3 tests/host_memory.py [PROGRAM]

The columns of the files below are 64-bit integers of one digit, PLAIN and not compressed: 8 bytes a value in the file and
decoded, 1 on the GPU. A software adapter has its memory in this process too, so what is on the GPU is taken off, and
what the adapter needs by itself is measured with a file of one row.
"""
import json
import os
import pathlib
import subprocess
import sys
import tempfile

ROOT = pathlib.Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT / ".deps" / "oracle"))
DATA = ROOT / "build" / "testdata" / "memory"
MIB = 1 << 20
ROWS_A_GROUP = 250_000
COLUMNS = ["a", "b", "c"]
GROUP_BYTES = 8 * ROWS_A_GROUP * len(COLUMNS)
FEW_GROUPS, MANY_GROUPS = 4, 28
PROMISED_BEYOND = 64 * MIB


def make_file(groups, rows_a_group):
    import numpy as np
    import pyarrow as pa
    from pyarrow import parquet
    path = DATA / f"{groups}_groups_of_{rows_a_group}.parquet"
    if path.exists():
        return path
    DATA.mkdir(parents=True, exist_ok=True)
    digits = np.random.default_rng(7).integers(0, 10, rows_a_group + len(COLUMNS))
    group = pa.table({name: pa.array(digits[i:i + rows_a_group], pa.int64()) for i, name in enumerate(COLUMNS)})
    written = path.with_suffix(".new")
    with parquet.ParquetWriter(written, group.schema, compression="none", use_dictionary=False) as writer:
        for _ in range(groups):
            writer.write_table(group, row_group_size=rows_a_group)
    written.rename(path)
    return path


def peak_bytes(arguments):
    """What a command says as JSON, and the most memory that it had resident."""
    with tempfile.TemporaryFile() as stdout:
        process = subprocess.Popen(arguments, stdin=subprocess.DEVNULL, stdout=stdout)
        _, status, usage = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
        if process.returncode != 0:
            sys.exit(f"{' '.join(map(str, arguments))} ended with exit code {process.returncode}.")
        stdout.seek(0)
        return json.load(stdout), usage.ru_maxrss * 1024


def commands(program, folder):
    """(name, the command for a file): every one reads all three columns."""
    yield "render", lambda file: [program, "render", file, "-x", "a", "-y", "b", "--filter", "c <> 3", "--size", "300x200",
                                  "-o", f"{folder}/picture.png", "--json"]
    yield "query", lambda file: [program, "query", file, "--filter", "c <> 3", "--agg", "sum(a), max(b)", "--json"]
    yield "info", lambda file: [program, "info", file, "--json"]


def main():
    program = sys.argv[1] if len(sys.argv) > 1 else str(ROOT / "build" / "shoal")
    one, few, many = (make_file(*shape) for shape in ((1, 1), (FEW_GROUPS, ROWS_A_GROUP), (MANY_GROUPS, ROWS_A_GROUP)))
    on_gpu = {file: peak_bytes([program, "info", file, "--json"])[0]["gpu_bytes"] for file in (few, many)}
    passed = failed = 0

    def check(claim, used, most):
        nonlocal passed, failed
        is_met = used <= most
        passed, failed = passed + is_met, failed + (not is_met)
        print(f"{'ok' if is_met else 'failed':7} {claim}: {used / MIB:.0f} MiB, at most {most / MIB:.0f} MiB", flush=True)

    with tempfile.TemporaryDirectory() as folder:
        for name, command in commands(program, folder):
            _, alone = peak_bytes(command(one))
            _, with_few = peak_bytes(command(few))
            _, with_many = peak_bytes(command(many))
            check(f"{name}: {MANY_GROUPS} row groups beyond what the adapter needs and holds",
                  with_many - alone - on_gpu[many], 2 * GROUP_BYTES + PROMISED_BEYOND)
            # A whole file that is held, mapped or decoded, grows with it: by 5.7 MiB a row group.
            check(f"{name}: {MANY_GROUPS - FEW_GROUPS} more row groups, but for what is on the GPU",
                  with_many - with_few - (on_gpu[many] - on_gpu[few]), GROUP_BYTES)
    print(f"{passed} passed, {failed} failed")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
