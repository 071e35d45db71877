"""A film that streams in: each frame brings a new picture in planes of brightness and colour, which a pass puts together.
Old pictures stay in a ring of four for the slow-motion effect.

Nothing is wrong with it: every upload is new, and every texture is made once.
"""
import pathlib
import sys

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1]))
import numpy as np  # noqa: E402
import wgpu  # noqa: E402
from headless import end_frame, make_picture, open_device, print_picture  # noqa: E402

WIDTH, HEIGHT, FRAMES, RING = 256, 144, 16, 4

SHADER = """
struct Now { mix: f32, bars: f32, pad: vec2f }
@group(0) @binding(0) var<uniform> now: Now;
@group(0) @binding(1) var smooth_sampler: sampler;
@group(1) @binding(0) var luma: texture_2d<f32>;
@group(1) @binding(1) var chroma: texture_2d<f32>;
@group(2) @binding(0) var old_luma: texture_2d<f32>;
@group(2) @binding(1) var old_chroma: texture_2d<f32>;

struct Out { @builtin(position) at: vec4f, @location(0) uv: vec2f }
@vertex fn cover(@builtin(vertex_index) i: u32) -> Out {
  let uv = vec2f(f32((i << 1u) & 2u), f32(i & 2u));
  return Out(vec4f(uv * 2.0 - 1.0, 0.0, 1.0), vec2f(uv.x, 1.0 - uv.y));
}

fn rgb(y: f32, uv: vec2f) -> vec3f {
  let c = uv - 0.5;
  return vec3f(y + 1.402 * c.y, y - 0.344 * c.x - 0.714 * c.y, y + 1.772 * c.x);
}
@fragment fn fs(in: Out) -> @location(0) vec4f {
  let new_color = rgb(textureSample(luma, smooth_sampler, in.uv).r, textureSample(chroma, smooth_sampler, in.uv).rg);
  let old_color = rgb(textureSample(old_luma, smooth_sampler, in.uv).r, textureSample(old_chroma, smooth_sampler, in.uv).rg);
  let inside = step(now.bars, in.uv.y) * step(in.uv.y, 1.0 - now.bars);
  return vec4f(inside * mix(old_color, new_color, now.mix), 1);
}
"""


def decoded(number):
    """What a decoder hands over: a plane of brightness and one of colour at half the size."""
    y, x = np.mgrid[0:HEIGHT, 0:WIDTH].astype(np.float32)
    luma = 128 + 60 * np.sin(x / 15 + 0.4 * number) + 50 * np.cos(y / 12 - 0.3 * number)
    y, x = np.mgrid[0:HEIGHT // 2, 0:WIDTH // 2].astype(np.float32)
    chroma = np.stack([128 + 50 * np.sin(x / 30 - 0.2 * number), 128 + 50 * np.cos(y / 20 + 0.1 * number)], axis=-1)
    return luma.astype(np.uint8), chroma.astype(np.uint8)


class Planes:
    """Textures of one picture, and what binds them."""

    def __init__(self, device, number):
        usage = wgpu.TextureUsage.TEXTURE_BINDING | wgpu.TextureUsage.COPY_DST
        self.device = device
        self.luma = device.create_texture(label=f"luma {number}", size=(WIDTH, HEIGHT, 1), format="r8unorm", usage=usage)
        self.chroma = device.create_texture(label=f"chroma {number}", size=(WIDTH // 2, HEIGHT // 2, 1), format="rg8unorm", usage=usage)
        self.views = [self.luma.create_view(), self.chroma.create_view()]
        self.groups = []

    def bind(self, layouts):
        self.groups = [self.device.create_bind_group(layout=layout, entries=[
            {"binding": i, "resource": view} for i, view in enumerate(self.views)]) for layout in layouts]

    def fill(self, luma, chroma):
        for texture, plane in ((self.luma, luma), (self.chroma, chroma)):
            row = plane.shape[1] * (plane.size // (plane.shape[0] * plane.shape[1]))
            self.device.queue.write_texture({"texture": texture}, plane, {"bytes_per_row": row, "rows_per_image": plane.shape[0]},
                                            (plane.shape[1], plane.shape[0], 1))


class Player:
    def __init__(self, device):
        self.device = device
        self.picture = make_picture(device, WIDTH, HEIGHT)
        self.view = self.picture.create_view()
        stage = wgpu.ShaderStage.FRAGMENT
        image = {"sample_type": "float", "view_dimension": "2d"}
        planes = [device.create_bind_group_layout(entries=[{"binding": i, "visibility": stage, "texture": image} for i in range(2)])
                  for _ in range(2)]
        shared = device.create_bind_group_layout(entries=[{"binding": 0, "visibility": stage, "buffer": {"type": "uniform"}},
                                                          {"binding": 1, "visibility": stage, "sampler": {"type": "filtering"}}])
        module = device.create_shader_module(code=SHADER)
        self.pipeline = device.create_render_pipeline(
            label="film", layout=device.create_pipeline_layout(bind_group_layouts=[shared, *planes]),
            primitive={"topology": "triangle-list"}, vertex={"module": module},
            fragment={"module": module, "targets": [{"format": "rgba8unorm"}]})
        self.now = device.create_buffer(label="now", size=16, usage=wgpu.BufferUsage.UNIFORM | wgpu.BufferUsage.COPY_DST)
        self.shared = device.create_bind_group(layout=shared, entries=[
            {"binding": 0, "resource": {"buffer": self.now}},
            {"binding": 1, "resource": device.create_sampler(mag_filter="linear", min_filter="linear")}])
        self.ring = [Planes(device, number) for number in range(RING)]
        for one in self.ring:
            one.bind(planes)

    def show(self, number):
        new, old = self.ring[number % RING], self.ring[(number + 1) % RING]
        new.fill(*decoded(number))
        now = np.array([0.5 + 0.5 * np.cos(0.3 * number), 0.02 * (number % 5), 0, 0], dtype=np.float32)
        self.device.queue.write_buffer(self.now, 0, now)
        encoder = self.device.create_command_encoder()
        draw = encoder.begin_render_pass(label="film", color_attachments=[
            {"view": self.view, "clear_value": (0, 0, 0, 1), "load_op": "clear", "store_op": "store"}])
        draw.set_pipeline(self.pipeline)
        draw.set_bind_group(0, self.shared)
        draw.set_bind_group(1, new.groups[0])
        draw.set_bind_group(2, old.groups[1])
        draw.draw(3)
        draw.end()
        self.device.queue.submit([encoder.finish()])


def main():
    device = open_device()
    player = Player(device)
    for number in range(FRAMES):
        player.show(number)
        end_frame(device)
    print_picture(device, player.picture)


main()
