"""The converted model, kept beside this file: git does not see it, set-up makes it."""

import os
import tempfile
from contextlib import suppress
from pathlib import Path

from rekam.abis.finger.leader import parameters as p
from rekam.abis.finger.leader.weights import read_weights, weights_file

CACHE = Path(__file__).parent / "generated"


def model_file(cache: Path = CACHE) -> Path:
    """Its name tells the weights and the converter it came from, so that another never takes its place."""
    return cache / f"leader-{p.WEIGHTS_SHA256[:16]}-{p.CONVERTER_VERSION}.onnx"


def model(cache: Path = CACHE) -> bytes:
    """The model as kept, or made now (0.3 s) and kept where the folder can be written. Raises `LeaderNotReady`."""
    file = model_file(cache)
    try:
        return file.read_bytes()
    except FileNotFoundError:
        made = make()
    with suppress(OSError):
        keep(made, file)
    return made


def make() -> bytes:
    """The model from the installed weights. Raises `LeaderNotReady`."""
    from rekam.abis.finger.leader.convert import convert

    return convert(read_weights(weights_file()))


def keep(made: bytes, file: Path) -> None:
    """Writes it whole or not at all, whoever else does the same."""
    file.parent.mkdir(exist_ok=True)
    handle, name = tempfile.mkstemp(dir=file.parent, suffix=".part")
    with os.fdopen(handle, "wb") as part:
        part.write(made)
    Path(name).replace(file)
