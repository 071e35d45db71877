// Canvases, and the ends of frames.

import { ObjectKind } from "../gpu/commands.gen";
import { canvasOf } from "./describe";
import * as encode from "./encode.gen";
import type { Call, Hooks } from "./hooks";
import { idOf, toldOf, type Told } from "./told";

interface CanvasState {
  configuration: GPUCanvasConfiguration;
  label: string;
  width: number;
  height: number;
}

export function recordCanvases(hooks: Hooks): void {
  const { recording } = hooks;
  const states = new WeakMap<Told, CanvasState>();
  const type = "GPUCanvasContext";
  const configure = (told: Told, state: CanvasState, call: Call): void => {
    const described = canvasOf(state.configuration, state);
    hooks.say(told.device, call, (writer) => encode.sayConfigureCanvas(writer, told.id, state.label, described));
  };
  hooks.around(
    type,
    "configure",
    (told, [configuration], _, call) => {
      told.device = idOf(configuration.device);
      const state = states.get(told)!;
      state.configuration = configuration as GPUCanvasConfiguration;
      configure(told, state, call);
    },
    {
      introduce(context) {
        const told = { id: recording.newId(), device: 0, kind: ObjectKind.canvas };
        recording.add(context, told);
        const { canvas } = context as GPUCanvasContext;
        const label = ("id" in canvas && canvas.id) || "canvas";
        states.set(told, {
          configuration: { device: null!, format: "rgba8unorm" },
          label,
          width: canvas.width,
          height: canvas.height,
        });
        return told;
      },
    },
  );
  hooks.described(
    type,
    "unconfigure",
    ({ id }) =>
      (writer) =>
        encode.sayUnconfigureCanvas(writer, id),
  );
  hooks.around(type, "getCurrentTexture", (told, _, result, call) => {
    const texture = result as GPUTexture;
    const state = states.get(told);
    // The same again until the frame ends.
    if (!state || toldOf(texture)) return;
    const { width, height } = texture;
    // A canvas that the page sized anew is configured anew by the browser.
    if (width !== state.width || height !== state.height) {
      Object.assign(state, { width, height });
      configure(told, state, { called: null, beginMs: call.beginMs, tookMs: 0 });
    }
    const made = { id: recording.newId(), device: told.device, kind: ObjectKind.texture };
    recording.add(texture, made);
    hooks.say(told.device, call, (writer) => encode.sayGetCurrentTexture(writer, told.id, made.id));
  });
}

/** A frame ends when the browser begins the next one. */
export function recordFrames(hooks: Hooks): void {
  const { recording } = hooks;
  hooks.replace(globalThis, "requestAnimationFrame", (real) => {
    return function (this: unknown, ...args: unknown[]): unknown {
      const [callback] = args;
      if (!recording.isOn || typeof callback !== "function") return real.apply(this, args);
      return real.call(this, function (this: unknown, ...times: unknown[]): unknown {
        recording.guarded("requestAnimationFrame", () => recording.frameBegins(times[0] as number));
        return Reflect.apply(callback, this, times);
      });
    };
  });
}
