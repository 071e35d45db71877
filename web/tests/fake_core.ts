// A core without an engine: it answers as src/web_api does, with a picture worked out here, so that page, worker and
// executor are tested alone and a broken page is told apart from a broken core.
//
// Files named 'broken' fail, files named 'panic' make it panic in the frame after; others load in ten steps.

import { CorePanicError, type Core, type FileRequest, type Frame } from "../src/core";
import { BufferUsage } from "../src/gpu/commands.gen";
import type { CoreConfig, DisplayItem, PlotArea, UiCommand, ViewState } from "../src/messages";
import { StreamBuilder, op, u64 } from "./stream_builder";

const kStreamOffset = 1024;
const kPictureOffset = 65536;
const kRowsTotal = 3_000_000;
const kSteps = 10;
// So that a frame says about 200 commands, as many as a busy one of the real core.
const kFillerCommands = 194;
const kFillerBuffer = 2;

export class FakeCore implements Core {
  memory = new ArrayBuffer(16 << 20);
  crossings = 0;
  private config!: CoreConfig;
  private frames = 0;
  private lastId = 10;
  private bufferBytes = 0;
  private view = { x: 0, y: 0 };
  private requests: FileRequest[] = [];
  private opens = 0;
  private step = 0;
  private changed = true;
  private redraw = false;
  private repaint = true;
  private theme = "light";
  private state: ViewState = {
    status: "empty",
    message: "",
    rows_drawn: 0,
    rows_total: 0,
    rows_in: 0,
    rows_null: 0,
    rows_outside: 0,
    exact: false,
    caption: "",
    columns: [],
    x: "",
    y: "",
    filter: "",
    filter_error: null,
    scheme: "viridis",
    scale: "cbrt",
    plot_area: { x: 0, y: 0, width: 0, height: 0 },
    guides: null,
    gpu_bytes: 0,
    stages: [],
    errors: [],
    answer: null,
  };

  create(config: CoreConfig): void {
    ++this.crossings;
    this.config = config;
  }

  command(command: UiCommand): void {
    ++this.crossings;
    const { state, view } = this;
    this.changed = this.redraw = this.repaint = true;
    if ("open" in command) {
      ++this.opens;
      this.step = 0;
      Object.assign(state, { status: "opening", filter: "", filter_error: null, rows_in: 0, rows_total: 0 });
      if (command.open.name.startsWith("broken")) {
        Object.assign(state, { status: "failed", message: `${command.open.name} is not a Parquet file.` });
      } else {
        this.ask(command.open.name.startsWith("panic") ? -1 : 0);
      }
    } else if ("show" in command) Object.assign(state, command.show);
    else if ("filter" in command) this.filter(command.filter);
    else if ("color" in command) {
      state.scheme = command.color.scheme || state.scheme;
      state.scale = command.color.scale || state.scale;
    } else if ("resize" in command) this.config.canvas = command.resize;
    else if ("theme" in command) this.theme = command.theme;
    else if ("reset" in command) Object.assign(view, { x: 0, y: 0 });
    else if ("pan" in command) {
      view.x -= command.pan.dx;
      view.y -= command.pan.dy;
    } else {
      // Says a frame without sending a picture, so that what its commands cost can be measured.
      this.repaint = false;
    }
  }

  frame(_nowMs: number, _events: Uint32Array): Frame {
    ++this.crossings;
    ++this.frames;
    if (this.requests.some((request) => request.offsetBytes < 0))
      throw new CorePanicError("The fake core was told to.");
    const { state } = this;
    const shown = state.status === "loading" || state.status === "ready";
    const builder = new StreamBuilder();
    if (shown && this.redraw) this.draw(builder);
    const words = builder.take();
    new Uint32Array(this.memory, kStreamOffset).set(words);
    const frame: Frame = {
      streamOffset: kStreamOffset,
      streamWords: words.length,
      requests: this.requests,
      state: this.changed ? JSON.stringify(state) : null,
      wantsFrame: false,
    };
    this.requests = [];
    this.changed = this.redraw = false;
    return frame;
  }

  fileBytes(_request: number, bytes: Uint8Array): void {
    ++this.crossings;
    this.repaint = true;
    if (bytes.length !== 4) throw new Error("not the bytes that were asked for");
    this.changed = this.redraw = true;
    const { state } = this;
    ++this.step;
    state.status = this.step === kSteps ? "ready" : "loading";
    if (this.step < kSteps) this.ask(this.step * 4);
    const rows = (kRowsTotal / kSteps) * this.step;
    Object.assign(state, { rows_total: kRowsTotal, rows_in: rows, rows_drawn: rows, exact: true, gpu_bytes: rows * 8 });
    state.caption = `${rows.toLocaleString("en-US")} of 3,000,000 rows, exact`;
    state.columns = [
      { name: "date", type: "timestamp[us]", plottable: true, why: "" },
      { name: "delay", type: "int16", plottable: true, why: "" },
      { name: "distance", type: "int16", plottable: true, why: "" },
      { name: "route", type: "list<string>", plottable: false, why: "Nested columns are not read yet." },
    ];
    state.x ||= "distance";
    state.y ||= "delay";
    state.stages = [{ name: "density", ms: 1.25 }];
  }

  fileFailed(_request: number, message: string): void {
    ++this.crossings;
    this.changed = true;
    Object.assign(this.state, { status: "failed", message });
  }

  private ask(offsetBytes: number): void {
    this.requests.push({ id: 1, file: this.opens, offsetBytes, sizeBytes: 4 });
  }

  private filter(text: string): void {
    this.state.filter = text;
    const at = text.indexOf("dealy");
    this.state.filter_error = at < 0 ? null : { message: "There is no column 'dealy'. Did you mean 'delay'?", at };
  }

  private draw(builder: StreamBuilder): void {
    const { canvas } = this.config;
    const scale = canvas.scale;
    const area: PlotArea = {
      x: Math.round(64 * scale),
      y: Math.round(20 * scale),
      width: Math.round(canvas.width - 170 * scale),
      height: Math.round(canvas.height - 70 * scale),
    };
    this.state.plot_area = area;
    this.state.guides = {
      width: canvas.width,
      height: canvas.height,
      items: guides(area, scale, this.theme === "dark"),
    };
    const bytesPerRow = Math.ceil(area.width / 64) * 256;
    const size = bytesPerRow * area.height;
    const first = this.lastId;
    if (size > this.bufferBytes) {
      this.bufferBytes = size;
      builder.say(op.createBuffer, 1, "picture", u64(size), BufferUsage.copySrc | BufferUsage.copyDst, 0, 0);
      builder.say(op.createBuffer, kFillerBuffer, "filler", u64(65536), BufferUsage.copyDst, 0, 0);
    }
    if (this.repaint) {
      this.shade(area, bytesPerRow / 4);
      builder.say(op.writeBufferFromBlob, 1, u64(0), 0, u64(kPictureOffset), u64(size));
    }
    builder.say(op.createCommandEncoder, first, "frame");
    for (let i = 0; i < kFillerCommands; ++i) builder.say(op.clearBuffer, first, kFillerBuffer, u64(i * 256), u64(256));
    builder
      .say(op.copyBufferToCanvas, first, 1, u64(0), bytesPerRow, 1, area.width, area.height)
      .say(op.finish, first, first + 1)
      .say(op.submit, [first + 1]);
    this.lastId += 2;
  }

  private shade(area: PlotArea, rowPixels: number): void {
    const pixels = new Uint32Array(this.memory, kPictureOffset);
    const { view } = this;
    for (let row = 0; row < area.height; ++row) {
      const v = (row - area.height / 2 + view.y) / area.height;
      for (let column = 0; column < area.width; ++column) {
        const u = (column - area.width / 2 + view.x) / area.width;
        const value = Math.exp(-8 * (u * u + v * v * 4)) + 0.5 * Math.exp(-60 * ((u - 0.2) ** 2 + (v + 0.1) ** 2));
        const shade = Math.min(1, value);
        const red = 253 * (1 - shade) + 68 * shade;
        const green = 231 * (1 - shade) + 1 * shade;
        const blue = 37 * (1 - shade) + 84 * shade;
        const pixel = 0xff000000 | (blue << 16) | (green << 8) | red;
        pixels[row * rowPixels + column] = shade < 0.06 ? 0 : pixel >>> 0;
      }
    }
  }
}

function guides(area: PlotArea, scale: number, isDark: boolean): DisplayItem[] {
  const ink = isDark ? "#e8ebef" : "#1f2328";
  const soft = isDark ? "#6b7480" : "#8b929c";
  const grid = isDark ? "#22272e" : "#e9ebee";
  const right = area.x + area.width;
  const bottom = area.y + area.height;
  const under: DisplayItem[] = [];
  const over: DisplayItem[] = [{ type: "image", ...area }];
  const text = { type: "text", size: 11 * scale, width: 40 * scale, fill: ink } as const;
  for (let i = 0; i <= 5; ++i) {
    const x = area.x + (area.width * i) / 5;
    const y = bottom - (area.height * i) / 5;
    const line = { type: "line", width: scale } as const;
    under.push({ ...line, role: "grid-x", x1: x, y1: area.y, x2: x, y2: bottom, stroke: grid });
    under.push({ ...line, role: "grid-y", x1: area.x, y1: y, x2: right, y2: y, stroke: grid });
    over.push({ ...line, role: "tick-x", x1: x, y1: bottom, x2: x, y2: bottom + 5 * scale, stroke: soft });
    over.push({ ...text, role: "label-x", x, y: bottom + 18 * scale, text: `${i * 500}`, anchor: "middle" });
    over.push({ ...text, role: "label-y", x: area.x - 8 * scale, y: y + 4 * scale, text: `${i * 100}`, anchor: "end" });
  }
  const legend = { x: right + 24 * scale, y: area.y, width: 12 * scale, height: 160 * scale };
  over.push({
    ...text,
    role: "title-x",
    x: area.x + area.width / 2,
    y: bottom + 40 * scale,
    text: "distance",
    anchor: "middle",
  });
  over.push({
    ...text,
    role: "title-y",
    x: 18 * scale,
    y: area.y + area.height / 2,
    text: "delay",
    anchor: "middle",
    bold: true,
    rotation: -90,
  });
  over.push({ type: "gradient", ...legend, colors: ["#440154", "#21918c", "#fde725"] });
  return [...under, ...over];
}
