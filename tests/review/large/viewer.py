"""A viewer of meshes: a ground, a few dozen objects of three kinds, a camera that goes around them, a grid behind.

What is wrong with it: its index buffers are wider than they need be, every corner carries a colour and tangents that no
shader reads, and each object sets all that the object before it has set.
"""
import pathlib
import sys

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1]))
import numpy as np  # noqa: E402
import wgpu  # noqa: E402
from headless import end_frame, make_picture, open_device, print_picture  # noqa: E402

SIDE, FRAMES, OBJECTS = 256, 8, 48

SHADER = """
struct Camera { view: mat4x4f, light: vec4f }
struct Object { model: mat4x4f, tint: vec4f }
struct Corner { @location(0) at: vec3f, @location(1) normal: vec3f, @location(2) color: vec4f, @location(3) tangent: vec4f,
                @location(4) uv: vec2f }
struct Out { @builtin(position) at: vec4f, @location(0) normal: vec3f }
@group(0) @binding(0) var<uniform> camera: Camera;
@group(1) @binding(0) var<uniform> object: Object;

@vertex fn vs(corner: Corner) -> Out {
  let world = object.model * vec4f(corner.at, 1);
  return Out(camera.view * world, (object.model * vec4f(corner.normal, 0)).xyz);
}
@fragment fn lit(in: Out) -> @location(0) vec4f {
  let light = 0.2 + 0.8 * max(0.0, dot(normalize(in.normal), normalize(camera.light.xyz)));
  return vec4f(light * object.tint.rgb, 1);
}
@fragment fn flat(in: Out) -> @location(0) vec4f { return vec4f(object.tint.rgb, 1); }
"""


def surface(around, along, shape):
    """A mesh of a grid of points; shape(u, v) gives places."""
    u, v = np.meshgrid(np.linspace(0, 1, around), np.linspace(0, 1, along), indexing="ij")
    at = np.stack(shape(u, v), axis=-1)
    du, dv = np.gradient(at, axis=0), np.gradient(at, axis=1)
    normal = np.cross(du, dv)
    normal /= np.maximum(np.linalg.norm(normal, axis=-1, keepdims=True), 1e-6)
    corner = np.concatenate([at, normal, np.ones((around, along, 4)), du, np.ones((around, along, 1)), u[..., None], v[..., None]], axis=-1)
    first = (np.arange(around - 1)[:, None] * along + np.arange(along - 1)).reshape(-1, 1)
    return corner.astype(np.float32), (first + [0, 1, along, 1, along + 1, along]).astype(np.uint32)


def ball(u, v):
    return np.sin(np.pi * v) * np.cos(2 * np.pi * u), np.cos(np.pi * v), np.sin(np.pi * v) * np.sin(2 * np.pi * u)


def ring(u, v):
    wide = 0.7 + 0.3 * np.cos(2 * np.pi * v)
    return wide * np.cos(2 * np.pi * u), 0.3 * np.sin(2 * np.pi * v), wide * np.sin(2 * np.pi * u)


def vase(u, v):
    wide = 0.4 + 0.2 * np.sin(7 * v)
    return wide * np.cos(2 * np.pi * u), 2 * v - 1, wide * np.sin(2 * np.pi * u)


class Mesh:
    def __init__(self, device, name, shape):
        corners, indices = surface(96, 64, shape)
        self.corners = device.create_buffer_with_data(label=f"{name} corners", data=corners, usage=wgpu.BufferUsage.VERTEX)
        self.indices = device.create_buffer_with_data(label=f"{name} faces", data=indices, usage=wgpu.BufferUsage.INDEX)
        self.count = indices.size


class Viewer:
    def __init__(self, device):
        self.device = device
        self.picture = make_picture(device, SIDE, SIDE)
        self.view = self.picture.create_view()
        self.depth = device.create_texture(label="depth", size=(SIDE, SIDE, 1), format="depth24plus", usage=wgpu.TextureUsage.RENDER_ATTACHMENT)
        self.depth_view = self.depth.create_view()
        self.meshes = [Mesh(device, name, shape) for name, shape in (("ball", ball), ("ring", ring), ("vase", vase))]
        self.make_objects()
        self.make_pipelines()

    def make_objects(self):
        usage = wgpu.BufferUsage
        random = np.random.default_rng(42)
        self.objects = np.zeros((OBJECTS, 64), dtype=np.float32)  # 256 bytes each: a dynamic offset apart
        for number, place in enumerate(random.random((OBJECTS, 3)) * [4, 1, 4] - [2, 0.5, 2]):
            model = np.diag([0.2, 0.2, 0.2, 1.0])
            model[3, :3] = place
            self.objects[number, :16] = model.ravel()
            self.objects[number, 16:20] = [*random.random(3), 1]
        self.camera = self.device.create_buffer(label="camera", size=80, usage=usage.UNIFORM | usage.COPY_DST)
        self.object_buffer = self.device.create_buffer_with_data(label="objects", data=self.objects, usage=usage.UNIFORM)

    def make_pipelines(self):
        device, stage = self.device, wgpu.ShaderStage
        both = stage.VERTEX | stage.FRAGMENT
        camera_layout = device.create_bind_group_layout(entries=[{"binding": 0, "visibility": both, "buffer": {"type": "uniform"}}])
        object_layout = device.create_bind_group_layout(entries=[
            {"binding": 0, "visibility": both, "buffer": {"type": "uniform", "has_dynamic_offset": True}}])
        self.camera_group = device.create_bind_group(layout=camera_layout, entries=[{"binding": 0, "resource": {"buffer": self.camera}}])
        self.object_group = device.create_bind_group(layout=object_layout, entries=[
            {"binding": 0, "resource": {"buffer": self.object_buffer, "offset": 0, "size": 80}}])
        module = device.create_shader_module(code=SHADER)
        layout = device.create_pipeline_layout(bind_group_layouts=[camera_layout, object_layout])
        formats = ["float32x3", "float32x3", "float32x4", "float32x4", "float32x2"]
        offsets = [0, 12, 24, 40, 56]
        attributes = [{"format": form, "offset": offset, "shader_location": i} for i, (form, offset) in enumerate(zip(formats, offsets))]
        self.pipelines = [device.create_render_pipeline(
            label=name, layout=layout, primitive={"topology": "triangle-list"},
            vertex={"module": module, "entry_point": "vs", "buffers": [{"array_stride": 64, "attributes": attributes}]},
            depth_stencil={"format": "depth24plus", "depth_write_enabled": True, "depth_compare": "less"},
            fragment={"module": module, "entry_point": name, "targets": [{"format": "rgba8unorm"}]}) for name in ("lit", "flat")]

    def look(self, turn):
        c, s = np.cos(turn), np.sin(turn)
        around = np.array([[c, 0, s, 0], [0, 1, 0, 0], [-s, 0, c, 0], [0, 0, 0, 1]])
        flat = np.array([[0.4, 0, 0, 0], [0, 0.5, 0, 0], [0, -0.15, 0.15, 0], [0, 0, 0.5, 1]])
        camera = np.concatenate([(around @ flat).ravel(), [0.5, 1, 0.2, 0]]).astype(np.float32)
        self.device.queue.write_buffer(self.camera, 0, camera)

    def draw(self):
        encoder = self.device.create_command_encoder()
        draw = encoder.begin_render_pass(
            label="objects",
            color_attachments=[{"view": self.view, "clear_value": (0.9, 0.9, 1, 1), "load_op": "clear", "store_op": "store"}],
            depth_stencil_attachment={"view": self.depth_view, "depth_clear_value": 1.0, "depth_load_op": "clear", "depth_store_op": "discard"})
        for number in range(OBJECTS):
            mesh = self.meshes[3 * number // OBJECTS]
            draw.set_pipeline(self.pipelines[number % 16 == 15])
            draw.set_bind_group(0, self.camera_group)
            draw.set_bind_group(1, self.object_group, [256 * number])
            draw.set_vertex_buffer(0, mesh.corners)
            draw.set_index_buffer(mesh.indices, "uint32")
            draw.draw_indexed(mesh.count)
        draw.end()
        self.device.queue.submit([encoder.finish()])


def main():
    device = open_device()
    viewer = Viewer(device)
    for frame in range(FRAMES):
        viewer.look(0.1 * frame)
        viewer.draw()
        end_frame(device)
    print_picture(device, viewer.picture)


main()
