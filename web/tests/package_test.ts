// The package as others get it: installed from its tarball into an empty folder, and used from there.

import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { existsSync, mkdirSync, readFileSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { launch, root } from "./browser";
import { StaticServer } from "./static_server";

const folder = join(root, "build", "web-test", "installed");
const program = join(root, "examples", "sort", "sort.js");
let server: StaticServer;

before(async () => {
  const [tarball] = readdirSync(join(root, "build")).filter((name) => /^shoal-.*\.tgz$/.test(name));
  if (!tarball) throw new Error("build/shoal-*.tgz is missing. ./dev test builds it.");
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, "package.json"), '{ "name": "somebody", "private": true, "type": "module" }');
  const options = ["--offline", "--no-audit", "--no-fund", "--silent"];
  execFileSync("npm", ["install", join(root, "build", tarball), ...options], { cwd: folder, stdio: "inherit" });
  server = new StaticServer({ "/node_modules/": join(folder, "node_modules"), "/": folder });
});

after(() => server?.stop());

test("the installed package sorts ten million keys in a program of under 30 lines", async () => {
  const text = readFileSync(program, "utf8");
  assert.ok(text.split("\n").length <= 30, `${program} has ${text.split("\n").length} lines`);
  writeFileSync(join(folder, "sort.js"), text);
  const imports = { "shoal/primitives": "/node_modules/shoal/primitives.js" };
  writeFileSync(
    join(folder, "index.html"),
    `<!doctype html><title>sorting</title><script type="importmap">${JSON.stringify({ imports })}</script>
     <script type="module" src="sort.js"></script>`,
  );
  const browser = await launch();
  try {
    const page = await browser.newPage();
    const faults: string[] = [];
    page.on("pageerror", (error) => faults.push(error.message));
    page.on("console", (message) => message.type() === "error" && faults.push(message.text()));
    const begin = Date.now();
    await page.goto(await server.start());
    await page.waitForFunction(() => document.title !== "sorting", undefined, { timeout: 300_000 }).catch(() => {});
    assert.deepEqual(
      faults.filter((fault) => !fault.includes("favicon") && !fault.includes("404")),
      [],
    );
    assert.equal(await page.title(), "sorted 10000000 keys");
    console.log(`# ten million keys were sorted and checked in ${Date.now() - begin} ms`);
  } finally {
    await browser.close();
  }
});

test("its declarations are enough for a strict program", () => {
  const installed = join(folder, "node_modules", "shoal");
  for (const name of ["primitives.wasm", "primitives.js", "README.md", "LICENSE", "primitives.d.ts"]) {
    assert.ok(existsSync(join(installed, name)), name);
  }
  const source = `import { Primitives, type SortArgs } from "shoal/primitives";
    export async function run(device: GPUDevice, args: SortArgs): Promise<void> {
      const primitives = await Primitives.open(device);
      await primitives.prepare("sort", { type: "f32" });
      const frame = primitives.frame();
      frame.sort(args);
      // @ts-expect-error: a type that there is not
      frame.sort({ ...args, type: "f64" });
      // @ts-expect-error: an array is missing
      frame.scan({ values: args.keys, count: 3 });
      frame.submit();
    }`;
  writeFileSync(join(folder, "typed.ts"), source);
  for (const resolution of ["bundler", "nodenext"]) {
    const compilerOptions = {
      module: resolution === "bundler" ? "esnext" : "nodenext",
      moduleResolution: resolution,
      target: "es2023",
      lib: ["es2023", "dom"],
      strict: true,
      noEmit: true,
      types: [],
    };
    writeFileSync(join(folder, "tsconfig.json"), JSON.stringify({ compilerOptions, files: ["typed.ts"] }));
    execFileSync(join(root, "web", "node_modules", ".bin", "tsc"), ["-p", folder], { stdio: "inherit" });
  }
});
