// Debian's Chromium with WebGPU in software, and the page in it.

import { existsSync, mkdirSync } from "node:fs";
import { join } from "node:path";
import { chromium, type Browser, type BrowserContextOptions, type Page } from "playwright-core";
import type { Measures, ViewState } from "../src/messages";
import type { ShoalView } from "../src/shoal_view";

export const root = join(import.meta.dirname, "..", "..");
export const builtPage = join(root, "build", "web");
export const builtTests = join(root, "build", "web-test");
export const screenshots = join(root, "build", "web-test", "screenshots");

// SwiftShader as Vulkan is what shows a canvas in screenshots.
const kWebGpuFlags = [
  "--enable-unsafe-webgpu",
  "--enable-features=Vulkan",
  "--use-vulkan=swiftshader",
  "--use-angle=vulkan",
];
const kWithoutWebGpu = ["--disable-features=WebGPU,WebGPUService", "--disable-blink-features=WebGPU"];

export function launch(options: { webGpu?: boolean } = {}): Promise<Browser> {
  const executablePath = process.env["CHROMIUM"] ?? "/usr/bin/chromium";
  if (!existsSync(executablePath)) {
    throw new Error(`${executablePath} is missing. Install Debian's chromium, or set CHROMIUM to one.`);
  }
  const args = ["--no-sandbox", ...(options.webGpu === false ? kWithoutWebGpu : kWebGpuFlags)];
  return chromium.launch({ executablePath, args });
}

/** One page at an address, with what its view says about itself. */
export class ViewPage {
  /** Errors that the page did not handle, and what it logged as one. */
  readonly faults: string[] = [];

  private constructor(readonly page: Page) {
    page.on("pageerror", (error) => this.faults.push(error.message));
    page.on("console", (message) => {
      if (message.type() === "error") this.faults.push(message.text());
    });
  }

  static async open(browser: Browser, address: string, options: BrowserContextOptions = {}): Promise<ViewPage> {
    const context = await browser.newContext({ viewport: { width: 1200, height: 800 }, ...options });
    const view = new ViewPage(await context.newPage());
    await view.page.goto(address);
    await view.page.waitForSelector("shoal-view");
    return view;
  }

  state(): Promise<ViewState | null> {
    return this.page.$eval("shoal-view", (view) => (view as ShoalView).state);
  }

  measure(): Promise<Measures> {
    return this.page.$eval("shoal-view", (view) => (view as ShoalView).measure());
  }

  /** Waits until the state is as wanted. */
  async waitFor(wanted: (state: ViewState) => boolean, timeoutMs = 120_000): Promise<ViewState> {
    let state: ViewState | null = null;
    await until(
      async () => (state = await this.state()) !== null && wanted(state),
      timeoutMs,
      () => `The state did not become ${wanted.toString()}: ${JSON.stringify({ ...state, guides: undefined })}`,
    );
    return state!;
  }

  async waitForText(text: string, timeoutMs = 60_000): Promise<void> {
    const place = this.page.getByText(text, { exact: false }).first();
    await place.waitFor({ timeout: timeoutMs }).catch(async () => {
      const state = JSON.stringify({ ...(await this.state()), guides: undefined });
      throw new Error(`The page did not show '${text}' within ${timeoutMs / 1000} s, but its state is ${state}`);
    });
  }

  async screenshot(name: string): Promise<Buffer> {
    mkdirSync(screenshots, { recursive: true });
    return this.page.screenshot({ path: join(screenshots, `${name}.png`) });
  }

  close(): Promise<void> {
    return this.page.context().close();
  }
}

/** Asks again and again from here: the page's content policy forbids evaluating conditions in it. */
export async function until(holds: () => Promise<boolean>, timeoutMs: number, why: () => string): Promise<void> {
  const end = Date.now() + timeoutMs;
  while (!(await holds())) {
    if (Date.now() > end) throw new Error(why());
    await new Promise((resolve) => setTimeout(resolve, 30));
  }
}
