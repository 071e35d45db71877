// Questions asked of the page: the real core answers as the program does.

import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { join } from "node:path";
import { after, before, test } from "node:test";
import type { Browser } from "playwright-core";
import type { Answer, QueryAnswer, QueryError } from "../src/messages";
import type { ShoalView } from "../src/shoal_view";
import { ViewPage, builtPage, launch, root } from "./browser";
import { StaticServer } from "./static_server";

const kFlights = join(root, ".deps", "data", "flights-3m.parquet");

let browser: Browser;
let server: StaticServer;
let view: ViewPage;

before(async () => {
  server = new StaticServer({ "/flights.parquet": kFlights, "/": builtPage });
  const site = await server.start();
  browser = await launch();
  view = await ViewPage.open(browser, `${site}/?src=flights.parquet&x=distance&y=delay`);
});

after(async () => {
  await browser?.close();
  await server?.stop();
});

const ask = (filter: string, aggregates: string): Promise<Answer> =>
  view.page.$eval("shoal-view", (element, [text, list]) => (element as ShoalView).query(text!, list!), [
    filter,
    aggregates,
  ]);

const native = (filter: string, aggregates: string): unknown => {
  const args = ["query", kFlights, "--filter", filter, "--agg", aggregates, "--json"];
  return JSON.parse(execFileSync(join(root, "build", "shoal"), args, { encoding: "utf8" }));
};

test("the page answers as the program does, while rows are still coming in", async () => {
  for (const [filter, aggregates] of [
    ["", "count"],
    ["delay > 60 AND origin IN ('SFO', 'OAK')", "count, sum(delay), mean(distance), min(date), max(origin)"],
    ["delay > 100000", "count, sum(delay), max(date)"],
  ] as const) {
    const { id, ...answer } = (await ask(filter, aggregates)) as QueryAnswer;
    assert.ok(id > 0);
    assert.deepEqual(answer, native(filter, aggregates), filter);
  }
});

test("what is wrong with a question is said, and the picture does not care", async () => {
  const state = await view.waitFor(({ status }) => status === "ready");
  const { error } = (await ask("dealy > 60", "count")) as QueryError;
  assert.equal(error.code, "not_found");
  assert.match(error.message, /dealy.*delay/s);
  const answers = await Promise.all([ask("", "median(delay)"), ask("delay > 0", "count")]);
  assert.equal((answers[0] as QueryError).error.code, "invalid_argument");
  assert.deepEqual((answers[1] as QueryAnswer).columns, ["count"]);
  const after = await view.waitFor(({ status }) => status === "ready");
  assert.equal(after.caption, state.caption);
  assert.deepEqual(after.errors, []);
});

test("a question is not left open when the view goes", async () => {
  const refused = await view.page.$eval("shoal-view", async (element) => {
    const answer = (element as ShoalView).query("", "max(distance)").then(
      () => "answered",
      (error: Error) => error.message,
    );
    element.remove();
    return answer;
  });
  assert.equal(refused, "The view was taken out of its document.");
  assert.deepEqual(view.faults, []);
});
