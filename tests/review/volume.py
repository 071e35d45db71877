"""A sum over a volume. Room for its gradients is made at the start; the gradients are not computed yet."""
import numpy as np
import wgpu
from headless import CLEAN, end_frame, open_device, print_buffer

SHADER = """
@group(0) @binding(0) var<storage, read> volume: array<f32>;
@group(0) @binding(1) var<storage, read_write> sums: array<f32>;
@group(0) @binding(2) var<uniform> now: vec4f;
@compute @workgroup_size(64) fn sum(@builtin(global_invocation_id) id: vec3u) {
  var total = 0.0;
  for (var z = 0u; z < 64u; z++) { total += volume[z * 4096u + id.x]; }
  sums[id.x] = 0.5 * sums[id.x] + total * now.x;
}
"""
SIDE = 64


def main():
    device = open_device()
    volume = device.create_buffer_with_data(label="volume", data=np.random.default_rng(1).random(SIDE**3, dtype=np.float32),
                                            usage=wgpu.BufferUsage.STORAGE)
    gradients = None if CLEAN else device.create_buffer(label="gradients", size=16 * SIDE**3,
                                                        usage=wgpu.BufferUsage.STORAGE | wgpu.BufferUsage.COPY_DST)
    sums = device.create_buffer(label="sums", size=4 * SIDE**2, usage=wgpu.BufferUsage.STORAGE | wgpu.BufferUsage.COPY_SRC)
    now = device.create_buffer(label="now", size=16, usage=wgpu.BufferUsage.UNIFORM | wgpu.BufferUsage.COPY_DST)
    pipeline = device.create_compute_pipeline(
        layout="auto", compute={"module": device.create_shader_module(code=SHADER), "entry_point": "sum"})
    group = device.create_bind_group(layout=pipeline.get_bind_group_layout(0), entries=[
        {"binding": i, "resource": {"buffer": buffer}} for i, buffer in enumerate((volume, sums, now))])
    for frame in range(8):
        device.queue.write_buffer(now, 0, np.array([0.1 * frame, 0, 0, 0], dtype=np.float32))
        encoder = device.create_command_encoder()
        compute = encoder.begin_compute_pass(label="sum")
        compute.set_pipeline(pipeline)
        compute.set_bind_group(0, group)
        compute.dispatch_workgroups(SIDE**2 // 64)
        compute.end()
        device.queue.submit([encoder.finish()])
        end_frame(device)
    print_buffer(device, sums)
    del gradients


main()
