"""Sound inputs of every reader, out of which the fuzzers make damaged ones. None is of a person."""

import io
import tempfile
from collections.abc import Callable
from pathlib import Path

import numpy as np
from PIL import Image

from abis_examples import person_id, random_finger, random_iris, random_person
from rekam.abis.finger.template import FingerTemplate
from rekam.abis.formats import face_image_2011, finger_2005, finger_2011, finger_image_2011, iris_2005, iris_2011
from rekam.abis.formats.face_image_2011 import FaceCoding, FaceImageView
from rekam.abis.formats.finger_card import read_compact, read_normal, write_compact, write_normal
from rekam.abis.formats.finger_image_2011 import FingerCoding, FingerImageView
from rekam.abis.formats.finger_record import FingerRecord
from rekam.abis.formats.finger_template import template_of, view_of
from rekam.abis.formats.iris_picture import picture_of, raw_view_of
from rekam.abis.formats.iris_picture import view_of as iris_view_of
from rekam.abis.formats.iris_record import Eye, IrisRecord
from rekam.abis.gallery import Gallery
from rekam.abis.gallery_log import FILE_NAME
from rekam.abis.image import GreyImage, load_image
from rekam.abis.iris.template import IrisTemplate
from rekam.abis.template_set import TemplateSet

VECTORS = Path(__file__).parents[1] / "vectors" / "wsq"
GREY = (np.arange(64 * 48, dtype=np.uint32).reshape(48, 64) % 251).astype(np.uint8)


def read_finger(edition, data: bytes) -> None:
    for view in edition.read(data).views:
        template_of(view).to_bytes()


def read_iris(edition, data: bytes) -> None:
    for view in edition.read(data).views:
        picture_of(view)


def read_gallery(data: bytes) -> None:
    with tempfile.TemporaryDirectory() as folder:
        (Path(folder) / FILE_NAME).write_bytes(data)
        with Gallery.open(Path(folder), sync=lambda _: None) as gallery:
            for id_ in gallery.ids():
                gallery.get(id_)


def _picture(kind: str, mode: str = "L", **options) -> bytes:
    out = io.BytesIO()
    Image.fromarray(GREY).convert(mode).save(out, kind, **options)
    return out.getvalue()


def _gallery() -> bytes:
    with tempfile.TemporaryDirectory() as folder:
        with Gallery.open(Path(folder)) as gallery:
            for number in (1, 2, 3):
                gallery.append(person_id(number), random_person(number, fingers=(2,), irises=(1,)))
            gallery.flush()
            gallery.tombstone(person_id(2))
        return (Path(folder) / FILE_NAME).read_bytes()


def targets() -> dict[str, tuple[Callable[[bytes], object], list[bytes]]]:
    """For each reader: the reader, and sound inputs."""
    fingers = FingerRecord(tuple(view_of(random_finger(n), 2, n) for n in range(2)))
    grey = GreyImage(GREY)
    raw = IrisRecord((raw_view_of(grey, Eye.RIGHT, 50), raw_view_of(grey, Eye.LEFT, 50)))
    minutiae = fingers.views[0].minutiae
    return {
        "png": (load_image, [_picture("PNG"), _picture("PNG", "RGBA"), _picture("PNG", "P"), _picture("PNG", "1")]),
        "jpeg": (load_image, [_picture("JPEG"), _picture("JPEG", "CMYK"), _picture("JPEG", progressive=True)]),
        "jpeg2000": (load_image, [_picture("JPEG2000"), _picture("JPEG2000", "RGB", tile_size=(32, 32))]),
        "tiff": (load_image, [_picture("TIFF", compression=c) for c in (None, "tiff_lzw", "packbits", "jpeg")]),
        "bmp": (load_image, [_picture("BMP"), _picture("BMP", "1")]),
        "wsq": (load_image, [path.read_bytes() for path in sorted(VECTORS.glob("*.wsq"))]),
        "finger-2005": (lambda data: read_finger(finger_2005, data), [finger_2005.write(fingers)]),
        "finger-2011": (lambda data: read_finger(finger_2011, data), [finger_2011.write(fingers)]),
        "card-normal": (read_normal, [write_normal(minutiae)]),
        "card-compact": (read_compact, [write_compact(minutiae)]),
        "iris-2005": (lambda data: read_iris(iris_2005, data), [iris_2005.write(raw)]),
        "iris-2011": (
            lambda data: read_iris(iris_2011, data),
            [iris_2011.write(raw), iris_2011.write(IrisRecord((iris_view_of(grey, Eye.LEFT, 9),)))],
        ),
        "finger-image-2011": (
            finger_image_2011.read,
            [finger_image_2011.write((FingerImageView(_picture("PNG"), FingerCoding.PNG, 64, 64, 2),))],
        ),
        "face-image-2011": (
            face_image_2011.read,
            [face_image_2011.write((FaceImageView(_picture("JPEG"), FaceCoding.JPEG, 64, 64),))],
        ),
        "finger-template": (FingerTemplate.from_bytes, [random_finger(1).to_bytes()]),
        "iris-template": (IrisTemplate.from_bytes, [random_iris(1).to_bytes()]),
        "template-set": (TemplateSet.from_bytes, [random_person(1).to_bytes()]),
        "gallery-log": (read_gallery, [_gallery()]),
    }
