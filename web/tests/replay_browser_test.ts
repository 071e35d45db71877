// `shoal replay --browser` end to end: what the page's executor reads back in Chromium, held to what pages and programs
// recorded.

import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { xxh3 } from "../src/record/xxh3";
import { builtPage, builtTests, until } from "./browser";
import { below, kill, killBrowser } from "./processes";
import { kProgram, shoal, shoalIn, type Done } from "./program";
import { StaticServer } from "./static_server";

const kBlob = 2;
const server = new StaticServer({
  "/recorded_page.html": join(import.meta.dirname, "recorded_page.html"),
  "/": builtTests,
});
let folder: string;
let address: string;

before(async () => {
  for (const needed of [kProgram, join(builtPage, "record.js"), join(builtPage, "replay.js")]) {
    if (!existsSync(needed)) throw new Error(`${needed} is missing. Run ./dev web, which builds it.`);
  }
  folder = mkdtempSync(join(tmpdir(), "shoal-replay-"));
  address = await server.start();
  await record("compute");
});

after(async () => {
  rmSync(folder, { recursive: true, force: true });
  await server.stop();
});

const traceOf = (name: string): string => join(folder, `${name}.trace`);

async function record(program: string): Promise<void> {
  const url = `${address}/recorded_page.html?${program}&close`;
  const done = await shoal("record", url, "-o", traceOf(program));
  assert.equal(done.code, 0, done.stderr);
}

/** What was recorded of `compute`, changed. */
function changed(name: string, change: (bytes: Buffer) => Buffer): string {
  writeFileSync(traceOf(name), change(readFileSync(traceOf("compute"))));
  return traceOf(name);
}

interface Replayed {
  code: number;
  adapter: string;
  commands: number;
  submissions: number;
  readbacks: number;
  equal_readbacks: number;
  errors: string[];
  missing_features: string[];
  differences: { buffer: string; at_bytes: number; size_bytes: number; differing_bytes: number; message: string }[];
  passes: { label: string; ms: number | null; repetitions: number }[];
  trace_damage: string;
}

async function replay(trace: string, ...more: string[]): Promise<Replayed> {
  const done = await shoal("replay", trace, "--browser", "--json", ...more);
  assert.notEqual(done.stdout, "", done.stderr);
  return { code: done.code, ...(JSON.parse(done.stdout) as Omit<Replayed, "code">) };
}

async function refused(words: string[], environment: Record<string, string> = {}): Promise<string> {
  const done = await shoalIn(environment, "replay", traceOf("compute"), "--browser", ...words);
  assert.deepEqual([done.code, done.stdout], [1, ""]);
  return done.stderr;
}

// Programs, with how many buffers each reads back.
const kReadbacks = { compute: 1, draw: 1, mapped: 2, images: 1, bundles: 1, canvas_worker: 1 };
for (const [program, readbacks] of Object.entries(kReadbacks)) {
  test(`${program} is replayed by a browser with equal readbacks`, async () => {
    if (program !== "compute") await record(program);
    const { code, readbacks: read, equal_readbacks, errors, differences } = await replay(traceOf(program));
    assert.deepEqual([code, read, equal_readbacks, errors, differences], [0, readbacks, readbacks, [], []]);
  });
}

test("the text is that of a native replay, on the browser's adapter", async () => {
  const browser = await shoal("replay", traceOf("compute"), "--browser");
  const native = await shoal("replay", traceOf("compute"), "--adapter", "software");
  const shape = (text: string): string => text.replace(/ on .*/, " on ADAPTER").replace(/ +\d+\.\d{3}/g, " MS");
  assert.deepEqual([browser.code, shape(browser.stdout)], [0, shape(native.stdout)]);
  assert.match(browser.stdout, / on \S/);
});

test("passes are timed, once for each repetition", async () => {
  const { readbacks, equal_readbacks, passes } = await replay(traceOf("compute"), "--measure", "--repetitions", "3");
  assert.deepEqual([readbacks, equal_readbacks], [3, 3]);
  assert.deepEqual(
    passes.map(({ label, repetitions }) => [label, repetitions]),
    [
      ["double", 3],
      ["double", 3],
      ["double", 3],
    ],
  );
  assert.ok(passes.every(({ ms }) => ms !== null && ms > 0));
});

test("errors that a page made are met again, and the rest is carried out", async () => {
  await record("errors");
  const { code, readbacks, equal_readbacks, errors } = await replay(traceOf("errors"));
  assert.deepEqual([code, readbacks, equal_readbacks], [0, 1, 1]);
  assert.match(errors.join("\n"), /wrong: Buffer usages/);
});

// The last blob is what was read back.
test("what is read otherwise than recorded is told, with its place", async () => {
  const trace = changed("unequal", (bytes) => {
    let blob = { at: 0, size: 0 };
    for (let at = 12; at < bytes.length;) {
      const size = Number(bytes.readBigUInt64LE(at + 4));
      if (bytes.readUInt32LE(at) === kBlob) blob = { at: at + 12, size };
      at += 12 + Math.ceil(size / 4) * 4;
    }
    const payload = bytes.subarray(blob.at + 8, blob.at + blob.size);
    payload[40]! ^= 1;
    payload[41]! ^= 1;
    bytes.writeBigUInt64LE(xxh3(Uint8Array.from(payload)), blob.at);
    return bytes;
  });
  const { code, readbacks, equal_readbacks, differences } = await replay(trace);
  assert.deepEqual([code, readbacks, equal_readbacks], [1, 1, 0]);
  const [{ buffer, at_bytes, size_bytes, differing_bytes, message }] = differences as [Replayed["differences"][0]];
  assert.deepEqual([buffer, at_bytes, size_bytes, differing_bytes, message], ["read", 40, 1024, 2, ""]);
  const text = await shoal("replay", trace, "--browser");
  assert.match(text.stdout, /^readback \d+ of 'read': 2 of 1,024 bytes differ, the first at 40$/m);
});

test("a trace that is cut off is replayed as far as it goes", async () => {
  const cut = await replay(changed("cut", (bytes) => bytes.subarray(0, -30)));
  assert.match(cut.trace_damage, /The trace is whole up to byte [\d,]+ and read no further\./);
  assert.deepEqual([cut.code, cut.readbacks, cut.errors], [0, 1, []]);
  const early = await replay(changed("early", (bytes) => bytes.subarray(0, bytes.length / 2)));
  assert.deepEqual([early.code, early.readbacks, early.errors], [0, 0, []]);
});

test("a module that Tint refuses is named with its line, and so is what it was needed for", async () => {
  const trace = changed("refused", (bytes) => {
    bytes.write("values[id.x] * 2 + q;", bytes.indexOf("values[id.x] * 2 + 1;"));
    return bytes;
  });
  const { code, readbacks, equal_readbacks, errors } = await replay(trace);
  assert.deepEqual([code, readbacks, equal_readbacks], [1, 1, 0]);
  const told = errors.join("\n");
  assert.match(told, /^shader module \d+ 'double': 4:\d+: unresolved value 'q'$/m);
  assert.match(told, /^Pipeline \d+ cannot be made: 4:\d+: unresolved value 'q'$/m);
});

/** Replays it again and again, does something to it when it is at work, and waits for the end. */
async function replayUntil(happen: (shoal: number) => void, repetitions: number): Promise<Done> {
  const words = ["replay", traceOf("compute"), "--browser", "--measure", "--repetitions", `${repetitions}`];
  const child = execFile(kProgram, words);
  let [stdout, stderr] = ["", ""];
  child.stdout!.on("data", (text: string) => (stdout += text));
  child.stderr!.on("data", (text: string) => (stderr += text));
  const ended = new Promise<number>((resolve) => child.on("exit", (code) => resolve(code ?? -1)));
  await until(
    async () => saidBytes(child.pid!) > kBytesOfSomeStreams,
    60_000,
    () => `Nothing is replayed. ${stderr}`,
  );
  happen(child.pid!);
  return { code: await ended, stdout, stderr };
}
// To open the page takes 1 KB, and 10 a repetition.
const kBytesOfSomeStreams = 40_000;
const saidBytes = (shoal: number): number =>
  Number(/^wchar: (\d+)$/m.exec(readFileSync(`/proc/${shoal}/io`, "utf8"))![1]);
const kWithoutEnd = 1000;

test("a page that dies is told", async () => {
  const { code, stderr } = await replayUntil((shoal) => kill(shoal, "renderer"), kWithoutEnd);
  assert.equal(code, 1);
  assert.match(stderr, /cannot be replayed\. The page crashed before it answered \S+\. `shoal trace print` shows/);
});

test("a browser that dies is told", async () => {
  const { code, stderr } = await replayUntil(killBrowser, kWithoutEnd);
  assert.equal(code, 1);
  assert.match(stderr, /cannot be replayed\. The browser ended by itself\./);
});

// Where it dies between two reads, none is missing.
test("a driver that dies costs at most the reads of its device, and the rest is replayed on another", async () => {
  const { stdout, stderr } = await replayUntil((shoal) => kill(shoal, "gpu-process"), 60);
  assert.match(stdout, /^60 readbacks, (5[89]|60) equal to what was recorded$/m, stderr);
});

test("a replay that does not end is given up, and its browser with it", async () => {
  // Others leave folders where all do, while they run.
  const own = mkdtempSync(join(folder, "own-"));
  const told = await refused(["--timeout", "1"], { TMPDIR: own });
  assert.match(told, /did not end within 1 s, so its browser was stopped\. Allow it more/);
  assert.deepEqual(below(process.pid), []);
  // What Chromium makes for itself it leaves when it is stopped.
  assert.deepEqual(
    readdirSync(own).filter((name) => name.startsWith("shoal-")),
    [],
  );
});

test("what stands in the way of a browser is said", async () => {
  assert.match(await refused([], { CHROMIUM: "/bin/false" }), /cannot be replayed\. The browser ended by itself\./);
  assert.match(await refused([], { CHROMIUM: "/none" }), /CHROMIUM names '\/none', which cannot be run/);
  assert.match(await refused(["--adapter", "software"]), /--adapter 'software' is for wgpu-native.* Leave it out\./);
});
