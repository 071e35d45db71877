"""A program as wgpu-py's documentation shows it: a kernel over NumPy arrays, with the library's own helper."""
import numpy as np
import wgpu.utils.compute

SHADER = """
@group(0) @binding(0) var<storage, read> values: array<i32>;
@group(0) @binding(1) var<storage, read_write> squares: array<i32>;
@compute @workgroup_size(64) fn main(@builtin(global_invocation_id) at: vec3u) {
  if (at.x < arrayLength(&values)) { squares[at.x] = values[at.x] * values[at.x]; }
}
"""


def main():
    values = np.arange(1000, dtype=np.int32)
    for turn in range(3):
        out = wgpu.utils.compute.compute_with_buffers(
            {0: values + turn}, {1: values.nbytes}, SHADER, n=(16, 1, 1))
        squares = np.frombuffer(out[1], dtype=np.int32)
        assert np.array_equal(squares, (values + turn) ** 2)
    print(int(squares.sum()))


main()
