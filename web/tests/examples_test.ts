// The examples in TypeScript, as build_examples.js leaves them, with fewer elements than they are about.

import assert from "node:assert/strict";
import { existsSync } from "node:fs";
import { join } from "node:path";
import { after, before, test } from "node:test";
import type { Browser } from "playwright-core";
import { launch, root, until } from "./browser";
import { StaticServer } from "./static_server";

const built = join(root, "build", "examples_web");
let browser: Browser;
let server: StaticServer;
let address: string;

before(async () => {
  if (!existsSync(built)) throw new Error(`${built} is missing. ./dev test builds it.`);
  server = new StaticServer({ "/": built });
  address = await server.start();
  browser = await launch();
});

after(async () => {
  await browser?.close();
  await server?.stop();
});

for (const name of ["adopt_your_device", "custom_monoid", "sort_and_unique", "ten_million_points"]) {
  test(`the example ${name} gives what the CPU gives`, async () => {
    const page = await browser.newPage();
    const faults: string[] = [];
    page.on("pageerror", (error) => faults.push(error.message));
    page.on("console", (message) => message.type() === "error" && faults.push(message.text()));
    await page.goto(`${address}/${name}.html?count=100003`);
    await until(
      async () => (await page.title()) !== "running",
      120_000,
      () => `${name} did not end.`,
    );
    const said = await page.locator("pre").innerText();
    assert.equal(await page.title(), "right", said);
    assert.deepEqual(faults, []);
    await page.close();
  });
}
