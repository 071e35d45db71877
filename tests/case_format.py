"""The format of tests/cases/*.case (tests/README.md): reading it, and judging what a command did."""
import difflib
import json
import math
import re
import shlex
import struct

PNG_SIGNATURE = b"\x89PNG\r\n\x1a\n"
ASSIGNMENT = re.compile(r"^[A-Z_][A-Z0-9_]*=")


class CaseError(Exception):
    """A case file that is not written as tests/README.md says."""


def parse(file, text):
    """The cases of one file, each a dictionary that JSON can hold."""
    cases, claim = [], []
    case = None
    for number, line in enumerate(text.splitlines(), 1):
        if not line.strip():
            case, claim = None, []
        elif line.startswith("#"):
            case = None
            claim.append(line[1:].strip())
        elif line[:2] in ("> ", "! ", "? ", "+ ", "~ ") or line == ">":
            if case is None:
                raise CaseError(f"{file}:{number}: '{line}' expects something of no command. Write the command above it.")
            expect(case, line[0], line[2:])
        else:
            if not claim:
                raise CaseError(f"{file}:{number}: the command has no claim. Say above it, after '# ', what it shows.")
            case = command(line, f"{file}:{number}") | {"file": file, "line": number, "claim": " ".join(claim)}
            cases.append(case)
    for case in cases:
        if case["exit_code"] is None:
            case["exit_code"] = 1 if case["messages"] else 0
    return cases


def command(line, where):
    words = shlex.split(line)
    environment = {}
    while words and ASSIGNMENT.match(words[0]):
        name, value = words.pop(0).split("=", 1)
        environment[name] = value
    if not words or words[0] != "shoal":
        raise CaseError(f"{where}: '{line}' does not call shoal. A command line starts with 'shoal '.")
    return {"command": line, "environment": environment, "arguments": words[1:], "stdout": None, "messages": [],
            "exit_code": None, "outputs": [], "not_in_page": None}


def expect(case, kind, rest):
    if kind == ">":
        case["stdout"] = rest if case["stdout"] is None else f"{case['stdout']}\n{rest}"
    elif kind == "!":
        case["messages"].append(rest)
    elif kind == "?":
        case["exit_code"] = int(rest)
    elif kind == "+":
        name, _, size = rest.partition(" ")
        case["outputs"].append({"name": name, "size": [int(side) for side in size.split("x")] if size else None})
    else:
        case["not_in_page"] = rest


def judge(case, exit_code, stdout, stderr, written):
    """Why what was done is not what the case says; `written` has the size of every new file by its name (png_size)."""
    said = f"\n        it said: {stderr.strip()[-2000:]}" if stderr.strip() else ""
    if exit_code < 0:
        return [f"signal {-exit_code} ended it{said}"]
    reasons = []
    if exit_code != case["exit_code"]:
        reasons.append(f"the exit code is {exit_code}, expected {case['exit_code']}{said}")
    for message in case["messages"]:
        if message not in stderr and message not in error_message(stdout):
            reasons.append(f"no message says '{message}'{said}")
    if case["stdout"] is not None:
        reasons += differences(case["stdout"], stdout)
    reasons += judge_outputs(case["outputs"], written)
    return reasons


def error_message(stdout):
    """With --json a failure is a document on stdout: {"error": {"code", "message"}}."""
    try:
        return json.loads(stdout)["error"]["message"]
    except (ValueError, KeyError, TypeError):
        return ""


def judge_outputs(expected, written):
    wanted = {output["name"]: output["size"] for output in expected}
    for name in sorted(written.keys() - wanted.keys()):
        yield f"it left the file '{name}'"
    for name, size in wanted.items():
        if name not in written:
            yield f"it did not write '{name}'"
        elif size and written[name] != size:
            yield f"'{name}' is no PNG of {size[0]}x{size[1]} pixels (its size is {written[name]})"


def png_size(data):
    """Width and height of a whole PNG; None when it is none."""
    if not data.startswith(PNG_SIGNATURE) or data[-8:-4] != b"IEND":
        return None
    return list(struct.unpack(">II", data[16:24]))


def differences(expected, actual):
    """JSON is compared by the keys that the case names; other text line by line."""
    if expected.startswith(("{", "[")):
        try:
            return list(json_differences(json.loads(expected), json.loads(actual), "$"))
        except ValueError as error:
            return [f"stdout is no JSON ({error}): {actual[:500]}"]
    if expected.splitlines() == actual.splitlines():
        return []
    lines = difflib.unified_diff(expected.splitlines(), actual.splitlines(), "expected", "stdout", lineterm="")
    return ["stdout differs\n        " + "\n        ".join(lines)]


def json_differences(expected, actual, where):
    if isinstance(expected, dict) and isinstance(actual, dict):
        for key, value in expected.items():
            if key not in actual:
                yield f"{where}.{key} is missing"
            else:
                yield from json_differences(value, actual[key], f"{where}.{key}")
    elif isinstance(expected, list) and isinstance(actual, list) and len(expected) == len(actual):
        for index, value in enumerate(expected):
            yield from json_differences(value, actual[index], f"{where}[{index}]")
    elif isinstance(expected, float) and isinstance(actual, (int, float)) and not isinstance(actual, bool):
        if not math.isclose(expected, actual, rel_tol=1e-12):
            yield f"{where} is {actual}, expected {expected}"
    elif type(expected) is not type(actual) or expected != actual:
        yield f"{where} is {json.dumps(actual)}, expected {json.dumps(expected)}"
