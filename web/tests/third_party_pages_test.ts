// Pages on other people's libraries (tests/third_party_pages), and our own explorer: recorded by `shoal record URL`, replayed
// natively with equal readbacks, reviewed with --prove. What is said here of each is told in docs/case-studies.md.

import assert from "node:assert/strict";
import { spawn, type ChildProcess } from "node:child_process";
import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { after, before, test } from "node:test";
import { build } from "esbuild";
import { builtPage, root } from "./browser";
import { kFlights } from "./native_cases";
import { kProgram, shoal } from "./program";
import { StaticServer } from "./static_server";

const kPages = join(root, "tests", "third_party_pages");
const kBuilt = join(root, "build", "third_party_pages");
const kNames = ["three_scene", "luma_particles", "onnx_session"];
const modules = join(root, "web", "node_modules");
const server = new StaticServer({ "/ort/": join(modules, "onnxruntime-web", "dist"), "/": kBuilt });
let folder: string;
let address: string;

before(async () => {
  for (const needed of [kProgram, join(builtPage, "record.js")]) {
    if (!existsSync(needed)) throw new Error(`${needed} is missing. Run ./dev web, which builds it.`);
  }
  mkdirSync(kBuilt, { recursive: true });
  await build({
    absWorkingDir: kPages,
    entryPoints: kNames.map((name) => `${name}.js`),
    outdir: kBuilt,
    bundle: true,
    format: "esm",
    target: "es2023",
    nodePaths: [modules],
    // Its WebAssembly lies beside the page, as it is.
    conditions: ["onnxruntime-web-use-extern-wasm"],
    logLevel: "warning",
  });
  for (const name of kNames) {
    writeFileSync(
      join(kBuilt, `${name}.html`),
      `<!doctype html><title>${name}</title><body><script type="module" src="${name}.js"></script></body>`,
    );
  }
  folder = mkdtempSync(join(tmpdir(), "shoal-pages-"));
  address = await server.start();
});

after(async () => {
  rmSync(folder, { recursive: true, force: true });
  await server.stop();
});

interface Recorded {
  submissions: number;
  frames: number;
  traces: string[];
  unrecorded: string[];
  unsupported: string[];
}

async function record(url: string, trace: string, frames: number): Promise<Recorded> {
  const done = await shoal("record", url, "-o", trace, "--frames", `${frames}`, "--seconds", "40", "--json");
  assert.equal(done.code, 0, done.stderr);
  const recorded = JSON.parse(done.stdout) as Recorded;
  assert.deepEqual([recorded.traces.length, recorded.unrecorded, recorded.unsupported], [1, [], []]);
  return recorded;
}

interface Replayed {
  submissions: number;
  readbacks: number;
  equal_readbacks: number;
  errors: string[];
  missing_features: string[];
  differences: object[];
}

async function replay(trace: string): Promise<{ code: number; replayed: Replayed }> {
  const done = await shoal("replay", trace, "--adapter", "software", "--json");
  assert.notEqual(done.stdout, "", done.stderr);
  return { code: done.code, replayed: JSON.parse(done.stdout) as Replayed };
}

async function replayEqually(trace: string, leastReadbacks: number): Promise<void> {
  const { code, replayed } = await replay(trace);
  assert.deepEqual([code, replayed.errors, replayed.differences], [0, [], []]);
  assert.equal(replayed.equal_readbacks, replayed.readbacks);
  assert.ok(replayed.readbacks >= leastReadbacks, `${replayed.readbacks} readbacks`);
}

interface Finding {
  rule: string;
  title: string;
  where: { object: string; stack: string[] };
  gain: { kind: string; note: string };
}

async function review(trace: string): Promise<Finding[]> {
  const done = await shoal("review", trace, "--prove", "--repetitions", "3", "--adapter", "software", "--json");
  assert.equal(done.code, 0, done.stderr);
  const { findings } = JSON.parse(done.stdout) as { findings: Finding[] };
  for (const { rule, gain } of findings) assert.doesNotMatch(gain.note, /reads back other bytes/, rule);
  return findings;
}

/** Every finding is of what is known to be true of the page, and what is known is found. */
function hasRules(findings: Finding[], known: string[]): void {
  assert.deepEqual([...new Set(findings.map(({ rule }) => rule))].sort(), [...known].sort());
}

const pageOf = (name: string): string => `${address}/${name}`;
const traceOf = (name: string): string => join(folder, `${name}.trace`);

test("a three.js scene is replayed equally, and its stored targets are found", async () => {
  const trace = traceOf("three");
  const recorded = await record(pageOf("three_scene.html"), trace, 24);
  assert.equal(recorded.frames, 24);
  await replayEqually(trace, 2);
  const findings = await review(trace);
  hasRules(findings, ["store-never-read"]);
  assert.match(findings[0]!.where.stack.join("\n"), /WebGPUBackend\.beginRender.*[^]*WebGPURenderer\.render/);
});

test("luma.gl's particles are replayed equally, and its needless depth and its unused pipeline are found", async () => {
  const trace = traceOf("luma");
  await record(pageOf("luma_particles.html"), trace, 25);
  await replayEqually(trace, 2);
  hasRules(await review(trace), ["needless-depth", "never-used", "store-never-read"]);
});

test("an onnxruntime-web session is replayed equally, and what it makes anew for each run is found", async () => {
  const trace = traceOf("onnx");
  await record(pageOf("onnx_session.html?own_device"), trace, 100);
  await replayEqually(trace, 20);
  const findings = await review(trace);
  hasRules(findings, ["create-destroy-churn", "objects-made-again"]);
  assert.match(findings[0]!.where.stack.join("\n"), /wasm-function\[\d+\] \(.*\.wasm:1:\d+\)/);
});

test("where naga refuses a module it is named, nothing is proven, and the review stands", async () => {
  const trace = traceOf("onnx_subgroups");
  await record(pageOf("onnx_session.html"), trace, 100);
  const { code, replayed } = await replay(trace);
  assert.deepEqual([code, replayed.readbacks, replayed.equal_readbacks], [1, 20, 0]);
  assert.match(replayed.errors.join("\n"), /label = 'Gemm'[^]*subgroup_invocation_id.* are not supported/);
  const findings = await review(trace);
  hasRules(findings, ["create-destroy-churn", "objects-made-again"]);
  const made = findings.find(({ rule }) => rule === "objects-made-again")!;
  assert.match(made.gain.note, /comes to \d+ of the program's 20 readbacks here/);
});

async function printedAddress(from: ChildProcess): Promise<string> {
  for await (const line of createInterface(from.stdout!)) {
    const found = /http:\/\/\S+/.exec(line);
    if (found) return found[0];
  }
  throw new Error("shoal view ended without printing an address.");
}

test("our own explorer is replayed equally, and nothing is found in it", async () => {
  const trace = traceOf("explorer");
  // Twenty frames have five pictures of rows as they come.
  const view = spawn(kProgram, ["view", kFlights, "--no-open"], { stdio: ["ignore", "pipe", "inherit"] });
  try {
    await record(await printedAddress(view), trace, 20);
  } finally {
    view.kill("SIGTERM");
  }
  await replayEqually(trace, 3);
  hasRules(await review(trace), []);
});
