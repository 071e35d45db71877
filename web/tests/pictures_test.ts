// The page and the native program make the same picture: bins count by count, pixels to one step of a channel, guides as
// display lists.

import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { existsSync, mkdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { after, before, test } from "node:test";
import type { Browser } from "playwright-core";
import { builtPage, builtTests, launch } from "./browser";
import { EmbeddedView, attributesOf, sizeOf } from "./embedded_view";
import { kFlights, parseCommand } from "./native_cases";
import { kProgram } from "./program";
import type { ReadBuffer } from "./readable_worker";
import { StaticServer } from "./static_server";

const kDumps = join(builtTests, "pictures");
const kMostChannelSteps = 1;
// The canvas shows a frame a moment after the core has told of it.
const kPresentedWithinMs = 5_000;

let browser: Browser;
let server: StaticServer;
let view: EmbeddedView;

before(async () => {
  if (!existsSync(kProgram)) throw new Error(`${kProgram} is missing. Run ./dev build, which builds it.`);
  mkdirSync(kDumps, { recursive: true });
  server = new StaticServer({
    "/data/flights.parquet": kFlights,
    "/embed.html": join(import.meta.dirname, "embed.html"),
    "/worker.js": join(builtTests, "readable_worker.js"),
    "/": builtPage,
  });
  browser = await launch();
  view = await EmbeddedView.open(browser, `${await server.start()}/embed.html`);
});

after(async () => {
  await browser?.close();
  await server?.stop();
});

const kRequests: Record<string, string[]> = {
  "cube root": ["-x", "distance", "-y", "delay"],
  linear: ["-x", "distance", "-y", "delay", "--color-scale", "linear"],
  logarithmic: ["-x", "distance", "-y", "delay", "--color-scale", "log", "--scheme", "inferno", "--size", "400x300"],
  "a filter": ["-x", "distance", "-y", "delay", "--filter", "delay > 60 AND origin IN ('SFO', 'OAK')"],
  "a zoom": ["-x", "distance", "-y", "delay", "--x-range", "200:1000", "--y-range=-30:120", "--size", "400x300"],
  "a time axis": ["-x", "date", "-y", "distance"],
  "a week": ["-x", "date", "-y", "delay", "--x-range", "2001-02-01..2001-02-08"],
  "a string axis": ["-x", "origin", "-y", "delay", "--size", "400x300"],
  "two string axes": ["-x", "origin", "-y", "destination", "--filter", "distance < 500"],
  "dark theme": ["-x", "distance", "-y", "delay", "--theme", "dark", "--scheme", "magma"],
  "minimum tier": ["-x", "delay", "-y", "distance", "--tier", "minimum", "--theme", "dark", "--size", "400x300"],
};

for (const [name, options] of Object.entries(kRequests)) {
  test(`native and page agree on ${name}`, async () => {
    const native = renderNatively(name, options);
    const command = parseCommand(["render", "data/flights.parquet", ...options]);
    const { state, failure } = await view.show({ ...sizeOf(command), attributes: attributesOf(command) });
    assert.ok(state, failure ?? "");
    assert.deepEqual([state.errors, state.filter_error], [[], null]);
    const { rows_drawn, rows_total, rows_null, rows_outside } = state;
    assert.deepEqual({ rows_drawn, rows_total, rows_null, rows_outside }, native.rows);

    assert.deepEqual(state.guides, native.guides);

    const worker = view.page.workers().at(-1)!;
    const counts = await worker.evaluate(
      ([label, sizeBytes]) => (self as unknown as { readBuffer: ReadBuffer }).readBuffer(label, sizeBytes),
      ["density counts", native.counts.length * 4] as const,
    );
    assert.deepEqual(differences(counts, native.counts, 0), []);

    let pixels = await view.pixels();
    const end = Date.now() + kPresentedWithinMs;
    while (differences(pixels, native.pixels, kMostChannelSteps).length > 0 && Date.now() < end) {
      pixels = await view.pixels();
    }
    assert.equal(pixels.length, native.pixels.length);
    assert.deepEqual(differences(pixels, native.pixels, kMostChannelSteps), []);
    const apart = pixels.reduce((sum, channel, i) => sum + (channel === native.pixels[i] ? 0 : 1), 0);
    console.log(`# ${name}: ${counts.length} bins equal, ${apart} of ${pixels.length} channels one step apart`);
    assert.deepEqual(view.faults.splice(0), []);
  });
}

interface Native {
  rows: object;
  counts: Uint32Array;
  pixels: Uint8Array;
  guides: unknown;
}

function renderNatively(name: string, options: string[]): Native {
  const dump = (what: string): string => join(kDumps, `${name}.${what}`);
  const outputs = ["counts", "pixels", "guides"].flatMap((what) => [`--dump-${what}`, dump(what)]);
  const words = ["render", kFlights, ...options, "--bare", "--json", "-o", dump("png"), ...outputs];
  const said = JSON.parse(execFileSync(kProgram, words, { encoding: "utf8" })) as Record<string, number>;
  const { rows_drawn, rows_total, rows_null, rows_outside } = said;
  const counts = readFileSync(dump("counts"));
  return {
    rows: { rows_drawn, rows_total, rows_null, rows_outside },
    counts: new Uint32Array(counts.buffer, counts.byteOffset, counts.length / 4),
    pixels: readFileSync(dump("pixels")),
    guides: JSON.parse(readFileSync(dump("guides"), "utf8")),
  };
}

/** The first of the numbers that are more than `most` apart, in words. */
function differences(page: ArrayLike<number>, native: ArrayLike<number>, most: number): string[] {
  const found: string[] = [];
  for (let i = 0; i < native.length && found.length < 5; ++i) {
    if (!(Math.abs(page[i]! - native[i]!) <= most)) found.push(`${i}: page ${page[i]}, native ${native[i]}`);
  }
  return found;
}
