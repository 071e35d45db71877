"""Bodies that attract each other, and a picture of them. Forces go through workgroup memory, tile by tile; places are
double-buffered on the GPU, and the energy of the system comes back through a ring that nobody waits for.

Nothing is wrong with it.
"""
import pathlib
import sys

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1]))
import numpy as np  # noqa: E402
import wgpu  # noqa: E402
from headless import end_frame, make_picture, open_device, print_buffer, print_picture  # noqa: E402

COUNT, FRAMES, STEPS = 1024, 14, 2

FORCES = """
struct Settings { dt: f32, softening: f32, count: u32, pad: u32 }
@group(0) @binding(0) var<uniform> settings: Settings;
@group(0) @binding(1) var<storage, read> before: array<vec4f>;
@group(0) @binding(2) var<storage, read_write> after: array<vec4f>;
@group(0) @binding(3) var<storage, read_write> speeds: array<vec4f>;
var<workgroup> tile: array<vec4f, 64>;

@compute @workgroup_size(64)
fn integrate(@builtin(global_invocation_id) id: vec3u, @builtin(local_invocation_index) local: u32) {
  let at = before[id.x];
  var force = vec3f(0);
  for (var first = 0u; first < settings.count; first += 64u) {
    tile[local] = before[first + local];
    workgroupBarrier();
    for (var i = 0u; i < 64u; i++) {
      let away = tile[i].xyz - at.xyz;
      let inverse = inverseSqrt(dot(away, away) + settings.softening);
      force += tile[i].w * inverse * inverse * inverse * away;
    }
    workgroupBarrier();
  }
  let speed = speeds[id.x].xyz + settings.dt * force;
  speeds[id.x] = vec4f(speed, 0);
  after[id.x] = vec4f(at.xyz + settings.dt * speed, at.w);
}
"""

ENERGY = """
@group(0) @binding(0) var<storage, read> speeds: array<vec4f>;
@group(0) @binding(1) var<storage, read_write> partial: array<f32>;
var<workgroup> sums: array<f32, 64>;

@compute @workgroup_size(64)
fn measure(@builtin(global_invocation_id) id: vec3u, @builtin(local_invocation_index) local: u32,
           @builtin(workgroup_id) group: vec3u) {
  let speed = speeds[id.x].xyz;
  sums[local] = 0.5 * dot(speed, speed);
  for (var width = 32u; width > 0u; width = width >> 1u) {
    workgroupBarrier();
    if (local < width) { sums[local] += sums[local + width]; }
  }
  if (local == 0u) { partial[group.x] = sums[0]; }
}
"""

DRAW = """
struct Out { @builtin(position) at: vec4f, @location(0) corner: vec2f, @location(1) mass: f32 }
@vertex fn vs(@builtin(vertex_index) i: u32, @location(0) body: vec4f) -> Out {
  let corner = vec2f(f32(i & 1u), f32(i >> 1u)) * 2.0 - 1.0;
  return Out(vec4f(body.xy + 0.01 * corner, 0.5 + 0.2 * body.z, 1), corner, body.w);
}
@fragment fn fs(in: Out) -> @location(0) vec4f {
  let light = max(0.0, 1.0 - dot(in.corner, in.corner));
  return vec4f(vec3f(0.6, 0.7, 1.0) * light * in.mass * 900.0, light);
}
"""


class System:
    def __init__(self, device):
        usage = wgpu.BufferUsage
        random = np.random.default_rng(41)
        turn = random.random(COUNT) * 2 * np.pi
        distance = 0.2 + 0.6 * random.random(COUNT)
        bodies = np.stack([np.cos(turn) * distance, np.sin(turn) * distance, 0.1 * random.standard_normal(COUNT),
                           np.full(COUNT, 1 / COUNT)], axis=1).astype(np.float32)
        speeds = np.stack([-np.sin(turn), np.cos(turn), 0 * turn, 0 * turn], axis=1).astype(np.float32) * 0.8
        self.places = [device.create_buffer_with_data(label=f"places {i}", data=bodies, usage=usage.STORAGE | usage.VERTEX | usage.COPY_SRC)
                       for i in range(2)]
        self.speeds = device.create_buffer_with_data(label="speeds", data=speeds, usage=usage.STORAGE)
        settings = np.array([(0.004, 0.002, COUNT, 0)], dtype="f4,f4,u4,u4")
        self.settings = device.create_buffer_with_data(label="settings", data=settings, usage=usage.UNIFORM)
        self.pipeline = device.create_compute_pipeline(
            label="integrate", layout="auto", compute={"module": device.create_shader_module(code=FORCES), "entry_point": "integrate"})
        layout = self.pipeline.get_bind_group_layout(0)
        self.groups = [device.create_bind_group(layout=layout, entries=[
            {"binding": i, "resource": {"buffer": buffer}}
            for i, buffer in enumerate((self.settings, self.places[side], self.places[1 - side], self.speeds))]) for side in range(2)]
        self.side = 0

    def advance(self, compute):
        compute.set_pipeline(self.pipeline)
        for _ in range(STEPS):
            compute.set_bind_group(0, self.groups[self.side])
            compute.dispatch_workgroups(COUNT // 64)
            self.side = 1 - self.side


class Energy:
    """Sums of each workgroup, read back three frames later."""

    def __init__(self, device, speeds):
        usage = wgpu.BufferUsage
        self.size = 4 * COUNT // 64
        self.partial = device.create_buffer(label="partial energies", size=self.size, usage=usage.STORAGE | usage.COPY_SRC)
        self.ring = [device.create_buffer(label=f"energy {i}", size=self.size, usage=usage.MAP_READ | usage.COPY_DST) for i in range(4)]
        self.pipeline = device.create_compute_pipeline(
            label="energy", layout="auto", compute={"module": device.create_shader_module(code=ENERGY), "entry_point": "measure"})
        self.group = device.create_bind_group(layout=self.pipeline.get_bind_group_layout(0), entries=[
            {"binding": 0, "resource": {"buffer": speeds}}, {"binding": 1, "resource": {"buffer": self.partial}}])
        self.frame, self.values = 0, []

    def collect(self, until):
        while len(self.values) < until:
            buffer = self.ring[len(self.values) % len(self.ring)]
            buffer.map_sync("READ")
            self.values.append(float(np.frombuffer(buffer.read_mapped(), dtype=np.float32).sum()))
            buffer.unmap()

    def measure(self, compute):
        compute.set_pipeline(self.pipeline)
        compute.set_bind_group(0, self.group)
        compute.dispatch_workgroups(COUNT // 64)

    def read(self, encoder):
        self.collect(self.frame - 3)
        encoder.copy_buffer_to_buffer(self.partial, 0, self.ring[self.frame % len(self.ring)], 0, self.size)
        self.frame += 1


class Picture:
    def __init__(self, device):
        self.texture = make_picture(device)
        self.view = self.texture.create_view()
        module = device.create_shader_module(code=DRAW)
        add = {"operation": "add", "src_factor": "one", "dst_factor": "one"}
        self.pipeline = device.create_render_pipeline(
            label="bodies", layout="auto", primitive={"topology": "triangle-strip"},
            vertex={"module": module, "buffers": [{"array_stride": 16, "step_mode": "instance", "attributes": [
                {"format": "float32x4", "offset": 0, "shader_location": 0}]}]},
            fragment={"module": module, "targets": [{"format": "rgba8unorm", "blend": {"color": add, "alpha": add}}]})

    def draw(self, encoder, places):
        draw = encoder.begin_render_pass(label="bodies", color_attachments=[
            {"view": self.view, "clear_value": (0, 0, 0.02, 1), "load_op": "clear", "store_op": "store"}])
        draw.set_pipeline(self.pipeline)
        draw.set_vertex_buffer(0, places)
        draw.draw(4, COUNT)
        draw.end()


def main():
    device = open_device()
    system, picture = System(device), Picture(device)
    energy = Energy(device, system.speeds)
    for _ in range(FRAMES):
        encoder = device.create_command_encoder()
        compute = encoder.begin_compute_pass(label="step")
        system.advance(compute)
        energy.measure(compute)
        compute.end()
        energy.read(encoder)
        picture.draw(encoder, system.places[system.side])
        device.queue.submit([encoder.finish()])
    energy.collect(FRAMES)
    end_frame(device)
    print_picture(device, picture.texture)
    print_buffer(device, system.places[system.side])


main()
