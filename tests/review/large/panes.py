"""Translucent panes, sorted by their depth on the GPU (a bitonic network in shared memory and beyond) and drawn back to front.

What is wrong with it: the room for panes is made for a million and a few thousand are there.
"""
import pathlib
import sys

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1]))
import numpy as np  # noqa: E402
import wgpu  # noqa: E402
from headless import end_frame, make_picture, open_device, print_buffer, print_picture  # noqa: E402

COUNT, ROOM, FRAMES = 2048, 1 << 20, 8

SORT = """
struct Stage { width: u32, distance: u32, count: u32, pad: u32 }
@group(0) @binding(0) var<storage, read> panes: array<vec4f>;
@group(0) @binding(1) var<storage, read_write> order: array<u32>;
@group(0) @binding(2) var<uniform> stage: Stage;

fn depth_of(i: u32) -> f32 { return panes[order[i]].z; }

@compute @workgroup_size(64) fn number(@builtin(global_invocation_id) id: vec3u) {
  if (id.x < stage.count) { order[id.x] = id.x; }
}
@compute @workgroup_size(64) fn exchange(@builtin(global_invocation_id) id: vec3u) {
  let low = id.x % stage.distance;
  let first = 2 * (id.x - low) + low;
  let second = first + stage.distance;
  if (second >= stage.count) { return; }
  let is_up = (first & stage.width) == 0u;
  if ((depth_of(first) < depth_of(second)) == is_up) {
    let kept = order[first];
    order[first] = order[second];
    order[second] = kept;
  }
}
"""

DRAW = """
struct Out { @builtin(position) at: vec4f, @location(0) color: vec4f }
@group(0) @binding(0) var<storage, read> panes: array<vec4f>;
@group(0) @binding(1) var<storage, read> order: array<u32>;
@vertex fn vs(@builtin(vertex_index) i: u32, @builtin(instance_index) number: u32) -> Out {
  let pane = panes[order[number]];
  let corner = vec2f(f32(i & 1u), f32(i >> 1u)) * 2 - 1;
  return Out(vec4f(pane.xy + 0.05 * corner, pane.z, 1), vec4f(pane.z, pane.w, 1 - pane.z, 0.4));
}
@fragment fn fs(in: Out) -> @location(0) vec4f { return in.color; }
"""


def stages():
    """Widths and distances of a bitonic network."""
    width = 2
    while width <= COUNT:
        distance = width // 2
        while distance > 0:
            yield width, distance
            distance //= 2
        width *= 2


class Panes:
    def __init__(self, device):
        usage = wgpu.BufferUsage
        self.device = device
        self.random = np.random.default_rng(47)
        self.state = self.random.random((COUNT, 4), dtype=np.float32)
        self.places = device.create_buffer(label="panes", size=16 * ROOM, usage=usage.STORAGE | usage.COPY_DST)
        self.order = device.create_buffer(label="order", size=4 * COUNT, usage=usage.STORAGE | usage.COPY_SRC)
        steps = list(stages())
        settings = np.zeros((len(steps), 64), dtype=np.uint32)  # 256 bytes each
        settings[:, :2] = steps
        settings[:, 2] = COUNT
        self.steps = len(steps)
        self.settings = device.create_buffer_with_data(label="stages", data=settings, usage=usage.UNIFORM)
        self.make_sort()
        self.make_draw()

    def make_sort(self):
        device, stage = self.device, wgpu.ShaderStage.COMPUTE
        layout = device.create_bind_group_layout(entries=[
            {"binding": 0, "visibility": stage, "buffer": {"type": "read-only-storage"}},
            {"binding": 1, "visibility": stage, "buffer": {"type": "storage"}},
            {"binding": 2, "visibility": stage, "buffer": {"type": "uniform", "has_dynamic_offset": True}}])
        module = device.create_shader_module(code=SORT)
        pipeline_layout = device.create_pipeline_layout(bind_group_layouts=[layout])
        self.number, self.exchange = (device.create_compute_pipeline(
            label=name, layout=pipeline_layout, compute={"module": module, "entry_point": name}) for name in ("number", "exchange"))
        self.sort_group = device.create_bind_group(layout=layout, entries=[
            {"binding": 0, "resource": {"buffer": self.places}}, {"binding": 1, "resource": {"buffer": self.order}},
            {"binding": 2, "resource": {"buffer": self.settings, "offset": 0, "size": 16}}])

    def make_draw(self):
        device = self.device
        module = device.create_shader_module(code=DRAW)
        blend = {"operation": "add", "src_factor": "src-alpha", "dst_factor": "one-minus-src-alpha"}
        self.draw_pipeline = device.create_render_pipeline(
            label="panes", layout="auto", primitive={"topology": "triangle-strip"}, vertex={"module": module},
            fragment={"module": module, "targets": [{"format": "rgba8unorm", "blend": {"color": blend, "alpha": blend}}]})
        self.draw_group = device.create_bind_group(layout=self.draw_pipeline.get_bind_group_layout(0), entries=[
            {"binding": 0, "resource": {"buffer": self.places}}, {"binding": 1, "resource": {"buffer": self.order}}])

    def move(self):
        self.state[:, :2] = (self.state[:, :2] + 0.01 * self.random.standard_normal((COUNT, 2)) + 1) % 2 - 1
        self.state[:, 2] = self.random.random(COUNT)
        self.device.queue.write_buffer(self.places, 0, self.state)

    def sort(self, encoder):
        compute = encoder.begin_compute_pass(label="sort")
        compute.set_pipeline(self.number)
        compute.set_bind_group(0, self.sort_group, [0])
        compute.dispatch_workgroups(COUNT // 64)
        compute.set_pipeline(self.exchange)
        for step in range(self.steps):
            compute.set_bind_group(0, self.sort_group, [256 * step])
            compute.dispatch_workgroups(COUNT // 128)
        compute.end()

    def draw(self, encoder, view):
        draw = encoder.begin_render_pass(label="panes", color_attachments=[
            {"view": view, "clear_value": (1, 1, 1, 1), "load_op": "clear", "store_op": "store"}])
        draw.set_pipeline(self.draw_pipeline)
        draw.set_bind_group(0, self.draw_group)
        draw.draw(4, COUNT)
        draw.end()


def main():
    device = open_device()
    picture = make_picture(device)
    view = picture.create_view()
    panes = Panes(device)
    for _ in range(FRAMES):
        panes.move()
        encoder = device.create_command_encoder()
        panes.sort(encoder)
        panes.draw(encoder, view)
        device.queue.submit([encoder.finish()])
        end_frame(device)
    print_buffer(device, panes.order)
    print_picture(device, picture)


main()
