// <shoal-view src="flights.parquet" x="distance" y="delay">: the picture, its guides and its controls.
//
// The picture is drawn in a worker, on a canvas handed over to it. This side shows the state the core tells (guides,
// menus, caption, errors) and sends it what the user wishes; it decides nothing about data.
//
// Attributes: src, x, y, x-range, y-range (LOW:HIGH, or LOW..HIGH for times), filter, scheme, scale, theme (light or dark;
// else the system's), tier (full or minimum), memory (bytes on the GPU). Events: `statechange` with the state as detail,
// `failed` with {message} for a file that cannot be shown, `fatal` with {fatal, message}. Methods: open, query.

import type { Answer, CanvasSize, FromWorker, Measures, Theme, Tier, UiCommand, ViewState } from "./messages";
import { Controls } from "./view/controls";
import { el, icon } from "./view/dom";
import { listenForGestures, zoomStep, type Gestures } from "./view/gestures";
import { Guides } from "./view/guides";
import { emptyPanel, failedPanel, fatalPanel } from "./view/panels";
import { Questions } from "./view/questions";
import { kStyle } from "./view/style";
import { formatBytes, summaryRows, summaryTable } from "./view/summary_table";
import { WorkerLink } from "./view/worker_link";

const kNarrowPixels = 900;
// A canvas of zero pixels cannot be drawn on; a stage that is not laid out yet has none.
const kLeastPixels = 1;
/** Attributes that speak of the file's columns, and those that any file can be shown with. */
const kColumnChoices = ["x", "y", "x-range", "y-range", "filter"];
const kColorChoices = ["scheme", "scale"];
const kKeys: [string, string][] = [
  ["← → ↑ ↓", "Move the view; with Shift, half of it"],
  ["+  −", "Zoom in, zoom out"],
  ["0", "Show everything"],
  ["/", "Write a filter"],
  ["Esc", "Clear the filter, close a panel"],
];

export class ShoalView extends HTMLElement {
  static readonly observedAttributes = ["src", "theme", ...kColumnChoices, ...kColorChoices];

  /** Where the worker lies; beside this module unless an embedder bundles it elsewhere. */
  static workerAddress = new URL("worker.js", import.meta.url);

  /** What the core told last. */
  state: ViewState | null = null;

  /** Of the file that is shown, or being opened. */
  fileName = "";

  private link: WorkerLink | null = null;
  private readonly questions = new Questions();
  private canvas = el("canvas");
  private readonly guides = new Guides();
  private readonly controls = new Controls((command) => this.send(command));
  private readonly stage = el("div", {
    class: "stage",
    part: "stage",
    tabindex: 0,
    role: "application",
    "aria-roledescription": "chart",
    "aria-label": "No file is shown",
    blank: true,
  });
  private readonly progress = el("progress", { class: "progress", "aria-label": "Loading", hidden: true });
  private readonly over = el("div", { hidden: true });
  private readonly drop = el("div", { class: "over drop", hidden: true }, el("h2", {}, "Drop to show this file"));
  private readonly rows = el("span", { class: "rows" });
  private readonly more = el("span", { class: "more" });
  private readonly note = el("p", { class: "note", role: "alert", hidden: true });
  private readonly announcement = el("p", { class: "unseen", role: "status" });
  private readonly picker = el("input", { type: "file", accept: ".parquet,.parq", hidden: true, "aria-label": "File" });
  private readonly zoomButtons: HTMLElement;
  private readonly numbersPanel = el("div", { class: "panel", id: "numbers", hidden: true, tabindex: -1 });
  private readonly keysPanel = el("div", { class: "panel", id: "keys", hidden: true, tabindex: -1 }, keysTable());
  private readonly resizes = new ResizeObserver(() => this.resized());
  private readonly darkness = matchMedia("(prefers-color-scheme: dark)");
  private readonly tellTheme = (): void => this.send({ theme: this.theme });
  private readonly tellVisibility = (): void => {
    this.link?.send({ type: "visible", visible: document.visibilityState === "visible" });
  };
  private measured: ((measures: Measures) => void) | null = null;
  private announced = "";
  private opened = false;

  constructor() {
    super();
    const root = this.attachShadow({ mode: "open" });
    const sheet = new CSSStyleSheet();
    sheet.replaceSync(kStyle);
    root.adoptedStyleSheets = [sheet];
    const gestures: Gestures = {
      scale: () => devicePixelRatio,
      plotArea: () => this.plotArea(),
      send: (command) => this.send(command),
    };
    listenForGestures(this.stage, gestures);
    this.zoomButtons = el(
      "div",
      { class: "zoom", hidden: true },
      iconButton("Zoom in", "M8 3.5v9M3.5 8h9", () => zoomStep(gestures, 1)),
      iconButton("Zoom out", "M3.5 8h9", () => zoomStep(gestures, -1)),
      iconButton("Show everything", "M3 6V3h3M13 6V3h-3M3 10v3h3M13 10v3h-3", () => this.send({ reset: true })),
    );
    this.stage.append(this.guides.under, this.canvas, this.guides.over, this.progress, this.note);
    const caption = el(
      "div",
      { class: "caption" },
      this.rows,
      this.more,
      el(
        "div",
        { class: "tools" },
        this.zoomButtons,
        el("button", { class: "quiet", type: "button", click: () => this.picker.click() }, "Open…"),
        this.panelButton("Numbers", this.numbersPanel),
        this.panelButton("Keys", this.keysPanel),
      ),
    );
    const middle = el("div", { class: "middle" }, this.stage, this.over, this.drop);
    root.append(
      this.controls.element,
      middle,
      caption,
      this.numbersPanel,
      this.keysPanel,
      this.announcement,
      this.picker,
    );

    this.picker.addEventListener("change", () => {
      const file = this.picker.files?.[0];
      this.picker.value = "";
      if (file) this.open(file);
    });
    this.listenForDrops();
    this.addEventListener("keydown", (event) => this.key(event));
  }

  connectedCallback(): void {
    // Not in the constructor: what document.createElement() gives must have no attributes yet.
    this.showOver(emptyPanel(() => this.picker.click()));
    this.start();
    this.openSource();
    this.resizes.observe(this);
    this.resizes.observe(this.stage);
    this.darkness.addEventListener("change", this.tellTheme);
    document.addEventListener("visibilitychange", this.tellVisibility);
  }

  /** Frees the device and the data on it. An element that is put back starts anew. */
  disconnectedCallback(): void {
    this.resizes.disconnect();
    this.darkness.removeEventListener("change", this.tellTheme);
    document.removeEventListener("visibilitychange", this.tellVisibility);
    this.link?.close();
    this.link = null;
    this.opened = false;
    this.questions.giveUp("The view was taken out of its document.");
  }

  attributeChangedCallback(name: string): void {
    if (!this.link) return;
    if (name === "src") this.openSource();
    else if (name === "theme") this.tellTheme();
    else if (this.opened) this.sendChoices([name]);
  }

  /** Shows a file that the user gave, or the one at an address. */
  open(source: File | string): void {
    // A session shows one file. The next one begins with a new device and an empty heap, so that nothing of the last is
    // kept.
    const isFirst = !this.opened;
    if (!isFirst) this.restart();
    this.opened = true;
    this.state = null;
    this.stage.toggleAttribute("blank", true);
    this.showOver(null);
    this.progress.hidden = false;
    this.progress.removeAttribute("value");
    this.fileName = typeof source === "string" ? nameAt(source) : source.name;
    this.rows.textContent = `Opening ${this.fileName}`;
    this.more.textContent = "";
    this.link?.send({
      type: "open",
      source: typeof source === "string" ? new URL(source, document.baseURI).href : source,
    });
    // The attributes speak of the first file's columns; another that the user opens has its own.
    const choices = isFirst ? [...kColumnChoices, ...kColorChoices] : kColorChoices;
    this.sendChoices(choices.filter((name) => this.hasAttribute(name)));
  }

  /**
   * Aggregates of the rows that pass a filter (all when it is empty), whatever is shown: query("delay > 60", "count,
   * mean(delay)"). What is wrong with the question is in the answer; rejects when nobody is left to answer.
   */
  query(filter: string, aggregates: string): Promise<Answer> {
    const answer = this.questions.ask(filter, aggregates, (command) => this.send(command));
    if (!this.link) this.questions.giveUp("The view is not in a document.");
    return answer;
  }

  /** Frames, crossings and times so far. */
  measure(): Promise<Measures> {
    return new Promise((resolve) => {
      this.measured = resolve;
      this.link?.send({ type: "measure" });
    });
  }

  /** Destroys the device as a crashing driver would. */
  loseDevice(): void {
    this.link?.send({ type: "lose_device" });
  }

  private start(): void {
    // A canvas can be handed over once only.
    const fresh = el("canvas", { "aria-hidden": "true" });
    this.canvas.replaceWith(fresh);
    this.canvas = fresh;
    const canvas = fresh.transferControlToOffscreen();
    this.link = new WorkerLink(ShoalView.workerAddress, (message) => this.receive(message));
    const tier: Tier = this.getAttribute("tier") === "minimum" ? "minimum" : "full";
    const memoryBytes = Number(this.getAttribute("memory")) || defaultMemoryBytes();
    const size = this.canvasSize();
    this.link.send({ type: "start", canvas, size, tier, memoryBytes, theme: this.theme }, [canvas]);
    this.tellVisibility();
    this.resized();
  }

  private restart(): void {
    this.link?.close();
    this.questions.giveUp("Another file was opened.");
    this.opened = false;
    this.start();
  }

  private openSource(): void {
    const source = this.getAttribute("src");
    if (source) this.open(source);
  }

  private sendChoices(names: readonly string[]): void {
    const value = (name: string): string => this.getAttribute(name) ?? "";
    const changed = (...of: string[]): boolean => names.some((name) => of.includes(name));
    if (changed("x", "y")) this.send({ show: { x: value("x"), y: value("y") } });
    if (changed("x-range", "y-range")) this.send({ range: { x: value("x-range"), y: value("y-range") } });
    if (changed("filter")) this.send({ filter: value("filter") });
    if (changed("scheme", "scale")) this.send({ color: { scheme: value("scheme"), scale: value("scale") } });
  }

  private get theme(): Theme {
    const chosen = this.getAttribute("theme");
    if (chosen === "light" || chosen === "dark") return chosen;
    return this.darkness.matches ? "dark" : "light";
  }

  private send(command: UiCommand): void {
    this.link?.send({ type: "command", command });
  }

  private canvasSize(): CanvasSize {
    const scale = devicePixelRatio;
    const pixels = (css: number): number => Math.max(kLeastPixels, Math.round(css * scale));
    return { width: pixels(this.stage.clientWidth), height: pixels(this.stage.clientHeight), scale };
  }

  private resized(): void {
    this.toggleAttribute("narrow", this.clientWidth < kNarrowPixels);
    this.send({ resize: this.canvasSize() });
  }

  /** In CSS pixels of the stage. */
  private plotArea(): { x: number; y: number; width: number; height: number } {
    const area = this.state?.plot_area ?? { x: 0, y: 0, width: 0, height: 0 };
    const scale = devicePixelRatio;
    return { x: area.x / scale, y: area.y / scale, width: area.width / scale, height: area.height / scale };
  }

  private receive(message: FromWorker): void {
    if (message.type === "state") this.told(message.json);
    else if (message.type === "open_failed") this.failed(message.message);
    else if (message.type === "measured") this.measured?.(message.measures);
    else if (message.type === "fatal") {
      this.questions.giveUp(message.message);
      this.blank();
      this.showOver(fatalPanel(message.fatal, message.message));
      this.dispatchEvent(new CustomEvent("fatal", { detail: { fatal: message.fatal, message: message.message } }));
    }
  }

  private told(json: string): void {
    const state = JSON.parse(json) as ViewState;
    this.questions.take(state, json);
    this.update(state);
  }

  private update(state: ViewState): void {
    this.state = state;
    this.controls.update(state);
    if (state.status === "failed") return this.failed(state.message);
    const shown = state.status === "loading" || state.status === "drawing" || state.status === "ready";
    this.stage.toggleAttribute("blank", !shown);
    this.zoomButtons.hidden = !shown;
    if (shown) {
      this.showOver(null);
      this.showPicture(state);
    }
    this.progress.hidden = state.status !== "opening" && state.status !== "loading";
    if (state.status === "loading" && state.rows_total > 0) this.progress.value = state.rows_in / state.rows_total;
    this.dispatchEvent(new CustomEvent("statechange", { detail: state }));
  }

  private showPicture(state: ViewState): void {
    this.placePicture(state);
    this.rows.textContent = state.caption;
    this.more.textContent = [this.fileName, ...details(state)].join(" · ");
    this.more.title = this.more.textContent;
    this.stage.setAttribute("aria-label", `Density of ${state.y} over ${state.x}. ${state.caption}.`);
    this.note.hidden = state.errors.length === 0;
    this.note.textContent = state.errors.at(-1) ?? "";
    if (!this.numbersPanel.hidden) this.fillNumbers();
    // Said once it is so, not with every row group.
    if (state.status === "ready" && state.caption !== this.announced) {
      this.announcement.textContent = this.announced = state.caption;
    }
  }

  // The canvas holds the plot area; guides span the whole stage. Their sizes are those of the frame that was drawn, which
  // need not be the size that the stage has just taken.
  private placePicture(state: ViewState): void {
    if (!state.guides) return;
    const { x, y, width, height } = this.plotArea();
    Object.assign(this.canvas.style, { left: `${x}px`, top: `${y}px`, width: `${width}px`, height: `${height}px` });
    for (const layer of [this.guides.under, this.guides.over]) {
      layer.style.width = `${state.guides.width / devicePixelRatio}px`;
      layer.style.height = `${state.guides.height / devicePixelRatio}px`;
    }
    this.guides.update(state.guides);
  }

  private failed(message: string): void {
    this.questions.giveUp(message);
    this.blank();
    this.showOver(failedPanel(message, () => this.picker.click()));
    this.dispatchEvent(new CustomEvent("failed", { detail: { message } }));
  }

  private blank(): void {
    this.stage.toggleAttribute("blank", true);
    this.stage.setAttribute("aria-label", "No picture is shown");
    this.zoomButtons.hidden = this.progress.hidden = this.note.hidden = true;
    this.rows.textContent = this.more.textContent = "";
  }

  /** `panel` takes the place of the picture, and of the controls too where no file is shown that they could change. */
  private showOver(panel: HTMLElement | null): void {
    this.toggleAttribute("bare", panel !== null);
    this.over.replaceChildren(...(panel ? [panel] : []));
    this.over.hidden = panel === null;
  }

  private panelButton(label: string, panel: HTMLElement): HTMLElement {
    const button = el(
      "button",
      { class: "quiet", type: "button", "aria-expanded": "false", "aria-controls": panel.id },
      label,
    );
    button.addEventListener("click", () => {
      const open = panel.hidden;
      this.closePanels();
      panel.hidden = !open;
      button.setAttribute("aria-expanded", String(open));
      if (open && panel === this.numbersPanel) this.fillNumbers();
      if (open) panel.focus();
    });
    return button;
  }

  private closePanels(): void {
    this.numbersPanel.hidden = this.keysPanel.hidden = true;
    for (const button of this.shadowRoot!.querySelectorAll("[aria-expanded]"))
      button.setAttribute("aria-expanded", "false");
  }

  private fillNumbers(): void {
    if (!this.state) return;
    this.numbersPanel.replaceChildren(
      summaryTable(summaryRows(this.state, this.guides.labels("x"), this.guides.labels("y"))),
    );
  }

  private key(event: KeyboardEvent): void {
    const typing = event.composedPath()[0] instanceof HTMLInputElement;
    if (event.key === "/" && !typing && !event.ctrlKey && !event.metaKey) {
      event.preventDefault();
      this.controls.filter.focus();
    } else if (event.key === "Escape") {
      this.closePanels();
    }
  }

  private listenForDrops(): void {
    let depth = 0;
    const show = (change: number): void => {
      depth = Math.max(0, depth + change);
      this.drop.hidden = depth === 0;
    };
    const isFile = (event: DragEvent): boolean => event.dataTransfer?.types.includes("Files") ?? false;
    this.addEventListener("dragenter", (event) => {
      if (isFile(event)) show(1);
    });
    this.addEventListener("dragleave", (event) => {
      if (isFile(event)) show(-1);
    });
    this.addEventListener("dragover", (event) => {
      if (isFile(event)) event.preventDefault();
    });
    this.addEventListener("drop", (event) => {
      event.preventDefault();
      show(-depth);
      const file = event.dataTransfer?.files[0];
      if (file) this.open(file);
    });
  }
}

function iconButton(label: string, path: string, act: () => void): HTMLElement {
  return el("button", { class: "quiet", type: "button", title: label, "aria-label": label, click: act }, icon(path));
}

function keysTable(): HTMLElement {
  const rows = kKeys.map(([keys, what]) => {
    const caps = keys.split(/\s+/).flatMap((key) => [el("kbd", {}, key), " "]);
    return el("tr", {}, el("th", { scope: "row" }, ...caps), el("td", {}, what));
  });
  return el("table", {}, el("caption", {}, "Keys, when the picture has the focus"), el("tbody", {}, ...rows));
}

function details(state: ViewState): string[] {
  const number = new Intl.NumberFormat("en-US");
  const parts: string[] = [];
  if (state.rows_outside > 0) parts.push(`${number.format(state.rows_outside)} outside the view`);
  if (state.rows_null > 0) parts.push(`${number.format(state.rows_null)} without a value`);
  if (state.gpu_bytes > 0) parts.push(`${formatBytes(state.gpu_bytes)} on the GPU`);
  return parts;
}

function nameAt(address: string): string {
  return address.slice(address.lastIndexOf("/") + 1) || address;
}

/** A quarter of the machine's memory, which the browser tells in steps up to 8 GiB; 1 GiB where it does not tell. */
function defaultMemoryBytes(): number {
  const told = (navigator as { deviceMemory?: number }).deviceMemory;
  return (told === undefined ? 1 : told / 4) * 2 ** 30;
}

customElements.define("shoal-view", ShoalView);
