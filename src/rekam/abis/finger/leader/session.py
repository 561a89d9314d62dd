"""The network at work: ONNX Runtime sessions, made once a process."""

from contextlib import suppress
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray
from onnxruntime import ExecutionMode, GraphOptimizationLevel, InferenceSession, SessionOptions

from rekam.abis.errors import LeaderNotReady
from rekam.abis.finger.leader import parameters as p
from rekam.abis.finger.leader.golden import sees_golden
from rekam.abis.finger.leader.model import Models, keep, make, models


@dataclass(frozen=True)
class Sessions:
    """The two models, ready; any number of threads may call them."""

    finder: InferenceSession
    reader: InferenceSession

    def find(self, picture: NDArray[np.float32]) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
        """Probability of a minutia at its peaks [h, w] and features [52, h / 2, w / 2] of a picture [h, w] with sides
        that are multiples of 32, grey levels 0-255.
        """
        places, features = self.finder.run(["places", "features"], {"picture": picture[None, None]})
        return places[0, 0], features[0]

    def read(self, features: NDArray[np.float32], x: NDArray[np.int64], y: NDArray[np.int64]) -> NDArray[np.float32]:
        """Cosine and sine of the direction and probability of an ending, [n, 3], of minutiae at (x, y)."""
        edge = p.SURROUNDINGS // 2
        framed = np.pad(features, [(0, 0), (edge, edge), (edge, edge)])
        pieces = np.lib.stride_tricks.sliding_window_view(framed, (p.SURROUNDINGS, p.SURROUNDINGS), axis=(1, 2))
        around = np.ascontiguousarray(pieces[:, y // 2, x // 2].transpose(1, 0, 2, 3))
        (meanings,) = self.reader.run(["meanings"], {"surroundings": around})
        of_four = meanings.reshape(len(x), 3, 4)
        return of_four[np.arange(len(x)), :, 2 * (y % 2) + x % 2]


@lru_cache(maxsize=1)
def sessions(threads: int = 1) -> Sessions:
    """Made and tried at the first call (0.3 s) and shared by all threads; `threads` work on one image.

    Kept models that cannot be loaded, after a power cut for one, are made anew. Raises `LeaderNotReady`. Without ONNX
    Runtime's arena: it would keep the memory of the largest image seen, and gives no speed.
    """
    options = SessionOptions()
    options.intra_op_num_threads = threads
    options.inter_op_num_threads = 1
    options.execution_mode = ExecutionMode.ORT_SEQUENTIAL
    options.graph_optimization_level = GraphOptimizationLevel.ORT_ENABLE_ALL
    options.enable_cpu_mem_arena = False
    options.log_severity_level = 3
    try:
        return _tried(models(), options)
    except LeaderNotReady:
        made = _tried(fresh := make(), options)
    with suppress(OSError):
        keep(fresh)
    return made


def _tried(built: Models, options: SessionOptions) -> Sessions:
    try:
        finder, reader = (
            InferenceSession(content, options, providers=["CPUExecutionProvider"])
            for content in (built.finder, built.reader)
        )
        made = Sessions(finder, reader)
        if sees_golden(made):
            return made
    except Exception as failure:  # ONNX Runtime's exceptions have no parent of their own
        raise LeaderNotReady(reason=f"its model cannot be used: {type(failure).__name__}") from failure
    raise LeaderNotReady(reason="it does not see the minutiae of the picture it is tried on")
