// XXH3-64 with seed 0, by which a trace names its blobs. 64-bit numbers are pairs of 32-bit words in the loop over the
// bytes, where BigInt would be fifty times slower; the constants are the method's (github.com/Cyan4973/xxHash, its
// specification).

const kStripeWords = 16;
const kStripesPerBlock = 16;
const kBlockBytes = kStripesPerBlock * kStripeWords * 4;
const kMask = (1n << 64n) - 1n;
const kPrime32x1 = 0x9e3779b1;
const kPrime64x1 = 0x9e3779b185ebca87n;
const kSecret = Uint8Array.from(
  (
    "b8fe6c3923a44bbe7c01812cf721ad1cded46de9839097db7240a4a4b7b3671fcb79e64eccc0e578825ad07dccff7221" +
    "b8084674f743248ee03590e6813a264c3c2852bb91c300cb88d0658b1b532ea371644897a20df94e3819ef46a9deacd8" +
    "a8fa763fe39c343ff9dcbbc7c70b4f1d8a51e04bcdb45931c89f7ec9d9787364eac5ac8334d3ebc3c581a0fffa1363eb" +
    "170ddd51b7f0da49d316552629d4689e2b16be587d47a1fc8ff8b8d17ad031ce45cb3a8f95160428afd7fbcabb4b407e"
  ).match(/../g)!,
  (digits) => parseInt(digits, 16),
);

// The secret's words from a byte on, which need not be aligned.
function secretFrom(start: number): Uint32Array {
  return new Uint32Array(kSecret.slice(start, start + ((kSecret.length - start) & ~3)).buffer);
}
const kStripeSecret = secretFrom(0);
const kScrambleSecret = secretFrom(kSecret.length - 64);
const kLastSecret = secretFrom(kSecret.length - 64 - 7);
const kMergeSecret = secretFrom(11);

// Eight lanes of 64 bits, low words and high words; one computation at a time.
const low = new Uint32Array(8);
const high = new Uint32Array(8);
const kFirstLow = [0xc2b2ae3d, 0x85ebca87, 0x27d4eb4f, 0x9e3779f9, 0xc2b2ae63, 0x85ebca77, 0x165667c5, kPrime32x1];
const kFirstHigh = [0, 0x9e3779b1, 0xc2b2ae3d, 0x165667b1, 0x85ebca77, 0, 0x27d4eb2f, 0];

function highOfProduct(a: number, b: number): number {
  const aLow = a & 0xffff;
  const aHigh = a >>> 16;
  const bLow = b & 0xffff;
  const bHigh = b >>> 16;
  const middle = aHigh * bLow + ((aLow * bLow) >>> 16);
  const other = aLow * bHigh + (middle & 0xffff);
  return (aHigh * bHigh + (middle >>> 16) + (other >>> 16)) >>> 0;
}

function add(lane: number, addedLow: number, addedHigh: number): void {
  const sum = low[lane]! + addedLow;
  low[lane] = sum;
  high[lane] = high[lane]! + addedHigh + (sum > 0xffffffff ? 1 : 0);
}

function addStripe(words: Uint32Array, at: number, secret: Uint32Array, secretAt: number): void {
  for (let lane = 0; lane < 8; ++lane) {
    const dataLow = words[at + 2 * lane]!;
    const dataHigh = words[at + 2 * lane + 1]!;
    const keyLow = (dataLow ^ secret[secretAt + 2 * lane]!) >>> 0;
    const keyHigh = (dataHigh ^ secret[secretAt + 2 * lane + 1]!) >>> 0;
    add(lane ^ 1, dataLow, dataHigh);
    add(lane, Math.imul(keyLow, keyHigh) >>> 0, highOfProduct(keyLow, keyHigh));
  }
}

function scramble(): void {
  for (let lane = 0; lane < 8; ++lane) {
    const laneLow = (low[lane]! ^ (high[lane]! >>> 15) ^ kScrambleSecret[2 * lane]!) >>> 0;
    const laneHigh = (high[lane]! ^ kScrambleSecret[2 * lane + 1]!) >>> 0;
    low[lane] = Math.imul(laneLow, kPrime32x1);
    high[lane] = highOfProduct(laneLow, kPrime32x1) + (Math.imul(laneHigh, kPrime32x1) >>> 0);
  }
}

const word64 = (words: Uint32Array, lane: number): bigint =>
  (BigInt(words[2 * lane + 1]!) << 32n) | BigInt(words[2 * lane]!);

function merge(sizeBytes: number): bigint {
  let hash = (BigInt(sizeBytes) * kPrime64x1) & kMask;
  const lane = (i: number): bigint => ((BigInt(high[i]!) << 32n) | BigInt(low[i]!)) ^ word64(kMergeSecret, i);
  for (let i = 0; i < 8; i += 2) {
    const product = lane(i) * lane(i + 1);
    hash += (product & kMask) ^ (product >> 64n);
  }
  hash &= kMask;
  hash ^= hash >> 37n;
  hash = (hash * 0x165667919e3779f9n) & kMask;
  return hash ^ (hash >> 32n);
}

/** Of more than 240 bytes, which begin at a multiple of 4 in their memory; shorter ones have other ways that no blob needs. */
export function xxh3(bytes: Uint8Array): bigint {
  const size = bytes.length;
  if (size <= 240) throw new RangeError(`XXH3 of ${size} bytes is not of the long kind.`);
  const words = new Uint32Array(bytes.buffer, bytes.byteOffset, size >>> 2);
  low.set(kFirstLow);
  high.set(kFirstHigh);
  const blocks = Math.floor((size - 1) / kBlockBytes);
  const stripes = Math.floor((size - 1) / (kStripeWords * 4));
  for (let stripe = 0; stripe < stripes; ++stripe) {
    addStripe(words, stripe * kStripeWords, kStripeSecret, (stripe % kStripesPerBlock) * 2);
    if (stripe % kStripesPerBlock === kStripesPerBlock - 1 && stripe < blocks * kStripesPerBlock) scramble();
  }
  const last = new Uint32Array(bytes.slice(size - kStripeWords * 4).buffer);
  addStripe(last, 0, kLastSecret, 0);
  return merge(size);
}
