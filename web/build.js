// Builds the page into build/web/: static files that any server, or `shoal view`, can hand out.
//
//   node build.js            the core comes from build/web-wasm/, where CMake leaves it
//   node build.js --no-core  the page only

import { build } from "esbuild";
import { copyFileSync, existsSync, mkdirSync, rmSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const web = dirname(fileURLToPath(import.meta.url));
const root = dirname(web);
const out = join(root, "build", "web");
const core = join(root, "build", "web-wasm", "src", "web_api", "core.wasm");
const withCore = !process.argv.includes("--no-core");

if (withCore && !existsSync(core)) {
  console.error(`The core is not built: ${core} is missing. Run ./dev web, which builds it first.`);
  process.exit(1);
}

rmSync(out, { recursive: true, force: true });
mkdirSync(out, { recursive: true });
await build({
  absWorkingDir: web,
  entryPoints: ["src/app.ts", "src/shoal_view.ts", "src/worker.ts"],
  outdir: out,
  bundle: true,
  splitting: true,
  format: "esm",
  target: "es2023",
  minify: true,
  sourcemap: true,
  legalComments: "none",
  logLevel: "warning",
});
// The recorder of any page: a script that begins at once, and a module to import.
const alone = { absWorkingDir: web, outdir: out, bundle: true, target: "es2022", minify: true, logLevel: "warning" };
await build({ ...alone, entryPoints: { record: "src/record/script.ts" }, format: "iife" });
await build({ ...alone, entryPoints: { record_module: "src/record/start.ts" }, format: "esm" });
// What `shoal replay --browser` opens.
await build({ ...alone, entryPoints: { replay: "src/replay/replay.ts" }, format: "iife" });
copyFileSync(join(web, "src", "replay", "replay.html"), join(out, "replay.html"));
for (const file of ["index.html", "app.css", "icon.svg"]) copyFileSync(join(web, "src", file), join(out, file));
if (withCore) copyFileSync(core, join(out, "core.wasm"));
console.log(`The page is in ${out}.`);
