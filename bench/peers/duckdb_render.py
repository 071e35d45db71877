#!/usr/bin/env python3
"""The density of two columns by DuckDB: SQL reads the file and counts, numpy and Pillow shade and write the PNG."""
import duckdb
import numpy
from PIL import Image

import plot_request


def bin_of(axis):
    return f"(((({axis.column} - {axis.low} + 1) * {axis.bins}) - 1) // {axis.values})::INTEGER"


def count(connection, file, x, y):
    answer = connection.execute(
        f"""SELECT {bin_of(y)} * {x.bins} + {bin_of(x)} AS bin, count(*)::UINTEGER AS count FROM '{file}'
            WHERE {x.column} BETWEEN {x.low} AND {x.high} AND {y.column} BETWEEN {y.low} AND {y.high}
            GROUP BY bin""").fetchnumpy()
    counts = numpy.zeros(x.bins * y.bins, dtype="<u4")
    counts[answer["bin"]] = answer["count"]
    return counts.reshape(y.bins, x.bins)


def shade(counts):
    share = numpy.cbrt(counts / max(int(counts.max()), 1))
    low, high = numpy.array([68, 1, 84]), numpy.array([253, 231, 37])
    pixels = numpy.empty((*counts.shape, 4), dtype=numpy.uint8)
    pixels[..., :3] = low + share[..., None] * (high - low)
    pixels[..., 3] = numpy.where(counts == 0, 0, 255)
    return Image.fromarray(pixels[::-1])


def main():
    arguments, x, y = plot_request.parse(__doc__)
    counts = count(duckdb.connect(), arguments.file, x, y)
    shade(counts).save(arguments.out)
    if arguments.dump_counts:
        counts.tofile(arguments.dump_counts)


if __name__ == "__main__":
    main()
