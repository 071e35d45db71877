// The end-to-end cases of tests/cases, which the native program runs too: their list, their inputs and their judge are
// those of tests/run_cases.py.

import { execFileSync, spawn, type ChildProcessWithoutNullStreams } from "node:child_process";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { root } from "./browser";

/** One entry of `run_cases.py --list-json`: the format is that of tests/README.md. */
export interface NativeCase {
  claim: string;
  command: string;
  arguments: string[];
  not_in_page: string | null;
  file: string;
  line: number;
}

/** What a command did, as the judge takes it. */
export interface Done {
  exit_code: number;
  stdout: string;
  stderr: string;
  /** Width and height of every file. */
  written: Record<string, [number, number]>;
}

export const kFlights = join(root, ".deps", "data", "flights-3m.parquet");
export const caseData = join(root, "build", "testdata", "cases");
const kRunner = join(root, "tests", "run_cases.py");

export function listCases(): NativeCase[] {
  return JSON.parse(execFileSync("python3", [kRunner, "--list-json"], { encoding: "utf8" })) as NativeCase[];
}

export function makeCaseData(): void {
  execFileSync("python3", [join(root, "tests", "make_data.py"), caseData], { stdio: "inherit" });
}

/** Asked for the reasons why a case does not hold. */
export class Judge {
  private readonly process: ChildProcessWithoutNullStreams = spawn("python3", [kRunner, "--judge"]);
  private readonly answers = createInterface(this.process.stdout)[Symbol.asyncIterator]();

  async judge(one: NativeCase, done: Done): Promise<string[]> {
    this.process.stdin.write(`${JSON.stringify({ case: one, ...done })}\n`);
    const answer = await this.answers.next();
    if (answer.done) throw new Error(`${kRunner} --judge ended without an answer.`);
    return JSON.parse(answer.value) as string[];
  }

  close(): void {
    this.process.stdin.end();
  }
}

export interface Command {
  name: string;
  file: string;
  options: Map<string, string>;
}

/** Throws for a command that a page could not carry out. */
export function parseCommand(words: string[]): Command {
  const [name, file, ...rest] = words;
  if (name === undefined || file === undefined || file.startsWith("-")) {
    throw new Error(`'${words.join(" ")}' names no file. Say in the case, after '~ ', why a page leaves it out.`);
  }
  const options = new Map<string, string>();
  for (let i = 0; i < rest.length; ++i) {
    const word = rest[i]!;
    if (word === "--json") continue;
    // "--y-range=-30:120": a value that begins with a dash is joined to its option.
    const joined = /^(--[a-z-]+)=(.*)$/s.exec(word);
    if (joined) options.set(joined[1]!, joined[2]!);
    else options.set(word, rest[++i] ?? "");
  }
  return { name, file, options };
}
