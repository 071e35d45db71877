#!/usr/bin/env python3
"""Fails when a module imports or exports something else than it should, or is too large to be downloaded.

    check_module.py NAME.wasm LIMIT_KB EXPORT...
"""
import gzip
import pathlib
import sys

IMPORTS = {"env.shoal_panic"}


def leb128(data, at):
    value = shift = 0
    while True:
        byte = data[at]
        at += 1
        value |= (byte & 127) << shift
        shift += 7
        if byte < 128:
            return value, at


def name(data, at):
    size, at = leb128(data, at)
    return data[at:at + size].decode(), at + size


def sections(data):
    at = 8
    while at < len(data):
        sort = data[at]
        size, at = leb128(data, at + 1)
        yield sort, data[at:at + size]
        at += size


def import_names(module_name, body):
    count, at = leb128(body, 0)
    for _ in range(count):
        module, at = name(body, at)
        field, at = name(body, at)
        sort = body[at]
        if sort != 0:  # Only functions are skipped over; nothing else may be imported anyway.
            sys.exit(f"{module_name} imports {module}.{field}, which is not a function.")
        _, at = leb128(body, at + 1)
        yield f"{module}.{field}"


def export_names(body):
    count, at = leb128(body, 0)
    for _ in range(count):
        field, at = name(body, at)
        _, at = leb128(body, at + 1)
        yield field


def main():
    path, limit_kb, expected = pathlib.Path(sys.argv[1]), int(sys.argv[2]), set(sys.argv[3:])
    data = path.read_bytes()
    imports, exports = set(), set()
    for sort, body in sections(data):
        if sort == 2:
            imports = set(import_names(path.name, body))
        elif sort == 7:
            exports = set(export_names(body))
    if imports - IMPORTS:
        sys.exit(f"{path.name} imports {', '.join(sorted(imports - IMPORTS))}, which no page has. See src/web_api/README.md.")
    if exports != expected:
        sys.exit(f"{path.name} exports {sorted(exports)} instead of {sorted(expected)}.")
    size = len(gzip.compress(data, 9, mtime=0))
    if size > limit_kb * 1000:
        sys.exit(f"{path.name} is {size / 1000:.1f} KB gzipped, more than the {limit_kb} KB it may be.")
    print(f"{path.name}: {size / 1000:.1f} KB gzipped of {limit_kb} KB, {len(data) / 1000:.1f} KB unpacked; no WASI import.")


if __name__ == "__main__":
    main()
