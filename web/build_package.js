// Builds the npm package into build/package/, and packs it: build/shoal-VERSION.tgz, which `npm install FILE` takes. It holds
// what build.js left in build/web/ but what only the program opens, and the primitives; primitives.wasm comes from
// build/web-wasm/, where CMake leaves it.

import { build } from "esbuild";
import { execFileSync } from "node:child_process";
import { copyFileSync, cpSync, existsSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const web = dirname(fileURLToPath(import.meta.url));
const root = dirname(web);
const out = join(root, "build", "package");
const page = join(root, "build", "web");
const module = join(root, "build", "web-wasm", "src", "web_api", "primitives.wasm");

for (const needed of [join(page, "record_module.js"), module]) {
  if (existsSync(needed)) continue;
  console.error(`${needed} is missing. Run ./dev examples, which builds it before the package.`);
  process.exit(1);
}
rmSync(out, { recursive: true, force: true });
cpSync(page, out, { recursive: true, filter: (file) => !/\.map$|\breplay\.(js|html)$/.test(file) });
await build({
  absWorkingDir: web,
  entryPoints: ["src/primitives/primitives.ts"],
  outdir: out,
  bundle: true,
  format: "esm",
  target: "es2023",
  minify: true,
  legalComments: "none",
  logLevel: "warning",
});
copyFileSync(module, join(out, "primitives.wasm"));

// Declarations of the sources that programs see, which import no others.
const types = join(root, "build", "package_types", "primitives");
rmSync(types, { recursive: true, force: true });
execFileSync(join(web, "node_modules", ".bin", "tsc"), ["-p", "tsconfig.package.json"], { cwd: web, stdio: "inherit" });
for (const source of ["primitives", "calls.gen", "call_writer", "group_statistics"]) {
  // With their endings, which Node's way of finding modules asks for.
  const text = readFileSync(join(types, `${source}.d.ts`), "utf8").replace(/from "(\.[^"]*)"/g, 'from "$1.js"');
  writeFileSync(join(out, `${source}.d.ts`), text);
}
copyFileSync(join(web, "src", "record", "record_module.d.ts"), join(out, "record_module.d.ts"));

const { name, version, description, license } = JSON.parse(readFileSync(join(web, "package.json"), "utf8"));
const exports = {
  "./primitives": { types: "./primitives.d.ts", default: "./primitives.js" },
  "./primitives.wasm": "./primitives.wasm",
  "./record": { types: "./record_module.d.ts", default: "./record_module.js" },
  "./record.js": "./record.js",
  "./view": "./shoal_view.js",
};
const described = { name, version, description, license, type: "module", exports };
writeFileSync(join(out, "package.json"), `${JSON.stringify(described, null, 2)}\n`);
copyFileSync(join(web, "PACKAGE.md"), join(out, "README.md"));
copyFileSync(join(root, "LICENSE"), join(out, "LICENSE"));
execFileSync("npm", ["pack", "--silent", "--pack-destination", join(root, "build")], { cwd: out, stdio: "ignore" });
console.log(`The package is build/${name}-${version}.tgz.`);
