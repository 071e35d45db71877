// The recorder in a browser: pages compute what they compute without it, and their traces hold what they said.

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { after, before, test } from "node:test";
import type { Browser, Page } from "playwright-core";
import { builtTests, launch, until } from "./browser";
import { StaticServer } from "./static_server";
import { readTrace, type ReadTrace } from "./trace_reader";

const kEvent = {
  pipelineReady: 3,
  pipelineFailed: 4,
  mapped: 5,
  mapFailed: 6,
  workDone: 7,
  error: 8,
  lost: 9,
  mappedBlob: 10,
  scope: 11,
};
const kNote = { process: 1, deviceInfo: 2, thread: 3, stack: 5, unrecorded: 6, scriptFrame: 8, crossings: 9 };

const server = new StaticServer({
  "/recorded_page.html": join(import.meta.dirname, "recorded_page.html"),
  "/self_recorded_page.html": join(import.meta.dirname, "self_recorded_page.html"),
  "/": builtTests,
});
let browser: Browser;
let address: string;

before(async () => {
  address = await server.start();
  browser = await launch();
});

after(async () => {
  await browser?.close();
  await server.stop();
});

async function open(program: string, isRecorded: boolean): Promise<Page> {
  const page = await (await browser.newContext()).newPage();
  if (isRecorded) await page.addInitScript(readFileSync(join(builtTests, "record.js"), "utf8"));
  await page.goto(`${address}/recorded_page.html?${program}`);
  return page;
}

/** What the program came to. */
async function resultOf(page: Page): Promise<string> {
  await until(
    async () => (await page.title()) !== "",
    120_000,
    () => "The program did not end.",
  );
  return page.title();
}

async function traceOf(page: Page): Promise<ReadTrace> {
  const bytes = await page.evaluate(async () => [
    ...new Uint8Array(await globalThis.shoalRecording!.trace().arrayBuffer()),
  ]);
  return readTrace(Uint8Array.from(bytes));
}

/** The trace of a program that comes to the same as without a recorder. */
async function record(program: string): Promise<ReadTrace> {
  const plain = await open(program, false);
  const expected = await resultOf(plain);
  await plain.context().close();
  const page = await open(program, true);
  assert.equal(await resultOf(page), expected);
  assert.doesNotMatch(expected, /failed/);
  const trace = await traceOf(page);
  await page.context().close();
  assert.ok(trace.isWhole);
  return trace;
}

const namesOf = (trace: ReadTrace): string[] => trace.commands.map(({ name }) => name);
const eventsOf = (trace: ReadTrace): number[] => trace.events.map(({ opcode }) => opcode);
const saidAs = (trace: ReadTrace, name: string): unknown[][] =>
  trace.commands.filter((command) => command.name === name).map((command) => command.arguments);
const unrecordedBy = (trace: ReadTrace): number =>
  trace.notes.filter(({ opcode }) => opcode === kNote.unrecorded).length;

test("a computation is recorded call by call, with its bytes", async () => {
  const trace = await record("compute");
  const round = [
    "createCommandEncoder",
    "beginComputePass",
    "setPipeline",
    "setBindGroup",
    "dispatchWorkgroups",
    "endPass",
    "finish",
    "submit",
  ];
  const made = [
    "createBuffer",
    "writeBufferFromBlob",
    "createShaderModule",
    "createComputePipelineAsync",
    "getBindGroupLayout",
    "createBindGroup",
  ];
  const read = [
    "createBuffer",
    "frameMark",
    "createCommandEncoder",
    "copyBufferToBuffer",
    "finish",
    "submit",
    "mapAsync",
    "unmap",
  ];
  assert.deepEqual(namesOf(trace), [...made, ...round, ...round, ...round, "onSubmittedWorkDone", ...read]);
  // Ids are given once, over all kinds; sequences that can be read but once are read by the browser too.
  const [buffer, module, pipeline, layout, group, encoder, pass, commands] = [2, 3, 4, 5, 6, 7, 8, 9];
  const [device] = [1];
  assert.ok(trace.commands.every((command) => command.device === device));
  const args = trace.commands.map((command) => command.arguments);
  assert.deepEqual(args[0], [buffer, "values", 1024, 4 | 8 | 128, 0, 0]);
  assert.deepEqual(args[1], [buffer, 0, 1, 0, 1024]);
  assert.deepEqual(
    [...new Uint32Array(trace.blobs[0]!.slice().buffer)],
    Array.from({ length: 256 }, (_, i) => i),
  );
  assert.deepEqual(args[2]!.slice(0, 2), [module, "double"]);
  assert.deepEqual(args[3], [pipeline, "", 0, module, "", []]);
  assert.deepEqual(args[5], [
    group,
    "",
    layout,
    [{ binding: 0, buffer, offsetBytes: 0, sizeBytes: 2 ** 64, sampler: 0, textureView: 0 }],
  ]);
  assert.deepEqual(args.slice(7, 14), [
    [encoder, pass, "double", 0, 0, 0],
    [pass, pipeline],
    [pass, 0, group, []],
    [pass, 4, 1, 1],
    [pass],
    [encoder, commands],
    [[commands]],
  ]);
  assert.deepEqual(eventsOf(trace), [kEvent.pipelineReady, kEvent.workDone, kEvent.mappedBlob]);
  assert.equal(new Uint32Array(trace.blobs[1]!.slice().buffer)[1], ((1 * 2 + 1) * 2 + 1) * 2 + 1);
  assert.equal(unrecordedBy(trace), 0);
});

test("calls have stacks that name the page's lines and columns", async () => {
  const trace = await record("compute");
  assert.ok(trace.commands.every(({ name, stack }) => stack > 0 || name === "frameMark"));
  const frames = trace.notes.filter(({ opcode }) => opcode === kNote.scriptFrame);
  const source = readFileSync(join(builtTests, "recorded_page.js"), "utf8").split("\n");
  const dispatch = trace.commands.find(({ name }) => name === "dispatchWorkgroups")!;
  const stack = trace.notes.find(({ opcode, words }) => opcode === kNote.stack && words[0] === dispatch.stack)!;
  const frame = frames.find(({ words }) => words[0] === stack.words[2])!;
  const [line, column] = frame.words.slice(-2);
  assert.match(frame.text, /compute.*recorded_page\.js/s);
  assert.match(source[line! - 1]!.slice(column! - 1), /^dispatchWorkgroups/);
});

test("frames on a canvas end where the browser ends them, and a canvas that changes its size is said to", async () => {
  const trace = await record("draw");
  assert.equal(saidAs(trace, "frameMark").length, 10);
  assert.equal(saidAs(trace, "getCurrentTexture").length, 10);
  const sizes = saidAs(trace, "configureCanvas").map(([, label, configuration]) => {
    const { width, height } = configuration as { width: number; height: number };
    return [label, width, height];
  });
  assert.deepEqual(sizes, [
    ["picture", 32, 32],
    ["picture", 16, 16],
  ]);
  const firstFrame = namesOf(trace).slice(
    namesOf(trace).indexOf("getCurrentTexture"),
    namesOf(trace).indexOf("frameMark"),
  );
  const draws = ["setBindGroup", "draw"];
  const pass = ["beginRenderPass", "setRenderPipeline", "setVertexBuffer", ...draws, ...draws, "endPass"];
  assert.deepEqual(firstFrame, [
    "getCurrentTexture",
    "createCommandEncoder",
    "createTextureView",
    ...pass,
    "finish",
    "submit",
  ]);
  assert.deepEqual(
    saidAs(trace, "writeMapped").map(([, offset, data]) => [offset, (data as Uint8Array).length]),
    [[0, 24]],
  );
  assert.deepEqual(saidAs(trace, "setBindGroup")[0]!.slice(3), [[0]]);
  // Four positions, said ten times.
  const written = new Set(saidAs(trace, "writeBuffer").map(([, , data]) => String(data)));
  assert.equal(written.size, 4);
});

test("what is written to mapped buffers and read from them is recorded, whatever parts are asked for", async () => {
  const trace = await record("mapped");
  const writes = saidAs(trace, "writeMappedFromBlob");
  assert.deepEqual(
    writes.map(([, offset, , , size]) => [offset, size]),
    [
      [0, 2048],
      [2048, 2048],
      [1024, 512],
    ],
  );
  const words = (blob: number): number[] => [...new Uint32Array(trace.blobs[blob]!.slice().buffer)];
  assert.deepEqual(new Set(words(0)), new Set([7]));
  assert.deepEqual(new Set(words(1)), new Set([9]));
  // Of the last two reads one asked for parts, the other for nothing.
  assert.deepEqual(eventsOf(trace), [kEvent.mapped, kEvent.mappedBlob, kEvent.mapped]);
  const heard = words(3);
  assert.equal(heard.length, 1024);
  assert.deepEqual([heard[0], heard[128], heard[256], heard[1023]], [7, 3, 7, 9]);
  assert.deepEqual([...trace.events[2]!.words], [3, 8, 7, 7]);
  assert.equal(unrecordedBy(trace), 0);
});

test("errors are heard as the page hears them, and a call that throws was not said", async () => {
  const trace = await record("errors");
  const heard = eventsOf(trace);
  const { error, scope, pipelineFailed, mapFailed, lost } = kEvent;
  for (const wanted of [error, scope, pipelineFailed, mapFailed, lost]) assert.ok(heard.includes(wanted), `${wanted}`);
  assert.match(trace.events.find(({ opcode }) => opcode === scope)!.text, /LOD/i);
  assert.equal(saidAs(trace, "pushErrorScope").length, 1);
  assert.equal(saidAs(trace, "destroyDevice").length, 1);
  // Two of the page's calls were of the wrong kind.
  assert.equal(saidAs(trace, "createBuffer").length, 4);
  assert.equal(saidAs(trace, "submit").length, 4);
});

test("pictures are recorded as the texels that they become", async () => {
  const trace = await record("images");
  const writes = saidAs(trace, "writeTexture");
  assert.equal(writes.length, 3);
  const rgba = (pixel: number): number[] => [0, 1, 2].map((c) => ((pixel * 4 + c) * 4) & 255).concat(255);
  const texel = (write: number, index: number): number[] => [
    ...(writes[write]![3] as Uint8Array).slice(index * 4, index * 4 + 4),
  ];
  assert.deepEqual(texel(0, 5), rgba(5));
  const [r, g, b, a] = rgba(12);
  assert.deepEqual(texel(1, 0), [b, g, r, a]); // the last row first, blue before red
  assert.deepEqual(texel(2, 0), rgba(1 * 4 + 2));
});

test("crossings between script and WebAssembly are counted in each frame", async () => {
  const trace = await record("wasm");
  const crossings = trace.notes.filter(({ opcode }) => opcode === kNote.crossings);
  assert.deepEqual(
    crossings.map(({ words }) => [words[0], words[3]]),
    [
      [11, 24],
      [10, 20],
      [10, 20],
      [1, 2],
    ],
  );
});

test("bundles, queries and dynamic offsets in parts of arrays are recorded", async () => {
  const trace = await record("bundles");
  assert.deepEqual(saidAs(trace, "setBindGroup")[0]!.slice(3), [[0]]);
  const [bundle] = saidAs(trace, "finishBundle")[0]!.slice(1);
  assert.deepEqual(saidAs(trace, "executeBundles")[0]!.slice(1), [[bundle]]);
  assert.deepEqual(saidAs(trace, "setScissorRect")[0]!.slice(1), [0, 0, 16, 8]);
  assert.equal(saidAs(trace, "resolveQuerySet").length, 1);
  const [, , targets] = saidAs(trace, "beginRenderPass")[0]!.slice(1) as [
    number,
    string,
    { occlusionQuerySet: number },
  ];
  assert.equal(targets.occlusionQuerySet, saidAs(trace, "createQuerySet")[0]![0]);
});

test("a page that leaves WebGPU to its worker has nothing to say itself", async () => {
  const trace = await record("worker");
  assert.deepEqual(namesOf(trace), []);
});

test("what the collector takes is said to be released", async () => {
  const page = await open("", true);
  await page.evaluate(async () => {
    const adapter = await navigator.gpu.requestAdapter();
    const device = await adapter!.requestDevice();
    Object.assign(globalThis, { device });
    for (let i = 0; i < 20; ++i) device.createBuffer({ size: 16, usage: GPUBufferUsage.UNIFORM });
  });
  await until(
    async () => {
      await page.requestGC();
      return page.evaluate(() => {
        globalThis.shoalRecording!.flush();
        return globalThis.shoalRecording!.bytes > 4000;
      });
    },
    5_000,
    () => "",
  ).catch(() => undefined);
  const trace = await traceOf(page);
  await page.context().close();
  const made = new Set(saidAs(trace, "createBuffer").map(([id]) => id));
  const released = saidAs(trace, "release");
  assert.ok(released.length > 0, "nothing was collected");
  for (const [kind, object, byCollector] of released) {
    assert.deepEqual([kind, byCollector], [1, 1]);
    assert.ok(made.delete(object), `${String(object)} was released twice or never made`);
  }
});

test("stopping gives the browser its functions back", async () => {
  const page = await open("", true);
  const isBack = await page.evaluate(() => {
    const before = GPUDevice.prototype.createBuffer;
    const frame = globalThis.requestAnimationFrame;
    globalThis.shoalRecording!.stop();
    return [before, GPUDevice.prototype.createBuffer, frame, globalThis.requestAnimationFrame].map((f) =>
      f.toString().includes("[native code]"),
    );
  });
  await page.context().close();
  assert.deepEqual(isBack, [false, true, false, true]);
});

test("a page that has stopped its recording can still put its exports into tables", async () => {
  const page = await open("wasm", true);
  await resultOf(page);
  const isRight = await page.evaluate(() => {
    globalThis.shoalRecording!.stop();
    const { kept } = globalThis as unknown as { kept: { run(value: number): void; table: WebAssembly.Table } };
    kept.table.set(0, kept.run);
    return kept.table.get(0) === kept.run;
  });
  await page.context().close();
  assert.ok(isRight);
});

test("a page with the script tag downloads its trace after the frames that it asks for", async () => {
  const page = await (await browser.newContext()).newPage();
  const downloading = page.waitForEvent("download");
  await page.goto(`${address}/self_recorded_page.html?draw`);
  const download = await downloading;
  assert.equal(download.suggestedFilename(), "mine.trace");
  const trace = readTrace(Uint8Array.from(readFileSync(await download.path())));
  await page.context().close();
  assert.ok(trace.isWhole);
  assert.equal(saidAs(trace, "frameMark").length, 4);
});
