// The canvas as the executor sees it: a texture of the size asked for, that bytes are copied into.

import type { CanvasTarget } from "./executor";

/**
 * The canvas takes a new size only together with the picture of that size: resizing clears it, and nothing must be shown
 * that no frame has drawn.
 */
export function canvasTarget(canvas: OffscreenCanvas, device: GPUDevice): CanvasTarget {
  const context = canvas.getContext("webgpu");
  if (!context) throw new Error("The canvas gives no WebGPU context, although the browser has WebGPU.");
  context.configure({ device, format: "rgba8unorm", usage: 0x02 /* COPY_DST */, alphaMode: "premultiplied" });
  return {
    texture(width, height) {
      if (canvas.width !== width) canvas.width = width;
      if (canvas.height !== height) canvas.height = height;
      return context.getCurrentTexture();
    },
  };
}
