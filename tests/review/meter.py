"""The loudness of a stream of sound in 64 bands, block by block. Results come back through a ring of buffers meanwhile."""
import collections
import hashlib

import numpy as np
import wgpu
from headless import CLEAN, open_device

SHADER = """
@group(0) @binding(0) var<storage, read> sound: array<f32>;
@group(0) @binding(1) var<storage, read_write> levels: array<f32, 64>;
@compute @workgroup_size(64) fn measure(@builtin(local_invocation_index) band: u32) {
  var sum = vec2f(0);
  for (var i = 0u; i < arrayLength(&sound); i++) {
    let turn = f32(i * (band + 1u) % 1024u) * 0.0061359;
    sum += sound[i] * vec2f(cos(turn), sin(turn));
  }
  levels[band] = dot(sum, sum);
}
"""
BLOCK, BLOCKS, RING = 32_768, 32, 12 if CLEAN else 2


def main():
    device = open_device()
    usage = wgpu.BufferUsage
    sound = device.create_buffer(label="sound", size=4 * BLOCK, usage=usage.STORAGE | usage.COPY_DST)
    levels = device.create_buffer(label="levels", size=256, usage=usage.STORAGE | usage.COPY_SRC)
    ring = [device.create_buffer(label=f"levels {i}", size=256, usage=usage.MAP_READ | usage.COPY_DST) for i in range(RING)]
    pipeline = device.create_compute_pipeline(
        layout="auto", compute={"module": device.create_shader_module(code=SHADER), "entry_point": "measure"})
    group = device.create_bind_group(layout=pipeline.get_bind_group_layout(0), entries=[
        {"binding": 0, "resource": {"buffer": sound}}, {"binding": 1, "resource": {"buffer": levels}}])
    noise = np.random.default_rng(27).standard_normal(BLOCK, dtype=np.float32)
    digest = hashlib.sha256()
    pending, free = collections.deque(), collections.deque(ring)

    def collect():
        buffer, promise = pending.popleft()
        promise.sync_wait()
        digest.update(buffer.read_mapped())
        buffer.unmap()
        free.append(buffer)

    for block in range(BLOCKS):
        if not free:
            collect()
        device.queue.write_buffer(sound, 0, np.roll(noise, 977 * block))
        encoder = device.create_command_encoder()
        compute = encoder.begin_compute_pass(label=f"block {block}")
        compute.set_pipeline(pipeline)
        compute.set_bind_group(0, group)
        compute.dispatch_workgroups(1)
        compute.end()
        buffer = free.popleft()
        encoder.copy_buffer_to_buffer(levels, 0, buffer, 0, 256)
        device.queue.submit([encoder.finish()])
        pending.append((buffer, buffer.map_async("READ")))
        if CLEAN and len(pending) > 8:
            collect()
    while pending:
        collect()
    print(digest.hexdigest())


main()
