import assert from "node:assert/strict";
import { test } from "node:test";
import type { Core, Frame } from "../src/core";
import type { FileSource } from "../src/file_source";
import type { FromWorker, UiCommand } from "../src/messages";
import { Session } from "../src/session";
import { MockDevice, asDevice, settle } from "./mock_gpu";

const size = { width: 640, height: 480, scale: 1 };
const adapter = {
  vendor: "mock",
  architecture: "",
  description: "",
  subgroup_min_size: 4,
  subgroup_max_size: 4,
  limits: {},
  features: [],
};

/** Remembers what it is told, and answers with `next`. */
class ScriptedCore implements Core {
  memory = new ArrayBuffer(64);
  crossings = 0;
  readonly told: string[] = [];
  next: Partial<Frame> = {};

  create(): void {
    this.tell("create");
  }
  command(command: UiCommand): void {
    this.tell(JSON.stringify(command));
  }
  frame(_nowMs: number, events: Uint32Array): Frame {
    this.tell(`frame${events.length > 0 ? " with events" : ""}`);
    const frame = { streamOffset: 0, streamWords: 0, requests: [], state: null, wantsFrame: false, ...this.next };
    this.next = {};
    return frame;
  }
  fileBytes(request: number, bytes: Uint8Array): void {
    this.tell(`bytes ${request}: ${bytes.length}`);
  }
  fileFailed(request: number, message: string): void {
    this.tell(`failed ${request}: ${message}`);
  }
  take(): string[] {
    return this.told.splice(0);
  }
  private tell(what: string): void {
    ++this.crossings;
    this.told.push(what);
  }
}

function setUp(): {
  core: ScriptedCore;
  device: MockDevice;
  session: Session;
  posted: FromWorker[];
  frame: () => boolean;
} {
  const core = new ScriptedCore();
  const device = new MockDevice();
  const posted: FromWorker[] = [];
  let due: ((nowMs: number) => void) | null = null;
  const session = new Session({
    core,
    device: asDevice(device),
    adapter,
    canvas: { texture: () => ({}) as GPUTexture },
    size,
    tier: "full",
    memoryBytes: 2 ** 30,
    theme: "light",
    post: (message) => posted.push(message),
    nextFrame: (run) => {
      assert.equal(due, null, "two frames were asked for at once");
      due = run;
    },
  });
  const frame = (): boolean => {
    const run = due;
    due = null;
    run?.(0);
    return run !== null;
  };
  frame();
  core.take();
  return { core, device, session, posted, frame };
}

function source(reads: Promise<Uint8Array>[] = []): FileSource & { closed: boolean } {
  return {
    name: "some.parquet",
    sizeBytes: 4000,
    closed: false,
    read: () => reads.shift() ?? Promise.resolve(new Uint8Array(8)),
    close() {
      this.closed = true;
    },
  };
}

test("frames run only while somebody wants them, and a steady one is one call", () => {
  const { core, frame, session } = setUp();
  assert.equal(frame(), false);
  session.command({ reset: true });
  core.next = { wantsFrame: true };
  assert.equal(frame(), true);
  core.take();
  assert.equal(frame(), true);
  assert.deepEqual(core.take(), ["frame"]);
  assert.equal(session.measure().lastFrameCrossings, 1);
  assert.equal(frame(), false);
});

test("moves that come faster than frames are put together, in order with the rest", () => {
  const { core, frame, session } = setUp();
  for (const dx of [1, 2, 3]) session.command({ pan: { dx, dy: 1 } });
  for (const factor of [2, 3]) session.command({ zoom: { x: 5, y: 6, factor } });
  session.command({ zoom: { x: 7, y: 6, factor: 2 } });
  session.command({ pan: { dx: 1, dy: 0 } });
  for (const width of [100, 200]) session.command({ resize: { ...size, width } });
  frame();
  assert.deepEqual(core.take(), [
    '{"pan":{"dx":6,"dy":3}}',
    '{"zoom":{"x":5,"y":6,"factor":6}}',
    '{"zoom":{"x":7,"y":6,"factor":2}}',
    '{"pan":{"dx":1,"dy":0}}',
    '{"resize":{"width":200,"height":480,"scale":1}}',
    "frame",
  ]);
});

test("bytes that the core asks for come with the next frame, failures as sentences", async () => {
  const { core, frame, session } = setUp();
  session.open(source([Promise.resolve(new Uint8Array(4)), Promise.reject(new Error("It is gone."))]));
  const request = { file: 1, offsetBytes: 0, sizeBytes: 4 };
  core.next = {
    requests: [
      { id: 11, ...request },
      { id: 12, ...request },
    ],
    state: "{}",
  };
  frame();
  assert.deepEqual(core.take(), ['{"open":{"name":"some.parquet","size":4000}}', "frame"]);
  await settle();
  assert.equal(frame(), true);
  assert.deepEqual(core.take(), ["bytes 11: 4", "failed 12: It is gone.", "frame"]);
});

test("bytes of a file that is no longer shown are not told", async () => {
  const { core, frame, session } = setUp();
  const first = source();
  session.open(first);
  core.next = { requests: [{ id: 11, file: 1, offsetBytes: 0, sizeBytes: 8 }] };
  frame();
  session.open(source());
  assert.equal(first.closed, true);
  await settle();
  core.take();
  frame();
  assert.deepEqual(
    core.take().filter((told) => told.startsWith("bytes")),
    [],
  );
});

test("a core that throws and a device that is lost end the session once", async () => {
  for (const end of ["core", "device"] as const) {
    const { core, device, frame, session, posted } = setUp();
    if (end === "core") {
      core.frame = () => {
        throw new Error("unreachable");
      };
      session.command({ reset: true });
      frame();
    } else {
      device.lose({ reason: "unknown", message: "The driver crashed." });
      await settle();
    }
    session.command({ reset: true });
    frame();
    assert.deepEqual(
      posted.map((message) => message.type === "fatal" && message.fatal),
      [end],
    );
  }
});
