"""Ribbons with smooth edges, and a glow over them. The engine gives all of its targets four samples a pixel."""
import numpy as np
import wgpu
from headless import CLEAN, end_frame, make_picture, open_device, print_picture

SHADER = """
@group(0) @binding(0) var<uniform> turn: vec4f;
@vertex fn vs(@location(0) at: vec2f) -> @builtin(position) vec4f {
  return vec4f(at.x * turn.x - at.y * turn.y, at.x * turn.y + at.y * turn.x, 0, 1);
}
@fragment fn fs() -> @location(0) vec4f { return vec4f(0.9, 0.3, 0.5, 1); }
"""
GLOW = """
@group(0) @binding(0) var scene: texture_2d<f32>;
@vertex fn vs(@builtin(vertex_index) i: u32) -> @builtin(position) vec4f {
  let corners = array<vec2f, 3>(vec2f(-1, -1), vec2f(3, -1), vec2f(-1, 3));
  return vec4f(corners[i], 0, 1);
}
@fragment fn fs(@builtin(position) at: vec4f) -> @location(0) vec4f {
  var light = textureLoad(scene, vec2u(at.xy), 0);
  for (var i = -2; i <= 2; i++) { light += 0.1 * textureLoad(scene, vec2i(at.xy) + vec2i(2 * i, i), 0); }
  return vec4f(light.rgb / (1 + light.rgb), 1);
}
"""
SIDE = 512


class Target:
    """A picture to draw into; with more than one sample a pixel, they are brought together in it at the end of a pass."""

    def __init__(self, device, picture, samples):
        self.samples, self.view = samples, picture.create_view()
        if samples > 1:
            self.many = device.create_texture(label=f"{picture.label} samples", size=picture.size, format=picture.format, sample_count=samples,
                                              usage=wgpu.TextureUsage.RENDER_ATTACHMENT)
            self.many_view = self.many.create_view()

    def attachment(self):
        attachment = {"view": self.view, "clear_value": (0, 0, 0, 1), "load_op": "clear", "store_op": "store"}
        if self.samples > 1:
            attachment |= {"view": self.many_view, "resolve_target": self.view, "store_op": "discard"}
        return attachment


def main():
    device = open_device()
    usage = wgpu.TextureUsage
    picture = make_picture(device, SIDE, SIDE)
    light = device.create_texture(label="light", size=(SIDE, SIDE, 1), format="rgba8unorm", usage=usage.RENDER_ATTACHMENT | usage.TEXTURE_BINDING)
    scene, final = Target(device, light, 4), Target(device, picture, 1 if CLEAN else 4)
    ribbons = device.create_shader_module(code=SHADER)
    glow = device.create_shader_module(code=GLOW)
    draw_ribbons = device.create_render_pipeline(
        label="ribbons", layout="auto", primitive={"topology": "triangle-strip"}, multisample={"count": scene.samples},
        vertex={"module": ribbons, "buffers": [
            {"array_stride": 8, "attributes": [{"format": "float32x2", "offset": 0, "shader_location": 0}]}]},
        fragment={"module": ribbons, "targets": [{"format": "rgba8unorm"}]})
    draw_glow = device.create_render_pipeline(
        label="glow", layout="auto", primitive={"topology": "triangle-list"}, multisample={"count": final.samples},
        vertex={"module": glow}, fragment={"module": glow, "targets": [{"format": "rgba8unorm"}]})
    along = np.linspace(0, 12, 400, dtype=np.float32)
    edge = 0.07 * along + np.tile([0, 0.08], 200)
    ribbon = np.stack([np.cos(along) * edge, np.sin(along) * edge], axis=1).astype(np.float32)
    vertices = device.create_buffer_with_data(label="ribbon", data=ribbon, usage=wgpu.BufferUsage.VERTEX)
    turn = device.create_buffer(label="turn", size=16, usage=wgpu.BufferUsage.UNIFORM | wgpu.BufferUsage.COPY_DST)
    turn_group = device.create_bind_group(layout=draw_ribbons.get_bind_group_layout(0), entries=[{"binding": 0, "resource": {"buffer": turn}}])
    light_group = device.create_bind_group(layout=draw_glow.get_bind_group_layout(0), entries=[{"binding": 0, "resource": light.create_view()}])
    for frame in range(8):
        device.queue.write_buffer(turn, 0, np.array([np.cos(0.2 * frame), np.sin(0.2 * frame), 0, 0], dtype=np.float32))
        encoder = device.create_command_encoder()
        draw = encoder.begin_render_pass(label="ribbons", color_attachments=[scene.attachment()])
        draw.set_pipeline(draw_ribbons)
        draw.set_bind_group(0, turn_group)
        draw.set_vertex_buffer(0, vertices)
        draw.draw(400)
        draw.end()
        draw = encoder.begin_render_pass(label="glow", color_attachments=[final.attachment()])
        draw.set_pipeline(draw_glow)
        draw.set_bind_group(0, light_group)
        draw.draw(3)
        draw.end()
        device.queue.submit([encoder.finish()])
        end_frame(device)
    print_picture(device, picture)


main()
