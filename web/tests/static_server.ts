// A web server as a test needs it: folders and files under paths, range requests as RFC 9110 has them, and on purpose
// also servers that know none.

import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import { createReadStream, existsSync, statSync } from "node:fs";
import { extname, join, normalize } from "node:path";
import type { AddressInfo } from "node:net";

const kTypes: Record<string, string> = {
  ".html": "text/html",
  ".js": "text/javascript",
  ".mjs": "text/javascript",
  ".css": "text/css",
  ".svg": "image/svg+xml",
  ".wasm": "application/wasm",
};

export class StaticServer {
  readonly requests: string[] = [];
  private readonly server: Server;

  /** `mounts` maps the start of a path to a folder or a file, the first that has it; `/plain/` serves the same as `/` without ranges. */
  constructor(private readonly mounts: Record<string, string>) {
    this.server = createServer((request, response) => this.answer(request, response));
  }

  async start(): Promise<string> {
    await new Promise<void>((resolve) => this.server.listen(0, "127.0.0.1", resolve));
    return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}`;
  }

  async stop(): Promise<void> {
    this.server.closeAllConnections();
    await new Promise((resolve) => this.server.close(resolve));
  }

  private answer(request: IncomingMessage, response: ServerResponse): void {
    const path = decodeURIComponent(new URL(request.url!, "http://localhost").pathname);
    const plain = path.startsWith("/plain/");
    const { range } = request.headers;
    this.requests.push(`${path}${range ? ` ${range}` : ""}`);
    const file = this.find(plain ? path.slice("/plain".length) : path);
    if (!file) return void response.writeHead(404).end("not here");
    const size = statSync(file).size;
    const headers = { "content-type": kTypes[extname(file)] ?? "application/octet-stream", etag: `"${size}"` };
    const match = plain ? null : /^bytes=(\d*)-(\d*)$/.exec(range ?? "");
    if (!match) {
      response.writeHead(200, { ...headers, "content-length": size });
      createReadStream(file).pipe(response);
      return;
    }
    const first = match[1] === "" ? Math.max(0, size - Number(match[2])) : Number(match[1]);
    const last = match[1] === "" || match[2] === "" ? size - 1 : Math.min(size - 1, Number(match[2]));
    if (first > last) return void response.writeHead(416, { "content-range": `bytes */${size}` }).end();
    const length = last - first + 1;
    response.writeHead(206, {
      ...headers,
      "content-length": length,
      "content-range": `bytes ${first}-${last}/${size}`,
    });
    createReadStream(file, { start: first, end: last }).pipe(response);
  }

  private find(path: string): string | null {
    const safe = normalize(path);
    for (const [prefix, target] of Object.entries(this.mounts)) {
      if (!safe.startsWith(prefix)) continue;
      const rest = safe.slice(prefix.length);
      const file = isFile(target) ? target : join(target, rest || "index.html");
      if (isFile(file)) return file;
    }
    return null;
  }
}

function isFile(path: string): boolean {
  return existsSync(path) && statSync(path).isFile();
}
