// Functions of the recorder's in the places of the browser's. Each does what the browser's does, to the same this, with
// the same result or exception, and then has it written down; what goes wrong there is noted and stays inside.

import type { WireWriter } from "../gpu/wire";
import type { Recording } from "./recording";
import { toldOf, type Told } from "./told";

type Real = (...args: unknown[]) => unknown;
/** Arguments are the page's: they may be anything that the browser accepted. */
// eslint-disable-next-line @typescript-eslint/no-explicit-any
export type Args = any[];
/** Writes one command. */
export type Write = (writer: WireWriter) => void;

/** What a hook is told of a call that came back. */
export interface Call {
  /** Null where the page did not call. */
  readonly called: Function | null;
  readonly beginMs: number;
  readonly tookMs: number;
}

export class Hooks {
  private readonly undo: (() => void)[] = [];
  private readonly made = new WeakSet<Function>();

  constructor(readonly recording: Recording) {}

  /** The browser has its functions back, except where somebody else has taken their places since. */
  remove(): void {
    for (const undo of this.undo.splice(0)) undo();
  }

  /** Puts make(real) in the place of a function that `owner` has itself. */
  replace(owner: object | undefined, name: string, make: (real: Real) => Function): void {
    const before = owner && Object.getOwnPropertyDescriptor(owner, name);
    if (!owner || typeof before?.value !== "function" || !before.configurable) return;
    const real = before.value as Real;
    const made = make(real);
    this.made.add(made);
    for (const key of ["name", "length"]) {
      Object.defineProperty(made, key, { ...Object.getOwnPropertyDescriptor(real, key), configurable: true });
    }
    Object.defineProperty(owner, name, { ...before, value: made });
    this.undo.push(() => {
      if (Object.getOwnPropertyDescriptor(owner, name)?.value === made) Object.defineProperty(owner, name, before);
    });
  }

  /** The same of a property with a getter or setter. */
  replaceAccessor(
    owner: object | undefined,
    name: string,
    make: {
      get?: (real: () => unknown) => () => unknown;
      set?: (real: (value: unknown) => void) => (value: unknown) => void;
    },
  ): void {
    const before = owner && Object.getOwnPropertyDescriptor(owner, name);
    if (!owner || !before?.configurable || !(before.get ?? before.set)) return;
    const made = { ...before };
    if (before.get && make.get) made.get = make.get(before.get as () => unknown);
    if (before.set && make.set) made.set = make.set(before.set);
    Object.defineProperty(owner, name, made);
    this.undo.push(() => {
      const now = Object.getOwnPropertyDescriptor(owner, name);
      if (now?.get === made.get && now?.set === made.set) Object.defineProperty(owner, name, before);
    });
  }

  /** Every function of these types that has no hook yet: its name is noted when it is called. */
  noteOthers(types: readonly string[], silent: ReadonlySet<string>): void {
    const { recording } = this;
    for (const type of types) {
      const owner = prototypeOf(type);
      for (const [name, { value }] of Object.entries<PropertyDescriptor>(
        owner ? Object.getOwnPropertyDescriptors(owner) : {},
      )) {
        if (name === "constructor" || typeof value !== "function" || this.made.has(value) || silent.has(name)) continue;
        this.replace(owner, name, (real) => {
          return function (this: unknown, ...args: unknown[]): unknown {
            recording.noteUnrecorded(`${type}.${name}`);
            return real.apply(this, args);
          };
        });
      }
    }
  }

  /** A label that is set, of every type that has one. */
  labels(type: string, say: (writer: WireWriter, told: Told, label: string) => void): void {
    const { recording } = this;
    const hooks = this;
    this.replaceAccessor(prototypeOf(type), "label", {
      set: (real) =>
        function called(this: object, value: unknown): void {
          const beginMs = recording.now();
          real.call(this, value);
          const tookMs = recording.now() - beginMs;
          recording.guarded("label", () => {
            const told = toldOf(this);
            if (told) hooks.say(told.device, { called, beginMs, tookMs }, (writer) => say(writer, told, String(value)));
          });
        },
    });
  }

  /** A call that is said thousandfold a frame: `write` takes its arguments as they are. */
  frequent(type: string, name: string, write: (writer: WireWriter, told: Told, args: Args) => void): void {
    const { recording } = this;
    this.replace(prototypeOf(type), name, (real) => {
      return function called(this: object, ...args: unknown[]): unknown {
        if (!recording.isOn) return real.apply(this, args);
        if (args.length > 2) args[2] = settled(args[2]); // the only place of a sequence
        const beginMs = recording.now();
        const result = real.apply(this, args);
        const tookMs = recording.now() - beginMs;
        let writer: WireWriter | null = null;
        try {
          const told = toldOf(this);
          if (told) {
            const stack = recording.stackOf(called, true);
            writer = recording.call(told.device, beginMs, tookMs, stack);
            write(writer, told, args);
          }
        } catch (error) {
          if (writer) recording.takeBack(writer);
          recording.failed(name, error);
        }
        return result;
      };
    });
  }

  /**
   * Any other: `after` says its commands itself, and may give the page a promise that stands for the browser's.
   * `before` sees what the call will end, `introduce` what is not known yet.
   */
  around(
    type: string,
    name: string,
    after: (told: Told, args: Args, result: unknown, call: Call) => unknown,
    { before, introduce }: { before?: (told: Told, called: Function) => void; introduce?: (on: object) => Told } = {},
  ): void {
    const { recording } = this;
    this.replace(prototypeOf(type), name, (real) => {
      return function called(this: object, ...given: unknown[]): unknown {
        if (!recording.isOn) return real.apply(this, given);
        let told: Told | undefined;
        let args = given;
        recording.guarded(name, () => {
          told = toldOf(this);
          args = given.map((argument) => settled(argument));
          if (told) before?.(told, called);
        });
        const beginMs = recording.now();
        const result = real.apply(this, args);
        const tookMs = recording.now() - beginMs;
        let instead: unknown;
        recording.guarded(name, () => {
          told ??= introduce?.(this);
          if (told) instead = after(told, args, result, { called, beginMs, tookMs });
        });
        return instead ?? result;
      };
    });
  }

  /** A call that is one command: describe(...) gives what writes it, or null where there is nothing to say. */
  described(
    type: string,
    name: string,
    describe: (told: Told, args: Args) => Write | null,
    before?: (told: Told, called: Function) => void,
  ): void {
    const after = (told: Told, args: Args, _: unknown, call: Call): void => {
      const write = describe(told, args);
      if (write) this.say(told.device, call, write);
    };
    this.around(type, name, after, before && { before });
  }

  /** A call that makes an object. */
  creates(
    type: string,
    name: string,
    kind: number,
    describe: (made: Told, args: Args, told: Told, object: object) => Write,
  ): void {
    this.around(type, name, (told, args, result, call) => {
      const made = { id: this.recording.newId(), device: told.device, kind };
      this.recording.add(result as object, made);
      this.say(told.device, call, describe(made, args, told, result as object));
    });
  }

  /** A call whose promise is the answer: what was said is said by `after`, which gives what is done about the answer. */
  answered(
    type: string,
    name: string,
    after: (told: Told, args: Args, call: Call) => { resolved(value: unknown): void; rejected(message: string): void },
  ): void {
    const { recording } = this;
    this.around(type, name, (told, args, result, call) => {
      const answer = after(told, args, call);
      return (result as Promise<unknown>).then(
        (value) => {
          recording.guarded(name, () => answer.resolved(value));
          return value;
        },
        (error: unknown) => {
          recording.guarded(name, () => answer.rejected(error instanceof Error ? error.message : String(error)));
          throw error;
        },
      );
    });
  }

  say(device: number, call: Call, write: Write): void {
    const { recording } = this;
    const stack = call.called ? recording.stackOf(call.called, false) : 0;
    const writer = recording.call(device, call.beginMs, call.tookMs, stack);
    try {
      write(writer);
    } catch (error) {
      recording.takeBack(writer);
      throw error;
    }
    recording.sayUnsupported(device);
  }
}

export function prototypeOf(type: string): object | undefined {
  const found = (globalThis as Record<string, unknown>)[type];
  return typeof found === "function" ? (found.prototype as object) : undefined;
}

const kDeepest = 8;

/**
 * A value whose sequences can be read twice, by the browser and by the recorder: what gives its items but once is made
 * an array of. Everything else is left as it is, and so the very same value mostly.
 */
export function settled(value: unknown, depth = 0): unknown {
  if (typeof value !== "object" || value === null || depth > kDeepest) return value;
  if (Array.isArray(value)) {
    let copy: unknown[] | null = null;
    for (let i = 0; i < value.length; ++i) {
      const item: unknown = settled(value[i], depth + 1);
      if (item !== value[i]) (copy ??= [...(value as unknown[])])[i] = item;
    }
    return copy ?? value;
  }
  const iterate = (value as Partial<Iterable<unknown>>)[Symbol.iterator];
  if (typeof iterate === "function") {
    const isOnce = (iterate.call(value) as unknown) === value;
    return isOnce ? [...(value as Iterable<unknown>)] : value;
  }
  if (Object.getPrototypeOf(value) !== Object.prototype) return value;
  let copy: Record<string, unknown> | null = null;
  for (const [key, member] of Object.entries(value)) {
    const item = settled(member, depth + 1);
    if (item !== member) (copy ??= { ...value })[key] = item;
  }
  return copy ?? value;
}
