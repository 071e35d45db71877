// `shoal view` end to end: the program serves the page and one file, a browser opens the address that it prints.

import assert from "node:assert/strict";
import { spawn, type ChildProcess } from "node:child_process";
import { existsSync } from "node:fs";
import { request } from "node:http";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { after, before, test } from "node:test";
import type { Browser } from "playwright-core";
import { ViewPage, builtPage, launch } from "./browser";
import { kFlights } from "./native_cases";
import { kProgram } from "./program";

const kAll = "3,000,000 of 3,000,000 rows, exact";

let program: ChildProcess;
let address: URL;
let browser: Browser;

before(async () => {
  for (const needed of [kProgram, join(builtPage, "core.wasm")]) {
    if (!existsSync(needed)) throw new Error(`${needed} is missing. Run ./dev web, which builds it.`);
  }
  program = spawn(kProgram, ["view", kFlights, "--no-open"], { stdio: ["ignore", "pipe", "inherit"] });
  address = await printedAddress(program);
  browser = await launch();
});

after(async () => {
  await browser?.close();
  program?.kill("SIGTERM");
});

async function printedAddress(from: ChildProcess): Promise<URL> {
  for await (const line of createInterface(from.stdout!)) {
    const found = /http:\/\/\S+/.exec(line);
    if (found) return new URL(found[0]);
  }
  throw new Error("shoal view ended without printing an address.");
}

/** The status that the server answers with, whatever host the request names. */
function statusOf(path: string, host = address.host): Promise<number> {
  return new Promise((resolve, reject) => {
    const asked = request({ hostname: address.hostname, port: address.port, path, headers: { host } }, (answer) => {
      answer.resume();
      resolve(answer.statusCode!);
    });
    asked.on("error", reject).end();
  });
}

test("the printed address shows every row in a browser", async () => {
  assert.equal(address.hostname, "127.0.0.1");
  const view = await ViewPage.open(browser, address.href);
  await view.waitForText(kAll, 120_000);
  const state = await view.waitFor(({ status }) => status === "ready");
  assert.deepEqual([state.rows_drawn, state.rows_total, state.exact], [3_000_000, 3_000_000, true]);
  await view.screenshot("view-command");
  // The choices are kept in the address, which goes on to work when it is loaded anew.
  await view.page.locator("#x").selectOption("date");
  await view.waitFor(({ status, x }) => status === "ready" && x === "date");
  await view.page.reload();
  await view.waitForText(kAll, 120_000);
  assert.equal((await view.waitFor(({ status }) => status === "ready")).x, "date");
  assert.deepEqual(view.faults, []);
  await view.close();
});

test("without its token, for another file or another host nothing is served", async () => {
  const folder = address.pathname.slice(0, address.pathname.lastIndexOf("/") + 1);
  const token = folder.slice(1, -1);
  assert.match(token, /^[0-9a-f]{32}$/);
  const other = `${token[0] === "0" ? "1" : "0"}${token.slice(1)}`;
  assert.equal(await statusOf(folder), 200);
  assert.equal(await statusOf(`${folder}file/flights-3m.parquet`), 200);
  for (const path of ["/", "/index.html", `/${other}/`, `/${other}/core.wasm`, "/file/flights-3m.parquet"]) {
    assert.equal(await statusOf(path), 404, path);
  }
  for (const name of ["file/other.parquet", "file/../core.wasm/..", "file/%2e%2e/%2e%2e/README.md", "../README.md"]) {
    assert.equal(await statusOf(folder + name), 404, name);
  }
  for (const host of ["evil.example", `evil.example:${address.port}`, "127.0.0.1:1"]) {
    assert.equal(await statusOf(folder, host), 403, host);
  }
});

test("a page of another origin cannot read what is served", async () => {
  const page = await browser.newPage();
  await page.goto("data:text/html,<title>another</title>");
  const said = await page.evaluate(
    (file) =>
      fetch(file).then(
        () => "read",
        () => "refused",
      ),
    `${address.origin}${address.pathname.replace(/[^/]*$/, "")}file/flights-3m.parquet`,
  );
  assert.equal(said, "refused");
  await page.close();
});
