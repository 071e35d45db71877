// The primitives that the package brings, called in a browser on a device and buffers of the page's own.

import assert from "node:assert/strict";
import { existsSync } from "node:fs";
import { join } from "node:path";
import { after, before, test } from "node:test";
import type { Browser, Page } from "playwright-core";
import { builtTests, launch, root } from "./browser";
import type { Tier } from "../src/messages";
import type { CheckErrors, CheckMistakes, CheckPrimitives, MeasureCalls } from "./primitives_page";
import { StaticServer } from "./static_server";

const kModule = join(root, "build", "web-wasm", "src", "web_api", "primitives.wasm");

interface PageFunctions {
  checkPrimitives: CheckPrimitives;
  checkErrors: CheckErrors;
  checkMistakes: CheckMistakes;
  measureCalls: MeasureCalls;
}

let browser: Browser;
let server: StaticServer;
let page: Page;

before(async () => {
  if (!existsSync(kModule)) throw new Error(`${kModule} is missing. ./dev test builds it.`);
  server = new StaticServer({
    "/primitives_page.js": join(builtTests, "primitives_page.js"),
    "/primitives.wasm": kModule,
    "/": import.meta.dirname,
  });
  browser = await launch();
  page = await browser.newPage();
  await page.goto(`${await server.start()}/primitives_page.html`);
});

after(async () => {
  await browser?.close();
  await server?.stop();
});

const kRuns: Record<Tier, Parameters<CheckPrimitives>[1]> = {
  full: [
    [5001, false],
    [4096, true],
    [0, true],
  ],
  minimum: [
    [5001, true],
    [0, false],
  ],
};

for (const tier of ["full", "minimum"] as const) {
  test(`every primitive agrees with the CPU, ${tier} tier`, async () => {
    const complaints = await page.evaluate(
      ([of, runs]) => (window as unknown as PageFunctions).checkPrimitives(of, runs),
      [tier, kRuns[tier]] as const,
    );
    assert.deepEqual(complaints, []);
  });
}

test("what cannot be is said by the name of the argument, and harms nothing else", async () => {
  const messages = await page.evaluate(() => (window as unknown as PageFunctions).checkErrors());
  const expected = [
    "The kernels of sort are still being compiled",
    "`keys` of sort has 400 bytes, but 4,000 are needed",
    "`sortedKeys` of sort overlap between bytes 0 and 400",
    "`keys` of sort is undefined. Give a GPUBuffer",
    "`count` of sort is -1. Give a whole number",
    '`type` of sort is "f64". Give one of u32, i32, f32, u64, i64.',
    "The frame was submitted",
    "The runs hold 0 of 5 numbers",
    "did not compile",
    "did not compile",
    "a destroyed buffer was told of",
  ];
  assert.equal(messages.length, expected.length, messages.join("\n"));
  for (const [i, words] of expected.entries())
    assert.ok(messages[i]!.includes(words), `${messages[i]} has no '${words}'`);
});

test("a sanitizer names the array that WGSL of the caller's writes behind", async () => {
  const said = await page.evaluate(() => (window as unknown as PageFunctions).checkMistakes());
  const [first, sound, found, after, ...rest] = said;
  assert.deepEqual([first, sound, after], [null, null, null]);
  assert.match(
    found!,
    /^`result` of foldStates was written outside of its 8 words: word 28 behind its end holds 0x00000007\./,
  );
  assert.deepEqual(rest, ["Nothing looks for writes outside of arrays. Open primitives with `sanitize`."]);
});

for (const sanitize of [false, true]) {
  test(`a steady frame creates and writes nothing${sanitize ? " under a sanitizer" : ""}`, async () => {
    const { openMs, firstMs, callUs } = await page.evaluate(
      (isSanitized) => (window as unknown as PageFunctions).measureCalls(isSanitized),
      sanitize,
    );
    console.log(
      `# primitives opened in ${openMs.toFixed(0)} ms, first call ready after ${firstMs.toFixed(0)} ms, ` +
        `a steady frame of one call takes ${callUs.toFixed(0)} us`,
    );
  });
}
