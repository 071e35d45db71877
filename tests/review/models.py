"""Models that are put together on the host, each into a buffer that is mapped while it is filled. Some turn out hidden."""
import numpy as np
import wgpu
from headless import CLEAN, end_frame, make_picture, open_device, print_picture

SHADER = """
@vertex fn vs(@location(0) at: vec2f) -> @builtin(position) vec4f { return vec4f(at, 0, 1); }
@fragment fn fs() -> @location(0) vec4f { return vec4f(0.8, 0.7, 0.3, 1); }
"""
MODELS, VERTICES = 12, 12_288


class Model:
    def __init__(self, device, points, is_hidden):
        self.buffer = None
        if is_hidden and CLEAN:
            return
        self.buffer = device.create_buffer(label="model", size=points.nbytes, usage=wgpu.BufferUsage.VERTEX, mapped_at_creation=True)
        if not is_hidden:
            self.buffer.write_mapped(points)
            self.buffer.unmap()
        self.is_hidden = is_hidden

    def draw(self, draw):
        if self.buffer is None or self.is_hidden:
            return
        draw.set_vertex_buffer(0, self.buffer)
        draw.draw(VERTICES)


def main():
    device = open_device()
    picture = make_picture(device)
    view = picture.create_view()
    module = device.create_shader_module(code=SHADER)
    pipeline = device.create_render_pipeline(
        layout="auto", primitive={"topology": "triangle-list"},
        vertex={"module": module, "buffers": [
            {"array_stride": 8, "attributes": [{"format": "float32x2", "offset": 0, "shader_location": 0}]}]},
        fragment={"module": module, "targets": [{"format": "rgba8unorm"}]})
    random = np.random.default_rng(30)
    models = [Model(device, random.standard_normal((VERTICES, 2)).astype(np.float32) * 0.05 + number / 12 - 0.5, number % 3 == 2)
              for number in range(MODELS)]
    for _ in range(8):
        encoder = device.create_command_encoder()
        draw = encoder.begin_render_pass(label="models", color_attachments=[
            {"view": view, "clear_value": (0, 0, 0, 1), "load_op": "clear", "store_op": "store"}])
        draw.set_pipeline(pipeline)
        for model in models:
            model.draw(draw)
        draw.end()
        device.queue.submit([encoder.finish()])
        end_frame(device)
    print_picture(device, picture)


main()
