// `shoal/record` as other people's programs import it: from the folder that build_package.js packs.

import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { build } from "esbuild";
import { root } from "./browser";

const packed = join(root, "build", "package");

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
  if (!existsSync(join(packed, "package.json"))) throw new Error(`${packed} is missing. Run ./dev examples.`);
  folder = mkdtempSync(join(tmpdir(), "shoal-package-"));
  mkdirSync(join(folder, "node_modules"));
  symlinkSync(packed, join(folder, "node_modules", "shoal"));
  program = join(folder, "program.ts");
  writeFileSync(program, kProgram);
});

after(() => rmSync(folder, { recursive: true, force: true }));

test("every file that the package names is there", () => {
  const { exports } = JSON.parse(readFileSync(join(packed, "package.json"), "utf8")) as {
    exports: Record<string, string | Record<string, string>>;
  };
  const files = Object.values(exports).flatMap((named) => (typeof named === "string" ? [named] : Object.values(named)));
  for (const file of files) assert.ok(existsSync(join(packed, file)), file);
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
