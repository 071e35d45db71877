"""A grid relaxed in twelve steps a frame between two buffers."""
import numpy as np
import wgpu
from headless import CLEAN, end_frame, open_device, print_buffer

SHADER = """
@group(0) @binding(0) var<storage, read> before: array<f32>;
@group(0) @binding(1) var<storage, read_write> after: array<f32>;
@group(0) @binding(2) var<uniform> weight: vec4f;
@compute @workgroup_size(64) fn relax(@builtin(global_invocation_id) id: vec3u) {
  let last = arrayLength(&before) - 1u;
  if (id.x > last) { return; }
  let near = before[max(id.x, 1u) - 1u] + before[min(id.x + 1u, last)];
  after[id.x] = mix(before[id.x], 0.5 * near, weight.x);
}
"""
COUNT, STEPS = 16_384, 12


def main():
    device = open_device()
    usage = wgpu.BufferUsage.STORAGE | wgpu.BufferUsage.COPY_SRC
    values = np.random.default_rng(4).random(COUNT, dtype=np.float32)
    grids = [device.create_buffer_with_data(label=name, data=values, usage=usage) for name in ("even", "odd")]
    weight = device.create_buffer(label="weight", size=16, usage=wgpu.BufferUsage.UNIFORM | wgpu.BufferUsage.COPY_DST)
    pipeline = device.create_compute_pipeline(
        layout="auto", compute={"module": device.create_shader_module(code=SHADER), "entry_point": "relax"})
    groups = [device.create_bind_group(layout=pipeline.get_bind_group_layout(0), entries=[
        {"binding": 0, "resource": {"buffer": grids[side]}}, {"binding": 1, "resource": {"buffer": grids[1 - side]}},
        {"binding": 2, "resource": {"buffer": weight}}]) for side in range(2)]
    for frame in range(10):
        device.queue.write_buffer(weight, 0, np.array([0.5 + 0.04 * frame, 0, 0, 0], dtype=np.float32))
        encoder = device.create_command_encoder()
        compute = encoder.begin_compute_pass(label="relax")
        for step in range(STEPS):
            if not CLEAN and step > 0:
                compute.end()
                device.queue.submit([encoder.finish()])
                encoder = device.create_command_encoder()
                compute = encoder.begin_compute_pass(label="relax")
            if not CLEAN or step == 0:
                compute.set_pipeline(pipeline)
            compute.set_bind_group(0, groups[step % 2])
            compute.dispatch_workgroups(COUNT // 64)
        compute.end()
        device.queue.submit([encoder.finish()])
        end_frame(device)
    print_buffer(device, grids[0])


main()
