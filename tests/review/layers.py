"""A chart in four layers (grid, areas, lines, marks), each drawn by a function of its own."""
import numpy as np
import wgpu
from headless import CLEAN, end_frame, make_picture, open_device, print_picture

SHADER = """
@group(0) @binding(0) var<uniform> layer: vec4f;
@vertex fn vs(@location(0) at: vec2f) -> @builtin(position) vec4f { return vec4f(at * layer.x + layer.y, 0, 1); }
@fragment fn fs() -> @location(0) vec4f { return vec4f(layer.z, layer.w, 0.4, 0.5); }
"""
LAYERS = 4


def main():
    device = open_device()
    picture = make_picture(device, 512, 512)
    view = picture.create_view()
    module = device.create_shader_module(code=SHADER)
    blend = {"operation": "add", "src_factor": "src-alpha", "dst_factor": "one-minus-src-alpha"}
    pipeline = device.create_render_pipeline(
        layout="auto", primitive={"topology": "triangle-list"},
        vertex={"module": module, "buffers": [
            {"array_stride": 8, "attributes": [{"format": "float32x2", "offset": 0, "shader_location": 0}]}]},
        fragment={"module": module, "targets": [{"format": "rgba8unorm", "blend": {"color": blend, "alpha": blend}}]})
    random = np.random.default_rng(15)
    shapes = [device.create_buffer_with_data(label=f"layer {i}", data=random.standard_normal((60, 2)).astype(np.float32),
                                             usage=wgpu.BufferUsage.VERTEX) for i in range(LAYERS)]
    looks = [device.create_buffer(label=f"look {i}", size=16, usage=wgpu.BufferUsage.UNIFORM | wgpu.BufferUsage.COPY_DST)
             for i in range(LAYERS)]
    groups = [device.create_bind_group(layout=pipeline.get_bind_group_layout(0), entries=[
        {"binding": 0, "resource": {"buffer": look}}]) for look in looks]

    def begin(encoder, load):
        draw = encoder.begin_render_pass(label="layer", color_attachments=[
            {"view": view, "clear_value": (1, 1, 1, 1), "load_op": load, "store_op": "store"}])
        draw.set_pipeline(pipeline)
        return draw

    for frame in range(8):
        for i, look in enumerate(looks):
            device.queue.write_buffer(look, 0, np.array([0.5, 0.1 * np.sin(frame + i), i / 4, 1 - i / 4], dtype=np.float32))
        encoder = device.create_command_encoder()
        draw = begin(encoder, "clear")
        for i in range(LAYERS):
            if i > 0 and not CLEAN:
                draw.end()
                draw = begin(encoder, "load")
            draw.set_bind_group(0, groups[i])
            draw.set_vertex_buffer(0, shapes[i])
            draw.draw(60)
        draw.end()
        device.queue.submit([encoder.finish()])
        end_frame(device)
    print_picture(device, picture)


main()
