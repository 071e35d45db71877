// The picture in words and numbers: what a screen reader reads instead of it, and anyone may open.

import type { ViewState } from "../messages";
import { el } from "./dom";

const number = new Intl.NumberFormat("en-US");

/** Name and value of everything worth saying about the view. */
export function summaryRows(state: ViewState, xLabels: string[], yLabels: string[]): [string, string][] {
  const rows: [string, string][] = [
    [`Across: ${state.x}`, range(xLabels)],
    [`Up: ${state.y}`, range(yLabels)],
    ["Rows drawn", number.format(state.rows_drawn)],
    ["Rows in the file", number.format(state.rows_total)],
    ["Rows outside the view", number.format(state.rows_outside)],
    ["Rows without a value", number.format(state.rows_null)],
    ["Counts", state.exact ? "exact" : "so far"],
    ["Filter", state.filter || "none"],
    ["Memory on the GPU", formatBytes(state.gpu_bytes)],
  ];
  for (const { name, ms } of state.stages) rows.push([`Time: ${name}`, `${ms.toFixed(1)} ms`]);
  return rows;
}

function range(labels: string[]): string {
  return labels.length === 0 ? "" : `${labels[0]} to ${labels.at(-1)}`;
}

/** As the core writes sizes: powers of ten. */
export function formatBytes(bytes: number): string {
  for (const [unit, size] of [
    ["GB", 1e9],
    ["MB", 1e6],
    ["kB", 1e3],
  ] as const) {
    if (bytes >= size) return `${(bytes / size).toFixed(1)} ${unit}`;
  }
  return `${bytes} bytes`;
}

export function summaryTable(rows: [string, string][]): HTMLTableElement {
  return el(
    "table",
    {},
    el("caption", {}, "The view in numbers"),
    el(
      "tbody",
      {},
      ...rows
        .filter(([, value]) => value !== "")
        .map(([name, value]) => el("tr", {}, el("th", { scope: "row" }, name), el("td", {}, value))),
    ),
  );
}
