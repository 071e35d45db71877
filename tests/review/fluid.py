"""A field that spreads; a copy of it was for the debug view, which nobody opens any more."""
import numpy as np
import wgpu
from headless import CLEAN, end_frame, open_device, print_buffer

SHADER = """
@group(0) @binding(0) var<storage, read_write> field: array<f32>;
@group(0) @binding(1) var<uniform> source: vec4f;
@compute @workgroup_size(64) fn spread(@builtin(global_invocation_id) id: vec3u) {
  if (id.x < arrayLength(&field)) { field[id.x] = fract(field[id.x] * 0.97 + source.x * f32(id.x & 255u)); }
}
"""
COUNT = 1_048_576


def main():
    device = open_device()
    field = device.create_buffer_with_data(label="field", data=np.random.default_rng(6).random(COUNT, dtype=np.float32),
                                           usage=wgpu.BufferUsage.STORAGE | wgpu.BufferUsage.COPY_SRC)
    debug = None
    if not CLEAN:
        debug = device.create_buffer(label="debug copy", size=4 * COUNT, usage=wgpu.BufferUsage.COPY_DST | wgpu.BufferUsage.STORAGE)
    source = device.create_buffer(label="source", size=16, usage=wgpu.BufferUsage.UNIFORM | wgpu.BufferUsage.COPY_DST)
    pipeline = device.create_compute_pipeline(
        layout="auto", compute={"module": device.create_shader_module(code=SHADER), "entry_point": "spread"})
    group = device.create_bind_group(layout=pipeline.get_bind_group_layout(0), entries=[
        {"binding": 0, "resource": {"buffer": field}}, {"binding": 1, "resource": {"buffer": source}}])
    for frame in range(10):
        device.queue.write_buffer(source, 0, np.array([0.001 * frame, 0, 0, 0], dtype=np.float32))
        encoder = device.create_command_encoder()
        compute = encoder.begin_compute_pass(label="spread")
        compute.set_pipeline(pipeline)
        compute.set_bind_group(0, group)
        compute.dispatch_workgroups(COUNT // 64)
        compute.end()
        if debug is not None:
            encoder.copy_buffer_to_buffer(field, 0, debug, 0, 4 * COUNT)
        device.queue.submit([encoder.finish()])
        end_frame(device)
    print_buffer(device, field)


main()
