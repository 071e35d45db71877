"""A statue in one flat colour. Its file brings normals, texture coordinates and tangents with every corner."""
import numpy as np
import wgpu
from headless import CLEAN, end_frame, make_picture, open_device, print_picture

SHADER = """
struct Corner { @location(0) at: vec3f, REST }
@group(0) @binding(0) var<uniform> turn: vec4f;
@vertex fn vs(corner: Corner) -> @builtin(position) vec4f {
  let at = corner.at;
  return vec4f(at.x * turn.x - at.z * turn.y, at.y, 0.5 + 0.3 * at.z, 1);
}
@fragment fn fs(@builtin(position) at: vec4f) -> @location(0) vec4f { return vec4f(at.z, 0.5, 0.5, 1); }
"""
CORNERS = 30_000
REST = "@location(1) normal: vec3f, @location(2) uv: vec2f, @location(3) tangent: vec4f"


def main():
    device = open_device()
    picture = make_picture(device)
    view = picture.create_view()
    module = device.create_shader_module(code=SHADER.replace("REST", "" if CLEAN else REST))
    attributes = [{"format": "float32x3", "offset": 0, "shader_location": 0}]
    if not CLEAN:
        attributes += [{"format": "float32x3", "offset": 12, "shader_location": 1},
                       {"format": "float32x2", "offset": 24, "shader_location": 2},
                       {"format": "float32x4", "offset": 32, "shader_location": 3}]
    pipeline = device.create_render_pipeline(
        layout="auto", primitive={"topology": "triangle-list"},
        vertex={"module": module, "buffers": [{"array_stride": 12 if CLEAN else 48, "attributes": attributes}]},
        fragment={"module": module, "targets": [{"format": "rgba8unorm"}]})
    corners = np.random.default_rng(33).random((CORNERS, 12), dtype=np.float32) * 0.2
    corners[:, :3] += np.repeat(np.random.default_rng(34).random((CORNERS // 3, 3), dtype=np.float32) - 0.6, 3, axis=0)
    statue = device.create_buffer_with_data(label="statue", data=np.ascontiguousarray(corners[:, :3] if CLEAN else corners),
                                            usage=wgpu.BufferUsage.VERTEX)
    turn = device.create_buffer(label="turn", size=16, usage=wgpu.BufferUsage.UNIFORM | wgpu.BufferUsage.COPY_DST)
    group = device.create_bind_group(layout=pipeline.get_bind_group_layout(0), entries=[{"binding": 0, "resource": {"buffer": turn}}])
    for frame in range(8):
        device.queue.write_buffer(turn, 0, np.array([np.cos(0.2 * frame), np.sin(0.2 * frame), 0, 0], dtype=np.float32))
        encoder = device.create_command_encoder()
        draw = encoder.begin_render_pass(label="statue", color_attachments=[
            {"view": view, "clear_value": (0, 0, 0, 1), "load_op": "clear", "store_op": "store"}])
        draw.set_pipeline(pipeline)
        draw.set_bind_group(0, group)
        draw.set_vertex_buffer(0, statue)
        draw.draw(CORNERS)
        draw.end()
        device.queue.submit([encoder.finish()])
        end_frame(device)
    print_picture(device, picture)


main()
