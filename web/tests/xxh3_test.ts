import assert from "node:assert/strict";
import { test } from "node:test";
import { xxh3 } from "../src/record/xxh3";

// Hashes of the method's own library, of bytes (7 i + 13 (i >> 8)) mod 256: around a stripe, a block and several.
const kHashes: Record<number, bigint> = {
  241: 0x541b19226f0052e8n,
  256: 0xff5a1cefade75bb9n,
  1000: 0x2770859dd531476dn,
  1023: 0x663b228d609c9759n,
  1024: 0xcbeb9f3a1aeccda2n,
  1025: 0xd95859bed3193f4fn,
  2048: 0x8d032ce04bf3e086n,
  2049: 0xc9f1d11d16eef6f1n,
  65537: 0x0758cf2a66634437n,
  1048576: 0x0897bfa3a6d80f14n,
};

test("bytes have the hashes that the method's library gives them", () => {
  for (const [size, hash] of Object.entries(kHashes)) {
    const bytes = Uint8Array.from({ length: Number(size) }, (_, i) => i * 7 + (i >> 8) * 13);
    assert.equal(xxh3(bytes), hash, size);
  }
});

test("what is too short for the method is refused", () => {
  assert.throws(() => xxh3(new Uint8Array(240)), /240 bytes/);
});
