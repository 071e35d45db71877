// Devices: what they can do, their errors and their end; their queue.

import { ErrorKind, ObjectKind } from "../gpu/commands.gen";
import * as encode from "./encode.gen";
import { prototypeOf, type Hooks } from "./hooks";
import { listOf } from "./describe";
import { featureName } from "./names";
import { idOf, mark, type Told } from "./told";

const kFilters: Record<string, number> = {
  validation: ErrorKind.validation,
  "out-of-memory": ErrorKind.outOfMemory,
  internal: ErrorKind.internal,
};
const kLabelled = [
  "GPUBindGroup",
  "GPUBindGroupLayout",
  "GPUBuffer",
  "GPUCommandBuffer",
  "GPUCommandEncoder",
  "GPUComputePassEncoder",
  "GPUComputePipeline",
  "GPUDevice",
  "GPUPipelineLayout",
  "GPUQuerySet",
  "GPURenderBundle",
  "GPURenderBundleEncoder",
  "GPURenderPassEncoder",
  "GPURenderPipeline",
  "GPUSampler",
  "GPUShaderModule",
  "GPUTexture",
  "GPUTextureView",
];

export function recordDevices(hooks: Hooks, onDevice: () => void): void {
  const { recording } = hooks;
  // An adapter is not in a trace, but what it says of itself is its devices'.
  hooks.replace(prototypeOf("GPUAdapter"), "requestDevice", (real) => {
    return function (this: GPUAdapter, ...args: unknown[]): unknown {
      const promise = real.apply(this, args) as Promise<GPUDevice>;
      if (!recording.isOn) return promise;
      return promise.then((device) => {
        recording.guarded("requestDevice", () => {
          addDevice(hooks, this, device);
          onDevice();
        });
        return device;
      });
    };
  });
  hooks.described(
    "GPUDevice",
    "destroy",
    ({ id }) =>
      (writer) =>
        encode.sayDestroyDevice(writer, id),
  );
  hooks.described("GPUDevice", "pushErrorScope", (_, [filter]) => (writer) => {
    encode.sayPushErrorScope(writer, kFilters[String(filter)] ?? ErrorKind.validation);
  });
  hooks.answered("GPUDevice", "popErrorScope", ({ device }, _, call) => {
    hooks.say(device, call, (writer) => encode.sayPopErrorScope(writer));
    const heard = (message: string): void =>
      recording.hear(device, (writer) => encode.hearScopePopped(writer, message));
    return { resolved: (error) => heard((error as GPUError | null)?.message ?? ""), rejected: heard };
  });
  hooks.described("GPUQueue", "submit", (_, [buffers]) => {
    recording.submitted();
    const ids = listOf<object>(buffers).map(idOf);
    return (writer) => encode.saySubmit(writer, ids);
  });
  hooks.answered("GPUQueue", "onSubmittedWorkDone", ({ device }, _, call) => {
    const serial = recording.newTicket();
    hooks.say(device, call, (writer) => encode.sayOnSubmittedWorkDone(writer, serial));
    return {
      resolved() {
        recording.hasWaited = true;
        recording.hear(device, (writer) => encode.hearWorkDone(writer, serial));
      },
      rejected: () => undefined,
    };
  });
  for (const type of kLabelled) {
    hooks.labels(type, (writer, { id }, label) => encode.saySetLabel(writer, id, label));
  }
}

function addDevice(hooks: Hooks, adapter: GPUAdapter, device: GPUDevice): void {
  const { recording } = hooks;
  const id = recording.newId();
  const told: Told = { id, device: id, kind: ObjectKind.device };
  recording.add(device, told);
  // Only the device of it is of interest.
  mark(device.queue, { ...told });
  noteDevice(hooks, id, adapter, device);
  device.addEventListener("uncapturederror", ({ error }) => {
    const kind = errorKindOf(error);
    recording.guarded("uncapturederror", () =>
      recording.hear(id, (writer) => encode.hearErrorEvent(writer, kind, "", error.message)),
    );
  });
  void device.lost.then(({ message }) =>
    recording.guarded("lost", () => recording.hear(id, (writer) => encode.hearDeviceLost(writer, message))),
  );
}

function errorKindOf(error: GPUError): number {
  if (error instanceof GPUOutOfMemoryError) return ErrorKind.outOfMemory;
  return error instanceof GPUValidationError ? ErrorKind.validation : ErrorKind.internal;
}

// What a browser tells of an adapter beyond WebGPU, where it is started to.
interface DetailedInfo extends GPUAdapterInfo {
  readonly type?: string;
  readonly backend?: string;
  readonly driver?: string;
}
const kTypes: Record<string, string> = { "discrete GPU": "discrete", "integrated GPU": "integrated", CPU: "software" };
// Says only that the device is none of the compatibility mode.
const kEvery = "core-features-and-limits";
const kSoftware = /swiftshader|llvmpipe/i;

function noteDevice({ recording }: Hooks, id: number, adapter: GPUAdapter, device: GPUDevice): void {
  const info: DetailedInfo = adapter.info;
  const name = info.description || info.device || [info.vendor, info.architecture].filter(Boolean).join(" ");
  const isSoftware = info.isFallbackAdapter || kSoftware.test(`${info.architecture} ${info.device} ${name}`);
  const type = isSoftware ? "software" : (kTypes[info.type ?? ""] ?? "unknown");
  const features = [...device.features].filter((name) => name !== kEvery).map((name) => ({ name: featureName(name) }));
  const limits: encode.Limit[] = [];
  for (const key in device.limits) {
    const value = device.limits[key as keyof GPUSupportedLimits];
    if (typeof value === "number") limits.push({ name: key, value });
  }
  recording.note((writer) =>
    encode.noteDeviceInfo(
      writer,
      id,
      device.label,
      name,
      info.vendor,
      info.driver ?? "",
      type,
      (info.backend ?? "unknown").toLowerCase(),
      features,
      limits,
    ),
  );
}
