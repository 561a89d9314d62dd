"""An ONNX graph in the making: pictures of channels go in and out of its operations."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray
from onnx import ModelProto, NodeProto, TensorProto, checker, helper, numpy_helper

OPSET = 20  # the first with Gelu
IR_VERSION = 9


@dataclass(frozen=True, slots=True)
class Maps:
    """The outcome of an operation: float32 [n, channels, height, width], named in the graph."""

    name: str
    channels: int


@dataclass
class Graph:
    """Nodes in the order they were asked for, so that the same calls give the same bytes."""

    nodes: list[NodeProto] = field(default_factory=list)
    constants: list[TensorProto] = field(default_factory=list)

    def constant(self, value: NDArray[Any]) -> str:
        """A constant of the graph; returns its name."""
        name = f"constant{len(self.constants)}"
        self.constants.append(numpy_helper.from_array(np.ascontiguousarray(value), name))
        return name

    def node(self, operator: str, inputs: Sequence[str], **attributes: Any) -> str:
        """One operation of the standard operator set; returns its outcome's name."""
        name = f"{operator.lower()}{len(self.nodes)}"
        self.nodes.append(helper.make_node(operator, list(inputs), [name], name=name, **attributes))
        return name

    def each(self, operator: str, x: Maps, **attributes: Any) -> Maps:
        """An operation on every value by itself."""
        return Maps(self.node(operator, [x.name], **attributes), x.channels)

    def convolve(
        self, x: Maps, kernel: NDArray[np.float32], bias: NDArray[np.float32] | None = None, dilation: int = 1
    ) -> Maps:
        """Convolution with a Keras kernel [height, width, in, out], the picture's size kept."""
        inputs = [x.name, self.constant(kernel.transpose(3, 2, 0, 1))]
        if bias is not None:
            inputs.append(self.constant(bias))
        edge = [(kernel.shape[0] - 1) // 2 * dilation] * 4
        return Maps(self.node("Conv", inputs, pads=edge, dilations=[dilation] * 2), kernel.shape[3])

    def convolve_each(self, x: Maps, kernel: NDArray[np.float32]) -> Maps:
        """Each channel with a kernel of its own, [height, width, channels, 1]; the picture's size is kept."""
        weights = self.constant(kernel.transpose(2, 3, 0, 1))
        edge = [(kernel.shape[0] - 1) // 2] * 4
        return Maps(self.node("Conv", [x.name, weights], pads=edge, group=x.channels), x.channels)

    def normalise(self, x: Maps, gain: NDArray[np.float32], offset: NDArray[np.float32], epsilon: float) -> Maps:
        """Every pixel's channels brought to mean 0 and deviation 1, then stretched and moved."""
        last = self.node("Transpose", [x.name], perm=[0, 2, 3, 1])
        inputs = [last, self.constant(gain), self.constant(offset)]
        even = self.node("LayerNormalization", inputs, axis=-1, epsilon=epsilon)
        return Maps(self.node("Transpose", [even], perm=[0, 3, 1, 2]), x.channels)

    def halve(self, x: Maps, operator: str) -> Maps:
        """Half the size, by MaxPool or AveragePool."""
        return self.each(operator, x, kernel_shape=[2, 2], strides=[2, 2])

    def double(self, x: Maps) -> Maps:
        """Twice the size, each pixel as four."""
        scales = self.constant(np.array([1, 1, 2, 2], np.float32))
        how = {"mode": "nearest", "coordinate_transformation_mode": "asymmetric", "nearest_mode": "floor"}
        return Maps(self.node("Resize", [x.name, "", scales], **how), x.channels)

    def channels(self, x: Maps, first: int, end: int) -> Maps:
        """Some of the channels."""
        bounds = [self.constant(np.array([value], np.int64)) for value in (first, end, 1)]
        return Maps(self.node("Slice", [x.name, *bounds]), end - first)

    def join(self, parts: Sequence[Maps]) -> Maps:
        """All channels of all parts."""
        name = self.node("Concat", [part.name for part in parts], axis=1)
        return Maps(name, sum(part.channels for part in parts))

    def combine(self, operator: str, a: Maps, b: Maps) -> Maps:
        """Two equal shapes, value by value."""
        return Maps(self.node(operator, [a.name, b.name]), a.channels)

    def model(self, name: str, source: Maps, result: Maps) -> ModelProto:
        """The finished, checked model over pictures of any size and number."""
        self.nodes.append(helper.make_node("Identity", [result.name], ["maps"], name="maps"))
        inputs, outputs = (
            helper.make_tensor_value_info(value, TensorProto.FLOAT, ["n", channels, "h", "w"])
            for value, channels in ((source.name, source.channels), ("maps", result.channels))
        )
        graph = helper.make_graph(self.nodes, name, [inputs], [outputs], self.constants)
        model = helper.make_model(
            graph, opset_imports=[helper.make_opsetid("", OPSET)], ir_version=IR_VERSION, producer_name="rekam"
        )
        checker.check_model(model, full_check=True)
        return model
