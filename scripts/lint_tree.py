#!/usr/bin/env python3
"""Checks what no compiler checks: which layer includes which, names that say nothing, files that grow too long.

Prints one line for each finding, `FILE:LINE: what is wrong and what would be right`; ends with 1 when there is one.
A file above 400 lines is only warned about.
"""
import pathlib
import re
import subprocess
import sys

# The layers, lowest first, and which they may include: the table of ARCHITECTURE.md, as data.
MAY_INCLUDE = {
    "base": [],
    "wgsl": ["base"],
    "gpu": ["base", "wgsl"],
    "primitives": ["base", "wgsl", "gpu"],
    "table": ["base", "wgsl", "gpu", "primitives"],
    "formats": ["base", "table"],
    "query": ["base", "wgsl", "gpu", "primitives", "table"],
    "plot": ["base", "wgsl", "gpu", "primitives", "table", "query"],
    "engine": ["base", "wgsl", "gpu", "primitives", "table", "query", "plot", "formats"],
    "review": ["base", "wgsl", "gpu"],
    "emit": ["base", "wgsl", "gpu", "primitives"],
    "cli": ["base", "wgsl", "gpu", "primitives", "table", "query", "plot", "formats", "engine", "review",
            "emit"],
    "web_api": ["base", "wgsl", "gpu", "primitives", "table", "query", "plot", "formats", "engine", "review"],
}
EMPTY_NAMES = {"util", "utils", "helper", "helpers", "common", "misc", "manager"}
LONG_FILE_LINES = 400
SOURCE_SUFFIXES = {".h", ".cpp", ".c", ".wgsl", ".ts", ".js", ".py", ".sh", ".css", ".html", ".cmake"}
# A name with a brace is a placeholder in the text of a generator.
INCLUDE = re.compile(r'^\s*#\s*include\s*(["<])([^">{]+)[">]')


def include_findings(path, text):
    """What is wrong with the #include lines of src/LAYER/..., as (line, message)."""
    parts = pathlib.PurePosixPath(path).parts
    if len(parts) < 3 or parts[0] != "src":
        return
    layer = parts[1]
    if layer not in MAY_INCLUDE:
        yield 1, f"'{layer}' is no layer. The layers are {', '.join(MAY_INCLUDE)} (scripts/lint_tree.py, ARCHITECTURE.md)"
        return
    for number, line in enumerate(text.splitlines(), 1):
        match = INCLUDE.match(line)
        if not match:
            continue
        bracket, included = match.groups()
        other = included.split("/")[0]
        if bracket == '"' and "/" not in included:
            yield number, f'"{included}" is written without its layer. Write the path from src/ on: "{layer}/..."'
        elif bracket == '"' and other in MAY_INCLUDE and other != layer and other not in MAY_INCLUDE[layer]:
            allowed = ", ".join(MAY_INCLUDE[layer]) or "nothing but itself"
            yield number, f'layer {layer} includes "{included}" of layer {other}. It may include {allowed}'


def name_findings(path):
    for part in pathlib.PurePosixPath(path).parts:
        for word in re.split(r"[^a-z]+", part.split(".")[0].lower()):
            if word in EMPTY_NAMES:
                yield 1, f"the name '{part}' does not say what is inside ('{word}'). Name the one thing that it is about"


def length_warnings(path, text):
    lines = text.count("\n")
    if lines > LONG_FILE_LINES and ".gen." not in path:
        yield 1, f"warning: {lines} lines. Above {LONG_FILE_LINES} there is usually a second thing in the file"


def files_of(root):
    listed = subprocess.run(["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"], cwd=root,
                            capture_output=True, check=True, text=True).stdout
    return [path for path in listed.split("\0") if path and (root / path).is_file()]


def main():
    root = pathlib.Path(__file__).resolve().parents[1]
    findings = 0
    for path in files_of(root):
        if pathlib.PurePosixPath(path).suffix not in SOURCE_SUFFIXES:
            continue
        text = (root / path).read_text(encoding="utf-8", errors="replace")
        for line, message in [*include_findings(path, text), *name_findings(path)]:
            print(f"{path}:{line}: {message}.")
            findings += 1
        for line, message in length_warnings(path, text):
            print(f"{path}:{line}: {message}.")
    return 1 if findings else 0


if __name__ == "__main__":
    sys.exit(main())
