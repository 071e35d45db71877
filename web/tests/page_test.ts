// The page, its worker and its executor in Chromium, with a fake core: see fake_core.ts.

import assert from "node:assert/strict";
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { after, before, test } from "node:test";
import type { Browser } from "playwright-core";
import { ViewPage, builtPage, builtTests, launch } from "./browser";
import { StaticServer } from "./static_server";

let browser: Browser;
let server: StaticServer;
let site: string;

before(async () => {
  const data = join(builtTests, "data");
  mkdirSync(data, { recursive: true });
  for (const name of ["some.parquet", "broken.parquet", "panic.parquet"]) writeFileSync(join(data, name), Buffer.alloc(4000));
  server = new StaticServer({ "/data/": data, "/worker.js": join(builtTests, "fake_worker.js"), "/": builtPage });
  site = await server.start();
  browser = await launch();
});

after(async () => {
  await browser?.close();
  await server?.stop();
});

test("a file at an address is drawn", async () => {
  const view = await ViewPage.open(browser, `${site}/?src=data/some.parquet`);
  await view.waitForText("3,000,000 of 3,000,000 rows, exact");
  await view.screenshot("fake-light");
  assert.deepEqual(view.faults, []);
  await view.close();
});
