"""Filters of a photo editor, one kernel each, chained by the user: exposure, blur in two directions, sharpening, vignette.

What is wrong with it: each filter is submitted by itself, and binds its pictures anew in every frame.
"""
import pathlib
import sys

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1]))
import numpy as np  # noqa: E402
import wgpu  # noqa: E402
from headless import end_frame, open_device, print_buffer  # noqa: E402

WIDTH, HEIGHT, FRAMES = 256, 192, 8

COMMON = """
struct Settings { amount: f32, radius: i32, width: u32, height: u32 }
@group(0) @binding(0) var<storage, read> before: array<vec4f>;
@group(0) @binding(1) var<storage, read_write> after: array<vec4f>;
@group(0) @binding(2) var<uniform> settings: Settings;

fn texel(x: i32, y: i32) -> vec4f {
  let at = clamp(vec2i(x, y), vec2i(0), vec2i(i32(settings.width) - 1, i32(settings.height) - 1));
  return before[u32(at.y) * settings.width + u32(at.x)];
}
@compute @workgroup_size(8, 8) fn run(@builtin(global_invocation_id) id: vec3u) {
  if (id.x >= settings.width || id.y >= settings.height) { return; }
  after[id.y * settings.width + id.x] = filtered(vec2i(id.xy));
}
"""

FILTERS = {
    "exposure": """
fn filtered(at: vec2i) -> vec4f {
  let color = texel(at.x, at.y);
  return vec4f(color.rgb * exp2(settings.amount), color.a);
}
""",
    "blur across": """
fn filtered(at: vec2i) -> vec4f {
  var sum = vec4f(0);
  var weights = 0.0;
  for (var i = -settings.radius; i <= settings.radius; i++) {
    let weight = exp(-settings.amount * f32(i * i));
    sum += weight * texel(at.x + i, at.y);
    weights += weight;
  }
  return sum / weights;
}
""",
    "blur along": """
fn filtered(at: vec2i) -> vec4f {
  var sum = vec4f(0);
  var weights = 0.0;
  for (var i = -settings.radius; i <= settings.radius; i++) {
    let weight = exp(-settings.amount * f32(i * i));
    sum += weight * texel(at.x, at.y + i);
    weights += weight;
  }
  return sum / weights;
}
""",
    "sharpen": """
fn filtered(at: vec2i) -> vec4f {
  let near = texel(at.x - 1, at.y) + texel(at.x + 1, at.y) + texel(at.x, at.y - 1) + texel(at.x, at.y + 1);
  let here = texel(at.x, at.y);
  return vec4f(clamp(here.rgb + settings.amount * (here.rgb - 0.25 * near.rgb), vec3f(0), vec3f(1)), here.a);
}
""",
    "vignette": """
fn filtered(at: vec2i) -> vec4f {
  let middle = 2 * vec2f(at) / vec2f(f32(settings.width), f32(settings.height)) - 1;
  let color = texel(at.x, at.y);
  return vec4f(color.rgb * (1 - settings.amount * dot(middle, middle)), color.a);
}
""",
    "sepia": """
fn filtered(at: vec2i) -> vec4f {
  let color = texel(at.x, at.y);
  let gray = dot(color.rgb, vec3f(0.3, 0.6, 0.1));
  return vec4f(mix(color.rgb, gray * vec3f(1.1, 0.9, 0.7), settings.amount), color.a);
}
"""}


class Filter:
    def __init__(self, device, name, body, radius):
        usage = wgpu.BufferUsage
        self.device, self.name, self.radius = device, name, radius
        self.pipeline = device.create_compute_pipeline(
            label=name, layout="auto", compute={"module": device.create_shader_module(code=COMMON + body), "entry_point": "run"})
        self.layout = self.pipeline.get_bind_group_layout(0)
        self.settings = device.create_buffer(label=f"{name} settings", size=16, usage=usage.UNIFORM | usage.COPY_DST)

    def set_amount(self, amount):
        settings = np.array([(amount, self.radius, WIDTH, HEIGHT)], dtype="f4,i4,u4,u4")
        self.device.queue.write_buffer(self.settings, 0, settings)

    def apply(self, before, after):
        group = self.device.create_bind_group(layout=self.layout, entries=[
            {"binding": i, "resource": {"buffer": buffer}} for i, buffer in enumerate((before, after, self.settings))])
        encoder = self.device.create_command_encoder(label=self.name)
        compute = encoder.begin_compute_pass(label=self.name)
        compute.set_pipeline(self.pipeline)
        compute.set_bind_group(0, group)
        compute.dispatch_workgroups((WIDTH + 7) // 8, (HEIGHT + 7) // 8)
        compute.end()
        self.device.queue.submit([encoder.finish()])


class Editor:
    def __init__(self, device):
        usage = wgpu.BufferUsage
        random = np.random.default_rng(43)
        x, y = np.meshgrid(np.linspace(0, 9, WIDTH), np.linspace(0, 7, HEIGHT))
        photo = np.stack([0.5 + 0.4 * np.sin(x), 0.5 + 0.4 * np.cos(y), 0.5 + 0.3 * np.sin(x * y), np.ones_like(x)], axis=-1)
        photo[..., :3] += 0.05 * random.standard_normal((HEIGHT, WIDTH, 3))
        self.photo = device.create_buffer_with_data(label="photo", data=photo.astype(np.float32), usage=usage.STORAGE)
        self.steps = [device.create_buffer(label=f"step {i}", size=16 * WIDTH * HEIGHT, usage=usage.STORAGE | usage.COPY_SRC) for i in range(2)]
        self.filters = [Filter(device, name, body, 4 if "blur" in name else 0) for name, body in FILTERS.items()]

    def show(self, amounts):
        for step, amount in zip(self.filters, amounts):
            step.set_amount(amount)
        before = self.photo
        for number, step in enumerate(self.filters):
            after = self.steps[number % 2]
            step.apply(before, after)
            before = after
        return before


def main():
    device = open_device()
    editor = Editor(device)
    for frame in range(FRAMES):
        # The user drags a slider.
        shown = editor.show([0.1 * frame, 0.1, 0.1, 0.5, 0.2 + 0.02 * frame, 0.3])
        end_frame(device)
    print_buffer(device, shown)


main()
