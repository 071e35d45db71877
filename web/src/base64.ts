// Bytes as text, for the DevTools protocol.

const kArgumentsAtOnce = 0x2000;

// Spreading the bytes into arguments takes six times as long: 2.8 ms a 48 KB.
export function base64Of(bytes: Uint8Array): string {
  let text = "";
  for (let at = 0; at < bytes.length; at += kArgumentsAtOnce) {
    const part = bytes.subarray(at, at + kArgumentsAtOnce);
    text += String.fromCharCode.apply(null, part as unknown as number[]);
  }
  return btoa(text);
}

/** Writes the bytes that `text` stands for to `target`, from byte `at` on. */
export function writeBase64(text: string, target: Uint8Array, at: number): void {
  const characters = atob(text);
  for (let i = 0; i < characters.length; ++i) target[at + i] = characters.charCodeAt(i);
}
