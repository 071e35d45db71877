// Runs the page's tests and prints 'N passed, N failed, N skipped' as the last line.
//
//   node tests/run.js            all of them; those of the whole page need build/web/ and a Chromium
//   node tests/run.js executor   those whose file name has this in it

import { build } from "esbuild";
import { readdirSync, rmSync } from "node:fs";
import { dirname, join } from "node:path";
import { run } from "node:test";
import { fileURLToPath } from "node:url";

const tests = dirname(fileURLToPath(import.meta.url));
const out = join(dirname(dirname(tests)), "build", "web-test");
// Beside node_modules, so that what the tests import is found from there.
const bundles = join(dirname(tests), ".tests");
const wanted = process.argv[2] ?? "";
const names = readdirSync(tests).filter((name) => name.endsWith("_test.ts") && name.includes(wanted));

for (const folder of [out, bundles]) rmSync(folder, { recursive: true, force: true });
await build({
  entryPoints: names.map((name) => join(tests, name)),
  outdir: bundles,
  bundle: true,
  format: "esm",
  platform: "node",
  packages: "external",
  target: "node20",
  outExtension: { ".js": ".mjs" },
  sourcemap: "inline",
  // The bundle lies elsewhere, and tests look for files beside their sources.
  define: { "import.meta.dirname": JSON.stringify(tests) },
  banner: { js: `process.chdir(${JSON.stringify(dirname(tests))});` },
});

// What tests run inside the browser: workers in the place of the page's own, a compiler, and callers.
await build({
  entryPoints: [
    "fake_worker.ts",
    "kernel_compiler.ts",
    "primitives_page.ts",
    "readable_worker.ts",
    "recorded_page.ts",
  ].map((name) => join(tests, name)),
  outdir: out,
  bundle: true,
  format: "esm",
  target: "es2023",
});
await build({
  entryPoints: { record: join(dirname(tests), "src", "record", "script.ts") },
  outdir: out,
  bundle: true,
  format: "iife",
  target: "es2022",
});

let passed = 0;
let failed = 0;
let leftOut = 0;
const files = names.map((name) => join(bundles, name.replace(/\.ts$/, ".mjs")));
// These measure time, or what comes first: nothing runs beside them.
const alone = ["executor", "flights", "page", "pictures", "session"].map((name) => join(bundles, `${name}_test.mjs`));

async function* runAll() {
  yield* run({ files: files.filter((file) => !alone.includes(file)), concurrency: 2, timeout: 600_000 });
  yield* run({ files: files.filter((file) => alone.includes(file)), concurrency: false, timeout: 600_000 });
}

for await (const { type, data } of runAll()) {
  if (type === "test:stdout" || type === "test:stderr") process.stdout.write(data.message);
  if (type === "test:pass" && data.skip !== undefined) {
    ++leftOut;
    console.log(`skipped ${data.name}: ${data.skip}`);
    continue;
  }
  // A file is reported as a test of its own when it fails to load.
  if (type === "test:pass" && data.details.type !== "suite" && !files.includes(data.name)) {
    ++passed;
    console.log(`ok      ${data.name} (${data.details.duration_ms.toFixed(0)} ms)`);
  } else if (type === "test:fail" && data.details.type !== "suite") {
    ++failed;
    const { error } = data.details;
    console.log(`failed  ${data.name}\n${error?.cause?.stack ?? error?.message ?? error}`);
  }
}
console.log(`${passed} passed, ${failed} failed${leftOut > 0 ? `, ${leftOut} skipped` : ""}`);
process.exit(failed === 0 && passed > 0 ? 0 : 1);
