"""Sparks from two fountains: emitted by the host, moved and bounced on the GPU, drawn with glow; the host shows how many live.

What is wrong with it: the count comes back with every frame before the next is encoded, and what is emitted goes through
a buffer that is made for the frame and destroyed behind it.
"""
import pathlib
import sys

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1]))
import numpy as np  # noqa: E402
import wgpu  # noqa: E402
from headless import make_picture, open_device, print_picture  # noqa: E402

MOST, BURST, FRAMES = 8192, 512, 16

MOVE = """
struct Spark { at: vec2f, speed: vec2f, life: f32, heat: f32 }
struct Settings { dt: f32, gravity: f32, floor: f32, first: u32 }
@group(0) @binding(0) var<storage, read_write> sparks: array<Spark>;
@group(0) @binding(1) var<storage, read_write> counts: array<atomic<u32>, 4>;
@group(0) @binding(2) var<uniform> settings: Settings;

@compute @workgroup_size(64) fn advance(@builtin(global_invocation_id) id: vec3u) {
  if (id.x >= arrayLength(&sparks)) { return; }
  var spark = sparks[id.x];
  if (spark.life <= 0) { return; }
  spark.speed.y -= settings.gravity * settings.dt;
  spark.at += settings.dt * spark.speed;
  if (spark.at.y < settings.floor) {
    spark.at.y = 2 * settings.floor - spark.at.y;
    spark.speed = vec2f(0.8, -0.5) * spark.speed;
    atomicAdd(&counts[1], 1u);
  }
  spark.life -= settings.dt;
  spark.heat *= 0.98;
  sparks[id.x] = spark;
  if (spark.life > 0) { atomicAdd(&counts[0], 1u); }
}
"""

EMIT = """
struct Spark { at: vec2f, speed: vec2f, life: f32, heat: f32 }
struct Settings { dt: f32, gravity: f32, floor: f32, first: u32 }
@group(0) @binding(0) var<storage, read_write> sparks: array<Spark>;
@group(0) @binding(1) var<storage, read> fresh: array<Spark>;
@group(0) @binding(2) var<uniform> settings: Settings;

@compute @workgroup_size(64) fn emit(@builtin(global_invocation_id) id: vec3u) {
  if (id.x >= arrayLength(&fresh)) { return; }
  sparks[(settings.first + id.x) % arrayLength(&sparks)] = fresh[id.x];
}
"""

DRAW = """
struct Out { @builtin(position) at: vec4f, @location(0) corner: vec2f, @location(1) color: vec4f }
@vertex fn vs(@builtin(vertex_index) i: u32, @location(0) place: vec4f, @location(1) state: vec2f) -> Out {
  let corner = vec2f(f32(i & 1u), f32(i >> 1u)) * 2 - 1;
  let size = select(0.0, 0.02, state.x > 0);
  return Out(vec4f(place.xy + size * corner, 0, 1), corner, vec4f(1, state.y, 0.3 * state.y, state.x));
}
@fragment fn fs(in: Out) -> @location(0) vec4f {
  return in.color * max(0.0, 1 - dot(in.corner, in.corner));
}
"""


class Fountain:
    def __init__(self, device):
        usage = wgpu.BufferUsage
        self.device = device
        self.random = np.random.default_rng(44)
        self.sparks = device.create_buffer(label="sparks", size=24 * MOST, usage=usage.STORAGE | usage.VERTEX)
        self.counts = device.create_buffer(label="counts", size=16, usage=usage.STORAGE | usage.COPY_SRC | usage.COPY_DST)
        self.shown = device.create_buffer(label="shown counts", size=16, usage=usage.MAP_READ | usage.COPY_DST)
        self.settings = device.create_buffer(label="settings", size=16, usage=usage.UNIFORM | usage.COPY_DST)
        self.emit_pipeline = self.pipeline(EMIT, "emit")
        self.move_pipeline = self.pipeline(MOVE, "advance")
        self.move_group = self.bind(self.move_pipeline, self.sparks, self.counts, self.settings)
        self.first, self.history = 0, []

    def pipeline(self, code, name):
        return self.device.create_compute_pipeline(
            label=name, layout="auto", compute={"module": self.device.create_shader_module(code=code), "entry_point": name})

    def bind(self, pipeline, *buffers):
        return self.device.create_bind_group(layout=pipeline.get_bind_group_layout(0), entries=[
            {"binding": i, "resource": {"buffer": buffer}} for i, buffer in enumerate(buffers)])

    def burst(self, frame):
        sparks = np.zeros((BURST, 6), dtype=np.float32)
        sparks[:, 0] = np.where(np.arange(BURST) % 2, -0.5, 0.5)
        sparks[:, 1] = -0.8
        sparks[:, 2:4] = self.random.normal([0.1 * np.sin(frame), 1.6], 0.25, (BURST, 2))
        sparks[:, 4] = self.random.uniform(0.5, 1.5, BURST)
        sparks[:, 5] = 1
        return sparks

    def emit(self, encoder, frame):
        sparks = self.burst(frame)
        fresh = self.device.create_buffer(label="fresh", size=sparks.nbytes, usage=wgpu.BufferUsage.STORAGE | wgpu.BufferUsage.COPY_DST)
        self.device.queue.write_buffer(fresh, 0, sparks)
        group = self.bind(self.emit_pipeline, self.sparks, fresh, self.settings)
        compute = encoder.begin_compute_pass(label="emit")
        compute.set_pipeline(self.emit_pipeline)
        compute.set_bind_group(0, group)
        compute.dispatch_workgroups(BURST // 64)
        compute.end()
        self.first = (self.first + BURST) % MOST
        return fresh

    def advance(self, encoder):
        encoder.clear_buffer(self.counts)
        compute = encoder.begin_compute_pass(label="advance")
        compute.set_pipeline(self.move_pipeline)
        compute.set_bind_group(0, self.move_group)
        compute.dispatch_workgroups(MOST // 64)
        compute.end()
        encoder.copy_buffer_to_buffer(self.counts, 0, self.shown, 0, 16)

    def show_counts(self):
        self.shown.map_sync("READ")
        self.history.append(np.frombuffer(self.shown.read_mapped(), dtype=np.uint32)[:2].tolist())
        self.shown.unmap()


def glow_pipeline(device):
    module = device.create_shader_module(code=DRAW)
    add = {"operation": "add", "src_factor": "one", "dst_factor": "one"}
    return device.create_render_pipeline(
        label="sparks", layout="auto", primitive={"topology": "triangle-strip"},
        vertex={"module": module, "buffers": [{"array_stride": 24, "step_mode": "instance", "attributes": [
            {"format": "float32x4", "offset": 0, "shader_location": 0}, {"format": "float32x2", "offset": 16, "shader_location": 1}]}]},
        fragment={"module": module, "targets": [{"format": "rgba8unorm", "blend": {"color": add, "alpha": add}}]})


def main():
    device = open_device()
    picture = make_picture(device)
    view = picture.create_view()
    fountain, pipeline = Fountain(device), glow_pipeline(device)
    for frame in range(FRAMES):
        settings = np.array([(0.02, 2.0, -0.9, fountain.first)], dtype="f4,f4,f4,u4")
        device.queue.write_buffer(fountain.settings, 0, settings)
        encoder = device.create_command_encoder()
        fresh = fountain.emit(encoder, frame)
        fountain.advance(encoder)
        draw = encoder.begin_render_pass(label="sparks", color_attachments=[
            {"view": view, "clear_value": (0, 0, 0, 1), "load_op": "clear", "store_op": "store"}])
        draw.set_pipeline(pipeline)
        draw.set_vertex_buffer(0, fountain.sparks)
        draw.draw(4, MOST)
        draw.end()
        device.queue.submit([encoder.finish()])
        fountain.show_counts()
        fresh.destroy()
    print(fountain.history[-1])
    print_picture(device, picture)


main()
