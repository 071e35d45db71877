// The executor as traces of others need it: what is refused costs what needs it, and no more. A record of a trace may hold many
// submissions, or end within one.

import { ErrorKind, ObjectKind, type PassTargets } from "../gpu/commands.gen";
import { Executor } from "../gpu/executor";
import { errorKindOf, shaderFaults, type Table } from "../gpu/resource_commands";
import type { WordRange } from "../gpu/wire";

export class ReplayExecutor extends Executor {
  private readonly compiling = new Set<Promise<void>>();
  private readonly encoderOfPass = new Map<number, number>();
  /** Encoders, and command buffers of such, to which something could not be said: they are not submitted. */
  private readonly poisoned = new Set<number>();

  /** When what was said so far has met its errors. */
  async settle(): Promise<void> {
    await Promise.allSettled(this.compiling);
    this.device.pushErrorScope("validation");
    await this.device.popErrorScope().catch(this.scopeFailed);
  }

  override beginComputePass(encoder: number, pass: number, ...more: [string, number, number, number]): void {
    this.encoderOfPass.set(pass, encoder);
    super.beginComputePass(encoder, pass, ...more);
  }

  override beginRenderPass(encoder: number, pass: number, label: string, targets: PassTargets): void {
    this.encoderOfPass.set(pass, encoder);
    super.beginRenderPass(encoder, pass, label, targets);
  }

  override finish(encoder: number, commandBuffer: number): void {
    if (this.poisoned.delete(encoder)) {
      this.encoders.delete(encoder);
      this.poisoned.add(commandBuffer);
    } else {
      super.finish(encoder, commandBuffer);
    }
  }

  override submit(ids: WordRange): void {
    const submitted = [...ids.words.subarray(ids.start, ids.start + ids.count)];
    if (submitted.some((id) => this.poisoned.delete(id))) return;
    super.submit(ids);
    // Errors are told for each submission.
    this.endStream();
    this.beginStream();
  }

  /** The first failure of an encoder is told; what follows from it is not. */
  protected override drop(message: string, kind: number): void {
    const target = this.reader.firstWord();
    const encoder = this.encoderNamed(target);
    if (encoder === undefined) this.bundleEncoders.delete(target);
    else if (this.poisoned.has(encoder)) return;
    else this.poisoned.add(encoder);
    this.report(kind, this.label, message);
  }

  // Programs make pipelines without asking what became of them, and those name no line.
  override createShaderModule(module: number, label: string, code: string, trusted: number): void {
    super.createShaderModule(module, label, code, trusted);
    const compiled = shaderFaults(this.modules.get(module)!).then((faults) => {
      if (faults) this.report(ErrorKind.validation, `shader module ${module} '${label}'`, faults);
    });
    this.compiling.add(compiled);
    void compiled.catch(this.scopeFailed).then(() => this.compiling.delete(compiled));
  }

  protected override pipelineFailed(pipeline: number, message: string): void {
    super.pipelineFailed(pipeline, `Pipeline ${pipeline} cannot be made: ${message}`);
  }

  /** Browsers write timestamps around passes only. */
  override writeTimestamp(encoder: number, querySet: number, query: number): void {
    const written = this.need(this.querySets, querySet, "query set");
    const timestampWrites = { querySet: written, endOfPassWriteIndex: query };
    this.encoderOf(encoder).beginComputePass({ timestampWrites }).end();
  }

  override unsupported(object: number, name: string): void {
    const encoder = this.encoderNamed(object);
    if (encoder !== undefined) this.poisoned.add(encoder);
    else for (const kind of Object.values(ObjectKind)) this.release(kind, object, 0);
    if (object === 0) this.report(ErrorKind.validation, "unsupported", `${name} is not carried out.`);
  }

  // WebGPU itself knows what becomes of what names something invalid: it met the recorded program as well.
  protected override scoped<T>(label: string, table: Table<T>, id: number, make: () => T): void {
    this.device.pushErrorScope("validation");
    try {
      table.set(id, make());
    } finally {
      this.device.popErrorScope().then((error) => {
        if (error) this.report(errorKindOf(error), label, error.message);
      }, this.scopeFailed);
    }
  }

  private encoderNamed(target: number): number | undefined {
    return this.encoders.has(target) ? target : this.encoderOfPass.get(target);
  }
}
