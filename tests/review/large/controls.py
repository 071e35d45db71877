"""A window of controls: panels, buttons, sliders and a list that scrolls, laid out on the host and drawn as rounded boxes.

What is wrong with it: each box is a draw of its own, and what was laid out goes to its buffer by way of another one.
"""
import pathlib
import sys

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1]))
import numpy as np  # noqa: E402
import wgpu  # noqa: E402
from headless import end_frame, make_picture, open_device, print_picture  # noqa: E402

WIDTH, HEIGHT, FRAMES, MOST = 320, 240, 8, 512

SHADER = """
struct Box { place: vec4f, color: vec4f, radius: f32, border: f32, pad: vec2f }
struct Window { size: vec2f, pad: vec2f }
struct Out { @builtin(position) at: vec4f, @location(0) local: vec2f, @location(1) @interpolate(flat) number: u32 }
@group(0) @binding(0) var<uniform> window: Window;
@group(0) @binding(1) var<storage, read> boxes: array<Box>;

@vertex fn vs(@builtin(vertex_index) i: u32, @builtin(instance_index) number: u32) -> Out {
  let place = boxes[number].place;
  let corner = vec2f(f32(i & 1u), f32(i >> 1u));
  let at = 2 * (place.xy + corner * place.zw) / window.size - 1;
  return Out(vec4f(at.x, -at.y, 0, 1), (corner - 0.5) * place.zw, number);
}

@fragment fn fs(in: Out) -> @location(0) vec4f {
  let box = boxes[in.number];
  let away = abs(in.local) - 0.5 * box.place.zw + box.radius;
  let distance = length(max(away, vec2f(0))) + min(max(away.x, away.y), 0.0) - box.radius;
  let inside = clamp(0.5 - distance, 0.0, 1.0);
  let edge = clamp(0.5 + distance + box.border, 0.0, 1.0);
  return vec4f(mix(box.color.rgb, 0.5 * box.color.rgb, edge), box.color.a * inside);
}
"""

GRAY, BLUE, WHITE, RED = [0.85, 0.85, 0.88, 1], [0.25, 0.45, 0.9, 1], [1, 1, 1, 1], [0.9, 0.3, 0.25, 1]


class Layout:
    """Boxes in the order in which they are drawn."""

    def __init__(self):
        self.boxes = []

    def box(self, x, y, width, height, color, radius=4.0, border=1.0):
        self.boxes.append([x, y, width, height, *color, radius, border, 0, 0])

    def button(self, x, y, width, is_pressed):
        self.box(x, y + (1 if is_pressed else 0), width, 18, BLUE if is_pressed else WHITE, 6)
        self.text(x + 6, y + 7, width - 12)

    def slider(self, x, y, width, value):
        self.box(x, y + 6, width, 4, GRAY, 2)
        self.box(x, y + 6, value * width, 4, BLUE, 2, 0)
        self.box(x + value * width - 6, y + 2, 12, 12, WHITE, 6)

    def text(self, x, y, width):
        """Words as bars."""
        random = np.random.default_rng(int(7 * x + 3 * y))
        while width > 4:
            word = min(width, random.integers(3, 14))
            self.box(x, y, word, 4, [0.2, 0.2, 0.25, 1], 1, 0)
            x, width = x + word + 3, width - word - 3

    def rows(self, x, y, width, height, scroll):
        self.box(x, y, width, height, WHITE, 4)
        for row in range(14):
            top = y + 12 * row - scroll % 12 + 4
            if top < y or top > y + height - 10:
                continue
            if (row + int(scroll // 12)) % 4 == 0:
                self.box(x + 2, top, width - 4, 11, [0.9, 0.94, 1, 1], 2, 0)
            self.box(x + 5, top + 2, 6, 6, RED if row % 5 == 2 else BLUE, 3, 0)
            self.text(x + 16, top + 3, width - 30)
        self.box(x + width - 6, y + 4 + scroll % (height - 30), 4, 24, GRAY, 2, 0)

    def array(self):
        return np.array(self.boxes[:MOST], dtype=np.float32)


def lay_out(frame):
    layout = Layout()
    layout.box(4, 4, 150, 232, [0.95, 0.95, 0.97, 1], 8)
    for i in range(6):
        layout.button(14, 14 + 24 * i, 60, frame % 6 == i)
        layout.button(84, 14 + 24 * i, 60, False)
    for i in range(4):
        layout.slider(14, 170 + 16 * i, 120, 0.5 + 0.4 * np.sin(0.5 * frame + i))
    layout.rows(162, 4, 152, 150, 3 * frame)
    layout.box(162, 162, 152, 74, [0.1, 0.1, 0.15, 1], 6)
    for i in range(36):
        height = 20 + 18 * np.sin(0.4 * i + 0.3 * frame) + 10 * np.cos(1.3 * i - frame)
        layout.box(168 + 4 * i, 230 - height, 3, height, [0.3, 0.8, 0.5, 1], 1, 0)
    return layout.array()


class Window:
    def __init__(self, device):
        usage = wgpu.BufferUsage
        self.device = device
        self.picture = make_picture(device, WIDTH, HEIGHT)
        self.view = self.picture.create_view()
        self.boxes = device.create_buffer(label="boxes", size=48 * MOST, usage=usage.STORAGE | usage.COPY_DST)
        self.staging = device.create_buffer(label="layout", size=48 * MOST, usage=usage.COPY_SRC | usage.COPY_DST)
        self.size = device.create_buffer_with_data(label="size", data=np.array([WIDTH, HEIGHT, 0, 0], dtype=np.float32), usage=usage.UNIFORM)
        module = device.create_shader_module(code=SHADER)
        blend = {"operation": "add", "src_factor": "src-alpha", "dst_factor": "one-minus-src-alpha"}
        self.pipeline = device.create_render_pipeline(
            label="boxes", layout="auto", primitive={"topology": "triangle-strip"}, vertex={"module": module},
            fragment={"module": module, "targets": [{"format": "rgba8unorm", "blend": {"color": blend, "alpha": blend}}]})
        self.group = device.create_bind_group(layout=self.pipeline.get_bind_group_layout(0), entries=[
            {"binding": 0, "resource": {"buffer": self.size}}, {"binding": 1, "resource": {"buffer": self.boxes}}])

    def show(self, boxes):
        encoder = self.device.create_command_encoder()
        self.device.queue.write_buffer(self.staging, 0, boxes)
        encoder.copy_buffer_to_buffer(self.staging, 0, self.boxes, 0, boxes.nbytes)
        draw = encoder.begin_render_pass(label="controls", color_attachments=[
            {"view": self.view, "clear_value": (0.7, 0.75, 0.8, 1), "load_op": "clear", "store_op": "store"}])
        draw.set_pipeline(self.pipeline)
        draw.set_bind_group(0, self.group)
        for number in range(len(boxes)):
            draw.draw(4, 1, 0, number)
        draw.end()
        self.device.queue.submit([encoder.finish()])


def main():
    device = open_device()
    window = Window(device)
    for frame in range(FRAMES):
        window.show(lay_out(frame))
        end_frame(device)
    print_picture(device, window.picture)


main()
