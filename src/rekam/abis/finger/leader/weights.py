"""The trained weights, found without importing the package that carries them."""

import hashlib
import io
from collections.abc import Mapping
from importlib import metadata
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from rekam.abis.errors import LeaderNotReady
from rekam.abis.finger.leader import parameters as p

Weights = Mapping[str, tuple[NDArray[np.float32], ...]]
"""For each layer's name its arrays in Keras' layout: kernels [height, width, in, out], biases [out]."""


def weights_file() -> Path:
    """Where `pyfing` keeps them; importing it would ask for Keras. Raises `LeaderNotReady`."""
    try:
        files = metadata.files(p.PACKAGE) or []
    except metadata.PackageNotFoundError as missing:
        raise LeaderNotReady(reason=f"the package {p.PACKAGE} is not installed") from missing
    for file in files:
        if file.as_posix() == p.WEIGHTS_FILE:
            return Path(str(file.locate()))
    raise LeaderNotReady(reason=f"the package {p.PACKAGE} brings no {p.WEIGHTS_FILE}")


def read_weights(path: Path) -> Weights:
    """The weights of every layer that has some. Raises `LeaderNotReady` unless the file is the one we know."""
    import h5py

    try:
        content = path.read_bytes()
    except OSError as failure:
        raise LeaderNotReady(reason=f"{path} cannot be read: {failure.strerror}") from failure
    if hashlib.sha256(content).hexdigest() != p.WEIGHTS_SHA256:
        raise LeaderNotReady(reason=f"{path} is not the file that was measured (its SHA-256 differs)")
    with h5py.File(io.BytesIO(content)) as file:
        layers = [layer["vars"] for layer in file["layers"].values()]
        return {
            str(layer.attrs["name"]): tuple(np.array(layer[str(i)], np.float32) for i in range(len(layer)))
            for layer in layers
            if len(layer)
        }
