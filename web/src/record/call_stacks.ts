// From where a page called: stacks as the browser writes them, each told once.

export interface StackFrame {
  name: string;
  file: string;
  line: number;
  column: number;
}

const kMostFrames = 16;
// "    at draw (http://host/page.js:12:34)", "    at http://host/page.js:12:34", "    at async draw (...)".
const kV8Line = /^\s*at (?:async )?(?:(.*?) \()?(.*?):(\d+):(\d+)\)?$/;
// "    at run (http://host/a.wasm:wasm-function[17]:0x2a4)", "    at wasm://wasm/0123abcd:wasm-function[17]:0x2a4".
const kWasmLine = /^\s*at (?:async )?(?:(.*?) \()?(.*?):wasm-function\[(\d+)\]:0x([0-9a-f]+)\)?$/;
// "draw@http://host/page.js:12:34", as Firefox and Safari write it.
const kOtherLine = /^(.*?)@(.*?):(\d+):(\d+)$/;

export function parseFrame(line: string): StackFrame | null {
  const inWasm = kWasmLine.exec(line);
  if (inWasm) {
    // As debuggers count: a module is one line, its columns are bytes.
    const [, name = `wasm-function[${inWasm[3]}]`, file, , offset] = inWasm;
    return { name, file: file!, line: 1, column: parseInt(offset!, 16) };
  }
  const found = kV8Line.exec(line) ?? kOtherLine.exec(line);
  if (!found) return null;
  return { name: found[1] ?? "", file: found[2]!, line: Number(found[3]), column: Number(found[4]) };
}

interface CapturingError {
  stackTraceLimit?: number;
  captureStackTrace?(into: object, above: Function): void;
}

/** The stack above `called`, the function of the recorder's that the page called; "" where there is none to read. */
export function captureStack(called: Function): string {
  const capturing = Error as CapturingError;
  const holder: { stack?: unknown } = {};
  if (capturing.captureStackTrace) {
    const limit = capturing.stackTraceLimit;
    capturing.stackTraceLimit = kMostFrames;
    capturing.captureStackTrace(holder, called);
    if (limit === undefined) delete capturing.stackTraceLimit;
    else capturing.stackTraceLimit = limit;
  } else {
    holder.stack = new Error().stack;
  }
  // A page may have its own way to write stacks.
  return typeof holder.stack === "string" ? holder.stack : "";
}

let ownFile: string | undefined;

/** The script that runs this holds nothing but the recorder: its functions are no part of a page's stacks. */
export function hideThisScript(): void {
  const lines = (new Error().stack ?? "").split("\n");
  ownFile = lines.map(parseFrame).find((frame) => frame !== null)?.file;
}

/** Numbers stacks and their frames from 1, and says each new one to `tell`. */
export class CallStacks {
  private readonly stacks = new Map<string, number>();
  private readonly frames = new Map<string, number>();

  constructor(
    private readonly tell: {
      frame(number: number, frame: StackFrame): void;
      stack(number: number, frames: readonly number[]): void;
    },
  ) {}

  numberOf(text: string): number {
    if (text === "") return 0;
    const known = this.stacks.get(text);
    if (known !== undefined) return known;
    const frames: number[] = [];
    for (const line of text.split("\n")) {
      const number = this.frameNumber(line);
      if (number !== 0) frames.push(number);
    }
    const number = this.stacks.size + 1;
    this.stacks.set(text, number);
    this.tell.stack(number, frames);
    return number;
  }

  private frameNumber(line: string): number {
    const known = this.frames.get(line);
    if (known !== undefined) return known;
    const frame = parseFrame(line);
    if (!frame || frame.file === ownFile) return 0;
    const number = this.frames.size + 1;
    this.frames.set(line, number);
    this.tell.frame(number, frame);
    return number;
  }
}
