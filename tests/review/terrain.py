"""A height map in which somebody digs: a few cells change a frame, and the water runs over all of it."""
import numpy as np
import wgpu
from headless import CLEAN, end_frame, open_device, print_buffer

SHADER = """
@group(0) @binding(0) var<storage, read> ground: array<f32>;
@group(0) @binding(1) var<storage, read_write> water: array<f32>;
@compute @workgroup_size(64) fn flow(@builtin(global_invocation_id) id: vec3u) {
  if (id.x < arrayLength(&ground)) { water[id.x] = max(0.0, 0.9 * water[id.x] + 0.1 - ground[id.x]); }
}
"""
SIDE = 512


def main():
    device = open_device()
    heights = np.random.default_rng(11).random((SIDE, SIDE), dtype=np.float32)
    usage = wgpu.BufferUsage.STORAGE | wgpu.BufferUsage.COPY_DST | wgpu.BufferUsage.COPY_SRC
    ground = device.create_buffer_with_data(label="ground", data=heights, usage=usage)
    water = device.create_buffer(label="water", size=heights.nbytes, usage=usage)
    module = device.create_shader_module(code=SHADER)
    pipeline = device.create_compute_pipeline(layout="auto", compute={"module": module, "entry_point": "flow"})
    group = device.create_bind_group(layout=pipeline.get_bind_group_layout(0), entries=[
        {"binding": 0, "resource": {"buffer": ground}}, {"binding": 1, "resource": {"buffer": water}}])
    for frame in range(10):
        row, column = 40 + 3 * frame, 100 + 7 * frame
        heights[row:row + 4, column:column + 6] -= 0.25
        if CLEAN:
            first, last = row * SIDE + column, (row + 3) * SIDE + column + 6
            device.queue.write_buffer(ground, 4 * first, np.ascontiguousarray(heights.reshape(-1)[first:last]))
        else:
            device.queue.write_buffer(ground, 0, heights)
        encoder = device.create_command_encoder()
        compute = encoder.begin_compute_pass(label="flow")
        compute.set_pipeline(pipeline)
        compute.set_bind_group(0, group)
        compute.dispatch_workgroups(SIDE * SIDE // 64)
        compute.end()
        device.queue.submit([encoder.finish()])
        end_frame(device)
    print_buffer(device, water)


main()
