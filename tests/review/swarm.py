"""A swarm: one pass moves it, another draws it. What moved comes to the host first, which hands it to the drawing."""
import numpy as np
import wgpu
from headless import CLEAN, end_frame, make_picture, open_device, print_picture

MOVE = """
@group(0) @binding(0) var<storage, read_write> places: array<vec4f>;
@compute @workgroup_size(64) fn advance(@builtin(global_invocation_id) id: vec3u) {
  if (id.x >= arrayLength(&places)) { return; }
  let p = places[id.x];
  places[id.x] = vec4f(fract(p.xy + 0.05 * p.zw), p.zw + 0.01 * vec2f(p.w, -p.z));
}
"""
DRAW = """
@vertex fn vs(@builtin(vertex_index) i: u32, @location(0) place: vec4f) -> @builtin(position) vec4f {
  return vec4f(place.xy * 2 - 1 + vec2f(f32(i & 1u), f32(i >> 1u)) * 0.02, 0, 1);
}
@fragment fn fs() -> @location(0) vec4f { return vec4f(0.2, 0.9, 0.4, 1); }
"""
COUNT = 2048


def main():
    device = open_device()
    picture = make_picture(device)
    view = picture.create_view()
    start = np.random.default_rng(22).random((COUNT, 4), dtype=np.float32)
    places = device.create_buffer_with_data(label="places", data=start, usage=wgpu.BufferUsage.STORAGE | wgpu.BufferUsage.COPY_SRC)
    shown = device.create_buffer(label="shown", size=start.nbytes, usage=wgpu.BufferUsage.VERTEX | wgpu.BufferUsage.COPY_DST)
    read = None
    if not CLEAN:
        read = device.create_buffer(label="read", size=start.nbytes, usage=wgpu.BufferUsage.MAP_READ | wgpu.BufferUsage.COPY_DST)
    move = device.create_compute_pipeline(
        layout="auto", compute={"module": device.create_shader_module(code=MOVE), "entry_point": "advance"})
    group = device.create_bind_group(layout=move.get_bind_group_layout(0), entries=[{"binding": 0, "resource": {"buffer": places}}])
    module = device.create_shader_module(code=DRAW)
    pipeline = device.create_render_pipeline(
        layout="auto", primitive={"topology": "triangle-strip"},
        vertex={"module": module, "buffers": [{"array_stride": 16, "step_mode": "instance", "attributes": [
            {"format": "float32x4", "offset": 0, "shader_location": 0}]}]},
        fragment={"module": module, "targets": [{"format": "rgba8unorm"}]})
    for _ in range(10):
        encoder = device.create_command_encoder()
        compute = encoder.begin_compute_pass(label="move")
        compute.set_pipeline(move)
        compute.set_bind_group(0, group)
        compute.dispatch_workgroups(COUNT // 64)
        compute.end()
        encoder.copy_buffer_to_buffer(places, 0, shown if CLEAN else read, 0, start.nbytes)
        if not CLEAN:
            device.queue.submit([encoder.finish()])
            read.map_sync("READ")
            moved = np.frombuffer(read.read_mapped(), dtype=np.float32)
            read.unmap()
            device.queue.write_buffer(shown, 0, moved)
            encoder = device.create_command_encoder()
        draw = encoder.begin_render_pass(label="swarm", color_attachments=[
            {"view": view, "clear_value": (0, 0, 0, 1), "load_op": "clear", "store_op": "store"}])
        draw.set_pipeline(pipeline)
        draw.set_vertex_buffer(0, shown)
        draw.draw(4, COUNT)
        draw.end()
        device.queue.submit([encoder.finish()])
        end_frame(device)
    print_picture(device, picture)


main()
