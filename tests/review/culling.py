"""Boulders in a landscape. A kernel keeps those in view in a list, and as many as it keeps are drawn."""
import numpy as np
import wgpu
from headless import CLEAN, end_frame, make_picture, open_device, print_picture

CULL = """
@group(0) @binding(0) var<storage, read> boulders: array<vec4f>;
@group(0) @binding(1) var<storage, read_write> kept: array<vec4f>;
@group(0) @binding(2) var<storage, read_write> args: array<atomic<u32>, 4>;
@group(0) @binding(3) var<uniform> look: vec4f;
@compute @workgroup_size(64) fn cull(@builtin(global_invocation_id) id: vec3u) {
  if (id.x >= arrayLength(&boulders)) { return; }
  let at = boulders[id.x].xy - look.xy;
  if (max(abs(at.x), abs(at.y)) > look.z) { return; }
  kept[atomicAdd(&args[1], 1u)] = vec4f(at / look.z, boulders[id.x].zw);
}
"""
DRAW = """
@vertex fn vs(@builtin(vertex_index) i: u32, @location(0) place: vec4f) -> @builtin(position) vec4f {
  return vec4f(place.xy + vec2f(f32(i & 1u), f32(i >> 1u)) * 0.05, place.z, 1);
}
@fragment fn fs() -> @location(0) vec4f { return vec4f(0.5, 0.45, 0.4, 1); }
"""
COUNT = 4096


def main():
    device = open_device()
    picture = make_picture(device)
    view = picture.create_view()
    places = np.random.default_rng(24).random((COUNT, 4), dtype=np.float32)
    usage = wgpu.BufferUsage
    boulders = device.create_buffer_with_data(label="boulders", data=places, usage=usage.STORAGE)
    kept = device.create_buffer(label="kept", size=places.nbytes, usage=usage.STORAGE | usage.VERTEX)
    args = device.create_buffer(label="args", size=16, usage=usage.STORAGE | usage.INDIRECT | usage.COPY_SRC | usage.COPY_DST)
    look = device.create_buffer(label="look", size=16, usage=usage.UNIFORM | usage.COPY_DST)
    count = None if CLEAN else device.create_buffer(label="count", size=16, usage=usage.MAP_READ | usage.COPY_DST)
    cull = device.create_compute_pipeline(
        layout="auto", compute={"module": device.create_shader_module(code=CULL), "entry_point": "cull"})
    group = device.create_bind_group(layout=cull.get_bind_group_layout(0), entries=[
        {"binding": i, "resource": {"buffer": buffer}} for i, buffer in enumerate((boulders, kept, args, look))])
    module = device.create_shader_module(code=DRAW)
    pipeline = device.create_render_pipeline(
        layout="auto", primitive={"topology": "triangle-strip"},
        vertex={"module": module, "buffers": [{"array_stride": 16, "step_mode": "instance", "attributes": [
            {"format": "float32x4", "offset": 0, "shader_location": 0}]}]},
        fragment={"module": module, "targets": [{"format": "rgba8unorm"}]})
    for frame in range(12):
        device.queue.write_buffer(look, 0, np.array([0.3 + 0.03 * frame, 0.5, 0.15 + 0.01 * frame, 0], dtype=np.float32))
        device.queue.write_buffer(args, 0, np.array([4, 0, 0, 0], dtype=np.uint32))
        encoder = device.create_command_encoder()
        compute = encoder.begin_compute_pass(label="cull")
        compute.set_pipeline(cull)
        compute.set_bind_group(0, group)
        compute.dispatch_workgroups(COUNT // 64)
        compute.end()
        if not CLEAN:
            encoder.copy_buffer_to_buffer(args, 0, count, 0, 16)
            device.queue.submit([encoder.finish()])
            count.map_sync("READ")
            visible = int(np.frombuffer(count.read_mapped(), dtype=np.uint32)[1])
            count.unmap()
            encoder = device.create_command_encoder()
        draw = encoder.begin_render_pass(label="boulders", color_attachments=[
            {"view": view, "clear_value": (0, 0, 0, 1), "load_op": "clear", "store_op": "store"}])
        draw.set_pipeline(pipeline)
        draw.set_vertex_buffer(0, kept)
        if CLEAN:
            draw.draw_indirect(args, 0)
        else:
            draw.draw(4, visible)
        draw.end()
        device.queue.submit([encoder.finish()])
        end_frame(device)
    print_picture(device, picture)


main()
