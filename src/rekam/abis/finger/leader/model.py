"""The converted models, kept beside this file: git does not see them, set-up makes them."""

import os
import tempfile
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from rekam.abis.finger.leader import parameters as p
from rekam.abis.finger.leader.weights import read_weights, weights_file

CACHE = Path(__file__).parent / "generated"


@dataclass(frozen=True, slots=True)
class Models:
    """ONNX files' bytes; see convert.finder and convert.reader."""

    finder: bytes
    reader: bytes


def model_file(part: str, cache: Path = CACHE) -> Path:
    """Its name tells the weights and the converter it came from, so that another never takes its place."""
    return cache / f"{part}-{p.WEIGHTS_SHA256[:16]}-{p.CONVERTER_VERSION}.onnx"


def models(cache: Path = CACHE) -> Models:
    """As kept, or made now (half a second) and kept where the folder can be written. Raises `LeaderNotReady`."""
    try:
        return Models(model_file("finder", cache).read_bytes(), model_file("reader", cache).read_bytes())
    except OSError:
        made = make()
    with suppress(OSError):
        keep(made, cache)
    return made


def make() -> Models:
    """The models from the installed weights. Raises `LeaderNotReady`."""
    from rekam.abis.finger.leader.convert import finder, reader

    weights = read_weights(weights_file())
    return Models(finder(weights), reader(weights))


def keep(made: Models, cache: Path = CACHE) -> None:
    """Writes each file whole or not at all, whoever else does the same."""
    cache.mkdir(exist_ok=True)
    for file, content in ((model_file("finder", cache), made.finder), (model_file("reader", cache), made.reader)):
        handle, name = tempfile.mkstemp(dir=cache, suffix=".part")
        with os.fdopen(handle, "wb") as part:
            part.write(content)
            part.flush()
            os.fsync(part.fileno())
        Path(name).replace(file)
