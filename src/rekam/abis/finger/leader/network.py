"""LEADER's layers, in the order in which its author built them (pyfing 0.7.3, `Leader._build_model`)."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from rekam.abis.finger.leader import parameters as p
from rekam.abis.finger.leader.graph import Graph, Maps
from rekam.abis.finger.leader.weights import Weights

LEVELS = range(4)


@dataclass(frozen=True)
class Network:
    """The network's blocks over one graph. Layers are named as in the file of weights."""

    graph: Graph
    weights: Weights

    def answer(self, picture: Maps) -> Maps:
        """Five channels: probability of a minutia, cosine and sine of its direction, probability that it is an
        ending, and the first again, smoothed and kept only at its peaks. `picture` has grey levels 0-255.
        """
        coarse = self.stem(picture, "stem0", "MaxPool")
        fine = self.stem(picture, "stem1", "AveragePool")
        context = self.attend(self.context(coarse))
        refined = self.refine(self.graph.join([context, fine]))
        place, direction, kind = (self.head(refined, number) for number in range(3))
        found = self.graph.each("Sigmoid", self.plain(place, "head_conv_pos"))
        turned = self.plain(direction, "head_conv_dir")
        ending = self.graph.each("Sigmoid", self.plain(kind, "head_conv_typ"))
        return self.graph.join([found, turned, ending, self.peaks(found)])

    def plain(self, x: Maps, layer: str, dilation: int = 1) -> Maps:
        """A convolution layer."""
        kernel, *bias = self.weights[layer]
        return self.graph.convolve(x, kernel, bias[0] if bias else None, dilation)

    def normal(self, x: Maps, layer: str) -> Maps:
        """A layer normalisation."""
        gain, offset = self.weights[layer]
        return self.graph.normalise(x, gain, offset, p.NORM_EPSILON)

    def stem(self, x: Maps, block: str, pooling: str) -> Maps:
        """Near and wide neighbourhood side by side, at half the size."""
        near, wide = self.plain(x, f"{block}_conv"), self.plain(x, f"{block}_dilated_conv", 2)
        y = self.normal(self.graph.join([near, wide]), f"{block}_ln")
        return self.graph.halve(self.graph.each("Gelu", y), pooling)

    def separable(self, x: Maps, block: str) -> Maps:
        """Each channel filtered by itself, then all of them mixed."""
        each, mix, bias = self.weights[f"{block}_conv"]
        y = self.graph.convolve(self.graph.convolve_each(x, each), mix, bias)
        return self.graph.each("Gelu", self.normal(y, f"{block}_ln"))

    def bottleneck(self, x: Maps, block: str) -> Maps:
        """An inverse bottleneck with a way round it."""
        y = self.graph.convolve_each(x, self.weights[f"{block}_depthwise_conv"][0])
        y = self.plain(self.normal(y, f"{block}_ln"), f"{block}_conv_exp")
        y = self.plain(self.graph.each("Gelu", y), f"{block}_conv_red")
        return self.plain(self.graph.combine("Add", x, y), f"{block}_conv_adj")

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
            kept.append(self.separable(x, f"enc0_{level}"))
            x = self.down(kept[-1])
        return self.climb(x, kept, "separable", "dec0")

    def refine(self, x: Maps) -> Maps:
        """The second encoder and decoder."""
        kept: list[Maps] = []
        for level in LEVELS:
            kept.append(self.bottleneck(x, f"enc1_{level}"))
            x = self.down(kept[-1])
        return self.climb(x, kept, "bottleneck", "dec1")

    def climb(self, x: Maps, kept: Sequence[Maps], block: str, name: str) -> Maps:
        """Back to the size of the first level, each level joined with what its encoder kept."""
        for level in reversed(LEVELS):
            y = getattr(self, block)(x, f"{name}_{level}")
            x = self.graph.join([self.graph.double(y), kept[level]])
        return x

    def attend(self, x: Maps) -> Maps:
        """Each value weighed by what three widths of neighbourhood say of it."""
        widths = [self.graph.each("Gelu", self.plain(x, f"attention_conv_d{width}", width)) for width in (1, 3, 6)]
        weight = self.graph.each("Sigmoid", self.plain(self.graph.join(widths), "attention_s"))
        return self.graph.combine("Mul", x, weight)

    def head(self, x: Maps, number: int) -> Maps:
        """Four channels of the picture's own size."""
        y = self.graph.double(self.bottleneck(x, f"head_{number}_ibc"))
        y = self.normal(self.plain(y, f"head_{number}_conv1"), f"head_{number}_ln")
        return self.graph.each("Gelu", self.plain(y, f"head_{number}_conv2"))

    def peaks(self, found: Maps) -> Maps:
        """The smoothed probability where nothing near is more probable, 0 elsewhere."""
        smooth = self.plain(found, "nms_Gaussian_blur")
        window, edge = [p.SUPPRESSION_WINDOW] * 2, [p.SUPPRESSION_WINDOW // 2] * 4
        greatest = self.graph.each("MaxPool", smooth, kernel_shape=window, strides=[1, 1], pads=edge)
        peak = self.graph.node("Equal", [smooth.name, greatest.name])
        nothing = self.graph.constant(np.zeros((), np.float32))
        return Maps(self.graph.node("Where", [peak, smooth.name, nothing]), 1)
