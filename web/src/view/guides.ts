// Draws the core's display list (src/plot/display_list.h) as SVG: what lies under the picture in one layer, what lies over
// it in another.

import type { DisplayItem, DisplayList } from "../messages";
import { svg } from "./dom";

const kAnchors = { start: "start", middle: "middle", end: "end" } as const;

export class Guides {
  readonly under = svg("svg", { class: "guides", "aria-hidden": "true" });
  readonly over = svg("svg", { class: "guides", "aria-hidden": "true" });
  private shown = "";
  private items: DisplayItem[] = [];

  update(list: DisplayList): void {
    // Most states differ in counts only.
    const text = JSON.stringify(list);
    if (text === this.shown) return;
    this.shown = text;
    this.items = list.items;
    const image = list.items.findIndex((item) => item.type === "image");
    const middle = image < 0 ? 0 : image;
    this.fill(this.under, list, list.items.slice(0, middle));
    this.fill(this.over, list, list.items.slice(middle));
  }

  /** The labels along an axis, "x" or "y", first to last. */
  labels(axis: "x" | "y"): string[] {
    const found: string[] = [];
    for (const item of this.items) if (item.type === "text" && item.role === `label-${axis}`) found.push(item.text);
    return found;
  }

  private fill(layer: SVGSVGElement, list: DisplayList, items: DisplayItem[]): void {
    layer.setAttribute("viewBox", `0 0 ${list.width} ${list.height}`);
    layer.replaceChildren(...items.flatMap(draw));
  }
}

function draw(item: DisplayItem): SVGElement[] {
  switch (item.type) {
    case "image":
      return [];
    case "rect": {
      const { x, y, width, height, fill } = item;
      return [svg("rect", { x, y, width, height, fill })];
    }
    case "line": {
      const { x1, y1, x2, y2, width, stroke } = item;
      return [svg("line", { x1, y1, x2, y2, stroke, "stroke-width": width })];
    }
    case "text":
      return [drawText(item)];
    case "gradient":
      return drawGradient(item);
  }
}

function drawText(item: Extract<DisplayItem, { type: "text" }>): SVGElement {
  const { x, y, text, fill } = item;
  const element = svg("text", { x, y, fill, "font-size": item.size, "text-anchor": kAnchors[item.anchor] }, text);
  if (item.bold) element.setAttribute("font-weight", "600");
  if (item.rotation) element.setAttribute("transform", `rotate(${item.rotation} ${x} ${y})`);
  return element;
}

let gradients = 0;

function drawGradient(item: Extract<DisplayItem, { type: "gradient" }>): SVGElement[] {
  const { x, y, width, height, colors } = item;
  const id = `ramp-${++gradients}`;
  const last = Math.max(1, colors.length - 1);
  const stops = colors.map((color, i) => svg("stop", { offset: i / last, "stop-color": color }));
  return [
    svg("linearGradient", { id, x1: 0, y1: 0, x2: 0, y2: 1 }, ...stops),
    svg("rect", { x, y, width, height, fill: `url(#${id})` }),
  ];
}
