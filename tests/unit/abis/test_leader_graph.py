"""Each kind of layer that the converter writes, against the same mathematics written out plainly."""

import numpy as np
import pytest
from numpy.lib.stride_tricks import sliding_window_view
from onnxruntime import InferenceSession, SessionOptions
from scipy.special import erf

from rekam.abis.finger.leader.graph import Graph, Maps
from rekam.abis.finger.leader.network import Network, before_doubling

EPSILON = 1e-3


@pytest.fixture
def rng():
    return np.random.default_rng(20)


def normal(rng, *shape):
    return rng.normal(size=shape).astype(np.float32)


def run(build, picture, weights=None):
    """The outcome of a graph over a picture [channels, height, width]."""
    graph, source = Graph(), Maps("picture", picture.shape[0])
    content = graph.model("test", source, {"told": build(Network(graph, weights or {}), source)})
    options = SessionOptions()
    options.intra_op_num_threads = 1
    session = InferenceSession(content, options, providers=["CPUExecutionProvider"])
    return session.run(["told"], {"picture": picture[None]})[0][0]


def convolved(x, kernel, dilation=1):
    """Keras' convolution [height, width, in, out] with zeros around; x is [in, height, width]."""
    reach = kernel.shape[0] // 2 * dilation
    size = 2 * reach + 1
    windows = sliding_window_view(np.pad(x, [(0, 0), (reach, reach), (reach, reach)]), (size, size), axis=(1, 2))
    return np.einsum("cyxij,ijco->oyx", windows[..., ::dilation, ::dilation], kernel)


def gelu(x):
    return x / 2 * (1 + erf(x / np.sqrt(2)))


def normalised(x, gain, offset):
    even = (x - x.mean(axis=0)) / np.sqrt(x.var(axis=0) + EPSILON)
    return even * gain[:, None, None] + offset[:, None, None]


@pytest.mark.parametrize("dilation", [1, 2, 6])
def test_a_convolution(rng, dilation):
    x, kernel, bias = normal(rng, 3, 16, 24), normal(rng, 3, 3, 3, 5), normal(rng, 5)
    told = run(lambda network, source: network.plain(source, "layer", dilation), x, {"layer": (kernel, bias)})
    assert told == pytest.approx(convolved(x, kernel, dilation) + bias[:, None, None], abs=1e-4)


@pytest.mark.parametrize("channels", [4, 6], ids=["full vectors", "channels to be filled up"])
def test_each_channel_with_a_kernel_of_its_own(rng, channels):
    x, kernel = normal(rng, channels, 16, 24), normal(rng, 5, 5, channels, 1)
    told = run(lambda network, source: network.graph.convolve_each(source, kernel), x)
    single = [convolved(x[i : i + 1], kernel[:, :, i : i + 1])[0] for i in range(channels)]
    assert told == pytest.approx(np.stack(single), abs=1e-4)


@pytest.mark.parametrize("level", [None, 0], ids=["at once", "block by block"])
def test_a_bottleneck(rng, level):
    x = normal(rng, 6, 16, 32)
    weights = {
        "b_depthwise_conv": (normal(rng, 7, 7, 6, 1) / 7,),
        "b_ln": (normal(rng, 6), normal(rng, 6)),
        "b_conv_exp": (normal(rng, 1, 1, 6, 24), normal(rng, 24)),
        "b_conv_red": (normal(rng, 1, 1, 24, 6), normal(rng, 6)),
        "b_conv_adj": (normal(rng, 1, 1, 6, 4), normal(rng, 4)),
    }
    (each,), expand, reduce, adjust = (
        weights[f"b_{name}"] for name in ("depthwise_conv", "conv_exp", "conv_red", "conv_adj")
    )
    y = np.stack([convolved(x[i : i + 1], each[:, :, i : i + 1])[0] for i in range(6)])
    y = normalised(y, *weights["b_ln"])
    y = gelu(convolved(y, expand[0]) + expand[1][:, None, None])
    y = convolved(y, reduce[0]) + reduce[1][:, None, None]
    wanted = convolved(x + y, adjust[0]) + adjust[1][:, None, None]
    told = run(lambda network, source: network.bottleneck(source, "b", level), x, weights)
    assert told == pytest.approx(wanted, abs=1e-3)


def test_a_convolution_of_a_doubled_picture(rng):
    x, kernel = normal(rng, 4, 16, 24), normal(rng, 5, 5, 4, 2)

    def build(network, source):
        return network.graph.interleave(network.graph.convolve(source, before_doubling(kernel)))

    doubled = x.repeat(2, axis=1).repeat(2, axis=2)
    assert run(build, x) == pytest.approx(convolved(doubled, kernel), abs=1e-4)


def test_half_the_size(rng):
    x = normal(rng, 4, 16, 24)
    squares = x.reshape(4, 8, 2, 12, 2).transpose(0, 1, 3, 2, 4).reshape(4, 8, 12, 4)
    wanted = np.concatenate([squares[:2].max(axis=-1), squares[2:].mean(axis=-1)])
    assert run(Network.down, x) == pytest.approx(wanted, abs=1e-6)


def test_peaks_stand_alone(rng):
    x = normal(rng, 1, 16, 24)
    other = np.where(rng.random((1, 16, 24)) < 0.5, x, x + 1).astype(np.float32)

    def build(network, source):
        first, second = (network.graph.channels(source, at, at + 1) for at in (0, 1))
        return network.graph.where_equal(first, second)

    assert (run(build, np.concatenate([x, other])) == np.where(x == other, x, 0)).all()
