"""A frame in the deferred way: what lies at each pixel goes into a G-buffer, lights are added up from it, the sum is tone-mapped.

What is wrong with it: each light has a pass of its own that goes on with the sum, the depth of the scene is stored for
nobody, and the tone-mapping pass loads the picture that it draws over.
"""
import pathlib
import sys

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1]))
import numpy as np  # noqa: E402
import wgpu  # noqa: E402
from headless import end_frame, make_picture, open_device, print_picture  # noqa: E402

SIDE, FRAMES, LIGHTS = 192, 8, 5

SCENE = """
struct Out { @builtin(position) at: vec4f, @location(0) normal: vec3f, @location(1) tint: vec3f }
struct Targets { @location(0) albedo: vec4f, @location(1) normal: vec4f }
@group(0) @binding(0) var<uniform> turn: vec4f;

@vertex fn vs(@location(0) at: vec3f, @location(1) normal: vec3f, @location(2) tint: vec3f) -> Out {
  let spun = vec3f(at.x * turn.x - at.z * turn.y, at.y, at.x * turn.y + at.z * turn.x);
  return Out(vec4f(spun.xy, 0.5 + 0.3 * spun.z, 1), vec3f(normal.x * turn.x - normal.z * turn.y, normal.yz), tint);
}
@fragment fn fs(in: Out) -> Targets {
  return Targets(vec4f(in.tint, 1), vec4f(0.5 + 0.5 * normalize(in.normal), 1));
}
"""

FULL = """
@vertex fn cover(@builtin(vertex_index) i: u32) -> @builtin(position) vec4f {
  let uv = vec2f(f32((i << 1u) & 2u), f32(i & 2u));
  return vec4f(uv * 2.0 - 1.0, 0.0, 1.0);
}
"""

LIGHT = FULL + """
struct Light { at: vec4f, color: vec4f }
@group(0) @binding(0) var albedo: texture_2d<f32>;
@group(0) @binding(1) var normals: texture_2d<f32>;
@group(0) @binding(2) var<uniform> light: Light;
@fragment fn fs(@builtin(position) at: vec4f) -> @location(0) vec4f {
  let texel = vec2u(at.xy);
  let normal = 2 * textureLoad(normals, texel, 0).xyz - 1;
  let away = light.at.xyz - vec3f(at.xy / 192.0, 0);
  let strength = max(0.0, dot(normal, normalize(away))) / (0.2 + dot(away, away));
  return vec4f(strength * light.color.rgb * textureLoad(albedo, texel, 0).rgb, 1);
}
"""

TONE = FULL + """
@group(0) @binding(0) var sum: texture_2d<f32>;
@fragment fn fs(@builtin(position) at: vec4f) -> @location(0) vec4f {
  let color = textureLoad(sum, vec2u(at.xy), 0).rgb;
  return vec4f(color / (1 + color), 1);
}
"""


def boxes():
    """Corners of some dozen boxes: place, normal, tint."""
    random = np.random.default_rng(45)
    corners = []
    for place, tint in zip(random.uniform(-0.6, 0.6, (24, 3)), random.random((24, 3))):
        for axis in range(3):
            for side in (-1, 1):
                normal = np.zeros(3)
                normal[axis] = side
                for u, v in ((-1, -1), (1, -1), (1, 1), (-1, -1), (1, 1), (-1, 1)):
                    at = np.roll([side, u, v], axis) * 0.12
                    corners.append([*(place + at), *normal, *tint])
    return np.array(corners, dtype=np.float32)


class Deferred:
    def __init__(self, device):
        self.device = device
        usage = wgpu.TextureUsage

        def target(label, form):
            return device.create_texture(label=label, size=(SIDE, SIDE, 1), format=form, usage=usage.RENDER_ATTACHMENT | usage.TEXTURE_BINDING)

        self.albedo, self.normals, self.sum = target("albedo", "rgba8unorm"), target("normals", "rgba8unorm"), target("sum", "rgba16float")
        self.depth = device.create_texture(label="depth", size=(SIDE, SIDE, 1), format="depth32float", usage=usage.RENDER_ATTACHMENT)
        self.picture = make_picture(device, SIDE, SIDE)
        self.views = {name: getattr(self, name).create_view() for name in ("albedo", "normals", "sum", "depth", "picture")}
        self.corners = device.create_buffer_with_data(label="boxes", data=boxes(), usage=wgpu.BufferUsage.VERTEX)
        self.make_scene()
        self.make_lights()
        self.make_tone()

    def make_scene(self):
        device = self.device
        module = device.create_shader_module(code=SCENE)
        self.scene = device.create_render_pipeline(
            label="scene", layout="auto", primitive={"topology": "triangle-list"},
            vertex={"module": module, "buffers": [{"array_stride": 36, "attributes": [
                {"format": "float32x3", "offset": 12 * i, "shader_location": i} for i in range(3)]}]},
            depth_stencil={"format": "depth32float", "depth_write_enabled": True, "depth_compare": "less"},
            fragment={"module": module, "targets": [{"format": "rgba8unorm"}, {"format": "rgba8unorm"}]})
        self.turn = device.create_buffer(label="turn", size=16, usage=wgpu.BufferUsage.UNIFORM | wgpu.BufferUsage.COPY_DST)
        self.scene_group = device.create_bind_group(layout=self.scene.get_bind_group_layout(0), entries=[
            {"binding": 0, "resource": {"buffer": self.turn}}])

    def full_screen(self, name, code, target):
        module = self.device.create_shader_module(code=code)
        return self.device.create_render_pipeline(
            label=name, layout="auto", primitive={"topology": "triangle-list"}, vertex={"module": module},
            fragment={"module": module, "targets": [target]})

    def make_lights(self):
        add = {"operation": "add", "src_factor": "one", "dst_factor": "one"}
        self.light = self.full_screen("light", LIGHT, {"format": "rgba16float", "blend": {"color": add, "alpha": add}})
        random = np.random.default_rng(46)
        self.lights = [self.device.create_buffer_with_data(
            label=f"light {i}", usage=wgpu.BufferUsage.UNIFORM,
            data=np.array([*random.random(2), 0.5, 0, *random.random(3), 0], dtype=np.float32)) for i in range(LIGHTS)]
        self.light_groups = [self.device.create_bind_group(layout=self.light.get_bind_group_layout(0), entries=[
            {"binding": 0, "resource": self.views["albedo"]}, {"binding": 1, "resource": self.views["normals"]},
            {"binding": 2, "resource": {"buffer": light}}]) for light in self.lights]

    def make_tone(self):
        self.tone = self.full_screen("tone", TONE, {"format": "rgba8unorm"})
        self.tone_group = self.device.create_bind_group(layout=self.tone.get_bind_group_layout(0), entries=[
            {"binding": 0, "resource": self.views["sum"]}])

    def attachment(self, name, load):
        return {"view": self.views[name], "clear_value": (0, 0, 0, 0), "load_op": load, "store_op": "store"}

    def draw_scene(self, encoder):
        draw = encoder.begin_render_pass(
            label="scene", color_attachments=[self.attachment("albedo", "clear"), self.attachment("normals", "clear")],
            depth_stencil_attachment={"view": self.views["depth"], "depth_clear_value": 1.0, "depth_load_op": "clear", "depth_store_op": "store"})
        draw.set_pipeline(self.scene)
        draw.set_bind_group(0, self.scene_group)
        draw.set_vertex_buffer(0, self.corners)
        draw.draw(24 * 36)
        draw.end()

    def draw_lights(self, encoder):
        for number, group in enumerate(self.light_groups):
            draw = encoder.begin_render_pass(label=f"light {number}", color_attachments=[
                self.attachment("sum", "clear" if number == 0 else "load")])
            draw.set_pipeline(self.light)
            draw.set_bind_group(0, group)
            draw.draw(3)
            draw.end()

    def draw_tone(self, encoder):
        draw = encoder.begin_render_pass(label="tone", color_attachments=[self.attachment("picture", "load")])
        draw.set_pipeline(self.tone)
        draw.set_bind_group(0, self.tone_group)
        draw.draw(3)
        draw.end()

    def show(self, frame):
        turn = np.array([np.cos(0.1 * frame), np.sin(0.1 * frame), 0, 0], dtype=np.float32)
        self.device.queue.write_buffer(self.turn, 0, turn)
        encoder = self.device.create_command_encoder()
        self.draw_scene(encoder)
        self.draw_lights(encoder)
        self.draw_tone(encoder)
        self.device.queue.submit([encoder.finish()])


def main():
    device = open_device()
    deferred = Deferred(device)
    for frame in range(FRAMES):
        deferred.show(frame)
        end_frame(device)
    print_picture(device, deferred.picture)


main()
