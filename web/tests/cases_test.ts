// The native program's end-to-end cases, carried out by the page: what they expect is the same.

import assert from "node:assert/strict";
import { join } from "node:path";
import { after, before, test } from "node:test";
import type { Browser } from "playwright-core";
import type { ViewState } from "../src/messages";
import { charactersBefore } from "../src/view/controls";
import { builtPage, launch } from "./browser";
import { EmbeddedView, attributesOf, sizeOf } from "./embedded_view";
import {
  Judge,
  caseData,
  kFlights,
  listCases,
  makeCaseData,
  parseCommand,
  type Command,
  type Done,
  type NativeCase,
} from "./native_cases";
import { StaticServer } from "./static_server";

let browser: Browser;
let server: StaticServer;
let view: EmbeddedView;
let judge: Judge;
/** What the view was made to show that questions can be asked of. */
let askable = "";

before(async () => {
  makeCaseData();
  server = new StaticServer({
    "/data/flights.parquet": kFlights,
    "/data/": caseData,
    "/embed.html": join(import.meta.dirname, "embed.html"),
    "/": builtPage,
  });
  const site = await server.start();
  browser = await launch();
  view = await EmbeddedView.open(browser, `${site}/embed.html`);
  judge = new Judge();
});

after(async () => {
  judge?.close();
  await browser?.close();
  await server?.stop();
});

async function carryOut(words: string[]): Promise<Done> {
  const command = parseCommand(words);
  const attributes = attributesOf({ ...command, file: `data/${command.file}` });
  const shown = { ...sizeOf(command), attributes };
  // A question has a filter of its own, and the next of the same file needs no new view, whose every shader a software
  // adapter would compile for seconds.
  if (command.name === "query") {
    delete attributes["filter"];
    if (askable === JSON.stringify(shown)) return answerOf(command);
  }
  askable = "";
  const { state, failure } = await view.show(shown);
  const complaints = state === null ? [failure] : complaintsOf(state);
  if (state === null || complaints.length > 0) {
    return { exit_code: 1, stdout: "", stderr: complaints.join("\n"), written: {} };
  }
  if (command.name === "query") {
    askable = JSON.stringify(shown);
    return answerOf(command);
  }
  const { rows_drawn, rows_total, rows_null, rows_outside, exact } = state;
  const out = command.options.get("-o") ?? "";
  return {
    exit_code: 0,
    stdout: JSON.stringify({ out, rows_drawn, rows_total, rows_null, rows_outside, exact }),
    stderr: "",
    written: out === "" ? {} : { [out]: [state.guides!.width, state.guides!.height] },
  };
}

/** What the view that shows the command's file answers to its question. */
async function answerOf({ options }: Command): Promise<Done> {
  const answer = await view.ask(options.get("--filter") ?? "", options.get("--agg") ?? "count");
  if ("error" in answer) return { exit_code: 1, stdout: "", stderr: answer.error.message, written: {} };
  return { exit_code: 0, stdout: jsonOf(answer), stderr: "", written: {} };
}

/** As JSON.stringify, which knows no bigint. */
function jsonOf(value: unknown): string {
  if (typeof value === "bigint") return value.toString();
  if (Array.isArray(value)) return `[${value.map(jsonOf).join(",")}]`;
  if (typeof value !== "object" || value === null) return JSON.stringify(value);
  return `{${Object.entries(value)
    .map(([name, member]) => `${JSON.stringify(name)}:${jsonOf(member)}`)
    .join(",")}}`;
}

/** As the program prints them: an error of the filter above the filter, with a caret below the place. */
function complaintsOf({ errors, filter, filter_error }: ViewState): string[] {
  if (filter_error === null) return errors;
  const indent = " ".repeat(4);
  const caret = `${" ".repeat(charactersBefore(filter, filter_error.at))}^`;
  return [...errors, filter_error.message, indent + filter, indent + caret];
}

/** Why a case is left out; nothing when it is not. */
function leftOut(one: NativeCase): string | false {
  return one.not_in_page ?? false;
}

for (const one of listCases()) {
  test(`${one.claim} (${one.file}:${one.line})`, { skip: leftOut(one) }, async () => {
    const reasons = await judge.judge(one, await carryOut(one.arguments));
    assert.deepEqual(reasons, [], `${one.command}\n        ${reasons.join("\n        ")}`);
    assert.deepEqual(view.faults.splice(0), []);
  });
}
