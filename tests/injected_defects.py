"""Defects that are put into the trace of a program that has none: what a careless change of the program would say.

Each takes a Trace, changes it and says whether it could. What the program then draws is of no matter: no such trace is
replayed.
"""
import struct

from trace_file import VALUES, command, events, stream, zero

USAGE = VALUES["buffer_usage"]
MOST = 2**32 - 1
BYTES = bytes(range(256)) * 16  # 4 KiB that differ from word to word


def submissions(trace):
    """(record, index) of those that hand over work, the last first: what is inserted leaves the others' places alone."""
    return [(record, index) for record, index, one in reversed(trace.commands("submit")) if one["command_buffers"]]


def insert(place, *commands):
    record, index = place
    record.commands[index:index] = commands


def make_buffer(trace, size_bytes, usage, **more):
    record, index, _ = trace.commands("create_buffer", "create_texture", "create_shader_module")[0]
    buffer = trace.fresh_id()
    flags = sum(USAGE[name] for name in usage.split())
    insert((record, index), command("create_buffer", buffer=buffer, label="injected", size_bytes=size_bytes, usage=flags, **more))
    return buffer


def before_submissions(trace, least, make):
    """Puts make(number) before each submission; at least so many times, so the first has what is left."""
    places = submissions(trace)
    for number, place in enumerate(places):
        times = max(1, least - len(places) + 1) if number == len(places) - 1 else 1
        for turn in range(times):
            insert(place, *make(number + turn))
    return bool(places)


def unchanged_upload(trace):
    buffer = make_buffer(trace, 4096, "uniform copy_dst")
    return before_submissions(trace, 6, lambda _: [command("write_buffer", took_us=20, buffer=buffer, data=BYTES)])


def many_small_writes(trace):
    buffer = make_buffer(trace, 4096, "vertex copy_dst")
    return before_submissions(trace, 1, lambda _: [
        command("write_buffer", buffer=buffer, offset_bytes=64 * i, data=BYTES[64 * i:64 * i + 64]) for i in range(64)])


def whole_upload(trace):
    buffer = make_buffer(trace, 65536, "storage copy_dst")
    return before_submissions(trace, 6, lambda number: [
        command("write_buffer", took_us=30, buffer=buffer, data=BYTES * 15 + bytes([number + 1]) * 64 + BYTES[64:])])


def copies(trace, source, target, size_bytes):
    encoder, buffer = trace.fresh_id(), trace.fresh_id()
    return [command("create_command_encoder", encoder=encoder),
            command("copy_buffer_to_buffer", encoder=encoder, source=source, target=target, size_bytes=size_bytes),
            command("finish", encoder=encoder, command_buffer=buffer), command("submit", command_buffers=[buffer])]


def copy_never_read(trace):
    source, target = make_buffer(trace, 4096, "storage copy_src"), make_buffer(trace, 4096, "copy_dst")
    return before_submissions(trace, 4, lambda _: copies(trace, source, target, 4096))


def write_then_copy(trace):
    source, target = make_buffer(trace, 4096, "copy_src copy_dst"), make_buffer(trace, 4096, "vertex copy_dst")
    return before_submissions(trace, 5, lambda number: [
        command("write_buffer", buffer=source, data=BYTES[number:] + BYTES[:number])] + copies(trace, source, target, 4096))


def many_submits(trace):
    def empty():
        encoder, buffer = trace.fresh_id(), trace.fresh_id()
        return [command("create_command_encoder", encoder=encoder), command("finish", encoder=encoder, command_buffer=buffer),
                command("submit", took_us=20, command_buffers=[buffer])]

    return before_submissions(trace, 1, lambda _: [one for _ in range(5) for one in empty()])


def redundant_state(trace):
    changed = trace.commands("set_pipeline", "set_render_pipeline")
    for record, index, one in reversed(changed):
        record.commands[index + 1:index + 1] = [one.copy() for _ in range(40)]
    return bool(changed)


def frame_count(trace):
    return 1 + len(trace.commands("frame_mark", "present"))


def objects_made_again(trace):
    found = trace.commands("create_bind_group", "create_texture_view", "create_sampler")
    if not found:
        return False
    record, index, one = found[0]
    own = next(iter(one.arguments))
    insert((record, index + 1), *[one.copy(**{own: trace.fresh_id()}) for _ in range(max(20, 5 * frame_count(trace)))])
    return True


def duplicate_pipelines(trace):
    found = trace.commands("create_shader_module")
    record, index, one = found[0]
    insert((record, index + 1), *[one.copy(module=trace.fresh_id()) for _ in range(5)])
    return True


def in_frames(trace, least, make):
    """Puts make(number) into each frame behind its first submission; False where the trace has fewer frames."""
    frame, places = 0, {}
    for record, index, one in trace.commands("submit", "frame_mark", "present"):
        if one.name != "submit":
            frame += 1
        elif one["command_buffers"]:
            places.setdefault(frame, (record, index))
    if len(places) < least:
        return False
    for number in sorted(places, reverse=True):
        insert(places[number], *make(number))
    return True


def pipeline_in_frame(trace):
    def late(number):
        module = trace.fresh_id()
        return [command("create_shader_module", took_us=300, module=module, code=f"@compute @workgroup_size({number + 1}) fn main() {{}}"),
                command("create_compute_pipeline", took_us=900, pipeline=trace.fresh_id(), label="late", module=module)] if number > 3 else []

    return in_frames(trace, 8, late)


def zero_count_draw(trace):
    found = trace.commands("draw", "draw_indexed", "dispatch_workgroups")
    for record, index, one in reversed(found):
        count = {"draw": "instance_count", "draw_indexed": "instance_count", "dispatch_workgroups": "x"}[one.name]
        record.commands[index + 1:index + 1] = [one.copy(**{count: 0}) for _ in range(10)]
    return bool(found)


def tiny_draws(trace):
    found = trace.commands("draw", "draw_indexed")
    for record, index, one in reversed(found):
        count = "vertex_count" if one.name == "draw" else "index_count"
        record.commands[index + 1:index + 1] = [one.copy(**{count: 4, "instance_count": 1, "first_instance": i}) for i in range(120)]
    return len({one["pass"] for _, _, one in found}) >= 4


def off_screen(trace):
    """Scissor rectangles of nothing, and what was drawn before them drawn again."""
    found = trace.commands("draw", "draw_indexed")
    for record, index, one in reversed(found):
        record.commands[index + 1:index + 1] = [
            command("set_scissor_rect", **{"pass": one["pass"]}), *[one.copy() for _ in range(40)],
            command("set_scissor_rect", **{"pass": one["pass"], "width": MOST, "height": MOST})]
    return bool(found)


def adjacent_passes(trace):
    ends = {one["pass"]: (record, index) for record, index, one in trace.commands("end_pass")}
    found = [one for _, _, one in trace.commands("begin_compute_pass") if one["pass"] in ends]
    for one in found:
        record, _ = ends[one["pass"]]
        index = next(i for i, end in enumerate(record.commands) if end.name == "end_pass" and end["pass"] == one["pass"])
        for _ in range(5):
            again = one.copy(query_set=0, **{"pass": trace.fresh_id()})
            insert((record, index + 1), again, command("end_pass", **{"pass": again["pass"]}))
    return bool(found)


def attachments(trace, list_name):
    return [(one, attachment) for _, _, one in trace.commands("begin_render_pass") for attachment in one["targets"][list_name]]


def store_never_read(trace):
    found = attachments(trace, "depth_stencil")
    for _, depth in found:
        depth["depth_load"], depth["depth_store"] = 2, 1
    return len(found) >= 4


def never_used(trace):
    make_buffer(trace, 1 << 20, "storage")
    return len(submissions(trace)) >= 5


def never_unmapped(trace):
    make_buffer(trace, 1 << 20, "vertex", mapped_at_creation=1)
    return len(submissions(trace)) >= 5


def oversized(trace):
    buffer = make_buffer(trace, 16 << 20, "vertex copy_dst")
    return before_submissions(trace, 4, lambda number: [command("write_buffer", buffer=buffer, data=bytes([number]) * 512)])


def create_destroy_churn(trace):
    def churn(_):
        buffer = trace.fresh_id()
        return [command("create_buffer", buffer=buffer, label="scratch", size_bytes=65536, usage=USAGE["storage"]),
                command("destroy_buffer", buffer=buffer)]

    return in_frames(trace, 6, churn)


def memory_growing(trace):
    return in_frames(trace, 14, lambda _: [
        command("create_buffer", buffer=trace.fresh_id(), label="history", size_bytes=65536, usage=USAGE["storage"])])


def left_to_collector(trace):
    made = []

    def keep(_):
        made.append(trace.fresh_id())
        return [command("create_buffer", buffer=made[-1], label="page", size_bytes=2 << 20, usage=USAGE["storage"])]

    if not before_submissions(trace, 6, keep):
        return False
    insert(submissions(trace)[0], *[command("release", kind=1, object=buffer, by_collector=1) for buffer in made])
    return True


def read_back(trace, size_bytes, answer, behind):
    """Behind each submission a buffer is filled that is mapped and answered before anything else is said."""
    source, target = make_buffer(trace, size_bytes, "storage copy_src"), make_buffer(trace, size_bytes, "map_read copy_dst")
    places = submissions(trace)[:12]
    for number, (record, index) in enumerate(places):
        rest = record.commands[index + 1:]
        record.commands[index + 1:] = copies(trace, source, target, size_bytes)
        ticket, at = 2**31 + number, trace.records.index(record)
        trace.records[at + 1:at + 1] = [
            stream(record, command("map_async", buffer=target, size_bytes=size_bytes, ticket=ticket)),
            events(record, "mapped", ticket=ticket, data=answer(number)),
            stream(record, command("unmap", buffer=target), *behind(number, answer(number)), *rest)]
    return len(places) >= 10


def readback_ring_short(trace):
    """Two buffers in turns: the older is waited for when it is to be filled again."""
    source = make_buffer(trace, 96, "storage copy_src")
    ring = [make_buffer(trace, 96, "map_read copy_dst") for _ in range(2)]
    places = submissions(trace)[:12]
    for behind, (record, index) in enumerate(places):
        at, rest, number = trace.records.index(record), record.commands[index + 1:], len(places) - 1 - behind
        ticket, buffer = 2**31 + number, ring[number % 2]
        ask = [*copies(trace, source, buffer, 96), command("map_async", buffer=buffer, size_bytes=96, ticket=ticket)]
        if number < 2:
            record.commands[index + 1:] = [*ask, *rest]
            continue
        del record.commands[index + 1:]
        trace.records[at + 1:at + 1] = [events(record, "mapped", ticket=ticket - 2, data=bytes([number]) * 96),
                                        stream(record, command("unmap", buffer=buffer), *ask, *rest)]
    return len(places) >= 10


TRIANGLE = """
@vertex fn vs(@builtin(vertex_index) i: u32) -> @builtin(position) vec4f {
  return vec4f(4 * f32(i & 1) - 1, 4 * f32(i >> 1) - 1, 0, 1);
}
@fragment fn fs() -> @location(0) vec4f { return vec4f(0.5); }
"""
MESH = """
@vertex fn vs(@location(0) at: vec3f, @location(1) normal: vec3f, @location(2) uv: vec2f, @location(3) tangent: vec4f)
    -> @builtin(position) vec4f { return vec4f(at, 1); }
@fragment fn fs() -> @location(0) vec4f { return vec4f(0.5); }
"""


def texture(trace, format_name, samples=1):
    """(its view, the commands that make both)."""
    made, view = trace.fresh_id(), trace.fresh_id()
    size = {"width": 256, "height": 256, "depth_or_layers": 1, "mip_level_count": 1, "sample_count": samples}
    descriptor = zero("texture_descriptor") | size | {
        "dimension": VALUES["texture_dimension"]["2d"], "format": VALUES["texture_format"][format_name],
        "usage": VALUES["texture_usage"]["render_attachment"]}
    of_view = zero("view_descriptor") | {"mip_level_count": MOST, "array_layer_count": MOST}
    return view, [command("create_texture", texture=made, label="injected", descriptor=descriptor),
                  command("create_texture_view", view=view, label="injected", texture=made, descriptor=of_view)]


def render_pipeline(trace, code, samples=1, buffers=()):
    module, pipeline = trace.fresh_id(), trace.fresh_id()
    target = zero("color_target") | {"format": VALUES["texture_format"]["rgba8unorm"], "write_mask": 15}
    state = zero("render_state") | {
        "module": module, "buffers": list(buffers), "topology": VALUES["primitive_topology"]["triangle_list"], "sample_count": samples,
        "sample_mask": MOST, "fragment": [zero("fragment_state") | {"module": module, "targets": [target]}]}
    return pipeline, [command("create_shader_module", module=module, code=code),
                      command("create_render_pipeline", pipeline=pipeline, label="injected", state=state)]


def make_first(trace, commands):
    record, index, _ = trace.commands("create_buffer", "create_texture", "create_shader_module")[0]
    insert((record, index), *commands)


def render(trace, color, *inside):
    """A submission of one pass; `inside` is said of it."""
    encoder, drawn, buffer = trace.fresh_id(), trace.fresh_id(), trace.fresh_id()
    attachment = zero("color_attachment") | {"depth_slice": MOST, "store": VALUES["store_op"]["store"]} | color
    targets = zero("pass_targets") | {"color_attachments": [attachment]}
    return [command("create_command_encoder", encoder=encoder),
            command("begin_render_pass", **{"encoder": encoder, "pass": drawn, "label": "injected", "targets": targets}),
            *[command(name, **{"pass": drawn}, **arguments) for name, arguments in inside],
            command("end_pass", **{"pass": drawn}), command("finish", encoder=encoder, command_buffer=buffer),
            command("submit", command_buffers=[buffer])]


def load_then_overwrite(trace):
    view, picture = texture(trace, "rgba8unorm")
    pipeline, made = render_pipeline(trace, TRIANGLE)
    make_first(trace, picture + made)
    return before_submissions(trace, 4, lambda _: render(
        trace, {"view": view, "load": VALUES["load_op"]["load"]}, ("set_render_pipeline", {"pipeline": pipeline}),
        ("draw", {"vertex_count": 3, "instance_count": 1})))


def needless_samples(trace):
    view, samples = texture(trace, "rgba8unorm", 4)
    resolved, picture = texture(trace, "rgba8unorm")
    pipeline, made = render_pipeline(trace, TRIANGLE, 4)
    make_first(trace, samples + picture + made)
    return before_submissions(trace, 4, lambda _: render(
        trace, {"view": view, "resolve_target": resolved, "load": VALUES["load_op"]["clear"]},
        ("set_render_pipeline", {"pipeline": pipeline}), ("draw", {"vertex_count": 3, "instance_count": 1})))


def needless_depth(trace):
    """Each pass without a depth buffer gets one, and its pipelines a test that all depths pass."""
    passes = [one["targets"] for _, _, one in trace.commands("begin_render_pass") if not one["targets"]["depth_stencil"]]
    states = [one["state"] for _, _, one in trace.commands("create_render_pipeline", "create_render_pipeline_async")
              if not one["state"]["depth_stencil"]]
    if len(passes) < 4 or not states:
        return False
    view, depth = texture(trace, "depth24plus")
    make_first(trace, depth)
    keep = zero("stencil_face") | {"compare": VALUES["compare_function"]["always"]}
    for targets in passes:
        targets["depth_stencil"] = [zero("depth_stencil_attachment") | {
            "view": view, "depth_load": VALUES["load_op"]["clear"], "depth_store": VALUES["store_op"]["discard"], "depth_clear_value": 1.0}]
    for state in states:
        state["depth_stencil"] = [zero("depth_stencil_state") | {
            "format": VALUES["texture_format"]["depth24plus"], "depth_compare": VALUES["compare_function"]["less_equal"],
            "front": keep, "back": keep}]
    return True


def filled_buffer(trace, usage, data):
    buffer, flags = trace.fresh_id(), sum(USAGE[name] for name in usage.split())
    return buffer, [command("create_buffer", buffer=buffer, label="injected", size_bytes=len(data), usage=flags),
                    command("write_buffer", buffer=buffer, data=data)]


def wide_indices(trace):
    indices, made = filled_buffer(trace, "index copy_dst", struct.pack("<30000I", *(i % 10000 for i in range(30000))))
    make_first(trace, made)
    drawn = trace.commands("draw", "draw_indexed")
    for record, index, one in reversed(drawn):
        insert((record, index + 1), command("set_index_buffer", **{
            "pass": one["pass"], "buffer": indices, "format": VALUES["index_format"]["uint32"], "size_bytes": 120000}),
            command("draw_indexed", **{"pass": one["pass"], "index_count": 30000, "instance_count": 1}))
    return bool(drawn)


def unused_attributes(trace):
    formats = [VALUES["vertex_format"][name] for name in ("float32x3", "float32x3", "float32x2", "float32x4")]
    vertex = {"stride_bytes": 48, "step_mode": VALUES["vertex_step_mode"]["vertex"], "attributes": [
        {"format": one, "offset_bytes": offset, "location": location} for location, (one, offset) in enumerate(zip(formats, (0, 12, 24, 32)))]}
    view, picture = texture(trace, "rgba8unorm")
    pipeline, made = render_pipeline(trace, MESH, 1, [vertex])
    vertices, filled = filled_buffer(trace, "vertex copy_dst", struct.pack("<24000f", *(i / 24000 for i in range(24000))))
    make_first(trace, picture + made + filled)
    return before_submissions(trace, 1, lambda _: render(
        trace, {"view": view, "load": VALUES["load_op"]["clear"]}, ("set_render_pipeline", {"pipeline": pipeline}),
        ("set_vertex_buffer", {"slot": 0, "buffer": vertices, "size_bytes": 96000}),
        ("draw", {"vertex_count": 2000, "instance_count": 1})))


def map_then_wait(trace):
    return read_back(trace, 64, lambda number: bytes([number]) * 64, lambda *_: [])


def round_trip(trace):
    target = make_buffer(trace, 4096, "vertex copy_dst")
    return read_back(trace, 4096, lambda number: BYTES[number:] + BYTES[:number],
                     lambda _, data: [command("write_buffer", buffer=target, data=data)])


def readback_decides(trace):
    def dispatch(number, _):
        encoder, compute, buffer = trace.fresh_id(), trace.fresh_id(), trace.fresh_id()
        return [command("create_command_encoder", encoder=encoder), command("begin_compute_pass", **{"encoder": encoder, "pass": compute}),
                command("dispatch_workgroups", **{"pass": compute, "x": 100 + 7 * number, "y": 1, "z": 1}),
                command("end_pass", **{"pass": compute}), command("finish", encoder=encoder, command_buffer=buffer),
                command("submit", command_buffers=[buffer])]

    return read_back(trace, 16, lambda number: struct.pack("<4I", 100 + 7 * number, 0, 0, 0), dispatch)


DEFECTS = {function.__name__.replace("_", "-"): function for function in (
    unchanged_upload, many_small_writes, whole_upload, write_then_copy, round_trip, readback_ring_short, map_then_wait, readback_decides,
    copy_never_read, many_submits, redundant_state, objects_made_again, duplicate_pipelines, pipeline_in_frame, tiny_draws,
    zero_count_draw, off_screen, adjacent_passes, store_never_read, load_then_overwrite, needless_depth, needless_samples, wide_indices,
    unused_attributes, never_used, oversized, never_unmapped, create_destroy_churn, left_to_collector, memory_growing)}
