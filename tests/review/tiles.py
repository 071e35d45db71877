"""A map that is panned: tiles come in on one side. Those that left on the other are kept, or given back."""
import collections

import numpy as np
import wgpu
from headless import CLEAN, end_frame, make_picture, open_device, print_picture

SHADER = """
struct Out { @builtin(position) at: vec4f, @location(0) uv: vec2f }
@group(0) @binding(0) var tile: texture_2d<f32>;
@group(0) @binding(1) var near: sampler;
@vertex fn vs(@builtin(vertex_index) i: u32, @builtin(instance_index) column: u32) -> Out {
  let uv = vec2f(f32(i & 1u), f32(i >> 1u));
  return Out(vec4f(uv.x * 0.5 - 1 + 0.5 * f32(column), uv.y * 2 - 1, 0, 1), uv);
}
@fragment fn fs(in: Out) -> @location(0) vec4f { return textureSample(tile, near, in.uv); }
"""
SIDE = 256


def main():
    device = open_device()
    picture = make_picture(device)
    view = picture.create_view()
    module = device.create_shader_module(code=SHADER)
    pipeline = device.create_render_pipeline(
        layout="auto", primitive={"topology": "triangle-strip"}, vertex={"module": module},
        fragment={"module": module, "targets": [{"format": "rgba8unorm"}]})
    layout, sampler = pipeline.get_bind_group_layout(0), device.create_sampler()
    random = np.random.default_rng(12)
    tiles = collections.OrderedDict()

    def tile(column):
        if column not in tiles:
            texture = device.create_texture(label="tile", size=(SIDE, SIDE, 1), format="rgba8unorm",
                                            usage=wgpu.TextureUsage.TEXTURE_BINDING | wgpu.TextureUsage.COPY_DST)
            texels = random.integers(0, 255, (SIDE, SIDE, 4), dtype=np.uint8)
            device.queue.write_texture({"texture": texture}, texels, {"bytes_per_row": 4 * SIDE, "rows_per_image": SIDE}, (SIDE, SIDE, 1))
            tiles[column] = texture, device.create_bind_group(layout=layout, entries=[
                {"binding": 0, "resource": texture.create_view()}, {"binding": 1, "resource": sampler}])
        return tiles[column][1]

    for frame in range(24):
        encoder = device.create_command_encoder()
        groups = [tile(frame + column) for column in range(4)]
        draw = encoder.begin_render_pass(label="map", color_attachments=[
            {"view": view, "clear_value": (0, 0, 0, 1), "load_op": "clear", "store_op": "store"}])
        draw.set_pipeline(pipeline)
        for column, group in enumerate(groups):
            draw.set_bind_group(0, group)
            draw.draw(4, 1, 0, column)
        draw.end()
        device.queue.submit([encoder.finish()])
        end_frame(device)
        while CLEAN and len(tiles) > 4:
            _, (texture, _) = tiles.popitem(last=False)
            texture.destroy()
    print_picture(device, picture)


main()
