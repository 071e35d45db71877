// The page as users have it: core, worker and executor, on three million flights.

import assert from "node:assert/strict";
import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { after, before, test } from "node:test";
import type { Browser } from "playwright-core";
import type { ViewState } from "../src/messages";
import type { ShoalView } from "../src/shoal_view";
import { ViewPage, builtPage, builtTests, launch, root, until } from "./browser";
import { StaticServer } from "./static_server";

const kFlights = join(root, ".deps", "data", "flights-3m.parquet");
const kHeapLimitBytes = 64 << 20;
const kAll = "3,000,000 of 3,000,000 rows, exact";

let browser: Browser;
let server: StaticServer;
let site: string;

before(async () => {
  for (const needed of [kFlights, join(builtPage, "core.wasm")]) {
    if (!existsSync(needed)) throw new Error(`${needed} is missing. Run ./dev web, which brings it.`);
  }
  const data = join(builtTests, "odd");
  mkdirSync(data, { recursive: true });
  const bytes = readFileSync(kFlights);
  writeFileSync(join(data, "half.parquet"), bytes.subarray(0, bytes.length / 2));
  writeFileSync(join(data, "text.parquet"), "This is no Parquet file, however it is named.\n".repeat(9));
  writeFileSync(join(data, "empty.parquet"), "");
  server = new StaticServer({ "/odd/": data, "/flights.parquet": kFlights, "/": builtPage });
  site = await server.start();
  browser = await launch();
});

after(async () => {
  await browser?.close();
  await server?.stop();
});

// Most tests look at one page: to compile the kernels takes a software adapter longer than to draw.
let view: ViewPage;

const settled = (wanted: (state: ViewState) => boolean = () => true): Promise<ViewState> =>
  view.waitFor((state) => state.status === "ready" && wanted(state));

/** Everything is shown again, as after opening. */
async function reset(): Promise<ViewState> {
  await view.page.locator("#filter").fill("");
  await view.page.locator("#x").selectOption("distance");
  await view.page.locator("#y").selectOption("delay");
  await view.page.locator("shoal-view .stage").dblclick({ position: { x: 400, y: 250 } });
  return settled((state) => state.caption === kAll && state.x === "distance");
}

test("all flights are drawn, the first picture before the last row", async () => {
  view = await ViewPage.open(browser, `${site}/`);
  await view.page.evaluate(() => {
    const partial: number[] = [];
    Object.assign(window, { partial });
    document.querySelector("shoal-view")!.addEventListener("statechange", (event) => {
      const { status, rows_drawn } = (event as CustomEvent<ViewState>).detail;
      if (status === "loading" && rows_drawn > 0) partial.push(rows_drawn);
    });
    const element = document.querySelector("shoal-view")!;
    element.setAttribute("x", "distance");
    element.setAttribute("y", "delay");
    element.setAttribute("src", "flights.parquet");
  });
  const state = await settled();
  assert.equal(state.caption, kAll);
  assert.deepEqual([state.rows_drawn, state.rows_total, state.exact], [3_000_000, 3_000_000, true]);
  const partial = await view.page.evaluate(() => (window as unknown as { partial: number[] }).partial);
  assert.ok(partial.length > 0 && partial[0]! < 3_000_000, "there was no picture before the last row");
  assert.ok(state.gpu_bytes <= 8.05 * 3_000_000, `${state.gpu_bytes} bytes`);
  const { heapBytes } = await view.measure();
  console.log(
    `# flights: heap ${(heapBytes / 2 ** 20).toFixed(1)} MiB, ${partial.length} pictures before the last row`,
  );
  assert.ok(heapBytes < kHeapLimitBytes, `${heapBytes} bytes of WASM heap`);
  await view.screenshot("flights-light");
  assert.deepEqual(view.faults, []);
});

test("light, dark, wide, narrow and dense pages hold the whole picture, guides exactly around it", async () => {
  const { page } = view;
  await page.emulateMedia({ colorScheme: "dark" });
  await settled((state) => state.guides!.items.some((item) => item.type === "text" && item.fill === "#e8ebef"));
  await view.screenshot("flights-dark");
  await page.setViewportSize({ width: 390, height: 760 });
  await settled((state) => state.guides!.width <= 390);
  await view.screenshot("flights-phone-dark");
  await page.emulateMedia({ colorScheme: "light" });
  const state = await settled((seen) =>
    seen.guides!.items.some((item) => item.type === "text" && item.fill === "#1f2328"),
  );
  await view.screenshot("flights-phone");
  const stage = (await page.locator("shoal-view .stage").boundingBox())!;
  const canvas = (await page.locator("shoal-view canvas").boundingBox())!;
  assert.ok(canvas.x >= stage.x && canvas.x + canvas.width <= stage.x + stage.width);
  assert.ok(canvas.y >= stage.y && canvas.y + canvas.height <= stage.y + stage.height);
  const image = state.guides!.items.find((item) => item.type === "image");
  assert.deepEqual({ type: "image", ...state.plot_area }, image);
  await page.setViewportSize({ width: 1200, height: 800 });
  await settled((seen) => seen.guides!.width === 1200);
});

test("wheel and drag leave rows outside, a double click brings them back", async () => {
  await reset();
  const { page } = view;
  const stage = (await page.locator("shoal-view .stage").boundingBox())!;
  await page.mouse.move(stage.x + 400, stage.y + 250);
  await page.mouse.wheel(0, -400);
  const zoomed = await settled((state) => state.rows_outside > 0);
  assert.equal(zoomed.rows_drawn + zoomed.rows_outside, 3_000_000);
  await view.screenshot("flights-zoomed");
  await page.mouse.down();
  await page.mouse.move(stage.x + 250, stage.y + 200, { steps: 5 });
  await page.mouse.up();
  await view.waitFor((state) => state.status === "ready" && state.rows_outside > 0);
  await page.mouse.dblclick(stage.x + 400, stage.y + 250);
  const back = await settled((state) => state.rows_outside === 0);
  assert.equal(back.caption, kAll);
});

test("what the cursor points at stays under it while the wheel zooms", async () => {
  const before = tickPlaces(await reset());
  const { page } = view;
  const stage = (await page.locator("shoal-view .stage").boundingBox())!;
  // On a labelled tick of the x axis, so that it can be found again; the plot's edge may move with the axis beside it.
  const [text, share, x] = before[1]!;
  await page.mouse.move(stage.x + x, stage.y + 200);
  await page.mouse.wheel(0, -250);
  const zoomed = tickPlaces(await settled((state) => state.rows_outside > 0));
  const same = zoomed.find(([label]) => label === text);
  assert.ok(
    same && Math.abs(same[1] - share) < 0.003,
    `${text} was at ${share}; ticks are at ${JSON.stringify(zoomed)}`,
  );
});

/** Label, share of the plot's width, place on the stage. */
function tickPlaces(state: ViewState): [string, number, number][] {
  const places: [string, number, number][] = [];
  for (const item of state.guides!.items) {
    if (item.type !== "text" || item.role !== "label-x") continue;
    places.push([item.text, (item.x - state.plot_area.x) / state.plot_area.width, item.x]);
  }
  return places;
}

test("a filter counts what it passes; one that is wrong says where; one that none passes says so", async () => {
  await reset();
  const filter = view.page.locator("#filter");
  await filter.fill("delay > 60 AND origin IN ('SFO', 'OAK')");
  const some = await settled((state) => state.filter.startsWith("delay > 60"));
  assert.ok(some.rows_drawn > 0 && some.rows_drawn < 100_000, `${some.rows_drawn} rows`);
  assert.ok(some.exact);
  await view.screenshot("flights-filter");
  await filter.fill("distance > 10 AND dealy > 60");
  const wrong = await view.waitFor((state) => state.filter_error !== null);
  assert.match(wrong.filter_error!.message, /dealy.*delay/s);
  assert.equal(wrong.filter_error!.at, "distance > 10 AND ".length);
  assert.equal(wrong.rows_drawn, some.rows_drawn, "the picture of the last filter that was right stays");
  await view.screenshot("flights-filter-error");
  await filter.fill("delay > 100000");
  const none = await settled((state) => state.filter === "delay > 100000" && state.filter_error === null);
  assert.equal(none.rows_drawn, 0);
  await view.screenshot("flights-filter-none");
  await filter.fill("");
  await settled((state) => state.rows_drawn === 3_000_000);
});

test("every column can be chosen, and every colour", async () => {
  await reset();
  for (const column of ["date", "delay", "origin"]) {
    await view.page.locator("#x").selectOption(column);
    const state = await settled((seen) => seen.x === column);
    assert.equal(state.rows_drawn, 3_000_000, column);
    await view.screenshot(`flights-${column}`);
  }
  for (const scheme of ["magma", "inferno", "cividis"]) {
    await view.page.locator("#scheme").selectOption(scheme);
    await settled((state) => state.scheme === scheme);
  }
  for (const scale of ["linear", "cbrt"]) {
    await view.page.locator("#scale").selectOption(scale);
    await settled((state) => state.scale === scale);
  }
  await view.page.locator("shoal-view .stage").focus();
  await view.page.keyboard.press("+");
  await settled((state) => state.rows_outside > 0);
  await view.page.keyboard.press("0");
  await settled((state) => state.rows_outside === 0);
  assert.deepEqual(view.faults, []);
});

test("a steady frame makes nothing on the GPU and crosses once", async () => {
  await reset();
  const [worker] = view.page.workers();
  // Warm: pipelines for moving are compiled, buffers have their size.
  await wheel(5);
  await worker!.evaluate(() => {
    const made: string[] = [];
    Object.assign(self, { made });
    for (const name of Object.getOwnPropertyNames(GPUDevice.prototype)) {
      if (!name.startsWith("create") || name === "createCommandEncoder") continue;
      const prototype = GPUDevice.prototype as unknown as Record<string, (...args: unknown[]) => unknown>;
      const original = prototype[name]!;
      prototype[name] = function (...args) {
        made.push(name);
        return original.apply(this, args);
      };
    }
  });
  const before = await view.measure();
  await wheel(20);
  const after = await view.measure();
  assert.deepEqual(await worker!.evaluate(() => (self as unknown as { made: string[] }).made), []);
  const frames = after.frames - before.frames;
  const crossings = after.crossings - before.crossings;
  console.log(`# a wheel over flights: ${frames} frames, ${crossings} crossings, heap ${after.heapBytes >> 20} MiB`);
  assert.ok(frames >= 5 && crossings <= frames + 21, `${crossings} crossings in ${frames} frames`);
  assert.equal(after.heapBytes, before.heapBytes);
});

async function wheel(turns: number): Promise<void> {
  const stage = (await view.page.locator("shoal-view .stage").boundingBox())!;
  await view.page.mouse.move(stage.x + 400, stage.y + 250);
  for (let i = 0; i < turns; ++i) {
    await view.page.mouse.wheel(0, i % 2 === 0 ? -60 : 60);
    await view.page.waitForTimeout(60);
  }
  await settled();
}

test("files that are none are refused in a sentence, and another can be picked", async () => {
  await view.close();
  for (const name of ["half", "text", "empty"]) {
    view = await ViewPage.open(browser, `${site}/?src=odd/${name}.parquet`);
    await view.waitForText("This file cannot be shown");
    const said = (await view.page.locator("shoal-view .over p").first().textContent())!;
    assert.match(said, new RegExp(`${name}\\.parquet`), said);
    if (name !== "empty") await view.close();
  }
  await view.page.setInputFiles("input[type=file]", kFlights);
  await view.waitForText(kAll, 120_000);
  await view.close();
});

test("a device lost while rows are coming is told, and nothing half drawn is left", async () => {
  view = await ViewPage.open(browser, `${site}/?src=flights.parquet&x=distance&y=delay&tier=minimum`);
  await until(
    async () => (await view.state())?.status === "loading",
    60_000,
    () => "It never began to load.",
  );
  await view.page.$eval("shoal-view", (element) => (element as ShoalView).loseDevice());
  await view.waitForText("The graphics device went away");
  assert.equal(await view.page.locator("shoal-view canvas").isVisible(), false);
  assert.deepEqual(view.faults, []);
  await view.page.getByRole("button", { name: "Reload" }).click();
  // The minimum tier draws the same.
  await view.waitForText(kAll, 120_000);
  await view.close();
});
