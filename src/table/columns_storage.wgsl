// How the codes of a chunk's column are stored.

const stored_u8 = 8u;
const stored_u16 = 16u;
const stored_u32 = 32u;
const stored_u64 = 64u;
const stored_f32_of_f64 = 33u;  // the image of an f32 in a column whose other chunks need f64
