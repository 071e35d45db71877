"""A sky of stars that twinkle: each is a square with its place and brightness in an instance buffer."""
import numpy as np
import wgpu
from headless import CLEAN, end_frame, make_picture, open_device, print_picture

SHADER = """
struct Out { @builtin(position) at: vec4f, @location(0) light: f32 }
@vertex fn vs(@builtin(vertex_index) i: u32, @location(0) star: vec4f) -> Out {
  return Out(vec4f(star.xy + vec2f(f32(i & 1u), f32(i >> 1u)) * star.z, 0, 1), star.w);
}
@fragment fn fs(in: Out) -> @location(0) vec4f { return vec4f(in.light, in.light, 0.8 * in.light, 1); }
"""
STARS = 600


def main():
    device = open_device()
    picture = make_picture(device)
    view = picture.create_view()
    module = device.create_shader_module(code=SHADER)
    pipeline = device.create_render_pipeline(
        layout="auto", primitive={"topology": "triangle-strip"},
        vertex={"module": module, "buffers": [{"array_stride": 16, "step_mode": "instance", "attributes": [
            {"format": "float32x4", "offset": 0, "shader_location": 0}]}]},
        fragment={"module": module, "targets": [{"format": "rgba8unorm"}]})
    random = np.random.default_rng(25)
    sky = (random.random((STARS, 4)) * [2, 2, 0.02, 1] - [1, 1, 0, 0]).astype(np.float32)
    stars = device.create_buffer(label="stars", size=sky.nbytes, usage=wgpu.BufferUsage.VERTEX | wgpu.BufferUsage.COPY_DST)
    for _ in range(8):
        sky[:, 3] = random.random(STARS)
        device.queue.write_buffer(stars, 0, sky)
        encoder = device.create_command_encoder()
        draw = encoder.begin_render_pass(label="sky", color_attachments=[
            {"view": view, "clear_value": (0, 0, 0, 1), "load_op": "clear", "store_op": "store"}])
        draw.set_pipeline(pipeline)
        draw.set_vertex_buffer(0, stars)
        if CLEAN:
            draw.draw(4, STARS)
        else:
            for star in range(STARS):
                draw.draw(4, 1, 0, star)
        draw.end()
        device.queue.submit([encoder.finish()])
        end_frame(device)
    print_picture(device, picture)


main()
