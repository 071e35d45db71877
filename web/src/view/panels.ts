// What takes the stage's place when there is nothing to show: no file yet, a file that cannot be read, no WebGPU, a
// device that went away. Each says what to do next.

import type { Fatal } from "../messages";
import { el, svg } from "./dom";

export function emptyPanel(choose: () => void): HTMLElement {
  return el(
    "div",
    { class: "over empty" },
    mark(),
    el("h2", {}, "Drop a Parquet file here"),
    el("p", {}, "Every row of it is drawn. It is read in this tab and goes nowhere."),
    el("button", { class: "primary", type: "button", click: choose }, "Choose a file"),
  );
}

export function failedPanel(message: string, choose: () => void): HTMLElement {
  return el(
    "div",
    { class: "over", role: "alert" },
    el("h2", {}, "This file cannot be shown"),
    el("p", {}, message),
    el("button", { class: "primary", type: "button", click: choose }, "Choose another file"),
  );
}

export function fatalPanel(fatal: Fatal, message: string): HTMLElement {
  const reload = el("button", { class: "primary", type: "button", click: () => location.reload() }, "Reload");
  if (fatal === "webgpu") return webGpuPanel(message);
  const said = message === "" ? "" : `The browser says: ${message}`;
  if (fatal === "device") {
    return el(
      "div",
      { class: "over", role: "alert" },
      el("h2", {}, "The graphics device went away"),
      el(
        "p",
        {},
        "Its driver restarted, or another program took it. The data on it are gone, so nothing more is shown.",
      ),
      el("p", {}, said),
      reload,
    );
  }
  return el(
    "div",
    { class: "over", role: "alert" },
    el("h2", {}, "shoal stopped"),
    el("p", {}, "It met something that it did not expect, and shows nothing rather than something wrong."),
    el("p", {}, message),
    reload,
  );
}

function webGpuPanel(message: string): HTMLElement {
  return el(
    "div",
    { class: "over", role: "alert" },
    el("h2", {}, "shoal needs WebGPU"),
    el("p", {}, `${message} shoal draws on the graphics processor through it, and has no slower way.`),
    el(
      "ul",
      {},
      el(
        "li",
        {},
        "Use a current Chrome, Edge, Firefox or Safari, and let it use the graphics processor in its settings.",
      ),
      el("li", {}, "In Chrome on Linux, ", el("code", {}, "chrome://flags/#enable-unsafe-webgpu"), " switches it on."),
      el("li", {}, "A page must come from ", el("code", {}, "https://"), " or from this machine to be given WebGPU."),
      el("li", {}, "Without any of that, ", el("code", {}, "shoal render"), " makes the same picture in a terminal."),
    ),
  );
}

/** A shoal: many small marks that make one shape. */
export function mark(): SVGSVGElement {
  const drawing = svg("svg", { class: "mark", viewBox: "0 0 64 40", width: 128, height: 80, "aria-hidden": "true" });
  // Sunflower order fills an ellipse evenly; marks shrink towards its tail.
  const kMarks = 90;
  const kGoldenAngle = 2.399963;
  for (let i = 0; i < kMarks; ++i) {
    const radius = Math.sqrt((i + 0.5) / kMarks);
    const x = 32 + 30 * radius * Math.cos(i * kGoldenAngle);
    const y = 20 + 17 * radius * Math.sin(i * kGoldenAngle) * (0.35 + x / 64);
    drawing.append(
      svg("circle", { cx: x.toFixed(1), cy: y.toFixed(1), r: (0.5 + x / 64).toFixed(2), fill: "currentColor" }),
    );
  }
  return drawing;
}
