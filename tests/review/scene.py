"""Objects of three materials, drawn in the order of their materials, each from its own part of one buffer."""
import numpy as np
import wgpu
from headless import CLEAN, end_frame, make_picture, open_device, print_picture

SHADER = """
@group(0) @binding(0) var<uniform> camera: vec4f;
@group(1) @binding(0) var<uniform> object: vec4f;
@vertex fn vs(@location(0) at: vec2f) -> @builtin(position) vec4f {
  return vec4f(at * object.z + object.xy + camera.xy, 0, 1);
}
@fragment fn plain() -> @location(0) vec4f { return vec4f(object.w, 0.2, 0.1, 1); }
@fragment fn metal() -> @location(0) vec4f { return vec4f(0.4, object.w, 0.5, 1); }
@fragment fn glass() -> @location(0) vec4f { return vec4f(0.1, 0.3, object.w, 1); }
"""
OBJECTS = 240


def main():
    device = open_device()
    picture = make_picture(device)
    view = picture.create_view()
    module = device.create_shader_module(code=SHADER)

    def layout(has_dynamic_offset):
        return device.create_bind_group_layout(entries=[{"binding": 0, "visibility": wgpu.ShaderStage.VERTEX | wgpu.ShaderStage.FRAGMENT,
                                                         "buffer": {"type": "uniform", "has_dynamic_offset": has_dynamic_offset}}])

    camera_layout, object_layout = layout(False), layout(True)
    pipeline_layout = device.create_pipeline_layout(bind_group_layouts=[camera_layout, object_layout])
    pipelines = [device.create_render_pipeline(
        layout=pipeline_layout, primitive={"topology": "triangle-list"},
        vertex={"module": module, "entry_point": "vs", "buffers": [
            {"array_stride": 8, "attributes": [{"format": "float32x2", "offset": 0, "shader_location": 0}]}]},
        fragment={"module": module, "entry_point": name, "targets": [{"format": "rgba8unorm"}]})
        for name in ("plain", "metal", "glass")]
    corners = device.create_buffer_with_data(label="corners", data=np.array([-1, -1, 1, -1, 0, 1], dtype=np.float32),
                                             usage=wgpu.BufferUsage.VERTEX)
    camera = device.create_buffer(label="camera", size=16, usage=wgpu.BufferUsage.UNIFORM | wgpu.BufferUsage.COPY_DST)
    places = np.zeros((OBJECTS, 64), dtype=np.float32)
    places[:, :4] = np.random.default_rng(2).random((OBJECTS, 4)) * [2, 2, 0.1, 1] - [1, 1, 0, 0]
    objects = device.create_buffer_with_data(label="objects", data=places, usage=wgpu.BufferUsage.UNIFORM)
    camera_group = device.create_bind_group(layout=camera_layout, entries=[{"binding": 0, "resource": {"buffer": camera}}])
    object_group = device.create_bind_group(layout=object_layout, entries=[
        {"binding": 0, "resource": {"buffer": objects, "offset": 0, "size": 16}}])
    for frame in range(10):
        device.queue.write_buffer(camera, 0, np.array([0.01 * frame, 0, 0, 0], dtype=np.float32))
        encoder = device.create_command_encoder()
        draw = encoder.begin_render_pass(label="objects", color_attachments=[
            {"view": view, "clear_value": (0, 0, 0, 1), "load_op": "clear", "store_op": "store"}])
        last = None
        for i in range(OBJECTS):
            material = 3 * i // OBJECTS
            if not CLEAN or material != last:
                draw.set_pipeline(pipelines[material])
                draw.set_bind_group(0, camera_group)
                draw.set_vertex_buffer(0, corners)
                last = material
            draw.set_bind_group(1, object_group, [256 * i])
            draw.draw(3)
        draw.end()
        device.queue.submit([encoder.finish()])
        end_frame(device)
    print_picture(device, picture)


main()
