// An onnxruntime-web page: a session on WebGPU that runs a small network on new numbers again and again. With
// ?own_device it computes on a device that the page opened, which has no more than every device has.
import * as ort from "onnxruntime-web/webgpu";
import { makeModel } from "./onnx_model.js";

const kRows = 16;
const kWidth = 64;
const kLayers = 3;
const kRuns = 20;

ort.env.wasm.numThreads = 1;
ort.env.wasm.wasmPaths = new URL("ort/", location.href).href;
const options = { name: "webgpu" };
if (location.search === "?own_device") {
  const adapter = await navigator.gpu.requestAdapter();
  options.device = await adapter.requestDevice({ label: "page" });
}
const session = await ort.InferenceSession.create(makeModel(kRows, kWidth, kLayers), { executionProviders: [options] });
const results = [];
for (let run = 0; run < kRuns; ++run) {
  const values = Float32Array.from({ length: kRows * kWidth }, (_, i) => ((i * 7 + run * 13) % 17) / 4 - 2);
  const { y } = await session.run({ x: new ort.Tensor("float32", values, [kRows, kWidth]) });
  results.push(y.data.reduce((most, value) => Math.max(most, value), 0));
}
document.title = results.join(" ");
setTimeout(close, 300);
