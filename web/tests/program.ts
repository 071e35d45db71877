// The program, as a user calls it.

import { execFile } from "node:child_process";
import { join } from "node:path";
import { root } from "./browser";

export const kProgram = join(root, "build", "shoal");

export interface Done {
  code: number;
  stdout: string;
  stderr: string;
}

export function shoal(...words: string[]): Promise<Done> {
  return shoalIn({}, ...words);
}

/** With that beside what this process has in its environment. */
export function shoalIn(environment: Record<string, string>, ...words: string[]): Promise<Done> {
  return new Promise((resolve) => {
    const options = { maxBuffer: 1 << 28, env: { ...process.env, ...environment } };
    execFile(kProgram, words, options, (error, stdout, stderr) =>
      resolve({ code: error ? Number(error.code ?? -1) : 0, stdout, stderr }),
    );
  });
}
