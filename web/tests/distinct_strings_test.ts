// Five million distinct strings do not fit a page: it says so by the column's name, keeps its picture and its heap small.

import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import type { Browser } from "playwright-core";
import { ViewPage, builtPage, launch } from "./browser";
import { caseData, makeCaseData } from "./native_cases";
import { StaticServer } from "./static_server";

const kHeapLimitBytes = 64 << 20;

let browser: Browser;
let server: StaticServer;
let site: string;

before(async () => {
  makeCaseData();
  server = new StaticServer({ "/data/": caseData, "/": builtPage });
  site = await server.start();
  browser = await launch();
});

after(async () => {
  await browser?.close();
  await server?.stop();
});

test("a column of too many distinct strings is refused by name, and the picture before it stays", async () => {
  const view = await ViewPage.open(browser, `${site}/?src=data/distinct_strings.parquet&x=x&y=x`);
  const before = await view.waitFor((state) => state.status === "ready");
  assert.equal(before.rows_drawn, 5_000_000);

  await view.page.locator("#y").selectOption("name");
  // By the axis, or by the dictionary that is read ahead of it: more than 65,536 or more than 1,048,576.
  await view.waitForText("Column 'name' has more than ");
  const kept = await view.waitFor((state) => state.status === "ready");
  assert.deepEqual([kept.x, kept.y, kept.rows_drawn], ["x", "x", 5_000_000]);
  await view.screenshot("strings-refused");

  await view.page.locator("#filter").fill("name = '00000000'");
  const unfiltered = await view.waitFor((state) => state.status === "ready" && state.filter_error !== null);
  // It stays in its box, as one that does not parse does, and the picture is the one before.
  assert.match(unfiltered.filter_error?.message ?? "", /^Column 'name' has more than 1,048,576 distinct strings/);
  assert.deepEqual([unfiltered.filter, unfiltered.rows_drawn], ["name = '00000000'", 5_000_000]);

  // What was wrong is not said for ever.
  await view.page.locator("#scheme").selectOption("magma");
  const after = await view.waitFor((state) => state.status === "ready" && state.scheme === "magma");
  assert.deepEqual(after.errors, []);

  const { heapBytes } = await view.measure();
  console.log(`# five million strings: heap ${(heapBytes / 2 ** 20).toFixed(1)} MiB`);
  assert.ok(heapBytes < kHeapLimitBytes, `${heapBytes} bytes of WASM heap`);
  assert.deepEqual(view.faults, []);
  await view.close();
});

test("named in the address, it gives way to columns that can be drawn", async () => {
  const view = await ViewPage.open(browser, `${site}/?src=data/distinct_strings.parquet&x=name`);
  await view.waitForText("Column 'name' has more than ");
  const state = await view.waitFor(({ status }) => status === "ready");
  assert.deepEqual([state.x, state.y, state.rows_drawn], ["x", "x", 5_000_000]);
  await view.close();
});
