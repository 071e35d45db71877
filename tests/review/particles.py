"""Particles that drift through a wind field. The field is loaded once; the program hands it over with every frame."""
import numpy as np
import wgpu
from headless import CLEAN, end_frame, open_device, print_buffer

SHADER = """
struct Step { dt: f32, count: u32, side: u32, gust: f32 }
@group(0) @binding(0) var<storage, read_write> places: array<vec4f>;
@group(0) @binding(1) var<storage, read> wind: array<vec4f>;
@group(0) @binding(2) var<uniform> now: Step;
@compute @workgroup_size(64) fn drift(@builtin(global_invocation_id) id: vec3u) {
  if (id.x >= now.count) { return; }
  let at = places[id.x];
  let cell = vec2u(fract(at.xy) * f32(now.side));
  places[id.x] = vec4f(fract(at.xy + now.dt * (wind[cell.y * now.side + cell.x].xy + now.gust)), at.zw);
}
"""
COUNT, SIDE = 20_000, 256


def main():
    device = open_device()
    random = np.random.default_rng(3)
    places = device.create_buffer_with_data(label="places", data=random.random((COUNT, 4), dtype=np.float32),
                                            usage=wgpu.BufferUsage.STORAGE | wgpu.BufferUsage.COPY_SRC)
    field = random.standard_normal((SIDE, SIDE, 4)).astype(np.float32)
    wind = device.create_buffer(label="wind", size=field.nbytes, usage=wgpu.BufferUsage.STORAGE | wgpu.BufferUsage.COPY_DST)
    step = device.create_buffer(label="step", size=16, usage=wgpu.BufferUsage.UNIFORM | wgpu.BufferUsage.COPY_DST)
    pipeline = device.create_compute_pipeline(
        layout="auto", compute={"module": device.create_shader_module(code=SHADER), "entry_point": "drift"})
    group = device.create_bind_group(layout=pipeline.get_bind_group_layout(0), entries=[
        {"binding": i, "resource": {"buffer": buffer}} for i, buffer in enumerate((places, wind, step))])
    if CLEAN:
        device.queue.write_buffer(wind, 0, field)
    for frame in range(12):
        if not CLEAN:
            device.queue.write_buffer(wind, 0, field)
        now = np.array([(0.01, COUNT, SIDE, np.sin(frame))], dtype="f4,u4,u4,f4")
        device.queue.write_buffer(step, 0, now)
        encoder = device.create_command_encoder()
        compute = encoder.begin_compute_pass(label="drift")
        compute.set_pipeline(pipeline)
        compute.set_bind_group(0, group)
        compute.dispatch_workgroups((COUNT + 63) // 64)
        compute.end()
        device.queue.submit([encoder.finish()])
        end_frame(device)
    print_buffer(device, places)


main()
