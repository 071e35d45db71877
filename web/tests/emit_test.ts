// What `shoal emit` writes runs where it says and gives what the CPU gives: C++ with wgpu-native's webgpu.h, TypeScript in
// the browser, kernels in both compilers.

import assert from "node:assert/strict";
import { execFile, execFileSync } from "node:child_process";
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { promisify } from "node:util";
import { build } from "esbuild";
import type { Browser, Page } from "playwright-core";
import { launch, root } from "./browser";
import { emitCases, kCapacity, kKeepWgsl, kStatesWgsl, type EmitCase } from "./emit_cases";
import { StaticServer } from "./static_server";

const kProgram = join(root, "build", "release", "src", "cli", "shoal");
const kWebGpu = join(root, ".deps", "python", "wgpu", "resources");
const kFolder = join(root, "build", "testdata", "emit");
const kKeep = join(kFolder, "keep.wgsl");
const run = promisify(execFile);
const kStates = join(kFolder, "states.wgsl");
const cases = emitCases(kKeep, kStates);

let browser: Browser;
let server: StaticServer;
let page: Page;
/** The native cases in one program, while it is compiled. */
let compiled: Promise<string>;

function emit(pipeline: string, lang: string, ...more: string[]): void {
  execFileSync(kProgram, ["emit", pipeline, "--lang", lang, "--capacity", String(kCapacity), ...more]);
}

const optionsOf = ({ name, options = [] }: EmitCase): string[] => ["--name", name, "--with-main", ...options];

/** All in one program, whose first argument says which: the library's headers take longer to read than what is emitted. */
async function compile(names: string[]): Promise<string> {
  const program = join(kFolder, "programs");
  const parts = names.map(
    (name) =>
      `#define main ${name}_main\n#define example ${name}_example\n#include "${name}.cpp"\n#undef main\n#undef example\n`,
  );
  const choice = names.map((name) => `  if (name == "${name}") return ${name}_main(argc - 1, argv + 1);\n`);
  const main = `int main(int argc, char** argv) {\n  const std::string name = argv[1];\n${choice.join("")}  return 2;\n}\n`;
  writeFileSync(`${program}.cpp`, parts.join("") + main);
  const library = join(kWebGpu, "libwgpu_native-release.so");
  const words = ["-std=c++20", "-O0", "-Wall", "-Wextra", "-Wshadow", "-Werror", "-I", kWebGpu];
  await run("c++", [...words, `${program}.cpp`, library, `-Wl,-rpath,${kWebGpu}`, "-o", program]);
  return program;
}

before(async () => {
  if (!existsSync(kProgram)) throw new Error(`${kProgram} is missing. ./dev test builds it.`);
  rmSync(kFolder, { recursive: true, force: true });
  mkdirSync(kFolder, { recursive: true });
  writeFileSync(kKeep, kKeepWgsl);
  writeFileSync(kStates, kStatesWgsl);
  for (const each of cases) {
    emit(each.pipeline, "ts", ...optionsOf(each), "-o", join(kFolder, `${each.name}.ts`));
    if (each.isNative) emit(each.pipeline, "cpp", ...optionsOf(each), "-o", join(kFolder, `${each.name}.cpp`));
  }
  compiled = compile(cases.filter(({ isNative }) => isNative).map(({ name }) => name));
  compiled.catch(() => undefined); // the tests that wait for it say so
  await build({
    entryPoints: cases.map(({ name }) => join(kFolder, `${name}.ts`)),
    outdir: kFolder,
    bundle: true,
    format: "esm",
    target: "es2022",
  });
  server = new StaticServer({
    "/kernel_compiler.html": join(import.meta.dirname, "primitives_page.html"),
    "/": kFolder,
  });
  browser = await launch();
  page = await browser.newPage();
  await page.goto(`${await server.start()}/kernel_compiler.html`);
});

after(async () => {
  await Promise.allSettled([compiled]);
  await browser?.close();
  await server?.stop();
});

function judge(each: EmitCase, result: (name: string) => ArrayLike<number>): void {
  for (const [name, wanted] of Object.entries(each.expected)) {
    const got = result(name);
    assert.ok(got.length >= wanted.length, `${name} has ${got.length} words`);
    for (let i = 0; i < wanted.length; ++i) {
      assert.equal(got[i], wanted[i]! >>> 0, `word ${i} of ${name}`);
    }
  }
}

const camel = (name: string): string => name.replace(/_(\w)/g, (_, letter: string) => letter.toUpperCase());

/** In the page: runs an emitted module, results as plain lists. */
async function runInPage(
  module: string,
  inputs: Record<string, number[]>,
  counts: number[],
): Promise<Record<string, number[]>> {
  type Run = (device: GPUDevice, inputs: object, ...counts: number[]) => Promise<Record<string, Uint32Array>>;
  const emitted = (await import(module)) as { openDevice: () => Promise<GPUDevice>; run: Run };
  const device = await emitted.openDevice();
  const errors: string[] = [];
  device.addEventListener("uncapturederror", (event) => errors.push(event.error.message));
  const given = Object.fromEntries(Object.entries(inputs).map(([name, list]) => [name, new Uint32Array(list)]));
  const results = await emitted.run(device, given, ...counts);
  device.destroy();
  if (errors.length > 0) throw new Error(errors.join("\n"));
  return Object.fromEntries(Object.entries(results).map(([name, list]) => [name, Array.from(list)]));
}

for (const each of cases) {
  test(`emitted TypeScript: ${each.pipeline.replace(kFolder, "")}`, async () => {
    const inputs = Object.fromEntries(
      Object.entries(each.inputs).map(([name, list]) => [camel(name), Array.from(list)] as const),
    );
    const results = await page.evaluate(
      ([script, module, given, counts]) =>
        (new Function(`return ${script}`)() as typeof runInPage)(module, given, counts),
      [runInPage.toString(), `/${each.name}.js`, inputs, each.counts] as const,
    );
    judge(each, (name) => results[camel(name)] ?? []);
  });
}

for (const each of cases.filter(({ isNative }) => isNative)) {
  test(`emitted C++: ${each.pipeline.replace(kFolder, "")}`, async () => {
    const program = await compiled;
    const folder = join(kFolder, `${each.name}_data`);
    mkdirSync(folder);
    for (const [name, list] of Object.entries(each.inputs)) writeFileSync(join(folder, `${name}.bin`), list);
    await run(program, [each.name, ...each.counts.map(String), folder]);
    judge(each, (name) => {
      const bytes = readFileSync(join(folder, `${name}.bin`));
      return new Uint32Array(bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.byteLength));
    });
  });
}

test("emitted C++ compiles alone, with its example and without", async () => {
  const alone = join(kFolder, "alone.cpp");
  emit("compact keep=flags | sort", "cpp", "-o", alone);
  for (const file of [alone, join(kFolder, "sort_floats.cpp")]) {
    await run("c++", ["-std=c++20", "-fsyntax-only", "-Wall", "-Wextra", "-Werror", file, "-I", kWebGpu]);
  }
});

test("emitted TypeScript has its types right", async () => {
  const modules = join(root, "web", "node_modules");
  const files = cases.map(({ name }) => join(kFolder, `${name}.ts`));
  const words =
    "--ignoreConfig --noEmit --skipLibCheck --strict --noUncheckedIndexedAccess --exactOptionalPropertyTypes " +
    "--noUnusedLocals --target es2022 --module es2022 --moduleResolution bundler --lib es2023,dom --types @webgpu/types";
  await run(join(modules, ".bin", "tsc"), [...words.split(" "), "--typeRoots", modules, ...files]).catch(
    (error: { stdout: string }) => assert.fail(error.stdout),
  );
});

test("emitted kernels stand alone, and are those that the programs hold", async () => {
  for (const [pipeline, ...options] of [
    ["compact keep=flags | sort | unique", "--name", "sort_unique"],
    ["sort descending", "--name", "sort_floats", "--type", "f32", "--subgroups", "4"],
  ] as const) {
    const folder = join(kFolder, `${options[1]}_wgsl`);
    emit(pipeline, "wgsl", ...options, "-o", folder);
    const program = readFileSync(join(kFolder, `${options[1]}.cpp`), "utf8");
    const kernels = readdirSync(folder).map((name) => readFileSync(join(folder, name), "utf8"));
    assert.ok(kernels.length > 0);
    for (const kernel of kernels) {
      const body = kernel.slice(kernel.indexOf("\n\n") + 2).replace("enable subgroups;\n\n", "");
      assert.ok(program.includes(body.slice(body.indexOf("\n\n") + 2)), "the C++ holds another text");
      assert.ok(!/@if|@else|import |\/\/@slot/.test(kernel), "something of WESL is left");
    }
    const said = await page.evaluate(async (texts) => {
      const adapter = await navigator.gpu.requestAdapter();
      const device = await adapter!.requestDevice({ requiredFeatures: ["subgroups" as GPUFeatureName] });
      const lists = texts.map((code) => device.createShaderModule({ code }).getCompilationInfo());
      return (await Promise.all(lists)).flatMap(({ messages }) => messages.map(({ message }) => message));
    }, kernels);
    assert.deepEqual(said, []);
  }
});
