// `shoal record URL` end to end: the program opens pages in a Chromium of its own, and what they said is replayed natively
// with equal readbacks.

import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { builtPage, builtTests, until } from "./browser";
import { below, kill, killBrowser } from "./processes";
import { kProgram, shoal, type Done } from "./program";
import { StaticServer } from "./static_server";

const server = new StaticServer({
  "/recorded_page.html": join(import.meta.dirname, "recorded_page.html"),
  "/self_recorded_page.html": join(import.meta.dirname, "self_recorded_page.html"),
  "/": builtTests,
});
let folder: string;
let address: string;

before(async () => {
  for (const needed of [kProgram, join(builtPage, "record.js")]) {
    if (!existsSync(needed)) throw new Error(`${needed} is missing. Run ./dev web, which builds it.`);
  }
  folder = mkdtempSync(join(tmpdir(), "shoal-record-"));
  address = await server.start();
});

after(async () => {
  rmSync(folder, { recursive: true, force: true });
  await server.stop();
});

const urlOf = (program: string): string => `${address}/recorded_page.html?${program}`;
const traceOf = (program: string): string => join(folder, `${program}.trace`);

interface Recorded {
  commands: number;
  submissions: number;
  frames: number;
  traces: string[];
  unrecorded: string[];
  unsupported: string[];
  ending: string;
}

async function record(program: string, ...more: string[]): Promise<Recorded> {
  const done = await shoal("record", urlOf(`${program}&close`), "-o", traceOf(program), "--json", ...more);
  assert.equal(done.code, 0, done.stdout + done.stderr);
  return JSON.parse(done.stdout) as Recorded;
}

async function replay(trace: string): Promise<{ readbacks: number; equal_readbacks: number; errors: string[] }> {
  const done = await shoal("replay", trace, "--adapter", "software", "--json");
  assert.equal(done.code, 0, done.stdout + done.stderr);
  return JSON.parse(done.stdout) as { readbacks: number; equal_readbacks: number; errors: string[] };
}

// Programs, with how many buffers each reads back.
const kReadbacks = { compute: 1, draw: 1, mapped: 2, images: 1, wasm: 0, bundles: 1 };
for (const [program, readbacks] of Object.entries(kReadbacks)) {
  test(`${program} is recorded, and replayed with equal readbacks`, async () => {
    const recorded = await record(program);
    assert.deepEqual([recorded.traces.length, recorded.ending], [1, "The page closed itself."]);
    assert.deepEqual([recorded.unrecorded, recorded.unsupported], [[], []]);
    const replayed = await replay(traceOf(program));
    assert.deepEqual([replayed.readbacks, replayed.equal_readbacks, replayed.errors], [readbacks, readbacks, []]);
  });
}

test("errors that a page made are met again, and the rest is carried out", async () => {
  await record("errors");
  const replayed = await replay(traceOf("errors"));
  assert.deepEqual([replayed.readbacks, replayed.equal_readbacks], [1, 1]);
  assert.ok(replayed.errors.length > 0);
});

test("a worker is recorded from its first line to its last, though the page ends it at once", async () => {
  const recorded = await record("worker");
  assert.equal(recorded.submissions, 4);
  const text = await shoal("trace", "print", traceOf("worker"));
  assert.match(text.stdout, /worker computing/);
  const replayed = await replay(traceOf("worker"));
  assert.deepEqual([replayed.readbacks, replayed.equal_readbacks], [1, 1]);
});

test("a worker that draws on the page's canvas is recorded frame by frame", async () => {
  const recorded = await record("canvas_worker");
  assert.deepEqual([recorded.traces.length, recorded.submissions], [1, 6]);
  const text = await shoal("trace", "print", traceOf("canvas_worker"));
  assert.equal(text.stdout.match(/get_current_texture/g)?.length, 5);
  const replayed = await replay(traceOf("canvas_worker"));
  assert.deepEqual([replayed.readbacks, replayed.equal_readbacks, replayed.errors], [1, 1, []]);
});

test("a page whose script fails leaves what it said, and its failure is told", async () => {
  const out = traceOf("failing");
  const done = await shoal("record", urlOf("failing"), "-o", out, "--seconds", "8");
  assert.equal(done.code, 0, done.stderr);
  assert.match(done.stderr, /ended 3 of 120 frames .*Its script failed: Error: There is nothing left to draw\./);
  const replayed = await replay(out);
  assert.deepEqual(replayed.errors, []);
});

test("a page is named by its file", async () => {
  const page = join(folder, "a page.html");
  writeFileSync(join(folder, "program.js"), readFileSync(join(builtTests, "recorded_page.js")));
  writeFileSync(
    page,
    `<title></title><script type="module">
    history.replaceState(null, "", "?compute&close"); await import("./program.js");</script>`,
  );
  const out = traceOf("file");
  const done = await shoal("record", page, "-o", out);
  assert.equal(done.code, 0, done.stderr);
  const replayed = await replay(out);
  assert.deepEqual([replayed.readbacks, replayed.equal_readbacks], [1, 1]);
});

test("recording ends after the frames that were asked for", async () => {
  const recorded = await record("frames", "--frames", "7", "--seconds", "60");
  assert.equal(recorded.frames, 7);
});

test("a page is recorded and reviewed in one go, and findings name its lines", async () => {
  const done = await shoal("review", urlOf("frames&close"), "--json");
  assert.equal(done.code, 0, done.stderr);
  const { findings } = JSON.parse(done.stdout) as { findings: { rule: string; where: { stack: string[] } }[] };
  const redundant = findings.find(({ rule }) => rule === "redundant-state");
  assert.ok(redundant, "the same bind group is set five hundred times in each pass");
  assert.match(redundant.where.stack[0]!, /recorded_page\.js:\d+:\d+/);
});

async function refused(url: string, ...more: string[]): Promise<string> {
  const out = join(folder, "refused.trace");
  const done = await shoal("record", url, "-o", out, ...more);
  assert.notEqual(done.code, 0);
  assert.ok(!existsSync(out));
  return done.stderr;
}

test("pages that are not there, and such without WebGPU, are whole sentences", async () => {
  assert.match(await refused(`${address}/none.html`), /none\.html' answers 404.*Check the address\./);
  assert.match(
    await refused("http://127.0.0.1:9/"),
    /cannot be opened \(net::ERR_[A-Z_]+\)\. Check the address, and that it is served\./,
  );
  assert.match(await refused("file:///none.html"), /cannot be opened \(net::ERR_FILE_NOT_FOUND\)/);
  assert.match(
    await refused(urlOf(""), "--seconds", "2"),
    /used no WebGPU that can be recorded\. It opened no device within 2 s/,
  );
  assert.match(await refused(urlOf("compute"), "argument"), /pages take no arguments/);
  assert.match(await refused(urlOf("unknown"), "--seconds", "0"), /--seconds/);
});

/** Records the page that draws without an end, does something to it when there are frames, and waits for the end. */
async function recordUntil(name: string, happen: (shoal: number) => void, seconds = 60): Promise<Done> {
  const words = ["record", urlOf("endless"), "-o", traceOf(name), "--seconds", `${seconds}`, "--frames", "100000"];
  const child = execFile(kProgram, words);
  let stderr = "";
  child.stderr!.on("data", (text: string) => (stderr += text));
  const ended = new Promise<number>((resolve) => child.on("exit", (code) => resolve(code ?? -1)));
  const bytes = (): number => {
    const recording = readdirSync(folder).find((file) => file.startsWith(`${name}.trace.`));
    return recording ? statSync(join(folder, recording)).size : 0;
  };
  await until(
    async () => bytes() > kSomeFrames,
    60_000,
    () => `Nothing was recorded. ${stderr}`,
  );
  happen(child.pid!);
  return { code: await ended, stdout: "", stderr };
}
// A frame of it has about 900 bytes, what comes before them 8 KB.
const kSomeFrames = 20_000;

async function hasWholeFrames(name: string): Promise<void> {
  const text = await shoal("trace", "print", traceOf(name));
  assert.match(text.stdout, /submit command_buffers[^]*frame_mark[^]*\nend\n$/);
  const replayed = await replay(traceOf(name));
  assert.deepEqual(replayed.errors, []);
}

test("a page that dies leaves what it said until then", async () => {
  const { code, stderr } = await recordUntil("dying", (shoal) => kill(shoal, "renderer"));
  assert.equal(code, 1);
  assert.match(stderr, /The page crashed\./);
  await hasWholeFrames("dying");
});

test("a browser that dies leaves what its page said until then", async () => {
  const { code, stderr } = await recordUntil("ended", killBrowser);
  assert.equal(code, 1);
  assert.match(stderr, /The browser ended by itself\./);
  await hasWholeFrames("ended");
});

test("a page that loses its device goes on, and the trace says that it did", async () => {
  const { code, stderr } = await recordUntil("lost", (shoal) => kill(shoal, "gpu-process"), 8);
  assert.equal(code, 0, stderr);
  assert.match(stderr, /ended \d+ of 100000 frames/);
  const text = await shoal("trace", "print", traceOf("lost"));
  assert.match(text.stdout, /device_lost/);
  await hasWholeFrames("lost");
});

for (const signal of ["SIGINT", "SIGTERM"] as const) {
  test(`${signal} ends the recording, and the trace is whole`, async () => {
    let browser: number[] = [];
    const { code, stderr } = await recordUntil(signal, (shoal) => {
      browser = below(shoal).map(({ id }) => id);
      process.kill(shoal, signal);
    });
    assert.equal(code, 0, stderr);
    assert.match(stderr, /It was interrupted\./);
    await until(
      async () => !browser.some((id) => existsSync(`/proc/${id}`)),
      10_000,
      () => "The browser is still there.",
    );
    await hasWholeFrames(signal);
  });
}

test("a page whose script does not come back leaves what it said before", async () => {
  const out = traceOf("stuck");
  const done = await shoal("record", urlOf("stuck"), "-o", out, "--seconds", "4");
  assert.equal(done.code, 0, done.stderr);
  assert.match(done.stderr, /ended 0 of 120 frames/);
  const text = await shoal("trace", "print", out);
  assert.match(text.stdout, /submit command_buffers[^]*\nend\n$/);
});

test("a page that is stuck before it opens a device is said to be", async () => {
  const page = join(folder, "stuck.html");
  writeFileSync(page, "<title></title><script>for (;;);</script>");
  assert.match(await refused(page, "--seconds", "2"), /used no WebGPU .* Its script runs without an end/);
});

test("a server that never answers can be given up", async () => {
  const silent = createServer(() => undefined);
  await new Promise<void>((resolve) => silent.listen(0, "127.0.0.1", resolve));
  const { port } = silent.address() as AddressInfo;
  const out = join(folder, "silent.trace");
  const child = execFile(kProgram, ["record", `http://127.0.0.1:${port}/`, "-o", out]);
  let said = "";
  child.stderr!.on("data", (text: string) => (said += text));
  await new Promise<void>((resolve) => silent.on("connection", () => resolve()));
  child.kill("SIGINT");
  const code = await new Promise((resolve) => child.on("exit", resolve));
  silent.closeAllConnections();
  silent.close();
  assert.notEqual(code, 0);
  assert.match(said, /was interrupted before it was opened\./);
  assert.ok(!existsSync(out));
});
