// Builds the examples in TypeScript into build/examples_web/: a page each, beside the package that they import.

import { build } from "esbuild";
import { cpSync, existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const web = dirname(fileURLToPath(import.meta.url));
const root = dirname(web);
const out = join(root, "build", "examples_web");
const installed = join(root, "build", "package");
const names = ["adopt_your_device", "custom_monoid", "sort_and_unique", "ten_million_points"];

if (!existsSync(join(installed, "primitives.js"))) {
  console.error(`The package is not built: ${installed} is missing. Run ./dev examples, which builds it first.`);
  process.exit(1);
}
rmSync(out, { recursive: true, force: true });
mkdirSync(out, { recursive: true });
await build({
  absWorkingDir: join(root, "examples"),
  entryPoints: names.map((name) => `${name}/${name}.ts`),
  entryNames: "[name]",
  outdir: out,
  bundle: true,
  format: "esm",
  target: "es2023",
  external: ["shoal/*"],
  logLevel: "warning",
});
cpSync(installed, join(out, "shoal"), { recursive: true });
const imports = JSON.stringify({ imports: { "shoal/primitives": "./shoal/primitives.js" } });
const template = readFileSync(join(root, "examples", "page.html"), "utf8");
for (const name of names) {
  const page = template
    .replace("NAME", name)
    .replace("<script", `<script type="importmap">${imports}</script>\n    <script`);
  writeFileSync(join(out, `${name}.html`), page);
}
const list = names.map((name) => `<li><a href="${name}.html">${name}</a></li>`).join("\n");
writeFileSync(join(out, "index.html"), `<!doctype html><title>examples</title><ul>${list}</ul>`);
console.log(`The examples are in ${out}.`);
