"""Lines that follow moving points. Their number changes, so each frame makes the buffer for as many as there are."""
import numpy as np
import wgpu
from headless import CLEAN, end_frame, make_picture, open_device, print_picture

SHADER = """
@vertex fn vs(@location(0) at: vec2f) -> @builtin(position) vec4f { return vec4f(at, 0, 1); }
@fragment fn fs() -> @location(0) vec4f { return vec4f(1, 0.8, 0.2, 1); }
"""
MOST = 4096


def main():
    device = open_device()
    picture = make_picture(device)
    view = picture.create_view()
    module = device.create_shader_module(code=SHADER)
    pipeline = device.create_render_pipeline(
        layout="auto", primitive={"topology": "line-strip"},
        vertex={"module": module, "buffers": [
            {"array_stride": 8, "attributes": [{"format": "float32x2", "offset": 0, "shader_location": 0}]}]},
        fragment={"module": module, "targets": [{"format": "rgba8unorm"}]})
    usage = wgpu.BufferUsage.VERTEX | wgpu.BufferUsage.COPY_DST
    kept = device.create_buffer(label="trail", size=8 * MOST, usage=usage) if CLEAN else None
    for frame in range(12):
        count = 3000 + 10 * frame
        turn = np.linspace(0, 6 + 0.1 * frame, count, dtype=np.float32)
        points = np.stack([np.cos(turn * 3) * turn / 7, np.sin(turn * 3) * turn / 7], axis=1).astype(np.float32)
        trail = kept if CLEAN else device.create_buffer(label="trail", size=8 * MOST, usage=usage)
        device.queue.write_buffer(trail, 0, points)
        encoder = device.create_command_encoder()
        draw = encoder.begin_render_pass(label="trails", color_attachments=[
            {"view": view, "clear_value": (0, 0, 0, 1), "load_op": "clear", "store_op": "store"}])
        draw.set_pipeline(pipeline)
        draw.set_vertex_buffer(0, trail)
        draw.draw(count)
        draw.end()
        device.queue.submit([encoder.finish()])
        end_frame(device)
        if not CLEAN:
            trail.destroy()
    print_picture(device, picture)


main()
