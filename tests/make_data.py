#!/usr/bin/env python3
"""Writes the inputs of the end-to-end cases with pyarrow: python3 tests/make_data.py FOLDER

Values follow from the row's number where a case names them, from a seeded generator elsewhere.
"""
import argparse
import hashlib
import pathlib
import random
import sys

ROOT = pathlib.Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT / ".deps" / "oracle"))
SEED = 20261123
MIXED = "mixed.parquet"
MIXED_ROWS = 300_000


def types(pa):
    """1,000 rows of every type; row i holds values made of i, and each tenth row is null."""
    rows = range(1000)

    def column(value, kind):
        return pa.array([None if i % 10 == 9 else value(i) for i in rows], kind)

    return pa.table({
        "row": pa.array(rows, pa.int32()),
        "i8": column(lambda i: i % 256 - 128, pa.int8()),
        "i16": column(lambda i: i * 60 - 30000, pa.int16()),
        "i32": column(lambda i: i * 1000003 - 500000000, pa.int32()),
        "i64": column(lambda i: i * 10**12, pa.int64()),
        "u8": column(lambda i: i % 256, pa.uint8()),
        "u16": column(lambda i: i * 65, pa.uint16()),
        "u32": column(lambda i: i * 4294967, pa.uint32()),
        "u64": column(lambda i: 2**63 + i, pa.uint64()),
        "f32": column(lambda i: i / 4, pa.float32()),
        "f64": column(lambda i: i / 10, pa.float64()),
        "flag": column(lambda i: i % 3 == 0, pa.bool_()),
        "text": column(lambda i: ("red", "green", "blue", "")[i % 4], pa.string()),
        "day": column(lambda i: i - 500, pa.date32()),
        "t_ms": column(lambda i: i * 86400000 - 500, pa.timestamp("ms")),
        "t_us": column(lambda i: i * 60000000, pa.timestamp("us")),
        "t_ns": column(lambda i: i * 10**9 + 1, pa.timestamp("ns")),
    })


def tables(pa):
    """(file name, table) of every well-formed input."""
    inf, nan = float("inf"), float("nan")
    yield "types.parquet", types(pa)
    yield "not_finite.parquet", pa.table({
        "x": pa.array([float(i) for i in range(8)], pa.float64()),
        "y": pa.array([1.0, nan, inf, -inf, -0.0, 0.0, 2.5, None], pa.float64())})
    yield "big_integers.parquet", pa.table({
        "n": pa.array([2**53 - 1, 2**53, 2**53 + 1, 2**63 - 1, -2**63, None], pa.int64()),
        "x": pa.array(range(6), pa.int64())})
    yield "old_times.parquet", pa.table({
        "t": pa.array([-10**18 - 1, -1, 0, 1, 10**18 + 1], pa.timestamp("ns")),
        "day": pa.array([-25567, -1, 0, 1, 25567], pa.date32()),
        "x": pa.array(range(5), pa.int32())})
    yield "all_null.parquet", pa.table({"x": pa.array(range(100), pa.int32()), "y": pa.array([None] * 100, pa.int32())})
    yield "one_value.parquet", pa.table({"x": pa.array([7] * 1000, pa.int32()), "y": pa.array([2.5] * 1000, pa.float64())})
    yield "no_rows.parquet", pa.table({"x": pa.array([], pa.int32()), "y": pa.array([], pa.string())})
    yield "no_columns.parquet", pa.table({})
    yield "nested.parquet", pa.table({
        "x": pa.array(range(4), pa.int32()),
        "list": pa.array([[1, 2], [], None, [3]], pa.list_(pa.int32())),
        "pair": pa.array([{"a": i, "b": str(i)} for i in range(4)]),
        "y": pa.array([10, 20, 30, 40], pa.int32())})


def mixed(pa, parquet, folder):
    """Rows for generated questions: three chunks whose columns need other bases, divisors and widths in each, nulls in
    most, a block of 4,096 rows without a value, and columns in the order of the rows, so that zone maps matter."""
    import numpy as np
    random_numbers = np.random.default_rng(SEED)
    rows = np.arange(MIXED_ROWS)
    part = rows // 140_000

    def by_part(*columns):
        return np.choose(part, columns)

    def some(low, high):
        return random_numbers.integers(low, high, MIXED_ROWS)

    def column(values, kind, null_share, all_null=None):
        is_null = random_numbers.random(MIXED_ROWS) < null_share
        if all_null is not None:
            is_null[all_null] = True
        return pa.array(values, kind, mask=is_null)

    names = np.array([f"name {i}" for i in range(261)])
    table = pa.table({
        "place": pa.array(rows // 3, pa.int32()),
        "block": pa.array(rows // 4096, pa.int16()),
        "small": column(by_part(some(-100, 101), some(0, 51), some(90, 101)), pa.int8(), 0.07, slice(8192, 12288)),
        "big": column(by_part(some(0, 9 * 10**17), some(-10**11, 0) * 10**6, some(8 * 10**17, 9 * 10**17)), pa.int64(), 0.05),
        "price": column(by_part(some(-800, 4800) / 4, some(0, 12000) / 10, some(0, 100)), pa.float64(), 0.05),
        "name": column(names[by_part(some(0, 80), some(40, 261), some(0, 261))], pa.string(), 0.1),
        "color": pa.array(np.array(["red", "green", "blue"])[some(0, 3)], pa.string()),
        "moment": column(-86_400_000_000 + by_part(rows // 70 * 60, rows * 86 // 100, rows) * 1_000_000,
                         pa.timestamp("us"), 0.03),
        "flag": column(some(0, 2) == 1, pa.bool_(), 0.2),
    })
    parquet.write_table(table, folder / MIXED, compression="zstd", row_group_size=140_000)


def damage(whole, folder):
    """What a broken download or disk leaves of a good file."""
    for tenth in range(1, 10):
        (folder / f"truncated_{tenth}.parquet").write_bytes(whole[:len(whole) * tenth // 10])
    generator = random.Random(SEED)
    for number in range(10):
        flipped = bytearray(whole)
        for _ in range(8):
            flipped[generator.randrange(len(flipped))] ^= generator.randrange(1, 256)
        (folder / f"flipped_{number}.parquet").write_bytes(flipped)
    (folder / "empty.parquet").write_bytes(b"")
    (folder / "text.parquet").write_text("a,b\n1,2\n")


def distinct_strings(pa, parquet, folder):
    """Five million of them."""
    schema = pa.schema({"x": pa.int32(), "name": pa.string()})
    with parquet.ParquetWriter(folder / "distinct_strings.parquet", schema, compression="zstd") as writer:
        for start in range(0, 5_000_000, 500_000):
            rows = range(start, start + 500_000)
            writer.write_table(pa.table({"x": pa.array(rows, pa.int32()),
                                         "name": pa.array([f"{i * 2654435761 % 2**32:08x}" for i in rows])}))


def make_data(folder):
    """Writes the inputs unless this very script has written them already."""
    stamp = folder / ".made_by"
    made_by = hashlib.sha256(pathlib.Path(__file__).read_bytes()).hexdigest()
    if stamp.exists() and stamp.read_text() == made_by:
        return
    import pyarrow
    from pyarrow import parquet
    folder.mkdir(parents=True, exist_ok=True)
    for name, table in tables(pyarrow):
        parquet.write_table(table, folder / name, compression="snappy", row_group_size=400)
    mixed(pyarrow, parquet, folder)
    damage((folder / "types.parquet").read_bytes(), folder)
    distinct_strings(pyarrow, parquet, folder)
    stamp.write_text(made_by)


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=pathlib.Path)
    make_data(parser.parse_args().folder)
