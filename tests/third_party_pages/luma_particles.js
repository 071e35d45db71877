// A luma.gl page: particles that a compute pass moves and a model draws; how far they came is read now and then.
import { luma } from "@luma.gl/core";
import { AnimationLoopTemplate, Computation, makeAnimationLoop, Model } from "@luma.gl/engine";
import { webgpuAdapter } from "@luma.gl/webgpu";

const kParticles = 512;
const kFrames = 40;
const kFramesPerReading = 10;

const kMove = /* wgsl */ `
struct Particle { position: vec2<f32>, velocity: vec2<f32> };
struct Step { seconds: f32, pull: f32 };
@group(0) @binding(0) var<storage, read_write> particles: array<Particle>;
@group(0) @binding(1) var<uniform> timeStep: Step;

@compute @workgroup_size(64) fn main(@builtin(global_invocation_id) id: vec3<u32>) {
  if (id.x >= arrayLength(&particles)) { return; }
  var particle = particles[id.x];
  particle.velocity -= particle.position * timeStep.pull * timeStep.seconds;
  particle.position += particle.velocity * timeStep.seconds;
  particles[id.x] = particle;
}`;

const kDraw = /* wgsl */ `
struct View { scale: vec2<f32>, size: f32, brightness: f32 };
@group(0) @binding(0) var<uniform> view: View;

struct Corner { @builtin(position) position: vec4<f32>, @location(0) color: vec4<f32> };

@vertex fn vertexMain(@location(0) corner: vec2<f32>, @location(1) position: vec2<f32>,
                      @location(2) velocity: vec2<f32>) -> Corner {
  let at = position * view.scale + corner * view.size;
  return Corner(vec4<f32>(at, 0.0, 1.0), vec4<f32>(abs(velocity), 1.0, 1.0) * view.brightness);
}

@fragment fn fragmentMain(corner: Corner) -> @location(0) vec4<f32> {
  return corner.color;
}`;

function startValues() {
  const values = new Float32Array(kParticles * 4);
  for (let i = 0; i < kParticles; ++i) {
    const angle = i * 2.399963;
    const radius = Math.sqrt(i / kParticles);
    values.set([radius * Math.cos(angle), radius * Math.sin(angle), -Math.sin(angle) / 2, Math.cos(angle) / 2], i * 4);
  }
  return values;
}

class Particles extends AnimationLoopTemplate {
  constructor({ device }) {
    super();
    this.device = device;
    const shared = { STORAGE: 0x80, VERTEX: 0x20, UNIFORM: 0x40, COPY_DST: 0x8, COPY_SRC: 0x4 };
    this.particles = device.createBuffer({
      id: "particles",
      data: startValues(),
      usage: shared.STORAGE | shared.VERTEX | shared.COPY_SRC | shared.COPY_DST,
    });
    this.timeStep = device.createBuffer({ id: "time step", byteLength: 8, usage: shared.UNIFORM | shared.COPY_DST });
    this.view = device.createBuffer({ id: "view", byteLength: 16, usage: shared.UNIFORM | shared.COPY_DST });
    this.corners = device.createBuffer({
      id: "corners",
      data: new Float32Array([-1, -1, 1, -1, -1, 1, 1, 1]),
      usage: shared.VERTEX | shared.COPY_DST,
    });
    this.movement = new Computation(device, {
      id: "move",
      source: kMove,
      shaderLayout: {
        bindings: [
          { name: "particles", type: "storage", group: 0, location: 0 },
          { name: "timeStep", type: "uniform", group: 0, location: 1 },
        ],
      },
      bindings: { particles: this.particles, timeStep: this.timeStep },
    });
    this.model = new Model(device, {
      id: "particles",
      source: kDraw,
      vertexEntryPoint: "vertexMain",
      fragmentEntryPoint: "fragmentMain",
      topology: "triangle-strip",
      vertexCount: 4,
      instanceCount: kParticles,
      bufferLayout: [
        {
          name: "corners",
          stepMode: "vertex",
          attributes: [{ attribute: "corner", format: "float32x2", byteOffset: 0 }],
        },
        {
          name: "particles",
          stepMode: "instance",
          byteStride: 16,
          attributes: [
            { attribute: "position", format: "float32x2", byteOffset: 0 },
            { attribute: "velocity", format: "float32x2", byteOffset: 8 },
          ],
        },
      ],
      shaderLayout: {
        attributes: [
          { name: "corner", location: 0, type: "vec2<f32>" },
          { name: "position", location: 1, type: "vec2<f32>", stepMode: "instance" },
          { name: "velocity", location: 2, type: "vec2<f32>", stepMode: "instance" },
        ],
        bindings: [{ name: "view", type: "uniform", group: 0, location: 0 }],
      },
      attributes: { corners: this.corners, particles: this.particles },
      bindings: { view: this.view },
    });
    this.readings = [];
    this.frame = 0;
  }

  onRender({ device }) {
    this.timeStep.write(new Float32Array([1 / 60, 1.5]));
    this.view.write(new Float32Array([0.8, 0.8, 0.01, 1]));
    const computePass = device.beginComputePass({ id: "move" });
    this.movement.dispatch(computePass, kParticles / 64);
    computePass.end();

    const renderPass = device.beginRenderPass({ id: "draw", clearColor: [0, 0, 0.1, 1] });
    this.model.draw(renderPass);
    renderPass.end();
    if (++this.frame % kFramesPerReading === 0) void this.read();
  }

  async read() {
    const bytes = await this.particles.readAsync();
    const values = new Float32Array(bytes.buffer, bytes.byteOffset, kParticles * 4);
    let furthest = 0;
    for (let i = 0; i < values.length; i += 4) furthest = Math.max(furthest, Math.hypot(values[i], values[i + 1]));
    this.readings.push(furthest.toFixed(4));
    if (this.readings.length < kFrames / kFramesPerReading) return;
    document.title = this.readings.join(" ");
    setTimeout(close, 300);
  }

  onFinalize() {
    this.model.destroy();
    this.movement.destroy();
  }
}

const device = luma.createDevice({
  type: "webgpu",
  adapters: [webgpuAdapter],
  createCanvasContext: { width: 192, height: 192 },
});
makeAnimationLoop(Particles, { device }).start();
