// The menus and the filter box: they show the state and say what the user chose.

import type { ColumnState, UiCommand, ViewState } from "../messages";
import { el, icon } from "./dom";

export const kSchemes = ["viridis", "magma", "inferno", "cividis"] as const;
export const kScales = [
  ["linear", "Linear"],
  ["log", "Logarithmic"],
  ["cbrt", "Cube root"],
] as const;
// Long enough that a word being typed is not told to be an error.
const kFilterDelayMs = 250;

export class Controls {
  readonly element: HTMLElement;
  readonly filter: HTMLInputElement;
  private readonly x = el("select", { id: "x", change: () => this.show() });
  private readonly y = el("select", { id: "y", change: () => this.show() });
  private readonly scheme = el("select", { id: "scheme", change: () => this.color() });
  private readonly scale = el("select", { id: "scale", change: () => this.color() });
  private readonly filterError = el("p", { id: "filter-error", class: "filter-error", role: "alert", hidden: true });
  private readonly caret = el("span", { class: "caret", "aria-hidden": "true" }, "▲");
  private readonly filterMessage = el("span");
  private columnsShown = "";
  private filterTimer = 0;
  private filterSent = "";

  constructor(private readonly send: (command: UiCommand) => void) {
    for (const name of kSchemes) this.scheme.append(el("option", { value: name }, capital(name)));
    for (const [name, label] of kScales) this.scale.append(el("option", { value: name }, label));
    this.filter = el("input", {
      id: "filter",
      type: "text",
      placeholder: "Filter rows, as in SQL",
      autocomplete: "off",
      autocapitalize: "off",
      spellcheck: "false",
      "aria-describedby": "filter-error",
      input: () => this.typed(),
      change: () => this.sendFilter(),
      keydown: (event) => this.filterKey(event as KeyboardEvent),
    });
    const swap = el(
      "button",
      { class: "quiet swap", type: "button", title: "Exchange the axes", "aria-label": "Exchange the axes" },
      icon("M3 5.5h9.5M10 3l2.5 2.5L10 8M13 10.5H3.5M6 8l-2.5 2.5L6 13"),
    );
    swap.addEventListener("click", () => {
      [this.x.value, this.y.value] = [this.y.value, this.x.value];
      this.show();
    });
    this.filterError.append(this.caret, this.filterMessage);
    this.element = el(
      "div",
      { class: "controls", role: "group", "aria-label": "What is shown" },
      el("div", { class: "axes" }, field("x", "Across", this.x), swap, field("y", "Up", this.y)),
      el("div", { class: "filter" }, field("filter", "Filter", this.filter), this.filterError),
      el("div", { class: "colors" }, field("scheme", "Colour", this.scheme), field("scale", "Scale", this.scale)),
    );
  }

  update(state: ViewState): void {
    const columns = JSON.stringify(state.columns);
    if (columns !== this.columnsShown) {
      this.columnsShown = columns;
      for (const menu of [this.x, this.y]) menu.replaceChildren(...state.columns.map(columnOption));
    }
    choose(this.x, state.x);
    choose(this.y, state.y);
    choose(this.scheme, state.scheme);
    choose(this.scale, state.scale);
    for (const control of [this.x, this.y]) control.disabled = state.columns.length === 0;
    this.updateFilter(state);
  }

  private updateFilter(state: ViewState): void {
    // What is being typed is the user's; what came from elsewhere (an attribute, another file) is shown.
    const typing = this.filterTimer !== 0 || (this.filter.matches(":focus") && this.filter.value === this.filterSent);
    if (!typing && this.filter.value !== state.filter) this.filter.value = this.filterSent = state.filter;
    const error = state.filter_error;
    this.filter.setAttribute("aria-invalid", String(error !== null));
    this.filterError.hidden = error === null;
    if (!error) return;
    this.filterMessage.textContent = error.message;
    // The box is set in a type whose letters are all as wide as one ch, so this many of them lie before the place.
    this.caret.style.setProperty("--at", String(charactersBefore(this.filter.value, error.at)));
  }

  private typed(): void {
    clearTimeout(this.filterTimer);
    this.filterTimer = window.setTimeout(() => this.sendFilter(), kFilterDelayMs);
  }

  private filterKey(event: KeyboardEvent): void {
    if (event.key === "Enter") this.sendFilter();
    if (event.key === "Escape" && this.filter.value !== "") {
      event.preventDefault();
      this.filter.value = "";
      this.sendFilter();
    }
    event.stopPropagation();
  }

  private sendFilter(): void {
    clearTimeout(this.filterTimer);
    this.filterTimer = 0;
    if (this.filter.value === this.filterSent) return;
    this.filterSent = this.filter.value;
    this.send({ filter: this.filterSent });
  }

  private show(): void {
    this.send({ show: { x: this.x.value, y: this.y.value } });
  }

  private color(): void {
    this.send({ color: { scheme: this.scheme.value, scale: this.scale.value } });
  }
}

function field(id: string, label: string, control: HTMLElement): HTMLElement {
  return el("div", { class: "field" }, el("label", { for: id }, label), control);
}

function columnOption(column: ColumnState): HTMLOptionElement {
  const label = column.plottable ? column.name : `${column.name} (cannot be drawn)`;
  return el("option", { value: column.name, disabled: !column.plottable, title: column.why || column.type }, label);
}

function choose(menu: HTMLSelectElement, value: string): void {
  // A menu that is open must not change under the pointer.
  if (value !== "" && menu.value !== value) menu.value = value;
}

/** The core counts bytes of UTF-8; the box counts characters. */
export function charactersBefore(text: string, bytes: number): number {
  const before = new TextEncoder().encode(text).subarray(0, bytes);
  return [...new TextDecoder().decode(before)].length;
}

function capital(word: string): string {
  return word[0]!.toUpperCase() + word.slice(1);
}
