// Where the bytes of a file come from: a File that was picked or dropped, or an address that answers range requests.

/** A file that cannot be opened or read; the message is a whole sentence for the reader. */
export class FileError extends Error {}

export interface FileSource {
  readonly name: string;
  readonly sizeBytes: number;
  /** Exactly `sizeBytes` bytes. Throws a FileError. */
  read(offsetBytes: number, sizeBytes: number): Promise<Uint8Array>;
  /** Gives up reads that are under way. */
  close(): void;
}

/** Throws a FileError. */
export function openFile(file: File): FileSource {
  if (file.size === 0) throw emptyFile(file.name);
  return {
    name: file.name,
    sizeBytes: file.size,
    async read(offsetBytes, sizeBytes) {
      try {
        return new Uint8Array(await file.slice(offsetBytes, offsetBytes + sizeBytes).arrayBuffer());
      } catch {
        throw new FileError(`${file.name} can no longer be read. It was moved or changed; open it again.`);
      }
    },
    close() {},
  };
}

// A Parquet file is read from its end. Asking for the end first tells the size too, and saves two round trips.
const kTailBytes = 65536;

/** Opens `address` with one request. Throws a FileError. */
export async function openUrl(address: string): Promise<FileSource> {
  const name = nameOf(address);
  const abort = new AbortController();
  const response = await request(name, address, `bytes=-${kTailBytes}`, abort.signal);
  const { start, total } = contentRange(name, response);
  const tail = await bodyOf(name, response, total - start);
  const version = response.headers.get("etag");

  return {
    name,
    sizeBytes: total,
    async read(offsetBytes, sizeBytes) {
      if (offsetBytes >= start) return tail.slice(offsetBytes - start, offsetBytes - start + sizeBytes);
      const last = offsetBytes + sizeBytes - 1;
      const part = await request(name, address, `bytes=${offsetBytes}-${last}`, abort.signal);
      const range = contentRange(name, part);
      if (range.total !== total || part.headers.get("etag") !== version) {
        throw new FileError(`${name} changed on the server while it was being read. Reload the page to read it anew.`);
      }
      return bodyOf(name, part, sizeBytes);
    },
    close() {
      abort.abort();
    },
  };
}

function emptyFile(name: string): FileError {
  return new FileError(`${name} is empty. Write it again from its source.`);
}

function nameOf(address: string): string {
  const path = new URL(address, "http://localhost/").pathname;
  const last = path.slice(path.lastIndexOf("/") + 1);
  try {
    return decodeURIComponent(last) || address;
  } catch {
    return last;
  }
}

async function request(name: string, address: string, range: string, signal: AbortSignal): Promise<Response> {
  let response: Response;
  try {
    // Nothing is asked for twice. And Chromium's cache, asked for the end of a file of which it holds other parts, has
    // been seen to give less than that end.
    response = await fetch(address, { headers: { range }, signal, cache: "no-store" });
  } catch (error) {
    if (signal.aborted) throw new FileError(`Reading ${name} was given up.`);
    throw new FileError(
      `${name} cannot be fetched from ${address}: the network failed, or that server does not let this page read it ` +
        `(${error instanceof Error ? error.message : String(error)}).`,
    );
  }
  if (response.status === 206) return response;
  await response.body?.cancel();
  if (response.ok) {
    throw new FileError(
      `${name} cannot be read in parts: its server ignores range requests (it answered ${response.status} instead of ` +
        `206). Download the file and drop it here, or show it with 'shoal view'.`,
    );
  }
  if (response.status === 416) throw emptyFile(name);
  if (response.status === 404) {
    throw new FileError(`${name} is not there: the server answered 404 for ${address}. Check the address.`);
  }
  throw new FileError(`${name} cannot be fetched: the server answered ${response.status} for ${address}.`);
}

function contentRange(name: string, response: Response): { start: number; total: number } {
  const header = response.headers.get("content-range");
  const match = /^bytes (\d+)-\d+\/(\d+)$/.exec(header ?? "");
  if (!match) {
    throw new FileError(
      `${name} cannot be read in parts: its server does not tell the size of the file (Content-Range is ` +
        `${header === null ? "missing, or hidden by CORS" : `'${header}'`}).`,
    );
  }
  return { start: Number(match[1]), total: Number(match[2]) };
}

async function bodyOf(name: string, response: Response, sizeBytes: number): Promise<Uint8Array> {
  let bytes: Uint8Array;
  try {
    bytes = new Uint8Array(await response.arrayBuffer());
  } catch {
    throw new FileError(`${name} cannot be read on: the connection to its server broke.`);
  }
  if (bytes.length !== sizeBytes) {
    throw new FileError(
      `${name} is truncated: its server sent ${bytes.length} bytes where ${sizeBytes} were asked for.`,
    );
  }
  return bytes;
}
