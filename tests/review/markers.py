"""Cars on a map, each with its own colour and place in a part of one uniform buffer, or all in one storage buffer."""
import numpy as np
import wgpu
from headless import CLEAN, end_frame, make_picture, open_device, print_picture

SHADER = """
struct Car { place: vec4f, color: vec4f }
struct Out { @builtin(position) at: vec4f, @location(0) color: vec4f }
@group(0) @binding(0) CARS
@vertex fn vs(@builtin(vertex_index) i: u32, @builtin(instance_index) number: u32) -> Out {
  let car = CAR;
  return Out(vec4f(car.place.xy + vec2f(f32(i & 1u), f32(i >> 1u)) * car.place.z, 0, 1), car.color);
}
@fragment fn fs(in: Out) -> @location(0) vec4f { return in.color; }
"""
CARS = 500


def main():
    device = open_device()
    picture = make_picture(device)
    view = picture.create_view()
    code = SHADER.replace("CARS", "var<storage, read> cars: array<Car>;" if CLEAN else "var<uniform> car_now: Car;")
    module = device.create_shader_module(code=code.replace("CAR;", "cars[number];" if CLEAN else "car_now;"))
    kind = {"type": "read-only-storage"} if CLEAN else {"type": "uniform", "has_dynamic_offset": True}
    layout = device.create_bind_group_layout(entries=[{"binding": 0, "visibility": wgpu.ShaderStage.VERTEX, "buffer": kind}])
    pipeline = device.create_render_pipeline(
        layout=device.create_pipeline_layout(bind_group_layouts=[layout]), primitive={"topology": "triangle-strip"},
        vertex={"module": module}, fragment={"module": module, "targets": [{"format": "rgba8unorm"}]})
    stride = 8 if CLEAN else 64  # floats: a dynamic offset is a multiple of 256 bytes
    usage = wgpu.BufferUsage.STORAGE if CLEAN else wgpu.BufferUsage.UNIFORM
    cars = device.create_buffer(label="cars", size=4 * stride * CARS, usage=usage | wgpu.BufferUsage.COPY_DST)
    group = device.create_bind_group(layout=layout, entries=[
        {"binding": 0, "resource": {"buffer": cars, "offset": 0, "size": 4 * stride * CARS if CLEAN else 32}}])
    random = np.random.default_rng(26)
    state = np.zeros((CARS, stride), dtype=np.float32)
    state[:, :8] = random.random((CARS, 8))
    state[:, 2] = 0.03
    for _ in range(8):
        state[:, :2] = (state[:, :2] + 0.01 * random.standard_normal((CARS, 2)) + 1) % 2 - 1
        device.queue.write_buffer(cars, 0, state)
        encoder = device.create_command_encoder()
        draw = encoder.begin_render_pass(label="cars", color_attachments=[
            {"view": view, "clear_value": (1, 1, 1, 1), "load_op": "clear", "store_op": "store"}])
        draw.set_pipeline(pipeline)
        if CLEAN:
            draw.set_bind_group(0, group)
            draw.draw(4, CARS)
        else:
            for car in range(CARS):
                draw.set_bind_group(0, group, [256 * car])
                draw.draw(4)
        draw.end()
        device.queue.submit([encoder.finish()])
        end_frame(device)
    print_picture(device, picture)


main()
