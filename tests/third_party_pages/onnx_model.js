// A small network as an ONNX file, written field by field: layers of MatMul, Add and Relu. Its weights are -1/4, 0 and 1/4,
// so that sums are exact in whatever order an adapter makes them.

const kVarint = 0;
const kBytes = 2;
const kFloat = 1; // TensorProto.FLOAT

const utf8 = new TextEncoder();

function varint(value) {
  const bytes = [];
  for (; value > 127; value = Math.floor(value / 128)) bytes.push((value % 128) + 128);
  return [...bytes, value];
}

const number = (field, value) => [...varint(field * 8 + kVarint), ...varint(value)];
const bytes = (field, content) => [...varint(field * 8 + kBytes), ...varint(content.length), ...content];
const text = (field, value) => bytes(field, utf8.encode(value));

function node(operator, inputs, output) {
  return [...inputs.flatMap((name) => text(1, name)), ...text(2, output), ...text(3, output), ...text(4, operator)];
}

function tensor(name, sizes, values) {
  const raw = new Uint8Array(Float32Array.from(values).buffer);
  return [...sizes.flatMap((size) => number(1, size)), ...number(2, kFloat), ...text(8, name), ...bytes(9, raw)];
}

function valueInfo(name, sizes) {
  const shape = sizes.flatMap((size) => bytes(1, number(1, size)));
  return [...text(1, name), ...bytes(2, bytes(1, [...number(1, kFloat), ...bytes(2, shape)]))];
}

/** Weights that are the same each time. */
function weights(count, seed) {
  let state = seed;
  return Array.from({ length: count }, () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return (((state >>> 16) % 3) - 1) / 4;
  });
}

/** The bytes of a network from `rows` rows of `width` numbers to as many, through so many layers. */
export function makeModel(rows, width, layers) {
  const graph = [];
  let last = "x";
  for (let layer = 0; layer < layers; ++layer) {
    const [weight, bias] = [`weight${layer}`, `bias${layer}`];
    const result = layer === layers - 1 ? "y" : `layer${layer}`;
    graph.push(...bytes(1, node("MatMul", [last, weight], `product${layer}`)));
    graph.push(...bytes(1, node("Add", [`product${layer}`, bias], `sum${layer}`)));
    graph.push(...bytes(1, node("Relu", [`sum${layer}`], result)));
    graph.push(...bytes(5, tensor(weight, [width, width], weights(width * width, layer + 1))));
    graph.push(...bytes(5, tensor(bias, [width], weights(width, layer + 100))));
    last = result;
  }
  graph.push(
    ...text(2, "chain"),
    ...bytes(11, valueInfo("x", [rows, width])),
    ...bytes(12, valueInfo("y", [rows, width])),
  );
  return Uint8Array.from([...number(1, 8), ...text(2, "shoal"), ...bytes(7, graph), ...bytes(8, number(2, 17))]);
}
