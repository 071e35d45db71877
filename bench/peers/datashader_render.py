#!/usr/bin/env python3
"""The density of two columns by datashader: pandas reads the file, datashader counts, shades and writes the PNG."""
import dataclasses
import json
import time

import datashader
import datashader.transfer_functions as transfer_functions
import pandas

import plot_request


def count(frame, x, y):
    canvas = datashader.Canvas(plot_width=x.bins, plot_height=y.bins, x_range=x.float_range(), y_range=y.float_range())
    return canvas.points(frame, x.column, y.column, agg=datashader.count())


def zoom(axis, step):
    """A window that moves in on the middle: another range each time, so that nothing can be kept."""
    margin = axis.values * (step + 1) // 40
    return dataclasses.replace(axis, low=axis.low + margin, high=axis.high - margin)


def main():
    arguments, x, y = plot_request.parse(__doc__)
    frame = pandas.read_parquet(arguments.file, columns=[x.column, y.column])
    counts = count(frame, x, y)
    transfer_functions.shade(counts, how="cbrt").to_pil().save(arguments.out)
    if arguments.dump_counts:
        counts.values.astype("<u4").tofile(arguments.dump_counts)
    if arguments.warm:
        warm_ms = []
        for step in range(10):
            start = time.perf_counter()
            transfer_functions.shade(count(frame, zoom(x, step), zoom(y, step)), how="cbrt")
            warm_ms.append((time.perf_counter() - start) * 1000)
        print(json.dumps({"warm_ms": warm_ms}))


if __name__ == "__main__":
    main()
