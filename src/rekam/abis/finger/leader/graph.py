"""An ONNX graph in the making: pictures of channels go in and out of its operations."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray
from onnx import NodeProto, TensorProto, checker, helper, numpy_helper

OPSET = 20  # the first with Gelu
IR_VERSION = 9
VECTOR = 4  # channels that ONNX Runtime's depthwise convolution takes together


@dataclass(frozen=True, slots=True)
class Maps:
    """The outcome of an operation: float32 [n, channels, height, width], named in the graph."""

    name: str
    channels: int


@dataclass(frozen=True, slots=True)
class Pixels:
    """As `Maps`, laid out [n, height, width, channels]: for what looks at one pixel at a time."""

    name: str
    channels: int


@dataclass
class Graph:
    """Nodes in the order they were asked for, so that the same calls give the same bytes."""

    nodes: list[NodeProto] = field(default_factory=list)
    constants: list[TensorProto] = field(default_factory=list)
    prefix: str = ""

    def constant(self, value: NDArray[Any]) -> str:
        """A constant of the graph; returns its name."""
        name = f"constant{len(self.constants)}"
        self.constants.append(numpy_helper.from_array(np.ascontiguousarray(value), name))
        return name

    def node(self, operator: str, inputs: Sequence[str], **attributes: Any) -> str:
        """One operation of the standard operator set; returns its outcome's name."""
        name = f"{self.prefix}{operator.lower()}{len(self.nodes)}"
        self.nodes.append(helper.make_node(operator, list(inputs), [name], name=name, **attributes))
        return name

    def each(self, operator: str, x: Maps, **attributes: Any) -> Maps:
        """An operation on every value by itself."""
        return Maps(self.node(operator, [x.name], **attributes), x.channels)

    def convolve(
        self,
        x: Maps,
        kernel: NDArray[np.float32],
        bias: NDArray[np.float32] | None = None,
        dilation: int = 1,
        *,
        within: bool = False,
    ) -> Maps:
        """Convolution with a Keras kernel [height, width, in, out].

        The size is kept, zeros around the picture; `within` leaves out what reaches beyond it.
        """
        inputs = [x.name, self.constant(kernel.transpose(3, 2, 0, 1))]
        if bias is not None:
            inputs.append(self.constant(bias))
        edge = [0 if within else kernel.shape[0] // 2 * dilation] * 4
        return Maps(self.node("Conv", inputs, pads=edge, dilations=[dilation] * 2), kernel.shape[3])

    def convolve_each(self, x: Maps, kernel: NDArray[np.float32], *, within: bool = False) -> Maps:
        """Each channel with a kernel of its own, [height, width, channels, 1]; else as `convolve`."""
        more = -x.channels % VECTOR
        weights = self.constant(np.pad(kernel.transpose(2, 3, 0, 1), [(0, more), (0, 0), (0, 0), (0, 0)]))
        edge = [0 if within else kernel.shape[0] // 2] * 4
        full = self._with_zeros(x, more)
        y = Maps(self.node("Conv", [full.name, weights], pads=edge, group=full.channels), full.channels)
        return self.channels(y, 0, x.channels) if more else y

    def _with_zeros(self, x: Maps, more: int) -> Maps:
        """So many empty channels more: ONNX Runtime is six times slower where channels do not fill its vectors."""
        if not more:
            return x
        edges = self.constant(np.array([0, 0, 0, 0, 0, more, 0, 0], np.int64))
        return Maps(self.node("Pad", [x.name, edges]), x.channels + more)

    def pixels(self, x: Maps) -> Pixels:
        """The same values with the channels of a pixel side by side."""
        return Pixels(self.node("Transpose", [x.name], perm=[0, 2, 3, 1]), x.channels)

    def maps(self, x: Pixels) -> Maps:
        """The reverse of `pixels`."""
        return Maps(self.node("Transpose", [x.name], perm=[0, 3, 1, 2]), x.channels)

    def normalise(self, x: Pixels, gain: NDArray[np.float32], offset: NDArray[np.float32], epsilon: float) -> Pixels:
        """Every pixel's channels brought to mean 0 and deviation 1, then stretched and moved."""
        inputs = [x.name, self.constant(gain), self.constant(offset)]
        return Pixels(self.node("LayerNormalization", inputs, axis=-1, epsilon=epsilon), x.channels)

    def mix(self, x: Pixels, kernel: NDArray[np.float32], bias: NDArray[np.float32] | None = None) -> Pixels:
        """Every pixel's channels by a matrix [in, out]."""
        name = self.node("MatMul", [x.name, self.constant(kernel)])
        if bias is not None:
            name = self.node("Add", [name, self.constant(bias)])
        return Pixels(name, kernel.shape[1])

    def in_blocks(self, x: Pixels, size: int, steps: Callable[["Graph", Pixels], Pixels]) -> Pixels:
        """`steps`, which look at one pixel at a time, done block by block of `size` pixels, whatever rows they are of.

        What is between two steps then fits a core's cache, and the picture's size no longer decides how much memory
        it takes. `size` divides the number of pixels.
        """
        inner = Graph(constants=self.constants, prefix=f"block{len(self.nodes)}_")
        block = Pixels(f"{inner.prefix}pixels", x.channels)
        result = steps(inner, block)
        given, told = (
            helper.make_tensor_value_info(each.name, TensorProto.FLOAT, [size, each.channels])
            for each in (block, result)
        )
        body = helper.make_graph(inner.nodes, inner.prefix, [given], [told])
        blocks = self.node("Reshape", [x.name, self.constant(np.array([-1, size, x.channels], np.int64))])
        done = self.node("Scan", [blocks], body=body, num_scan_inputs=1)
        sides = self.node("Shape", [x.name], end=3)
        shape = self.node("Concat", [sides, self.constant(np.array([result.channels], np.int64))], axis=0)
        return Pixels(self.node("Reshape", [done, shape]), result.channels)

    def gelu(self, x: Pixels) -> Pixels:
        """The activation of Hendrycks & Gimpel (2016), exact."""
        return Pixels(self.node("Gelu", [x.name]), x.channels)

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

    def inner(self, x: Maps, edge: int) -> Maps:
        """The picture without its outer rows and columns."""
        bounds = [self.constant(np.array(value, np.int64)) for value in ([edge] * 2, [-edge] * 2, [2, 3])]
        return Maps(self.node("Slice", [x.name, *bounds]), x.channels)

    def interleave(self, x: Maps) -> Maps:
        """Twice the size: four channels become the four pixels of a square."""
        return Maps(self.node("DepthToSpace", [x.name], blocksize=2, mode="CRD"), x.channels // 4)

    def where_equal(self, x: Maps, other: Maps) -> Maps:
        """One where it equals the other, 0 elsewhere."""
        same = self.node("Equal", [x.name, other.name])
        return Maps(self.node("Where", [same, x.name, self.constant(np.zeros((), np.float32))]), x.channels)

    def combine(self, operator: str, a: Maps, b: Maps) -> Maps:
        """Two equal shapes, value by value."""
        return Maps(self.node(operator, [a.name, b.name]), a.channels)

    def model(self, name: str, source: Maps, results: Mapping[str, Maps]) -> bytes:
        """The finished, checked model over pictures of any size and number: one input, and outputs by name."""
        outputs = []
        for label, result in results.items():
            self.nodes.append(helper.make_node("Identity", [result.name], [label], name=label))
            shape: list[str | int | None] = ["n", result.channels, f"{label} height", f"{label} width"]
            outputs.append(helper.make_tensor_value_info(label, TensorProto.FLOAT, shape))
        given = helper.make_tensor_value_info(source.name, TensorProto.FLOAT, ["n", source.channels, "h", "w"])
        model = helper.make_model(
            helper.make_graph(self.nodes, name, [given], outputs, self.constants),
            opset_imports=[helper.make_opsetid("", OPSET)],
            ir_version=IR_VERSION,
            producer_name="rekam",
        )
        checker.check_model(model, full_check=True)
        return model.SerializeToString(deterministic=True)
