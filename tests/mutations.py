"""The mistakes that mutate.py plants: small ones, as they are made, each where a wrong answer would follow."""
import dataclasses


@dataclasses.dataclass
class Mutation:
    name: str
    file: str  # in src/
    find: str  # stands there once
    replace: str
    unit: tuple = None  # (layer, GoogleTest filter) of unit tests that find what the questions cannot ask for


MUTATIONS = [
    Mutation("a range loses its last code", "query/filter_wgsl.cpp",
             "code >= filter_word(words) && code <= filter_word(words + 2u)",
             "code >= filter_word(words) && code < filter_word(words + 2u)"),
    Mutation("AND of several columns becomes OR", "query/filter_wgsl.cpp",
             'formula.kind == Kind::kAnd ? " && " : " || "', 'formula.kind == Kind::kAnd ? " || " : " || "'),
    Mutation("a null passes a filter", "query/filter_wgsl.cpp",
             '"((valid & {}u) != 0u && {})"', '"((valid & {}u) == 0u || {})"'),
    Mutation("NOT keeps its operand", "query/filter_truth.cpp",
             "std::swap(sets.is_true, sets.is_false);\n        std::swap(sets.most_true_ranges, sets.most_false_ranges);\n        return sets;",
             "return sets;"),
    Mutation("the search for a threshold stops one code late", "query/filter_monotone.cpp",
             "rising_order(code) >= 0; });", "rising_order(code) > 0; });"),
    Mutation("a table of codes is read one code off", "query/filter_wgsl.cpp",
             "let bit = code - filter_word(words + 2u);\n  return bit < ", "let bit = code + 1u - filter_word(words + 2u);\n  return bit < "),
    Mutation("a subtraction forgets to borrow", "query/filter_wgsl.cpp",
             "return vec2u(a.x - b.x, a.y - b.y - select(0u, 1u, a.x < b.x));\n}\n)\"},\n    {\"keep_ordered(",
             "return vec2u(a.x - b.x, a.y - b.y);\n}\n)\"},\n    {\"keep_ordered("),
    Mutation("zone maps rule out a block that ends at the threshold", "query/block_pruning.cpp",
             "column_code(column.space, stored, last) < bounds.first", "column_code(column.space, stored, last) <= bounds.first"),
    Mutation("zone maps on the GPU rule out a block that begins at the threshold", "query/zones.wgsl",
             "return zone.x <= last && first <= zone.y;", "return zone.x < last && first <= zone.y;"),
    Mutation("the smallest is merged as the largest", "primitives/reduce/reduce_state.wgsl",
             "wide_min(a.smallest, b.smallest)", "wide_max(a.smallest, b.smallest)"),
    Mutation("merged sums lose the carry into the second word", "primitives/reduce/reduce_state.wgsl",
             "let word1_carried = word1 + carry0;", "let word1_carried = word1;"),
    Mutation("merged sums lose the carry into the third word", "primitives/reduce/reduce_state.wgsl",
             "a.sum_high + b.sum_high + carry1 + carry2", "a.sum_high + b.sum_high + carry2"),
    Mutation("rows past the chunk's end are counted", "primitives/reduce/reduce.wgsl",
             "four.present & (0xfu >> (4u - min(4u, rows - row)))", "four.present"),
    Mutation("wide extremes compare their low words first", "primitives/wide.wgsl",
             "return a.y < b.y || (a.y == b.y && a.x < b.x);", "return a.x < b.x || (a.x == b.x && a.y < b.y);"),
    Mutation("chunks forget their column's base", "query/chunk_bindings.cpp",
             ".bias = {low_word(mapping.bias), high_word(mapping.bias)}", ".bias = {0, 0}"),
    Mutation("chunks forget their column's divisor", "table/table.cpp",
             "stored.last_code > 0 ? stored.divisor / space.divisor : 1", "stored.last_code > 0 ? 1 : 1"),
    Mutation("validity bits are read from the wrong place", "table/columns.wgsl",
             "(column_word(column, start + row / 32u) >> (row % 32u)) & 0xfu", "(column_word(column, start + row / 32u) >> (row % 16u)) & 0xfu"),
    Mutation("the codes of a word are the wrong way round", "table/encode.wgsl",
             "code.x << (k * (32u / rows_per_word))", "code.x << ((rows_per_word - 1u - k) * (32u / rows_per_word))"),
    Mutation("a block's smallest value is measured without the first row", "table/measure.wgsl",
             "let is_valid = raw_valid(row);", "let is_valid = raw_valid(row) && row > 0u;"),
    Mutation("a dictionary's codes are one off", "formats/parquet/page_values.cpp",
             "out[i] = codes[indices[i]];\n          largest", "out[i] = codes[indices[i]] + (i == 5 ? 1 : 0);\n          largest"),
    Mutation("values behind a null move up one row", "formats/parquet/column_decoder.cpp",
             "out[row] = is_valid != 0 ? out[valid - 1] : T{0};", "out[row] = is_valid != 0 ? out[row > 0 ? row - 1 : 0] : T{0};"),
    Mutation("rows of a chunk are put over those of the chunks before", "query/take_rows.wgsl",
             "let place = taken_rows[0] + id.x;", "let place = id.x;"),
    Mutation("every column of a row is null where the first is", "query/take_rows.wgsl",
             "(row % 4u)) & 1u) << slot;", "(row % 4u)) & 1u) << 0u;"),
    Mutation("the marks of a word's rows are one row off", "query/row_bits.wgsl",
             ") << (row - first);", ") << ((row - first) ^ 4u);"),
    Mutation("the used strings of a word are numbered by 31", "query/aggregate_result.cpp",
             "static_cast<u32>(32 * i) + static_cast<u32>(std::countr_zero(left))", "static_cast<u32>(31 * i) + static_cast<u32>(std::countr_zero(left))"),
    Mutation("a mean divides by one row too many", "query/aggregate_result.cpp",
             "primitives::exact_sum(integer_sum(space, reduced)), reduced.count)", "primitives::exact_sum(integer_sum(space, reduced)), reduced.count + 1)"),
    Mutation("rows outside a picture count as filtered", "query/density_program.wgsl",
             "select(0xfffffffdu, y *", "select(0xffffffffu, y *", unit=("engine", "Explorer*")),
    Mutation("a run of three rows of one bin counts as one", "primitives/density/density.wgsl",
             "let third = one.z + select(0u, second, is_same.y);", "let third = one.z;", unit=("primitives", "*DensityTest*")),
    Mutation("keys that differ in a digit's highest bit are taken for equal", "primitives/sort/staged_sort.wgsl",
             "for (var bit = 0u; bit < 8u; bit++)", "for (var bit = 0u; bit < 7u; bit++)",
             unit=("primitives", "*StagedSort*")),
]
