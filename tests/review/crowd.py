"""A crowd in cells. Most cells are empty in a frame; they are drawn with no instances, or not at all."""
import numpy as np
import wgpu
from headless import CLEAN, end_frame, make_picture, open_device, print_picture

SHADER = """
@vertex fn vs(@builtin(vertex_index) i: u32, @location(0) at: vec2f) -> @builtin(position) vec4f {
  return vec4f(at + vec2f(f32(i & 1u), f32(i >> 1u)) * 0.03, 0, 1);
}
@fragment fn fs() -> @location(0) vec4f { return vec4f(0.9, 0.4, 0.2, 1); }
"""
CELLS, PEOPLE = 200, 300


def main():
    device = open_device()
    picture = make_picture(device)
    view = picture.create_view()
    module = device.create_shader_module(code=SHADER)
    pipeline = device.create_render_pipeline(
        layout="auto", primitive={"topology": "triangle-strip"},
        vertex={"module": module, "buffers": [{"array_stride": 8, "step_mode": "instance", "attributes": [
            {"format": "float32x2", "offset": 0, "shader_location": 0}]}]},
        fragment={"module": module, "targets": [{"format": "rgba8unorm"}]})
    people = device.create_buffer(label="people", size=8 * PEOPLE, usage=wgpu.BufferUsage.VERTEX | wgpu.BufferUsage.COPY_DST)
    random = np.random.default_rng(16)
    for frame in range(10):
        places = (random.random((PEOPLE, 2)) * 2 - 1).astype(np.float32)
        cells = np.sort(random.integers(0, 20, PEOPLE) * 10 + frame % 10)
        device.queue.write_buffer(people, 0, places)
        encoder = device.create_command_encoder()
        draw = encoder.begin_render_pass(label="crowd", color_attachments=[
            {"view": view, "clear_value": (0, 0, 0, 1), "load_op": "clear", "store_op": "store"}])
        draw.set_pipeline(pipeline)
        draw.set_vertex_buffer(0, people)
        for cell in range(CELLS):
            first, last = np.searchsorted(cells, [cell, cell + 1])
            if CLEAN and first == last:
                continue
            draw.draw(4, int(last - first), 0, int(first))
        draw.end()
        device.queue.submit([encoder.finish()])
        end_frame(device)
    print_picture(device, picture)


main()
