// A GPUDevice that does nothing but count and remember, and refuses when told to.

interface Call {
  name: string;
  args: unknown[];
}

export class MockDevice extends EventTarget {
  readonly calls: Call[] = [];
  /** Counts only, for measurements: remembering costs more than the call. */
  remember = true;
  count = 0;
  /** Refuses what is made under this label. */
  refuse = "";
  lose: (info: { reason: string; message: string }) => void = () => {};
  readonly lost = new Promise((resolve) => (this.lose = resolve));
  private readonly scopes: (Error | null)[] = [];

  readonly queue = {
    writeBuffer: (...args: unknown[]) => this.note("writeBuffer", args),
    writeTexture: (...args: unknown[]) => this.note("writeTexture", args),
    submit: (buffers: unknown[]) => this.note("submit", [[...buffers]]),
    onSubmittedWorkDone: () => Promise.resolve(),
  };

  readonly pass = {
    setPipeline: (...args: unknown[]) => this.note("setPipeline", args),
    setBindGroup: (...args: unknown[]) => this.note("setBindGroup", args),
    dispatchWorkgroups: (...args: unknown[]) => this.note("dispatchWorkgroups", args),
    dispatchWorkgroupsIndirect: (...args: unknown[]) => this.note("dispatchWorkgroupsIndirect", args),
    end: () => this.note("end", []),
  };

  /** A render pass, and a bundle encoder: notes whatever it is told. */
  readonly drawing = new Proxy(
    {},
    {
      get:
        (_, name) =>
        (...args: unknown[]) => {
          this.note(String(name), args);
          return name === "finish" ? "render bundle" : undefined;
        },
    },
  );

  readonly encoder = {
    beginRenderPass: (descriptor: object) => (this.note("beginRenderPass", [descriptor]), this.drawing),
    copyTextureToBuffer: (...args: unknown[]) => this.note("copyTextureToBuffer", args),
    copyTextureToTexture: (...args: unknown[]) => this.note("copyTextureToTexture", args),
    pushDebugGroup: (...args: unknown[]) => this.note("pushDebugGroup", args),
    popDebugGroup: () => this.note("popDebugGroup", []),
    beginComputePass: (descriptor: object) => (this.note("beginComputePass", [{ ...descriptor }]), this.pass),
    copyBufferToBuffer: (...args: unknown[]) => this.note("copyBufferToBuffer", args),
    clearBuffer: (...args: unknown[]) => this.note("clearBuffer", args),
    resolveQuerySet: (...args: unknown[]) => this.note("resolveQuerySet", args),
    copyBufferToTexture: (...args: unknown[]) => this.note("copyBufferToTexture", args),
    finish: () => (this.note("finish", []), "command buffer"),
  };

  pushErrorScope(_filter: string): void {
    this.scopes.push(null);
  }

  popErrorScope(): Promise<Error | null> {
    return Promise.resolve(this.scopes.pop()!);
  }

  createBuffer(descriptor: { label: string; size: number }): object {
    const bytes = new Uint8Array(descriptor.size).fill(7);
    return this.make("createBuffer", descriptor, {
      size: descriptor.size,
      destroy: () => this.note("destroy", [descriptor.label]),
      unmap: () => this.note("unmap", [descriptor.label]),
      mapAsync: () => Promise.resolve(),
      getMappedRange: (offset: number, size: number) => bytes.buffer.slice(offset, offset + size),
    });
  }

  createShaderModule(descriptor: { label: string; code: string }): object {
    const faults = descriptor.code.includes("!")
      ? [{ type: "error", lineNum: 3, linePos: 5, message: "odd token" }]
      : [];
    return this.make("createShaderModule", descriptor, {
      getCompilationInfo: () => Promise.resolve({ messages: faults }),
      faults,
    });
  }

  createBindGroupLayout(descriptor: { label: string }): object {
    return this.make("createBindGroupLayout", descriptor, {});
  }

  createPipelineLayout(descriptor: { label: string }): object {
    return this.make("createPipelineLayout", descriptor, {});
  }

  createBindGroup(descriptor: { label: string }): object {
    return this.make("createBindGroup", descriptor, {});
  }

  createQuerySet(descriptor: { label: string }): object {
    return this.make("createQuerySet", descriptor, { destroy: () => this.note("destroy", [descriptor.label]) });
  }

  createTexture(descriptor: { label: string }): object {
    const createView = (view: { label: string }): object => this.make("createView", view, { view: view.label });
    const destroy = (): void => this.note("destroy", [descriptor.label]);
    return this.make("createTexture", descriptor, { texture: descriptor.label, createView, destroy });
  }

  createSampler(descriptor: { label: string }): object {
    return this.make("createSampler", descriptor, { sampler: descriptor.label });
  }

  createComputePipeline(descriptor: { label: string }): object {
    return this.make("createComputePipeline", descriptor, {});
  }

  createRenderPipeline(descriptor: { label: string }): object {
    const getBindGroupLayout = (index: number): object => ({ layout: `${descriptor.label} ${index}` });
    return this.make("createRenderPipeline", descriptor, { pipeline: descriptor.label, getBindGroupLayout });
  }

  createRenderPipelineAsync(descriptor: { label: string; vertex: { module: { faults: object[] } } }): Promise<object> {
    this.note("createRenderPipelineAsync", [descriptor]);
    if (descriptor.vertex.module.faults.length > 0) return Promise.reject(new Error("The module is invalid."));
    return Promise.resolve({ pipeline: descriptor.label });
  }

  createRenderBundleEncoder(descriptor: { label: string }): object {
    this.make("createRenderBundleEncoder", descriptor, {});
    return this.drawing;
  }

  createComputePipelineAsync(descriptor: {
    label: string;
    compute: { module: { faults: object[] } };
  }): Promise<object> {
    this.note("createComputePipelineAsync", [descriptor]);
    if (descriptor.compute.module.faults.length > 0) return Promise.reject(new Error("The module is invalid."));
    return Promise.resolve({ pipeline: descriptor.label });
  }

  createCommandEncoder(descriptor: { label: string }): object {
    this.note("createCommandEncoder", [{ ...descriptor }]);
    return this.encoder;
  }

  destroy(): void {
    this.lose({ reason: "destroyed", message: "" });
  }

  named(name: string): Call[] {
    return this.calls.filter((call) => call.name === name);
  }

  private make<T extends object>(name: string, descriptor: { label: string }, made: T): T {
    this.note(name, [descriptor]);
    if (descriptor.label === this.refuse && this.scopes.length > 0) {
      class GPUValidationError extends Error {}
      this.scopes[this.scopes.length - 1] = new GPUValidationError(`${descriptor.label} is refused.`);
    }
    return made;
  }

  private note(name: string, args: unknown[]): void {
    ++this.count;
    if (this.remember) this.calls.push({ name, args });
  }
}

export function asDevice(mock: MockDevice): GPUDevice {
  return mock as unknown as GPUDevice;
}

/** Lets promises that are ready run. */
export async function settle(): Promise<void> {
  for (let i = 0; i < 10; ++i) await Promise.resolve();
}
