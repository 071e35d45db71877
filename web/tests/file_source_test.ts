import assert from "node:assert/strict";
import { createServer, type RequestListener, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { FileError, openFile, openUrl } from "../src/file_source";
import { StaticServer } from "./static_server";

const bytes = Uint8Array.from({ length: 200_000 }, (_, i) => (i * 7 + (i >> 9)) & 255);
let folder: string;
let server: StaticServer;
let site: string;

before(async () => {
  folder = mkdtempSync(join(tmpdir(), "shoal-"));
  writeFileSync(join(folder, "large file.parquet"), bytes);
  writeFileSync(join(folder, "small.parquet"), bytes.subarray(0, 10));
  writeFileSync(join(folder, "empty.parquet"), "");
  server = new StaticServer({ "/": folder });
  site = await server.start();
});

after(async () => {
  await server.stop();
  rmSync(folder, { recursive: true });
});

async function refusal(read: Promise<unknown>): Promise<string> {
  const error = await read.then(
    () => assert.fail("nothing was refused"),
    (reason: unknown) => reason,
  );
  assert.ok(error instanceof FileError, String(error));
  return error.message;
}

/** A server that answers every request in this way. */
async function withServer(answer: RequestListener, use: (address: string) => Promise<void>): Promise<void> {
  const odd: Server = createServer(answer);
  await new Promise<void>((resolve) => odd.listen(0, "127.0.0.1", resolve));
  await use(`http://127.0.0.1:${(odd.address() as AddressInfo).port}/odd.parquet`);
  odd.closeAllConnections();
  odd.close();
}

test("one request opens a file and brings its end; others bring what is asked for", async () => {
  const seen = server.requests.length;
  const file = await openUrl(`${site}/large%20file.parquet`);
  assert.deepEqual([file.name, file.sizeBytes], ["large file.parquet", 200_000]);
  assert.deepEqual(await file.read(200_000 - 8, 8), bytes.slice(-8));
  assert.deepEqual(await file.read(200_000 - 65536, 100), bytes.slice(200_000 - 65536, 200_000 - 65436));
  assert.equal(server.requests.length - seen, 1);
  assert.deepEqual(await file.read(1000, 50_000), bytes.slice(1000, 51_000));
  assert.equal(server.requests.length - seen, 2);
});

test("a file smaller than its end is whole after the first request", async () => {
  const file = await openUrl(`${site}/small.parquet`);
  assert.equal(file.sizeBytes, 10);
  assert.deepEqual(await file.read(0, 10), bytes.slice(0, 10));
});

test("what a server refuses is a sentence with its remedy", async () => {
  assert.match(
    await refusal(openUrl(`${site}/none.parquet`)),
    /none\.parquet is not there.* 404 .*Check the address\./,
  );
  assert.match(await refusal(openUrl(`${site}/plain/small.parquet`)), /ignores range requests.*'shoal view'/);
  assert.match(await refusal(openUrl(`${site}/empty.parquet`)), /empty\.parquet is empty\. Write it again/);
  assert.match(await refusal(openUrl("http://127.0.0.1:9/gone.parquet")), /gone\.parquet cannot be fetched/);
  await withServer(
    (_, response) => response.writeHead(500).end(),
    async (address) => assert.match(await refusal(openUrl(address)), /answered 500/),
  );
  await withServer(
    (_, response) => response.writeHead(206).end("PAR1"),
    async (address) => assert.match(await refusal(openUrl(address)), /does not tell the size/),
  );
  await withServer(
    (_, response) => response.writeHead(206, { "content-range": "bytes 0-99/100" }).end("PAR1"),
    async (address) => assert.match(await refusal(openUrl(address)), /truncated.*4 bytes where 100/),
  );
});

test("a file that changes while it is read is not mixed with what it was", async () => {
  let version = 0;
  await withServer(
    (_, response) => {
      const headers = { "content-range": "bytes 100000-165535/165536", etag: `"${++version}"` };
      response.writeHead(206, headers).end(bytes.subarray(0, 65536));
    },
    async (address) => {
      const file = await openUrl(address);
      assert.match(await refusal(file.read(0, 65536)), /changed on the server/);
    },
  );
});

test("reads of a file that was closed end", async () => {
  await withServer(
    (request, response) => {
      if (request.headers.range !== "bytes=-65536") return; // never answered
      response.writeHead(206, { "content-range": "bytes 100000-100003/100004" }).end("PAR1");
    },
    async (address) => {
      const file = await openUrl(address);
      const read = refusal(file.read(0, 10));
      file.close();
      assert.match(await read, /given up/);
    },
  );
});

test("a picked file is read in parts, and a vanished one is an error", async () => {
  const file = openFile(new File([bytes], "picked.parquet"));
  assert.deepEqual([file.name, file.sizeBytes], ["picked.parquet", 200_000]);
  assert.deepEqual(await file.read(5, 10), bytes.slice(5, 15));
  assert.throws(() => openFile(new File([], "empty.parquet")), /empty\.parquet is empty\. Write it again/);
  const gone = new File([bytes], "gone.parquet");
  gone.slice = () => {
    throw new Error("NotReadableError");
  };
  assert.match(await refusal(openFile(gone).read(0, 1)), /gone\.parquet can no longer be read/);
});
