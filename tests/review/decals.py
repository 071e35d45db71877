"""Signs on a wall, of patterns that come into view one after the other. Each pattern is a pipeline of its own."""
import numpy as np
import wgpu
from headless import CLEAN, end_frame, make_picture, open_device, print_picture

SHADER = """
struct Out { @builtin(position) at: vec4f, @location(0) uv: vec2f }
@vertex fn vs(@builtin(vertex_index) i: u32, @location(0) place: vec4f) -> Out {
  let uv = vec2f(f32(i & 1u), f32(i >> 1u));
  return Out(vec4f(place.xy + uv * place.z, 0, 1), uv);
}
@fragment fn fs(in: Out) -> @location(0) vec4f { let p = in.uv * 2 - 1; return vec4f(PATTERN, 0.3, 1); }
"""
PATTERNS = ["step(length(p), 0.8), p.x * p.x", "step(0.5, fract(p.x * 4)), 0.5", "max(p.x, p.y), step(abs(p.y), 0.2)",
            "sin(p.x * 9) * cos(p.y * 9), 0.1", "step(0.5, fract((p.x + p.y) * 3)), 0.8", "exp(-4 * dot(p, p)), 0.4"]


def make_pattern(device, pattern):
    module = device.create_shader_module(label=pattern, code=SHADER.replace("PATTERN", pattern))
    return device.create_render_pipeline(
        label=pattern, layout="auto", primitive={"topology": "triangle-strip"},
        vertex={"module": module, "buffers": [{"array_stride": 16, "step_mode": "instance", "attributes": [
            {"format": "float32x4", "offset": 0, "shader_location": 0}]}]},
        fragment={"module": module, "targets": [{"format": "rgba8unorm"}]})


def main():
    device = open_device()
    picture = make_picture(device)
    view = picture.create_view()
    signs = np.zeros((24, 4), dtype=np.float32)
    signs[:, 0] = np.linspace(-0.9, 0.8, 24)
    signs[:, 1:3] = [-0.3, 0.2]
    places = device.create_buffer_with_data(label="signs", data=signs, usage=wgpu.BufferUsage.VERTEX)
    pipelines = {pattern: make_pattern(device, pattern) for pattern in PATTERNS} if CLEAN else {}
    for frame in range(24):
        encoder = device.create_command_encoder()
        draw = encoder.begin_render_pass(label="signs", color_attachments=[
            {"view": view, "clear_value": (0, 0, 0, 1), "load_op": "clear", "store_op": "store"}])
        draw.set_vertex_buffer(0, places)
        for number, pattern in enumerate(PATTERNS[:1 + frame // 4]):
            if pattern not in pipelines:
                pipelines[pattern] = make_pattern(device, pattern)
            draw.set_pipeline(pipelines[pattern])
            draw.draw(4, 4, 0, 4 * number)
        draw.end()
        device.queue.submit([encoder.finish()])
        end_frame(device)
    print_picture(device, picture)


main()
