// `shoal record URL` end to end: the program opens pages in a Chromium of its own, and what they said is replayed natively
// with equal readbacks.

import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { builtPage, builtTests, root, until } from "./browser";
import { StaticServer } from "./static_server";

const kProgram = join(root, "build", "shoal");
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

interface Done {
  code: number;
  stdout: string;
  stderr: string;
}

function shoal(...words: string[]): Promise<Done> {
  return new Promise((resolve) => {
    execFile(kProgram, words, { maxBuffer: 1 << 28 }, (error, stdout, stderr) =>
      resolve({ code: error ? Number(error.code ?? -1) : 0, stdout, stderr }),
    );
  });
}

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
    assert.equal(recorded.traces.length, 1);
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
  const done = await shoal("record", urlOf("failing"), "-o", out, "--seconds", "3");
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
  const done = await shoal("review", urlOf("frames"), "--json");
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

/** Processes below one, by what they were started with. */
function below(parent: number): { id: number; command: string }[] {
  const found: { id: number; command: string }[] = [];
  for (const name of readdirSync("/proc").filter((entry) => /^\d+$/.test(entry))) {
    try {
      const above = Number(
        readFileSync(`/proc/${name}/stat`, "utf8")
          .replace(/^.*\) \S /, "")
          .split(" ")[0],
      );
      if (above !== parent) continue;
      const one = { id: Number(name), command: readFileSync(`/proc/${name}/cmdline`, "utf8") };
      found.push(one, ...below(one.id));
    } catch {
      // It has ended meanwhile.
    }
  }
  return found;
}

test("a page that dies leaves what it said until then", async () => {
  const out = traceOf("dying");
  const child = execFile(kProgram, ["record", urlOf("frames"), "-o", out, "--seconds", "60", "--frames", "100000"]);
  let said = "";
  child.stderr!.on("data", (text: string) => (said += text));
  const recording = (): string | undefined => readdirSync(folder).find((name) => name.startsWith("dying.trace."));
  await until(
    async () => recording() !== undefined,
    60_000,
    () => "Nothing was recorded.",
  );
  const renderers = below(child.pid!).filter(({ command }) => command.includes("--type=renderer"));
  assert.ok(renderers.length > 0);
  for (const { id } of renderers) process.kill(id, "SIGKILL");
  const code = await new Promise((resolve) => child.on("exit", resolve));
  assert.equal(code, 1);
  assert.match(said, /The page crashed\./);
  const text = await shoal("trace", "print", out);
  assert.match(text.stdout, /create_command_encoder[^]*\nend\n/);
});
