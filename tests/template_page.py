"""What the vectors of docs/template-format.md hold: made up, of nobody."""

import tempfile
from pathlib import Path

import numpy as np

from rekam.abis.finger.template import FingerTemplate
from rekam.abis.gallery import Gallery
from rekam.abis.gallery_log import FILE_NAME
from rekam.abis.iris.circle import Circle
from rekam.abis.iris.template import IrisReason, IrisTemplate
from rekam.abis.template_set import TemplateSet

ID = bytes(range(16))


def finger() -> FingerTemplate:
    return FingerTemplate(
        x=np.array([100, 250, 17], np.int16),
        y=np.array([200, 30, 399], np.int16),
        direction=np.array([0, 64, 255], np.uint8),
        kind=np.array([1, 2, 1], np.uint8),
        quality_of=np.array([90, 55, 0], np.uint8),
        width=300,
        height=400,
        quality=71,
        reasons=("too-dry", "inverted"),
        version=1,
    )


def iris() -> IrisTemplate:
    places = np.arange(256)
    return IrisTemplate(
        code=(places * 7 % 256).astype(np.uint8),
        mask=(255 - places).astype(np.uint8),
        quality=80,
        reasons=(IrisReason.BLURRED, IrisReason.SMALL),
        pupil=Circle(160.0, 120.5, 20.25),
        limbus=Circle(161.0, 119.0, 55.0),
        version=1,
    )


def templates() -> TemplateSet:
    return TemplateSet({"finger-7": finger(), "iris-1": iris()})


def gallery() -> bytes:
    """A gallery in the clear with one record, taken out again."""
    with tempfile.TemporaryDirectory() as folder:
        with Gallery.open(Path(folder)) as opened:
            opened.append(ID, TemplateSet({"finger-7": finger()}))
            opened.flush()
            opened.tombstone(ID)
        return (Path(folder) / FILE_NAME).read_bytes()
