"""The weights as ONNX models. Keras, which alone reads them otherwise, is never needed."""

from rekam.abis.finger.leader.graph import Graph, Maps
from rekam.abis.finger.leader.network import Network
from rekam.abis.finger.leader.weights import Weights

PICTURE = Maps("picture", 1)


def finder(weights: Weights) -> bytes:
    """The model that finds minutiae; the same weights give the same bytes.

    Input `picture`: float32 [n, 1, height, width], grey levels 0-255, sides multiples of 32. Outputs `places`: float32
    [n, 1, height, width], and `features`: float32 [n, 52, height / 2, width / 2]; see `Network`.
    """
    graph = Graph()
    network = Network(graph, weights)
    features = network.features(PICTURE)
    return graph.model("leader-finder", PICTURE, {"places": network.places(features), "features": features})


def reader(weights: Weights) -> bytes:
    """The model that tells a minutia's direction and kind; the same weights give the same bytes.

    Input `surroundings`: float32 [n, 52, 9, 9], pieces of the finder's features, a minutia in the middle of each.
    Output `meanings`: float32 [n, 12, 1, 1], see `Network.meanings`.
    """
    graph = Graph()
    source = Maps("surroundings", weights["head_1_ibc_depthwise_conv"][0].shape[2])
    return graph.model("leader-reader", source, {"meanings": Network(graph, weights).meanings(source)})
