// `shoal/record` as other people's programs import it: what `npm pack build/web` makes a package of.

import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { build } from "esbuild";
import { builtPage, root } from "./browser";

const kProgram = `
import { startRecording, type PageRecording, type RecordOptions } from "shoal/record";
const options: RecordOptions = { frames: 3, onPiece: (piece) => void piece.length };
const recording: PageRecording = startRecording(options);
export const trace: Blob = recording.trace();
// @ts-expect-error: a number
startRecording({ frames: "3" });
`;
let folder: string;
let program: string;

before(() => {
  if (!existsSync(join(builtPage, "package.json"))) throw new Error(`${builtPage} is missing. Run ./dev web.`);
  folder = mkdtempSync(join(tmpdir(), "shoal-package-"));
  mkdirSync(join(folder, "node_modules"));
  symlinkSync(builtPage, join(folder, "node_modules", "shoal"));
  program = join(folder, "program.ts");
  writeFileSync(program, kProgram);
});

after(() => rmSync(folder, { recursive: true, force: true }));

test("every file that the package names is there", () => {
  const { exports } = JSON.parse(readFileSync(join(builtPage, "package.json"), "utf8")) as {
    exports: Record<string, string | Record<string, string>>;
  };
  const files = Object.values(exports).flatMap((named) => (typeof named === "string" ? [named] : Object.values(named)));
  for (const file of files) assert.ok(existsSync(join(builtPage, file)), file);
});

test("a TypeScript program that imports the recorder has its types and its module", async () => {
  const options = [
    "--ignoreConfig",
    "--noEmit",
    "--strict",
    "--module",
    "esnext",
    "--moduleResolution",
    "bundler",
    "--target",
    "es2022",
  ];
  const tsc = join(root, "web", "node_modules", ".bin", "tsc");
  try {
    execFileSync(tsc, [...options, "--lib", "es2022,dom", program], { encoding: "utf8" });
  } catch (error) {
    assert.fail((error as { stdout: string }).stdout);
  }
  const { outputFiles } = await build({ entryPoints: [program], bundle: true, format: "esm", write: false });
  assert.match(outputFiles[0]!.text, /SHOALTRC/);
});
