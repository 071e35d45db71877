// The browser's compiler takes every kernel in every variant without a word, with the limits of the tier that has it.

import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { after, before, test } from "node:test";
import type { Browser, Page } from "playwright-core";
import { builtTests, launch, root } from "./browser";
import type { CompileKernels, KernelText } from "./kernel_compiler";
import { StaticServer } from "./static_server";

const kWriter = join(root, "build", "release", "src", "engine", "shoal_kernel_texts");
const kFolder = join(root, "build", "testdata", "kernels");
// Fewer would mean that the writer has lost some.
const kLeastKernels = 40;

let browser: Browser;
let server: StaticServer;
let page: Page;
let kernels: KernelText[];

before(async () => {
  if (!existsSync(kWriter)) throw new Error(`${kWriter} is missing. ./dev test builds it.`);
  execFileSync(kWriter, [kFolder], { stdio: "inherit" });
  const list = JSON.parse(readFileSync(join(kFolder, "kernels.json"), "utf8")) as Omit<KernelText, "code">[];
  kernels = list.map((kernel) => ({ ...kernel, code: readFileSync(join(kFolder, kernel.file), "utf8") }));
  server = new StaticServer({
    "/kernel_compiler.js": join(builtTests, "kernel_compiler.js"),
    "/": import.meta.dirname,
  });
  browser = await launch();
  page = await browser.newPage();
  await page.goto(`${await server.start()}/kernel_compiler.html`);
});

after(async () => {
  await browser?.close();
  await server?.stop();
});

// What the limits of the minimum tier allow, those of the full one do.
for (const tier of ["full", "minimum"] as const) {
  const whose = tier === "full" ? "with subgroups" : "without subgroups";
  test(`every kernel ${whose} compiles in the browser without a word, ${tier} tier`, async () => {
    // Of those for large workgroups, which Chromium's software adapter does not have, the small form is like them but for
    // one constant.
    const wanted = kernels.filter(
      (kernel) => kernel.uses_subgroups === (tier === "full") && !/-large[-.]/.test(kernel.file),
    );
    assert.ok(wanted.length >= kLeastKernels, `${wanted.length} kernels`);
    const complaints = await page.evaluate(
      ([list, of]) => (window as unknown as { compileKernels: CompileKernels }).compileKernels(list, of),
      [wanted, tier] as const,
    );
    assert.deepEqual(complaints, []);
    console.log(`# ${wanted.length} kernels compiled in the browser, ${tier} tier`);
  });
}

test("what a compiler complains of is told", async () => {
  const [kernel] = kernels;
  const wrong = [
    { ...kernel!, file: "unknown.wgsl", code: "fn main() { nothing(); }" },
    { ...kernel!, file: "warned.wgsl", code: `${kernel!.code}\nfn unreached() -> u32 { return 1u; return 2u; }` },
    { ...kernel!, file: "unbound.wgsl", bindings: [] },
  ];
  const complaints = await page.evaluate(
    (list) => (window as unknown as { compileKernels: CompileKernels }).compileKernels(list, "full"),
    wrong,
  );
  for (const [i, words] of ["unresolved call target", "unreachable", "binding"].entries()) {
    assert.ok(
      complaints.some((line) => line.startsWith(wrong[i]!.file) && line.includes(words)),
      `${wrong[i]!.file} among ${JSON.stringify(complaints)}`,
    );
  }
});
