// Stacks as browsers write them.

import assert from "node:assert/strict";
import { test } from "node:test";
import { CallStacks, hideThisScript, parseFrame, type StackFrame } from "../src/record/call_stacks";

test("frames of scripts and of WebAssembly are read", () => {
  const frame = (name: string, file: string, line: number, column: number): StackFrame => ({
    name,
    file,
    line,
    column,
  });
  assert.deepEqual(parseFrame("    at draw (http://a/b.js:12:34)"), frame("draw", "http://a/b.js", 12, 34));
  assert.deepEqual(parseFrame("    at async http://a/b.js:12:34"), frame("", "http://a/b.js", 12, 34));
  assert.deepEqual(parseFrame("draw@http://a/b.js:12:34"), frame("draw", "http://a/b.js", 12, 34));
  assert.deepEqual(
    parseFrame("    at run (http://a/b.wasm:wasm-function[17]:0x2a4)"),
    frame("run", "http://a/b.wasm", 1, 0x2a4),
  );
  assert.deepEqual(
    parseFrame("    at wasm://wasm/0012abcd:wasm-function[17]:0x2a4"),
    frame("wasm-function[17]", "wasm://wasm/0012abcd", 1, 0x2a4),
  );
  for (const line of ["Error", "", "    at <anonymous>", "    at draw (native)"]) assert.equal(parseFrame(line), null);
});

test("a script that is the recorder alone is no part of a stack", () => {
  hideThisScript();
  const own = parseFrame(new Error().stack!.split("\n")[1]!)!.file;
  const told: number[][] = [];
  const stacks = new CallStacks({ frame: () => undefined, stack: (_, frames) => told.push([...frames]) });
  stacks.numberOf(`Error\n    at counting (${own}:1:2)\n    at draw (http://a/b.js:12:34)\n    at ${own}:3:4`);
  assert.deepEqual(told, [[1]]);
});
