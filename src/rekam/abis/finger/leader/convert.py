"""The weights as an ONNX model. Keras, which alone reads them otherwise, is never needed."""

from rekam.abis.finger.leader.graph import Graph, Maps
from rekam.abis.finger.leader.network import Network
from rekam.abis.finger.leader.weights import Weights

PICTURE = Maps("picture", 1)


def convert(weights: Weights) -> bytes:
    """The model's bytes; the same weights give the same bytes.

    Input `picture`: float32 [n, 1, height, width], grey levels 0-255, sides multiples of 32. Output `maps`: float32
    [n, 5, height, width], see `Network.answer`.
    """
    graph = Graph()
    result = Network(graph, weights).answer(PICTURE)
    return graph.model("leader", PICTURE, result).SerializeToString(deterministic=True)
