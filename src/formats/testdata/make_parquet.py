"""Writes the Parquet files that parquet_test.cpp reads, and what pyarrow says is in them.

    make_parquet.py OUT_DIR FLIGHTS_PARQUET

NAME__VARIANT.parquet holds what NAME.expected says, little-endian:
  u32 columns; for each: u32 n, n bytes: its name; u32 n, n bytes: its type; u32 width; u64 rows;
  rows bytes: 1 where a row is not null; rows x width bytes of values, or for strings (width 0) u32 n and n bytes
  for each row; 0 or an empty string where null. A column that is refused has width 0 and no rows.
flights.sums: for each column its name, the number of distinct strings or 0, and the sum over all rows of
  (value or code) x (row x 0x9e3779b97f4a7c15 + 1), modulo 2^64.
"""

import itertools
import pathlib
import random
import struct
import sys

import duckdb
import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

ROWS = 1500
UTC, LOCAL = "UTC", None


def integers(bits, signed, rows, rng):
    low, high = (-(1 << (bits - 1)), (1 << (bits - 1)) - 1) if signed else (0, (1 << bits) - 1)
    edges = [low, high, 0, 1, low + 1, high - 1, (low + high) // 2]
    return [edges[i] if i < len(edges) else rng.choice((rng.randint(low, high), rng.randint(0, 9))) for i in range(rows)]


def floats(rows, rng):
    edges = [float("nan"), float("inf"), float("-inf"), -0.0, 0.0, 5e-324, 1.7976931348623157e308, 0.1]
    return [edges[i] if i < len(edges) else rng.choice((rng.gauss(0, 1e6), float(rng.randint(0, 20)))) for i in range(rows)]


def strings(rows, rng):
    edges = ["", "a\0b", "\0", "żółć", "日本", "🛫", "x" * 300, " ", "ABC"]
    return [edges[i] if i < len(edges) else rng.choice(("SFO", "JFK", f"row {rng.randint(0, rows)}")) for i in range(rows)]


def columns(rows, rng):
    """name -> (arrow type, values)"""
    result = {}
    for bits in (8, 16, 32, 64):
        result[f"int{bits}"] = (getattr(pa, f"int{bits}")(), integers(bits, True, rows, rng))
        result[f"uint{bits}"] = (getattr(pa, f"uint{bits}")(), integers(bits, False, rows, rng))
    result["float32"] = (pa.float32(), [float(np.float32(v)) if abs(v) < 3e38 or v != v else v for v in
                                        (np.clip(v, -3e38, 3e38) if np.isfinite(v) else v for v in floats(rows, rng))])
    result["float64"] = (pa.float64(), floats(rows, rng))
    result["boolean"] = (pa.bool_(), [rng.random() < 0.3 for _ in range(rows)])
    result["runs"] = (pa.bool_(), [(i // 97) % 2 == 0 for i in range(rows)])
    result["date"] = (pa.date32(), integers(17, True, rows, rng))
    for unit, zone in itertools.product(("ms", "us", "ns"), (LOCAL, UTC)):
        result[f"ts_{unit}_{zone}"] = (pa.timestamp(unit, zone), integers(62, True, rows, rng))
    result["string"] = (pa.string(), strings(rows, rng))
    result["one"] = (pa.string(), ["same"] * rows)
    result["constant"] = (pa.int64(), [-7] * rows)
    result["sorted"] = (pa.int32(), [i // 3 for i in range(rows)])
    return result


def type_name(t):
    if pa.types.is_boolean(t):
        return "boolean"
    if pa.types.is_date32(t):
        return "date"
    if pa.types.is_timestamp(t):
        return f"timestamp[{t.unit}{', UTC' if t.tz else ''}]"
    if pa.types.is_float32(t):
        return "float32"
    if pa.types.is_float64(t):
        return "float64"
    if pa.types.is_integer(t) or pa.types.is_string(t):
        return str(t)
    return "unsupported"


def raw_values(t, values):
    """The values as they are handed to ingest."""
    filled = [0 if v is None else v for v in values]
    if pa.types.is_boolean(t) or (pa.types.is_unsigned_integer(t) and t.bit_width <= 32):
        return np.array(filled, dtype=np.uint32)
    if pa.types.is_date32(t) or (pa.types.is_signed_integer(t) and t.bit_width <= 32):
        return np.array(filled, dtype=np.int32)
    if pa.types.is_uint64(t):
        return np.array(filled, dtype=np.uint64)
    if pa.types.is_float32(t):
        return np.array(filled, dtype=np.float32)
    if pa.types.is_float64(t):
        return np.array(filled, dtype=np.float64)
    return np.array(filled, dtype=np.int64)


def write_expected(path, data):
    """data: name -> (arrow type, values or None where the column is refused)"""
    counted = lambda b: struct.pack("<I", len(b)) + b
    out = [struct.pack("<I", len(data))]
    for name, (t, values) in data.items():
        is_string = pa.types.is_string(t)
        values = values or []
        raw = None if is_string or not values else raw_values(t, values)
        out += [counted(name.encode()), counted(type_name(t).encode())]
        out.append(struct.pack("<IQ", raw.itemsize if raw is not None else 0, len(values)))
        out.append(bytes(0 if v is None else 1 for v in values))
        if is_string:
            out += [counted(b"" if v is None else v if isinstance(v, bytes) else v.encode()) for v in values]
        elif raw is not None:
            out.append(raw.tobytes())
    path.write_bytes(b"".join(out))


def table(data, nullable=True):
    return pa.table(
        [pa.array(values, type=t) for t, values in data.values()],
        schema=pa.schema([pa.field(name, t, nullable=nullable) for name, (t, _) in data.items()]))


def write_matrix(out):
    """Types x nulls, each by every codec, page version, dictionary, row group size, page size."""
    for nulls in ("required", "none", "some", "all"):
        rng = random.Random(f"matrix {nulls}")
        data = columns(ROWS, rng)
        if nulls in ("some", "all"):
            share = {"some": 0.2, "all": 1.0}[nulls]
            # Stretches of nulls, single nulls, stretches without.
            data = {name: (t, [None if share == 1.0 or (i // 40 % 5 == 1) or (i // 200 % 2 and rng.random() < share) else v
                               for i, v in enumerate(values)]) for name, (t, values) in data.items()}
        write_expected(out / f"matrix_{nulls}.expected", data)
        content = table(data, nullable=nulls != "required")
        for codec, version, dictionary, group, page in itertools.product(
                ("none", "snappy", "gzip", "zstd"), ("1.0", "2.0"), (True, False), (ROWS, 401), (64, 1 << 20)):
            pq.write_table(content, out / f"matrix_{nulls}__{codec}_v{version[0]}_{'dict' if dictionary else 'plain'}"
                           f"_g{group}_p{page}.parquet", compression=codec, data_page_version=version,
                           use_dictionary=dictionary, row_group_size=group, data_page_size=page, write_batch_size=37,
                           version="2.6")


def write_large(out):
    """Several slices to a page, dictionaries that overflow into PLAIN, many distinct strings, wide indices."""
    rng = np.random.default_rng(7)
    rows = 300_000
    ids = rng.permutation(rows)
    data = {
        "distinct": (pa.string(), [f"name {i}" for i in ids]),
        "overflow": (pa.int64(), [int(v) for v in rng.integers(-2**40, 2**40, rows)]),
        "small": (pa.int64(), [int(v) for v in rng.integers(0, 3000, rows)]),
        "null_tail": (pa.float64(), [float(i) if i < rows // 2 else None for i in range(rows)]),
        "rare_null": (pa.int32(), [None if i % 70_001 == 70_000 else i for i in range(rows)]),
    }
    write_expected(out / "large.expected", data)
    for name, options in {
            "defaults": {},
            "uncompressed": {"compression": "none", "use_dictionary": False, "data_page_size": 8 << 20,
                             "max_rows_per_page": 1 << 30},
            "groups": {"compression": "zstd", "row_group_size": 70_000},
            "v2_tiny_dictionary": {"compression": "gzip", "data_page_version": "2.0", "dictionary_pagesize_limit": 4096},
            "one_dictionary": {"compression": "zstd", "dictionary_pagesize_limit": 64 << 20}}.items():
        pq.write_table(table(data), out / f"large__{name}.parquet", **options)


def write_odd(out):
    odd = {"n": (pa.int64(), []), "s": (pa.string(), [])}
    write_expected(out / "zero_rows.expected", odd)
    pq.write_table(table(odd), out / "zero_rows__.parquet")
    write_expected(out / "zero_columns.expected", {})
    pq.write_table(pa.table({}), out / "zero_columns__.parquet")

    rows = 100
    flat = {"before": (pa.int32(), list(range(rows))), "after": (pa.string(), [f"s{i}" for i in range(rows)])}
    nested = {
        "list": pa.array([[i, None] for i in range(rows)]),
        "struct": pa.array([{"a": i, "b": {"c": str(i)}} for i in range(rows)]),
        "map": pa.array([[(str(i), i)] for i in range(rows)], type=pa.map_(pa.string(), pa.int32())),
        "decimal": pa.array([i for i in range(rows)], type=pa.decimal128(10, 2)),
        "time": pa.array(list(range(rows)), type=pa.time64("us")),
        "fixed": pa.array([b"abcd"] * rows, type=pa.binary(4)),
        "half": pa.array(np.arange(rows, dtype=np.float16)),
    }
    content = pa.table({"before": table(flat)["before"], **nested, "after": table(flat)["after"]})
    write_expected(out / "nested.expected", {
        "before": flat["before"], **{name: (array.type, None) for name, array in nested.items()}, "after": flat["after"]})
    pq.write_table(content, out / "nested__.parquet")

    # Encodings and codecs that are refused, beside a column that is not.
    data = {"plain": (pa.int64(), list(range(rows)))}
    content = table(data).append_column("delta", pa.array(range(rows))).append_column("split", pa.array(np.arange(rows) / 4))
    write_expected(out / "encodings.expected", {**data, "delta": (pa.null(), None), "split": (pa.null(), None)})
    pq.write_table(content, out / "encodings__.parquet", use_dictionary=False, column_encoding={
        "plain": "PLAIN", "delta": "DELTA_BINARY_PACKED", "split": "BYTE_STREAM_SPLIT"})
    write_expected(out / "codecs.expected", {**data, "lz4": (pa.null(), None), "brotli": (pa.null(), None)})
    content = table(data).append_column("lz4", pa.array(range(rows))).append_column("brotli", pa.array(range(rows)))
    pq.write_table(content, out / "codecs__.parquet", compression={"plain": "none", "lz4": "lz4", "brotli": "brotli"})

    # Bytes without annotation, not UTF-8.
    values = [b"\xff\xfe", b"", b"a\xc0", None] * 25
    write_expected(out / "bytes.expected", {"b": (pa.string(), values)})
    pq.write_table(pa.table({"b": pa.array(values, type=pa.binary())}), out / "bytes__.parquet")

    # INT96 is what Impala and old Spark wrote for timestamps.
    values = [-9_000_000_000_000_000_001, -1, 0, 1, 1_700_000_000_123_456_789, None] * 20
    write_expected(out / "int96.expected", {"t": (pa.timestamp("ns"), values)})
    for dictionary in (True, False):
        pq.write_table(pa.table({"t": pa.array(values, type=pa.timestamp("ns"))}), out / f"int96__{dictionary}.parquet",
                       use_deprecated_int96_timestamps=True, use_dictionary=dictionary)

    values = [None] * rows
    write_expected(out / "null.expected", {"n": (pa.int32(), values)})
    pq.write_table(pa.table({"n": pa.nulls(rows)}), out / "null__.parquet")

    # Statistics: absent, and by the deprecated fields' rule.
    data = {"n": (pa.int64(), [3, -5, 10]), "u": (pa.uint32(), [1, 2**32 - 1, 7]), "f": (pa.float64(), [float("nan"), -2.5, 1.5])}
    write_expected(out / "statistics.expected", data)
    pq.write_table(table(data), out / "statistics__on.parquet")
    pq.write_table(table(data), out / "statistics__off.parquet", write_statistics=False)


def write_checksums(out):
    """Pages with the checksum that their headers may carry."""
    rows = 300
    rng = random.Random("checksums")
    data = {"n": (pa.int32(), [None if i % 7 == 3 else rng.randrange(50) for i in range(rows)]),
            "s": (pa.string(), [None if i % 5 == 2 else rng.choice(["red", "green", "blue"]) for i in range(rows)]),
            "f": (pa.float64(), [rng.random() for _ in range(rows)])}
    write_expected(out / "checksums.expected", data)
    for codec, version in itertools.product(("none", "snappy", "zstd"), ("1.0", "2.0")):
        pq.write_table(table(data), out / f"checksums__{codec}_v{version[0]}.parquet", compression=codec,
                       data_page_version=version, use_dictionary=["n", "s"], data_page_size=256, write_batch_size=37,
                       write_page_checksum=True)


def write_by_duckdb(out):
    """Another writer than pyarrow: it pads, packs and states things in ways of its own."""
    rows = 5000
    data = {"i": (pa.int64(), [None if i % 11 == 4 else i * 37 % 5000 for i in range(rows)]),
            "few": (pa.int32(), [i // 100 % 3 for i in range(rows)]),
            "f": (pa.float64(), [i / 7 for i in range(rows)]),
            "flag": (pa.bool_(), [None if i % 3 == 0 else i % 2 == 0 for i in range(rows)]),
            "s": (pa.string(), [None if i % 13 == 5 else f"name {i % 40}" for i in range(rows)])}
    write_expected(out / "duckdb.expected", data)
    connection = duckdb.connect()
    connection.execute("SET threads = 1")
    connection.register("source", table(data))
    for codec, group in itertools.product(("uncompressed", "snappy", "zstd"), (2048, 100_000)):
        connection.execute(f"COPY source TO '{out}/duckdb__{codec}_g{group}.parquet' "
                           f"(FORMAT parquet, CODEC '{codec}', ROW_GROUP_SIZE {group})")


def write_flights_sums(out, flights):
    content = pq.read_table(flights)
    weights = np.arange(content.num_rows, dtype=np.uint64) * np.uint64(0x9E3779B97F4A7C15) + np.uint64(1)
    lines = []
    for name in content.column_names:
        column, distinct = content[name], 0
        if pa.types.is_integer(column.type) or pa.types.is_timestamp(column.type):
            values = column.cast("int64").to_numpy().view(np.uint64)
        else:
            encoded = pa.concat_arrays(column.chunks).dictionary_encode()
            values, distinct = encoded.indices.to_numpy().astype(np.uint64), len(encoded.dictionary)
        lines.append(f"{name} {distinct} {int((values * weights).sum(dtype=np.uint64))}\n")
    (out / "flights.sums").write_text("".join(lines))


def main():
    out = pathlib.Path(sys.argv[1])
    out.mkdir(parents=True, exist_ok=True)
    for old in itertools.chain(out.glob("*.parquet"), out.glob("*.expected")):
        old.unlink()
    write_matrix(out)
    write_large(out)
    write_odd(out)
    write_checksums(out)
    write_by_duckdb(out)
    write_flights_sums(out, sys.argv[2])


main()
