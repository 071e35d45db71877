// Pictures of the page that are copied to textures: recorded as a write of the texels that a 2D canvas has of them.

import { extentOf, kAllOrNone, originOf, placeOf } from "./describe";
import type { Hooks } from "./hooks";
import { sayTexels } from "./record_buffers";

// The canvas's channels that a texel of the format holds, in their order.
const kChannels: Record<string, readonly number[]> = {
  r8unorm: [0],
  rg8unorm: [0, 1],
  rgba8unorm: [0, 1, 2, 3],
  "rgba8unorm-srgb": [0, 1, 2, 3],
  bgra8unorm: [2, 1, 0, 3],
  "bgra8unorm-srgb": [2, 1, 0, 3],
};

export function recordImages(hooks: Hooks): void {
  const name = "copyExternalImageToTexture";
  hooks.around("GPUQueue", name, (told, [source, target, copySize], _, call) => {
    const { texture, colorSpace, premultipliedAlpha } = target as GPUCopyExternalImageDestInfo;
    const channels = kChannels[texture.format];
    const extent = extentOf(copySize);
    if (extent.width === 0 || extent.height === 0) return;
    if (!channels) {
      hooks.recording.noteUnrecorded(`${name} to ${texture.format}`);
      return;
    }
    const pixels = pixelsOf(source, extent, colorSpace ?? "srgb");
    const bytes = texelsOf(pixels, extent, channels, source.flipY === true, premultipliedAlpha === true);
    const layout = { offsetBytes: 0, bytesPerRow: extent.width * channels.length, rowsPerImage: kAllOrNone };
    hooks.say(told.device, call, sayTexels(hooks, placeOf(target), layout, extent, bytes));
  });
}

/** Rows of RGBA from the top, not premultiplied. */
function pixelsOf(
  from: GPUCopyExternalImageSourceInfo,
  size: { width: number; height: number },
  colorSpace: PredefinedColorSpace,
): Uint8ClampedArray {
  const { source, origin } = from;
  const { x, y } = originOf(origin as GPUOrigin3D | undefined);
  const canvas = new OffscreenCanvas(size.width, size.height);
  const context = canvas.getContext("2d", { willReadFrequently: true, colorSpace })!;
  if (source instanceof ImageData) context.putImageData(source, -x, -y);
  else context.drawImage(source as CanvasImageSource, -x, -y);
  return context.getImageData(0, 0, size.width, size.height).data;
}

function texelsOf(
  pixels: Uint8ClampedArray,
  { width, height }: { width: number; height: number },
  channels: readonly number[],
  isFlipped: boolean,
  isPremultiplied: boolean,
): Uint8Array {
  const texels = new Uint8Array(width * height * channels.length);
  let at = 0;
  for (let row = 0; row < height; ++row) {
    let pixel = (isFlipped ? height - 1 - row : row) * width * 4;
    for (let column = 0; column < width; ++column, pixel += 4) {
      const alpha = isPremultiplied ? pixels[pixel + 3]! / 255 : 1;
      for (const channel of channels) {
        const value = pixels[pixel + channel]!;
        texels[at++] = channel === 3 ? value : Math.round(value * alpha);
      }
    }
  }
  return texels;
}
