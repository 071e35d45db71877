"""Counts the brightness of each frame of a film; the counts are shown beside the film."""
import hashlib

import numpy as np
import wgpu
from headless import CLEAN, open_device

SHADER = """
@group(0) @binding(0) var<storage, read> film: array<u32>;
@group(0) @binding(1) var<storage, read_write> counts: array<atomic<u32>, 256>;
@group(0) @binding(2) var<uniform> now: vec4u;
@compute @workgroup_size(64) fn count(@builtin(global_invocation_id) id: vec3u) {
  let texel = film[(id.x + now.x * 977u) % arrayLength(&film)];
  atomicAdd(&counts[(texel >> 8u) & 255u], 1u);
}
"""
PIXELS, FRAMES, RING = 262_144, 16, 3


def main():
    device = open_device()
    film = device.create_buffer_with_data(label="film", usage=wgpu.BufferUsage.STORAGE,
                                          data=np.random.default_rng(8).integers(0, 2**31, PIXELS, dtype=np.uint32))
    counts = device.create_buffer(label="counts", size=1024,
                                  usage=wgpu.BufferUsage.STORAGE | wgpu.BufferUsage.COPY_SRC | wgpu.BufferUsage.COPY_DST)
    now = device.create_buffer(label="now", size=16, usage=wgpu.BufferUsage.UNIFORM | wgpu.BufferUsage.COPY_DST)
    shown = [device.create_buffer(label=f"shown {i}", size=1024, usage=wgpu.BufferUsage.MAP_READ | wgpu.BufferUsage.COPY_DST)
             for i in range(RING if CLEAN else 1)]
    pipeline = device.create_compute_pipeline(
        layout="auto", compute={"module": device.create_shader_module(code=SHADER), "entry_point": "count"})
    group = device.create_bind_group(layout=pipeline.get_bind_group_layout(0), entries=[
        {"binding": i, "resource": {"buffer": buffer}} for i, buffer in enumerate((film, counts, now))])
    digest = hashlib.sha256()

    def show(frame):
        buffer = shown[frame % len(shown)]
        buffer.map_sync("READ")
        digest.update(buffer.read_mapped())
        buffer.unmap()

    for frame in range(FRAMES):
        if CLEAN and frame >= RING:
            show(frame - RING)
        device.queue.write_buffer(now, 0, np.array([frame, 0, 0, 0], dtype=np.uint32))
        encoder = device.create_command_encoder()
        encoder.clear_buffer(counts)
        compute = encoder.begin_compute_pass(label="count")
        compute.set_pipeline(pipeline)
        compute.set_bind_group(0, group)
        compute.dispatch_workgroups(PIXELS // 64)
        compute.end()
        encoder.copy_buffer_to_buffer(counts, 0, shown[frame % len(shown)], 0, 1024)
        device.queue.submit([encoder.finish()])
        if not CLEAN:
            show(frame)
    if CLEAN:
        for frame in range(FRAMES - RING, FRAMES):
            show(frame)
    print(digest.hexdigest())


main()
