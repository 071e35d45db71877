// One <shoal-view> after the other in a page that embeds it, each of a stage's exact size, driven by attributes.

import type { Browser, Page } from "playwright-core";
import type { Answer, ViewState } from "../src/messages";
import type { ShoalView } from "../src/shoal_view";
import { until } from "./browser";
import type { Command } from "./native_cases";

export interface Shown {
  /** Of the stage, in pixels. */
  width: number;
  height: number;
  attributes: Record<string, string>;
}

/** What a view came to: a state that is ready, or why there is none. */
export type Outcome = { state: ViewState; failure: null } | { state: null; failure: string };

/** An option of the program, and the attribute that says the same. */
const kAttributes: Record<string, string> = {
  "-x": "x",
  "-y": "y",
  "--x-range": "x-range",
  "--y-range": "y-range",
  "--filter": "filter",
  "--scheme": "scheme",
  "--color-scale": "scale",
  "--theme": "theme",
  "--tier": "tier",
};
const kUnits: Record<string, number> = { K: 1e3, M: 1e6, G: 1e9 };
const kWithoutAttribute = ["-o", "--size", "--agg"];

/** The attributes that make a view show what a command does. */
export function attributesOf({ file, options }: Command): Record<string, string> {
  const attributes: Record<string, string> = { theme: "light", src: file };
  for (const [option, value] of options) {
    const name = kAttributes[option];
    if (name !== undefined) attributes[name] = value;
    // The program takes sizes with units, the attribute bytes.
    else if (option === "--memory") attributes["memory"] = String(parseFloat(value) * (kUnits[value.at(-1)!] ?? 1));
    else if (!kWithoutAttribute.includes(option))
      throw new Error(`A page has nothing like ${option}. Say so in the case.`);
  }
  return attributes;
}

export function sizeOf({ options }: Command): { width: number; height: number } {
  const [width, height] = (options.get("--size") ?? "1000x600").split("x").map(Number);
  return { width: width!, height: height! };
}

const kTimeoutMs = 120_000;

export class EmbeddedView {
  readonly faults: string[] = [];

  private constructor(readonly page: Page) {
    page.on("pageerror", (error) => this.faults.push(error.message));
    page.on("console", (message) => {
      if (message.type() === "error") this.faults.push(message.text());
    });
  }

  /** `address`: of embed.html beside the built page. */
  static async open(browser: Browser, address: string): Promise<EmbeddedView> {
    const context = await browser.newContext({ viewport: { width: 1200, height: 800 } });
    const embedded = new EmbeddedView(await context.newPage());
    await embedded.page.goto(address);
    const isDefined = (): Promise<boolean> =>
      embedded.page.evaluate(() => customElements.get("shoal-view") !== undefined);
    await until(isDefined, 30_000, () => `${address} does not define <shoal-view>.`);
    return embedded;
  }

  /** Puts a new view in the place of the last one, and waits until it shows what its attributes say. */
  show(shown: Shown): Promise<Outcome> {
    return this.page.evaluate(
      async ({ width, height, attributes, timeoutMs }) => {
        const sheet = new CSSStyleSheet();
        // The stage alone has a size; what stands above and below it takes what it needs.
        sheet.replaceSync(
          `shoal-view { width: ${width}px; min-height: 0 } shoal-view::part(stage) { height: ${height}px }`,
        );
        document.adoptedStyleSheets = [sheet];
        const view = document.createElement("shoal-view") as ShoalView;
        for (const [name, value] of Object.entries(attributes)) view.setAttribute(name, value);
        return new Promise<Outcome>((resolve, reject) => {
          const fail = (event: Event): void => {
            resolve({ state: null, failure: (event as CustomEvent<{ message: string }>).detail.message });
          };
          view.addEventListener("failed", fail);
          view.addEventListener("fatal", fail);
          view.addEventListener("statechange", (event) => {
            const state = (event as CustomEvent<ViewState>).detail;
            if (state.status === "ready") resolve({ state, failure: null });
          });
          const why = `After ${timeoutMs / 1000} s the view was not ready: `;
          setTimeout(() => reject(new Error(why + JSON.stringify({ ...view.state, guides: undefined }))), timeoutMs);
          document.body.replaceChildren(view);
        });
      },
      { ...shown, timeoutMs: kTimeoutMs },
    );
  }

  /** Asks the view that is shown. */
  ask(filter: string, aggregates: string): Promise<Answer> {
    return this.page.$eval("shoal-view", (view, [text, list]) => (view as ShoalView).query(text!, list!), [
      filter,
      aggregates,
    ]);
  }

  /** What the canvas shows: its channels, red first, row by row. */
  async pixels(): Promise<Uint8Array> {
    const base64 = await this.page.evaluate(async () => {
      const view = document.querySelector("shoal-view") as ShoalView;
      // A canvas that was handed over does not say its own size.
      const { width, height } = view.state!.plot_area;
      const context = new OffscreenCanvas(width, height).getContext("2d")!;
      context.drawImage(view.shadowRoot!.querySelector("canvas")!, 0, 0);
      const { data } = context.getImageData(0, 0, width, height);
      const reader = new FileReader();
      return new Promise<string>((resolve) => {
        reader.onload = () => resolve((reader.result as string).split(",")[1]!);
        reader.readAsDataURL(new Blob([data]));
      });
    });
    return Buffer.from(base64, "base64");
  }

  close(): Promise<void> {
    return this.page.context().close();
  }
}
