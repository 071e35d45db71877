// What the page, the worker and the core say to each other. Names inside JSON that the core reads or writes are its own.

export type Tier = "full" | "minimum";
export type Theme = "light" | "dark";

export interface AdapterReport {
  vendor: string;
  architecture: string;
  description: string;
  subgroup_min_size: number;
  subgroup_max_size: number;
  limits: Record<string, number>;
  features: string[];
}

/** In device pixels; `scale` is device pixels per CSS pixel. */
export interface CanvasSize {
  width: number;
  height: number;
  scale: number;
}

export interface CoreConfig {
  adapter: AdapterReport;
  canvas: CanvasSize;
  memory_bytes: number;
  tier: Tier;
}

/** One wish of the user, or one fact about the page. Places and distances are in canvas pixels. */
export type UiCommand =
  | { open: { name: string; size: number } }
  | { show: { x: string; y: string } }
  | { filter: string }
  /** What is not named stays as it is. */
  | { color: { scheme?: string; scale?: string } }
  /** What the axes show, as LOW:HIGH or LOW..HIGH; empty for all. */
  | { range: { x: string; y: string } }
  | { resize: CanvasSize }
  | { zoom: { x: number; y: number; factor: number } }
  | { pan: { dx: number; dy: number } }
  | { reset: true }
  /** Aggregates ("count, mean(delay)") of the rows that pass the filter, whatever is shown; `id` names the answer. */
  | { query: { id: number; filter: string; aggregates: string } }
  | { theme: Theme };

export interface ColumnState {
  name: string;
  type: string;
  plottable: boolean;
  /** Why it is not plottable. */
  why: string;
}

export interface PlotArea {
  x: number;
  y: number;
  width: number;
  height: number;
}

/** src/plot/display_list.h, in canvas pixels. */
export interface DisplayList {
  width: number;
  height: number;
  items: DisplayItem[];
}

export type DisplayItem =
  | { type: "rect"; role: string; x: number; y: number; width: number; height: number; fill: string }
  | { type: "line"; role: string; x1: number; y1: number; x2: number; y2: number; width: number; stroke: string }
  | {
      type: "text";
      role: string;
      x: number;
      y: number;
      text: string;
      size: number;
      /** What layout reserved. */
      width: number;
      anchor: "start" | "middle" | "end";
      bold?: boolean;
      /** Degrees, clockwise. */
      rotation?: number;
      fill: string;
    }
  | { type: "image"; x: number; y: number; width: number; height: number }
  | { type: "gradient"; x: number; y: number; width: number; height: number; colors: string[] };

/** As `shoal query --json` prints it: times are ISO text, NaN and infinities are strings. */
export type AnswerValue = number | bigint | string | boolean | null;

export interface QueryAnswer {
  id: number;
  /** The aggregates as they were written. */
  columns: string[];
  rows: AnswerValue[][];
  rows_scanned: number;
  rows_read: number;
  rows_passed: number;
}

export interface QueryError {
  id: number;
  error: { code: string; message: string };
}

/** Of one question. */
export type Answer = QueryAnswer | QueryError;

/** What the core tells about itself whenever some of it changed. */
export interface ViewState {
  /** `loading`: rows come in; `drawing`: all are in, and the picture of the last wish is on its way. */
  status: "empty" | "opening" | "loading" | "drawing" | "ready" | "failed";
  message: string;
  rows_drawn: number;
  rows_total: number;
  rows_in: number;
  rows_null: number;
  rows_outside: number;
  exact: boolean;
  caption: string;
  columns: ColumnState[];
  x: string;
  y: string;
  filter: string;
  filter_error: { message: string; at: number } | null;
  scheme: string;
  scale: string;
  plot_area: PlotArea;
  guides: DisplayList | null;
  gpu_bytes: number;
  stages: { name: string; ms: number }[];
  errors: string[];
  /** Of the last question that was answered. */
  answer: Answer | null;
}

export type ToWorker =
  | { type: "start"; canvas: OffscreenCanvas; size: CanvasSize; tier: Tier; memoryBytes: number; theme: Theme }
  | { type: "open"; source: File | string }
  | { type: "command"; command: UiCommand }
  | { type: "visible"; visible: boolean }
  | { type: "measure" }
  /** Destroys the device, as a driver that crashes would; for tests. */
  | { type: "lose_device" };

/** What cannot be gone on from. `webgpu`: there is none; `device`: it went away; `core`: our own mistake. */
export type Fatal = "webgpu" | "device" | "core";

export type FromWorker =
  | { type: "started"; adapter: string }
  | { type: "state"; json: string }
  | { type: "open_failed"; message: string }
  | { type: "fatal"; fatal: Fatal; message: string }
  | { type: "measured"; measures: Measures };

export interface Measures {
  frames: number;
  /** Calls from JavaScript into the core, all together and in the last frame. */
  crossings: number;
  lastFrameCrossings: number;
  /** JavaScript's own share of the last frame, the core's left out. */
  lastFrameScriptMs: number;
  heapBytes: number;
}
