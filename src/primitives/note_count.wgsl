// Writes a count into one word, where kernels can read it that run over something else. Moves a word.

// host-shareable
struct NoteCountParams {
  count: u32,
}

@group(0) @binding(0) var<uniform> params: NoteCountParams;
@group(0) @binding(1) var<storage, read_write> noted: array<u32>;

@compute @workgroup_size(1)
fn note_count() {
  noted[0] = params.count;
}
