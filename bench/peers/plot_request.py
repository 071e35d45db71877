"""What every peer is asked for: the counts of two integer columns in bins, and a picture of them."""
import argparse
import dataclasses


@dataclasses.dataclass
class Axis:
    column: str
    low: int  # the smallest value shown
    high: int  # the largest
    bins: int

    @property
    def values(self):
        return self.high - self.low + 1

    def float_range(self):
        """Ends between which floor((v - low) / (high - low) * bins) is shoal's bin of every integer v.

        Shoal's bin b begins with the value low + floor(b * values / bins), so v lies in bin
        floor(((v - low + 1) * bins - 1) / values). Half a step further in, no quotient is near an integer, and
        rounding cannot move a value into the next bin.
        """
        low = self.low - 1 + 0.5 / self.bins
        return low, low + self.values


def parse(description):
    """(arguments, x axis, y axis) of the command line that all peers share."""
    parser = argparse.ArgumentParser(description=description)
    parser.add_argument("file")
    for axis in "xy":
        parser.add_argument(f"-{axis}", required=True)
        parser.add_argument(f"--{axis}-range", required=True, help="LOW:HIGH, both shown")
    parser.add_argument("--bins", required=True, help="WxH")
    parser.add_argument("-o", dest="out", required=True)
    parser.add_argument("--dump-counts", help="also write the counts as 32-bit words, the smallest y first")
    parser.add_argument("--warm", action="store_true", help="also print how many ms each of ten later zooms takes")
    arguments = parser.parse_args()
    width, height = map(int, arguments.bins.split("x"))
    x_low, x_high = map(int, arguments.x_range.split(":"))
    y_low, y_high = map(int, arguments.y_range.split(":"))
    return arguments, Axis(arguments.x, x_low, x_high, width), Axis(arguments.y, y_low, y_high, height)
