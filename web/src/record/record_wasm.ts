// How often and how long a page's script and its WebAssembly call each other.
//
// What an instance exports is given to the page as functions that count. WebAssembly itself must have its own functions
// back, or it would refuse them where it takes no others: in tables, in globals, as imports.

import type { Hooks } from "./hooks";

type Any = (...args: unknown[]) => unknown;

// Calls out of WebAssembly are short and many: the clock is asked about each sixteenth.
const kCallsPerTime = 16;

export function recordWasm(hooks: Hooks): void {
  if (typeof WebAssembly !== "object") return;
  new WasmHooks(hooks).begin();
}

class WasmHooks {
  /** The instance's own function of one that counts, and the other way round. */
  private readonly own = new WeakMap<object, Any>();
  private readonly counting = new WeakMap<object, Any>();
  private readonly exports = new WeakMap<object, object>();
  private depth = 0;

  constructor(private readonly hooks: Hooks) {}

  begin(): void {
    const { hooks } = this;
    for (const name of ["instantiate", "instantiateStreaming"]) {
      hooks.replace(WebAssembly, name, (real) => this.withImports(real, 1));
    }
    this.replaceInstance();
    hooks.replaceAccessor(WebAssembly.Instance.prototype, "exports", {
      get: (real) => {
        const countedOf = (instance: unknown): object => this.exportsOf(real.call(instance) as object);
        return function (this: unknown) {
          return countedOf(this);
        };
      },
    });
    const own = this.ownOf.bind(this);
    hooks.replaceAccessor(WebAssembly.Global.prototype, "value", {
      set: (real) =>
        function (this: unknown, value: unknown): void {
          real.call(this, own(value));
        },
    });
    const table = WebAssembly.Table.prototype;
    for (const name of ["set", "grow"]) hooks.replace(table, name, (real) => this.withOwn(real));
    hooks.replace(table, "get", (real) => this.withCounting(real));
    hooks.replace(WebAssembly, "promising", (real) => this.withOwn(real));
    for (const name of ["Table", "Global"] as const) this.replaceConstructor(name, (args) => args.map(own));
  }

  private ownOf(value: unknown): unknown {
    return (typeof value === "function" && this.own.get(value)) || value;
  }

  private withCounting(real: Any): Any {
    const { counting } = this;
    return function (this: unknown, ...args: unknown[]): unknown {
      const found = real.apply(this, args);
      return (typeof found === "function" && counting.get(found)) || found;
    };
  }

  private withOwn(real: Any): Any {
    const own = this.ownOf.bind(this);
    return function (this: unknown, ...args: unknown[]): unknown {
      return real.apply(this, args.map(own));
    };
  }

  private withImports(real: Any, at: number): Any {
    const importsOf = this.importsOf.bind(this);
    return function (this: unknown, ...args: unknown[]): unknown {
      if (args.length > at) args[at] = importsOf(args[at]);
      return real.apply(this, args);
    };
  }

  private replaceInstance(): void {
    this.replaceConstructor("Instance", (args) => (args.length > 1 ? [args[0], this.importsOf(args[1])] : args));
  }

  private replaceConstructor(name: "Instance" | "Table" | "Global", settle: (args: unknown[]) => unknown[]): void {
    this.hooks.replace(WebAssembly, name, (real) => {
      return new Proxy(real, {
        construct: (target, args, newTarget) => Reflect.construct(target, settle(args), newTarget) as object,
      });
    });
  }

  /** Imports are read while a module is linked: whatever function is found then is one that counts. */
  private importsOf(imports: unknown): unknown {
    if (typeof imports !== "object" || imports === null) return imports;
    const read = (holder: object, wrap: (value: unknown) => unknown): object =>
      new Proxy(Object.create(null) as object, { get: (_, key) => wrap(Reflect.get(holder, key)) });
    return read(imports, (module) =>
      (typeof module === "object" || typeof module === "function") && module !== null
        ? read(module, (value) => (typeof value === "function" ? this.importOf(value as Any) : value))
        : module,
    );
  }

  private importOf(value: Any): Any {
    const own = this.own.get(value);
    if (own) return own; // of another instance: nothing is crossed
    const known = this.counting.get(value);
    if (known) return known;
    const { recording } = this.hooks;
    const { crossings } = recording;
    const counting = function (this: unknown, ...args: unknown[]): unknown {
      if (!recording.isOn || ++crossings.outOfWasm % kCallsPerTime !== 0) return value.apply(this, args);
      const begin = recording.now();
      try {
        return value.apply(this, args);
      } finally {
        crossings.scriptMs += (recording.now() - begin) * kCallsPerTime;
      }
    };
    this.counting.set(value, counting);
    return counting;
  }

  private exportsOf(exports: object): object {
    const known = this.exports.get(exports);
    if (known) return known;
    const made = Object.create(null) as Record<string, unknown>;
    for (const [name, value] of Object.entries(exports)) {
      made[name] = typeof value === "function" ? this.exportOf(value as Any) : value;
    }
    this.exports.set(exports, Object.freeze(made));
    return made;
  }

  private exportOf(value: Any): Any {
    const known = this.counting.get(value);
    if (known) return known;
    const { recording } = this.hooks;
    const { crossings } = recording;
    const counting = (...args: unknown[]): unknown => {
      if (!recording.isOn) return value(...args);
      ++crossings.intoWasm;
      if (this.depth > 0) return value(...args);
      const begin = recording.now();
      ++this.depth;
      try {
        return value(...args);
      } finally {
        --this.depth;
        crossings.wasmMs += recording.now() - begin;
      }
    };
    for (const key of ["name", "length"]) {
      Object.defineProperty(counting, key, Object.getOwnPropertyDescriptor(value, key)!);
    }
    this.own.set(counting, value);
    this.counting.set(value, counting);
    return counting;
  }
}
