"""A viewer of photos: one is loaded a frame and the one before is dropped. A photo and its thumbnail know each other."""
import numpy as np
import wgpu
from headless import CLEAN, end_frame, make_picture, open_device, print_picture

SHADER = """
struct Out { @builtin(position) at: vec4f, @location(0) uv: vec2f }
@group(0) @binding(0) var photo: texture_2d<f32>;
@group(0) @binding(1) var near: sampler;
@vertex fn vs(@builtin(vertex_index) i: u32) -> Out {
  let uv = vec2f(f32(i & 1u), f32(i >> 1u));
  return Out(vec4f(uv * 1.6 - 0.8, 0, 1), uv);
}
@fragment fn fs(in: Out) -> @location(0) vec4f { return textureSample(photo, near, in.uv); }
"""
SIDE = 512


class Thumbnail:
    def __init__(self, photo):
        self.photo = photo


class Photo:
    def __init__(self, device, layout, sampler, texels):
        self.texture = device.create_texture(label="photo", size=(SIDE, SIDE, 1), format="rgba8unorm",
                                             usage=wgpu.TextureUsage.TEXTURE_BINDING | wgpu.TextureUsage.COPY_DST)
        device.queue.write_texture({"texture": self.texture}, texels, {"bytes_per_row": 4 * SIDE, "rows_per_image": SIDE}, (SIDE, SIDE, 1))
        self.group = device.create_bind_group(layout=layout, entries=[
            {"binding": 0, "resource": self.texture.create_view()}, {"binding": 1, "resource": sampler}])
        self.thumbnail = Thumbnail(self)
        self.notes = {tag: [tag] for tag in range(100)}  # as a camera leaves them

    def close(self):
        if CLEAN:
            self.texture.destroy()


def main():
    device = open_device()
    picture = make_picture(device)
    view = picture.create_view()
    module = device.create_shader_module(code=SHADER)
    pipeline = device.create_render_pipeline(
        layout="auto", primitive={"topology": "triangle-strip"}, vertex={"module": module},
        fragment={"module": module, "targets": [{"format": "rgba8unorm"}]})
    layout, sampler = pipeline.get_bind_group_layout(0), device.create_sampler()
    texels = np.random.default_rng(28).integers(0, 255, (SIDE, SIDE, 4), dtype=np.uint8)
    photo = None
    for frame in range(48):
        if frame % 2 == 0:
            if photo is not None:
                photo.close()
            photo = Photo(device, layout, sampler, np.roll(texels, frame, axis=0))
        encoder = device.create_command_encoder()
        draw = encoder.begin_render_pass(label="photo", color_attachments=[
            {"view": view, "clear_value": (0, 0, 0, 1), "load_op": "clear", "store_op": "store"}])
        draw.set_pipeline(pipeline)
        draw.set_bind_group(0, photo.group)
        draw.draw(4)
        draw.end()
        device.queue.submit([encoder.finish()])
        end_frame(device)
    print_picture(device, picture)


main()
