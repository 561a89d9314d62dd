"""LEADER's layers, in the order in which its author built them (pyfing 0.7.3, `Leader._build_model`), with three
changes that leave the answer the same and halve the work:

- two linear layers in a row are one (the end of every bottleneck);
- what looks at one pixel at a time is done before the picture is doubled, not after; a 5x5 convolution of a doubled
  picture is a 3x3 one of the picture itself, with four results a pixel;
- directions and kinds are asked for only where minutiae were found.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from rekam.abis.finger.leader import parameters as p
from rekam.abis.finger.leader.graph import Graph, Maps, Pixels
from rekam.abis.finger.leader.weights import Weights

LEVELS = range(4)
BLOCK_SIZES = {0: 256, 1: 64}
"""Pixels done together at the two finest levels: as many as the sides' multiple of 32 leaves at least."""
PLACE, DIRECTION, KIND = range(3)


@dataclass(frozen=True)
class Network:
    """The network's blocks over one graph. Layers are named as in the file of weights."""

    graph: Graph
    weights: Weights

    def features(self, picture: Maps) -> Maps:
        """What the heads look at, at half the picture's size. `picture` has grey levels 0-255."""
        coarse = self.stem(picture, "stem0", "MaxPool")
        fine = self.stem(picture, "stem1", "AveragePool")
        return self.refine(self.graph.join([self.attend(self.context(coarse)), fine]))

    def places(self, features: Maps) -> Maps:
        """The smoothed probability of a minutia at its peaks, 0 elsewhere, at the picture's size."""
        halves = self.head(features, PLACE, "head_conv_pos")
        found = self.graph.each("Sigmoid", self.graph.interleave(halves))
        smooth = self.graph.convolve(found, self.weights["nms_Gaussian_blur"][0])
        window, edge = [p.SUPPRESSION_WINDOW] * 2, [p.SUPPRESSION_WINDOW // 2] * 4
        greatest = self.graph.each("MaxPool", smooth, kernel_shape=window, strides=[1, 1], pads=edge)
        return self.graph.where_equal(smooth, greatest)

    def meanings(self, surroundings: Maps) -> Maps:
        """For 9x9 pieces of the features around minutiae: twelve channels of one pixel. They are cosine, sine and
        probability of an ending, each at the four pixels of the picture that the middle of the piece covers.
        """
        direction = self.head(surroundings, DIRECTION, "head_conv_dir", within=True)
        ending = self.graph.each("Sigmoid", self.head(surroundings, KIND, "head_conv_typ", within=True))
        return self.graph.join([direction, ending])

    def plain(self, x: Maps, layer: str, dilation: int = 1) -> Maps:
        """A convolution layer."""
        kernel, bias = self.weights[layer]
        return self.graph.convolve(x, kernel, bias, dilation)

    def normal(self, x: Pixels, layer: str) -> Pixels:
        """A layer normalisation."""
        gain, offset = self.weights[layer]
        return self.graph.normalise(x, gain, offset, p.NORM_EPSILON)

    def stem(self, x: Maps, block: str, pooling: str) -> Maps:
        """Near and wide neighbourhood side by side, at half the size."""
        near, wide = self.plain(x, f"{block}_conv"), self.plain(x, f"{block}_dilated_conv", 2)
        y = self.normal(self.graph.pixels(self.graph.join([near, wide])), f"{block}_ln")
        return self.graph.halve(self.graph.maps(self.graph.gelu(y)), pooling)

    def separable(self, x: Maps, block: str, _level: int) -> Maps:
        """Each channel filtered by itself, then all of them mixed."""
        each, mix, bias = self.weights[f"{block}_conv"]
        y = self.graph.mix(self.graph.pixels(self.graph.convolve_each(x, each)), mix[0, 0], bias)
        return self.graph.maps(self.graph.gelu(self.normal(y, f"{block}_ln")))

    def bottleneck(self, x: Maps, block: str, level: int | None = None, *, within: bool = False) -> Maps:
        """An inverse bottleneck with a way round it: adjust(x + reduce(gelu(expand(norm(each(x)))))).

        `within`: without a frame of zeros, so that the result is smaller.
        """
        block_size = None if level is None else BLOCK_SIZES.get(level)
        kernel = self.weights[f"{block}_depthwise_conv"][0]
        expand, reduce, adjust = (self.matrix(f"{block}_conv_{part}") for part in ("exp", "red", "adj"))
        y = self.normal(self.graph.pixels(self.graph.convolve_each(x, kernel, within=within)), f"{block}_ln")

        def wide(graph: Graph, pixels: Pixels) -> Pixels:
            return graph.mix(graph.gelu(graph.mix(pixels, *expand)), reduce[0] @ adjust[0])

        y = wide(self.graph, y) if block_size is None else self.graph.in_blocks(y, block_size, wide)
        middle = self.graph.inner(x, kernel.shape[0] // 2) if within else x
        round_it = self.graph.convolve(middle, adjust[0][None, None], reduce[1] @ adjust[0] + adjust[1])
        return self.graph.combine("Add", self.graph.maps(y), round_it)

    def matrix(self, layer: str) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
        """A 1x1 convolution layer as a matrix [in, out] and its bias."""
        kernel, bias = self.weights[layer]
        return kernel[0, 0], bias

    def down(self, x: Maps) -> Maps:
        """Half the size: the first half of the channels by their greatest, the others by their mean."""
        middle = x.channels // 2
        greatest = self.graph.halve(self.graph.channels(x, 0, middle), "MaxPool")
        mean = self.graph.halve(self.graph.channels(x, middle, x.channels), "AveragePool")
        return self.graph.join([greatest, mean])

    def context(self, x: Maps) -> Maps:
        """The first encoder and decoder."""
        kept: list[Maps] = []
        for level in LEVELS:
            kept.append(self.separable(x, f"enc0_{level}", level))
            x = self.down(kept[-1])
        return self.climb(x, kept, self.separable, "dec0")

    def refine(self, x: Maps) -> Maps:
        """The second encoder and decoder."""
        kept: list[Maps] = []
        for level in LEVELS:
            kept.append(self.bottleneck(x, f"enc1_{level}", level))
            x = self.down(kept[-1])
        return self.climb(x, kept, self.bottleneck, "dec1")

    def climb(self, x: Maps, kept: Sequence[Maps], block: Callable[[Maps, str, int], Maps], name: str) -> Maps:
        """Back to the size of the first level, each level joined with what its encoder kept."""
        for level in reversed(LEVELS):
            y = block(x, f"{name}_{level}", level + 1)
            x = self.graph.join([self.graph.double(y), kept[level]])
        return x

    def attend(self, x: Maps) -> Maps:
        """Each value weighed by what three widths of neighbourhood say of it."""
        widths = [self.graph.each("Gelu", self.plain(x, f"attention_conv_d{width}", width)) for width in (1, 3, 6)]
        weight = self.graph.each("Sigmoid", self.plain(self.graph.join(widths), "attention_s"))
        return self.graph.combine("Mul", x, weight)

    def head(self, features: Maps, number: int, last: str, *, within: bool = False) -> Maps:
        """Four pixels of the picture for each of the features', for each channel of the layer `last`."""
        y = self.graph.pixels(self.bottleneck(features, f"head_{number}_ibc", None if within else 0, within=within))
        y = self.normal(self.graph.mix(y, *self.matrix(f"head_{number}_conv1")), f"head_{number}_ln")
        y = self.graph.gelu(self.graph.mix(y, *self.matrix(f"head_{number}_conv2")))
        kernel, bias = self.weights[last]
        return self.graph.convolve(self.graph.maps(y), before_doubling(kernel), np.repeat(bias, 4), within=within)


def before_doubling(kernel: NDArray[np.float32]) -> NDArray[np.float32]:
    """The 3x3 kernel [3, 3, in, out * 4] that does to a picture what the 5x5 `kernel` [5, 5, in, out] does to the
    picture doubled; the result for the pixel at row r, column c of a doubled 2x2 square is channel out * 4 + 2 r + c.
    """
    _, _, inputs, outputs = kernel.shape
    made = np.zeros((3, 3, inputs, outputs, 4), np.float32)
    for row, column, i, j in np.ndindex(2, 2, 5, 5):
        made[(row + i) // 2, (column + j) // 2, :, :, 2 * row + column] += kernel[i, j]
    return made.reshape(3, 3, inputs, outputs * 4)
