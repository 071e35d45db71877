// Processes below one, which tests end to see what becomes of the others.

import assert from "node:assert/strict";
import { readFileSync, readdirSync } from "node:fs";

/** By what they were started with. */
export function below(parent: number): { id: number; command: string }[] {
  const found: { id: number; command: string }[] = [];
  for (const name of readdirSync("/proc").filter((entry) => /^\d+$/.test(entry))) {
    try {
      const above = Number(
        readFileSync(`/proc/${name}/stat`, "utf8")
          .replace(/^.*\) \S /, "")
          .split(" ")[0],
      );
      if (above !== parent) continue;
      const one = { id: Number(name), command: readFileSync(`/proc/${name}/cmdline`, "utf8") };
      found.push(one, ...below(one.id));
    } catch {
      // It has ended meanwhile.
    }
  }
  return found;
}

/** Ends the processes of that type below one. */
export function kill(parent: number, type: string): void {
  const found = below(parent).filter(({ command }) => command.includes(`--type=${type}`));
  assert.ok(found.length > 0, `There is no ${type} process.`);
  for (const { id } of found) process.kill(id, "SIGKILL");
}

/** Ends the browser below one. */
export function killBrowser(parent: number): void {
  for (const { id, command } of below(parent)) {
    if (!command.includes("--type=")) process.kill(id, "SIGKILL");
  }
}
