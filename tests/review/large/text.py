"""Text in a window: glyphs are drawn into an atlas when they are first needed, lines are laid out when they change.

What is wrong with it: the atlas is uploaded whole in every frame, though glyphs come in the first ones only; and the
corners of each glyph are written by a call of their own.
"""
import pathlib
import sys

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1]))
import numpy as np  # noqa: E402
import wgpu  # noqa: E402
from headless import end_frame, make_picture, open_device, print_picture  # noqa: E402

ATLAS, CELL, FRAMES = 256, 16, 10
LINES = ["The quick brown fox jumps over the lazy dog", "and the GPU draws all of its letters at once,",
         "each a square of an atlas that fills up while", "the first words come into view; from then on",
         "there is nothing to upload but what scrolls."]

SHADER = """
struct Window { scroll: vec2f, size: vec2f }
struct Out { @builtin(position) at: vec4f, @location(0) uv: vec2f, @location(1) color: vec4f }
@group(0) @binding(0) var<uniform> window: Window;
@group(0) @binding(1) var atlas: texture_2d<f32>;
@group(0) @binding(2) var smooth_sampler: sampler;

@vertex fn vs(@location(0) at: vec2f, @location(1) uv: vec2f, @location(2) color: vec4f) -> Out {
  let place = 2 * (at + window.scroll) / window.size - 1;
  return Out(vec4f(place.x, -place.y, 0, 1), uv, color);
}
@fragment fn fs(in: Out) -> @location(0) vec4f {
  return vec4f(in.color.rgb, in.color.a * textureSample(atlas, smooth_sampler, in.uv).r);
}
"""


class Atlas:
    """Glyphs in cells, with the texture that holds them."""

    def __init__(self, device):
        self.device = device
        self.texels = np.zeros((ATLAS, ATLAS), dtype=np.uint8)
        self.cells = {}
        self.texture = device.create_texture(label="atlas", size=(ATLAS, ATLAS, 1), format="r8unorm",
                                             usage=wgpu.TextureUsage.TEXTURE_BINDING | wgpu.TextureUsage.COPY_DST)

    def cell(self, letter):
        if letter not in self.cells:
            number = len(self.cells)
            row, column = CELL * (number // (ATLAS // CELL)), CELL * (number % (ATLAS // CELL))
            self.texels[row:row + CELL, column:column + CELL] = self.glyph(letter)
            self.cells[letter] = np.array([column, row], dtype=np.float32) / ATLAS
        return self.cells[letter]

    @staticmethod
    def glyph(letter):
        """Strokes that stand for a letter."""
        random = np.random.default_rng(ord(letter))
        y, x = np.mgrid[0:CELL, 0:CELL] / CELL
        ink = np.zeros((CELL, CELL))
        for a, b, c in random.uniform(-1, 1, (3, 3)):
            ink = np.maximum(ink, 1 - 8 * np.abs(a * (x - 0.5) + b * (y - 0.5) + 0.2 * c))
        return (255 * np.clip(ink, 0, 1)).astype(np.uint8)

    def upload(self):
        self.device.queue.write_texture({"texture": self.texture}, self.texels, {"bytes_per_row": ATLAS, "rows_per_image": ATLAS},
                                        (ATLAS, ATLAS, 1))


class Text:
    """Glyphs of the lines that are visible: six corners each, of place, texture coordinates and colour."""

    CORNERS = np.array([[0, 0], [1, 0], [0, 1], [1, 0], [1, 1], [0, 1]], dtype=np.float32)

    def __init__(self, device, atlas):
        self.device, self.atlas = device, atlas
        self.room = 1 << 8
        usage = wgpu.BufferUsage
        self.buffer = device.create_buffer(label="glyphs", size=6 * 32 * self.room, usage=usage.VERTEX | usage.COPY_DST)
        self.count = 0

    def lay_out(self, frame):
        self.count = 0
        for row, line in enumerate(LINES):
            for column, letter in enumerate(line):
                if letter == " " or self.count == self.room:
                    continue
                corners = np.empty((6, 8), dtype=np.float32)
                corners[:, :2] = (self.CORNERS + [column, 2 * row]) * [5, 12]
                corners[:, 2:4] = self.CORNERS * CELL / ATLAS + self.atlas.cell(letter)
                corners[:, 4:] = [0.1, 0.1, 0.3, 0.5 + 0.5 * np.sin(0.1 * frame * (column + 1)) ** 2]
                self.device.queue.write_buffer(self.buffer, 6 * 32 * self.count, corners)
                self.count += 1


class Window:
    def __init__(self, device):
        self.device = device
        self.picture = make_picture(device)
        self.view = self.picture.create_view()
        self.atlas = Atlas(device)
        self.text = Text(device, self.atlas)
        usage = wgpu.BufferUsage
        self.window = device.create_buffer(label="window", size=16, usage=usage.UNIFORM | usage.COPY_DST)
        module = device.create_shader_module(code=SHADER)
        blend = {"operation": "add", "src_factor": "src-alpha", "dst_factor": "one-minus-src-alpha"}
        self.pipeline = device.create_render_pipeline(
            label="text", layout="auto", primitive={"topology": "triangle-list"},
            vertex={"module": module, "buffers": [{"array_stride": 32, "attributes": [
                {"format": "float32x2", "offset": 0, "shader_location": 0}, {"format": "float32x2", "offset": 8, "shader_location": 1},
                {"format": "float32x4", "offset": 16, "shader_location": 2}]}]},
            fragment={"module": module, "targets": [{"format": "rgba8unorm", "blend": {"color": blend, "alpha": blend}}]})
        self.group = device.create_bind_group(layout=self.pipeline.get_bind_group_layout(0), entries=[
            {"binding": 0, "resource": {"buffer": self.window}}, {"binding": 1, "resource": self.atlas.texture.create_view()},
            {"binding": 2, "resource": device.create_sampler(mag_filter="linear", min_filter="linear")}])

    def show(self, frame):
        self.text.lay_out(frame)
        self.atlas.upload()
        self.device.queue.write_buffer(self.window, 0, np.array([4, 20 - 2 * frame, 256, 256], dtype=np.float32))
        encoder = self.device.create_command_encoder()
        draw = encoder.begin_render_pass(label="text", color_attachments=[
            {"view": self.view, "clear_value": (1, 1, 0.95, 1), "load_op": "clear", "store_op": "store"}])
        draw.set_pipeline(self.pipeline)
        draw.set_bind_group(0, self.group)
        draw.set_vertex_buffer(0, self.text.buffer)
        draw.draw(6 * self.text.count)
        draw.end()
        self.device.queue.submit([encoder.finish()])


def main():
    device = open_device()
    window = Window(device)
    for frame in range(FRAMES):
        window.show(frame)
        end_frame(device)
    print_picture(device, window.picture)


main()
