"""Traces (docs/trace.md) as Python objects: read, changed, and written again. Words are laid out as the schema says."""
import dataclasses
import pathlib
import struct
import sys

ROOT = pathlib.Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT / "src" / "gpu" / "schema"))
import generate  # noqa: E402

MAGIC, VERSION = b"SHOALTRC", 1
NOTES, BLOB, STREAM, EVENTS, END = range(1, 6)
HEAD = struct.Struct("<QII")  # nanoseconds, device, thread
ITEMS = generate.parse((ROOT / "src" / "gpu" / "schema" / "commands.schema").read_text())
STRUCTS = {name: fields for sort, name, _, fields in ITEMS if sort == "struct"}
COMMANDS = {name: (opcode, fields) for sort, name, opcode, fields in ITEMS if sort == "command"}
EVENT_TYPES = {name: (opcode, fields) for sort, name, opcode, fields in ITEMS if sort == "event"}
BY_OPCODE = {opcode: name for name, (opcode, _) in COMMANDS.items()}
NOTE_TYPES = {name: (opcode, fields) for sort, name, opcode, fields in ITEMS if sort == "note"}
VALUES = {name: {value: int(number) for value, number in fields} for sort, name, _, fields in ITEMS if sort in ("enum", "flags")}
PACKED = {"u64": "<Q", "f64": "<d", "i32": "<i"}


def padded(data):
    return data + bytes(-len(data) % 4)


def encode_field(kind, value):
    if kind.startswith("list "):
        return struct.pack("<I", len(value)) + b"".join(encode_field(kind[5:], one) for one in value)
    if kind in STRUCTS:
        return b"".join(encode_field(inner, value[name]) for name, inner in STRUCTS[kind])
    if kind in ("string", "bytes"):
        data = value.encode() if isinstance(value, str) else bytes(value)
        return struct.pack("<I", len(data)) + padded(data)
    return struct.pack(PACKED.get(kind, "<I"), value)


def decode_field(kind, data, at):
    """(value, where the next begins)."""
    if kind.startswith("list "):
        count, = struct.unpack_from("<I", data, at)
        at, values = at + 4, []
        for _ in range(count):
            value, at = decode_field(kind[5:], data, at)
            values.append(value)
        return values, at
    if kind in STRUCTS:
        values = {}
        for name, inner in STRUCTS[kind]:
            values[name], at = decode_field(inner, data, at)
        return values, at
    if kind in ("string", "bytes"):
        size, = struct.unpack_from("<I", data, at)
        raw = data[at + 4:at + 4 + size]
        return (raw.decode(errors="replace") if kind == "string" else raw), at + 4 + size + -size % 4
    packed = PACKED.get(kind, "<I")
    return struct.unpack_from(packed, data, at)[0], at + struct.calcsize(packed)


def zero(kind):
    if kind.startswith("list ") or kind == "bytes":
        return [] if kind != "bytes" else b""
    if kind in STRUCTS:
        return {name: zero(inner) for name, inner in STRUCTS[kind]}
    return "" if kind == "string" else 0


def encode_item(opcode, fields, arguments):
    body = b"".join(encode_field(kind, arguments.get(name, zero(kind))) for name, kind in fields)
    return struct.pack("<I", opcode | (len(body) // 4 + 1) << 8) + body


@dataclasses.dataclass
class Command:
    name: str
    arguments: dict
    took_us: float = 1.0

    def copy(self, **changes):
        return Command(self.name, self.arguments | changes, self.took_us)

    def __getitem__(self, field):
        return self.arguments[field]

    def encoded(self):
        return encode_item(*COMMANDS[self.name], self.arguments)


def command(name, took_us=2.0, **arguments):
    unknown = arguments.keys() - {field for field, _ in COMMANDS[name][1]}
    assert not unknown, f"{name} has no {unknown}"
    return Command(name, arguments, took_us)


@dataclasses.dataclass
class Record:
    kind: int
    payload: bytes
    time_ns: int = 0
    device: int = 0
    thread: int = 0
    commands: list = dataclasses.field(default_factory=list)  # of a stream, without `call`

    def encoded(self):
        if self.kind not in (NOTES, STREAM, EVENTS):
            return self.payload
        body = self.payload
        if self.kind == STREAM:
            body, now = b"", 0
            for one in self.commands:
                took = int(one.took_us * 1000)
                body += encode_item(*COMMANDS["call"], {"begin_ns": now, "duration_ns": took, "stack": one.arguments.get("stack", 0)})
                body += one.encoded()
                now += took
        return HEAD.pack(self.time_ns, self.device, self.thread) + body


def decode_stream(body):
    commands, at, took_us = [], 0, 1.0
    while at < len(body):
        head, = struct.unpack_from("<I", body, at)
        name, end = BY_OPCODE[head & 255], at + 4 * (head >> 8)
        arguments, inner = {}, at + 4
        for field, kind in COMMANDS[name][1]:
            arguments[field], inner = decode_field(kind, body, inner)
        if name == "call":
            took_us = 0 if arguments["duration_ns"] == 2**32 - 1 else arguments["duration_ns"] / 1000
        else:
            commands.append(Command(name, arguments, took_us))
        at = end
    return commands


class Trace:
    """Its records of these kinds; times are those of the recording."""

    def __init__(self, path, kinds=frozenset({NOTES, BLOB, STREAM, EVENTS})):
        data = pathlib.Path(path).read_bytes()
        assert data[:8] == MAGIC and struct.unpack_from("<I", data, 8)[0] == VERSION, path
        self.records, at = [], 12
        while at + 12 <= len(data):
            kind, size = struct.unpack_from("<IQ", data, at)
            payload, at = data[at + 12:at + 12 + size], at + 12 + size + -size % 4
            if kind in (0, END):
                break
            if kind not in kinds:
                continue
            if kind == BLOB:
                self.records.append(Record(kind, payload))
                continue
            time_ns, device, thread = HEAD.unpack_from(payload)
            record = Record(kind, payload[HEAD.size:], time_ns, device, thread)
            if kind == STREAM:
                record.commands = decode_stream(record.payload)
            self.records.append(record)

    def write(self, path):
        with open(path, "wb") as file:
            file.write(MAGIC + struct.pack("<I", VERSION))
            for record in self.records:
                payload = record.encoded()
                file.write(struct.pack("<IQ", record.kind, len(payload)) + padded(payload))
            file.write(struct.pack("<IQQ", END, 8, len(self.records)))

    def commands(self, *names):
        """(record, index, command) of those names, in order; a snapshot, so that streams may be changed meanwhile."""
        return [(record, index, one) for record in self.records if record.kind == STREAM
                for index, one in enumerate(record.commands) if one.name in names]

    def fresh_id(self):
        """An id that nothing has: beyond all that the trace's commands name."""
        if not hasattr(self, "_last_id"):
            self._last_id = 0
            for record in self.records:
                for one in record.commands:
                    for field, kind in COMMANDS[one.name][1]:
                        if kind.startswith("id ") and kind != "id blob":
                            self._last_id = max(self._last_id, one[field])
        self._last_id += 1
        return self._last_id


def events(record, name, **arguments):
    """A batch of one event, as heard where `record` was said."""
    return Record(EVENTS, encode_item(*EVENT_TYPES[name], arguments), record.time_ns, record.device, record.thread)


def stream(record, *commands):
    """Commands said right behind those of `record`."""
    return Record(STREAM, b"", record.time_ns, record.device, record.thread, list(commands))


def said(path, kind, types):
    """(name, arguments) of each note or event of the file, in order: kind NOTES with NOTE_TYPES, or EVENTS with EVENT_TYPES."""
    names = {opcode: (name, fields) for name, (opcode, fields) in types.items()}
    for record in Trace(path, {kind}).records:
        body, at = record.payload, 0
        while at < len(body):
            head, = struct.unpack_from("<I", body, at)
            name, fields = names[head & 255]
            arguments, inner = {}, at + 4
            for field, field_kind in fields:
                arguments[field], inner = decode_field(field_kind, body, inner)
            yield name, arguments
            at += 4 * (head >> 8)
