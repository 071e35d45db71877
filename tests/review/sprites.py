"""Sprites whose places change every frame; each has its slot in one instance buffer."""
import numpy as np
import wgpu
from headless import CLEAN, end_frame, make_picture, open_device, print_picture

SHADER = """
struct Out { @builtin(position) at: vec4f, @location(0) tint: vec4f }
@vertex fn vs(@builtin(vertex_index) corner: u32, @location(0) place: vec4f, @location(1) tint: vec4f) -> Out {
  let at = vec2f(f32(corner & 1u), f32(corner >> 1u)) * place.z + place.xy;
  return Out(vec4f(at, 0, 1), tint);
}
@fragment fn fs(in: Out) -> @location(0) vec4f { return in.tint; }
"""
COUNT = 300


def main():
    device = open_device()
    picture = make_picture(device)
    view = picture.create_view()
    sprites = device.create_buffer(label="sprites", size=COUNT * 32, usage=wgpu.BufferUsage.VERTEX | wgpu.BufferUsage.COPY_DST)
    module = device.create_shader_module(code=SHADER)
    pipeline = device.create_render_pipeline(
        layout="auto", primitive={"topology": "triangle-strip"},
        vertex={"module": module, "buffers": [{"array_stride": 32, "step_mode": "instance", "attributes": [
            {"format": "float32x4", "offset": 0, "shader_location": 0},
            {"format": "float32x4", "offset": 16, "shader_location": 1}]}]},
        fragment={"module": module, "targets": [{"format": "rgba8unorm"}]})
    random = np.random.default_rng(5)
    speed = random.standard_normal((COUNT, 2)).astype(np.float32) * 0.01
    state = random.random((COUNT, 8)).astype(np.float32)
    state[:, 2] = 0.05
    for _ in range(10):
        state[:, :2] = (state[:, :2] + speed + 1) % 2 - 1
        if CLEAN:
            device.queue.write_buffer(sprites, 0, state)
        else:
            for i in range(COUNT):
                device.queue.write_buffer(sprites, 32 * i, state[i])
        encoder = device.create_command_encoder()
        draw = encoder.begin_render_pass(label="sprites", color_attachments=[
            {"view": view, "clear_value": (0, 0, 0, 1), "load_op": "clear", "store_op": "store"}])
        draw.set_pipeline(pipeline)
        draw.set_vertex_buffer(0, sprites)
        draw.draw(4, COUNT)
        draw.end()
        device.queue.submit([encoder.finish()])
        end_frame(device)
    print_picture(device, picture)


main()
