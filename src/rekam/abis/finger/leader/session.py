"""The network at work: one ONNX Runtime session a process."""

from dataclasses import dataclass
from functools import lru_cache

import cv2
import numpy as np
from numpy.typing import NDArray
from onnxruntime import ExecutionMode, GraphOptimizationLevel, InferenceSession, SessionOptions

from rekam.abis.finger.leader import parameters as p
from rekam.abis.finger.leader.model import model


@dataclass(frozen=True)
class Maps:
    """What the network says of every pixel, float32 [height, width] each; see `Network.answer`."""

    peak: NDArray[np.float32]
    cosine: NDArray[np.float32]
    sine: NDArray[np.float32]
    ending: NDArray[np.float32]


@lru_cache(maxsize=1)
def session(threads: int = 1) -> InferenceSession:
    """Made at the first call (0.2 s) and shared by all threads. Raises `LeaderNotReady`."""
    options = SessionOptions()
    options.intra_op_num_threads = threads
    options.inter_op_num_threads = 1
    options.execution_mode = ExecutionMode.ORT_SEQUENTIAL
    options.graph_optimization_level = GraphOptimizationLevel.ORT_ENABLE_ALL
    options.enable_cpu_mem_arena = False
    options.log_severity_level = 3
    return InferenceSession(model(), options, providers=["CPUExecutionProvider"])


def maps_of(pixels: NDArray[np.float32]) -> Maps:
    """The network's answer to a 500 dpi picture float32 [height, width], 0-255, dark ridges."""
    height, width = pixels.shape
    more_y, more_x = -height % p.SIDE_MULTIPLE, -width % p.SIDE_MULTIPLE
    top, left = more_y // 2, more_x // 2
    framed = cv2.copyMakeBorder(
        pixels, top, more_y - top, left, more_x - left, cv2.BORDER_CONSTANT, value=float(pixels[0, 0])
    )
    (answer,) = session().run(["maps"], {"picture": framed[None, None]})
    inside = answer[0, :, top : top + height, left : left + width]
    return Maps(peak=inside[4], cosine=inside[1], sine=inside[2], ending=inside[3])
