"""Histogram equalisation of a series of scans: counts of each brightness, their running sum, and each texel's new value.

What is wrong with it: the table of new values comes to the host and goes back to the GPU as it came.
"""
import pathlib
import sys

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1]))
import numpy as np  # noqa: E402
import wgpu  # noqa: E402
from headless import end_frame, open_device, print_buffer  # noqa: E402

WIDTH, HEIGHT, SCANS = 512, 256, 10

COUNT = """
@group(0) @binding(0) var<storage, read> scan: array<u32>;
@group(0) @binding(1) var<storage, read_write> counts: array<atomic<u32>, 256>;
var<workgroup> local: array<atomic<u32>, 256>;

@compute @workgroup_size(256) fn count(@builtin(global_invocation_id) id: vec3u, @builtin(local_invocation_index) i: u32) {
  atomicStore(&local[i], 0u);
  workgroupBarrier();
  if (id.x < arrayLength(&scan)) {
    let four = scan[id.x];
    atomicAdd(&local[four & 255u], 1u);
    atomicAdd(&local[(four >> 8u) & 255u], 1u);
    atomicAdd(&local[(four >> 16u) & 255u], 1u);
    atomicAdd(&local[four >> 24u], 1u);
  }
  workgroupBarrier();
  atomicAdd(&counts[i], atomicLoad(&local[i]));
}
"""

TABLE = """
@group(0) @binding(0) var<storage, read> counts: array<u32, 256>;
@group(0) @binding(1) var<storage, read_write> lookup: array<u32, 256>;
var<workgroup> sums: array<u32, 256>;

@compute @workgroup_size(256) fn build(@builtin(local_invocation_index) i: u32) {
  sums[i] = counts[i];
  for (var width = 1u; width < 256u; width = width << 1u) {
    workgroupBarrier();
    var before = 0u;
    if (i >= width) { before = sums[i - width]; }
    workgroupBarrier();
    sums[i] += before;
  }
  workgroupBarrier();
  lookup[i] = u32(255.0 * f32(sums[i]) / f32(sums[255]));
}
"""

APPLY = """
@group(0) @binding(0) var<storage, read> scan: array<u32>;
@group(0) @binding(1) var<storage, read> lookup: array<u32, 256>;
@group(0) @binding(2) var<storage, read_write> equal: array<u32>;

@compute @workgroup_size(256) fn assign(@builtin(global_invocation_id) id: vec3u) {
  if (id.x >= arrayLength(&scan)) { return; }
  let four = scan[id.x];
  equal[id.x] = lookup[four & 255u] | (lookup[(four >> 8u) & 255u] << 8u) | (lookup[(four >> 16u) & 255u] << 16u)
    | (lookup[four >> 24u] << 24u);
}
"""


def make_scan(number):
    """A dim picture with little contrast, as a scanner of the old kind makes it."""
    random = np.random.default_rng(50 + number)
    y, x = np.mgrid[0:HEIGHT, 0:WIDTH]
    bones = 60 + 20 * np.sin(x / (20 + number)) * np.cos(y / 30) + 10 * np.exp(-((x - 256) ** 2 + (y - 128) ** 2) / 4000)
    return np.clip(bones + random.normal(0, 3, bones.shape), 0, 255).astype(np.uint8)


class Equaliser:
    def __init__(self, device):
        usage = wgpu.BufferUsage
        self.device = device
        size = WIDTH * HEIGHT
        self.scan = device.create_buffer(label="scan", size=size, usage=usage.STORAGE | usage.COPY_DST)
        self.counts = device.create_buffer(label="counts", size=1024, usage=usage.STORAGE | usage.COPY_DST)
        self.built = device.create_buffer(label="built table", size=1024, usage=usage.STORAGE | usage.COPY_SRC)
        self.read = device.create_buffer(label="table for the host", size=1024, usage=usage.MAP_READ | usage.COPY_DST)
        self.table = device.create_buffer(label="table", size=1024, usage=usage.STORAGE | usage.COPY_DST)
        self.equal = device.create_buffer(label="equalised", size=size, usage=usage.STORAGE | usage.COPY_SRC)
        self.count = self.step(COUNT, "count", self.scan, self.counts)
        self.build = self.step(TABLE, "build", self.counts, self.built)
        self.apply = self.step(APPLY, "assign", self.scan, self.table, self.equal)

    def step(self, code, name, *buffers):
        pipeline = self.device.create_compute_pipeline(
            label=name, layout="auto", compute={"module": self.device.create_shader_module(code=code), "entry_point": name})
        group = self.device.create_bind_group(layout=pipeline.get_bind_group_layout(0), entries=[
            {"binding": i, "resource": {"buffer": buffer}} for i, buffer in enumerate(buffers)])
        return pipeline, group

    @staticmethod
    def run(compute, step, groups):
        pipeline, group = step
        compute.set_pipeline(pipeline)
        compute.set_bind_group(0, group)
        compute.dispatch_workgroups(groups)

    def equalise(self, scan):
        self.device.queue.write_buffer(self.scan, 0, scan)
        encoder = self.device.create_command_encoder()
        encoder.clear_buffer(self.counts)
        compute = encoder.begin_compute_pass(label="count and build")
        self.run(compute, self.count, WIDTH * HEIGHT // 1024)
        self.run(compute, self.build, 1)
        compute.end()
        encoder.copy_buffer_to_buffer(self.built, 0, self.read, 0, 1024)
        self.device.queue.submit([encoder.finish()])
        self.read.map_sync("READ")
        table = np.frombuffer(self.read.read_mapped(), dtype=np.uint32)
        self.read.unmap()
        self.device.queue.write_buffer(self.table, 0, table)
        encoder = self.device.create_command_encoder()
        compute = encoder.begin_compute_pass(label="assign")
        self.run(compute, self.apply, WIDTH * HEIGHT // 1024)
        compute.end()
        self.device.queue.submit([encoder.finish()])
        return table


def main():
    device = open_device()
    equaliser = Equaliser(device)
    brightest = []
    for number in range(SCANS):
        table = equaliser.equalise(make_scan(number))
        brightest.append(int(np.searchsorted(table, 250)))
        end_frame(device)
    print(brightest)
    print_buffer(device, equaliser.equal)


main()
