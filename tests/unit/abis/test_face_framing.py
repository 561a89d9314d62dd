"""The passport photo is found in a whole picture of a camera, real or drawn."""

import io

import cv2
import numpy as np
import pytest
from PIL import Image

from rekam.abis.face import Crop, PhotoReason, cut_file, fitted_crop, frame_photo, read_photo, widest_crop
from rekam.abis.face import parameters as p
from rekam.abis.synthetic import Person, encode_png


@pytest.fixture(scope="module")
def portrait():
    return Person(40).photo(1990, 1)


@pytest.fixture(scope="module")
def astronaut():
    """A real face: Eileen Collins by NASA, public domain, as scikit-image ships it."""
    return pytest.importorskip("skimage.data", reason="the one real face comes with scikit-image").astronaut()


def scene(portrait, *, left, scale=1.0):
    """A camera's picture, 1280 x 720, with that person in it."""
    wall = np.full((720, 1280, 3), portrait[5, 5], dtype=np.uint8)
    height = round(scale * 700)
    person = cv2.resize(portrait, (round(height * 0.75), height), interpolation=cv2.INTER_AREA)
    wall[720 - height :, left : left + person.shape[1]] = person
    return wall


def test_a_real_face_is_found_framed_and_centred(astronaut):
    framed = frame_photo(astronaut)
    crop, face = framed.crop, framed.quality.face
    assert crop.width / crop.height == pytest.approx(3 / 4, abs=0.01)
    assert face.middle == pytest.approx(crop.width / 2, abs=0.06 * crop.width)
    assert (face.chin - face.crown) / crop.height == pytest.approx(p.CROP_HEAD, abs=0.06)
    assert 180 < crop.x + face.middle < 260, "where her nose is"
    assert not {PhotoReason.NO_FACE, PhotoReason.SEVERAL_FACES, PhotoReason.OFF_CENTRE, PhotoReason.EYES_HIDDEN} & set(
        framed.quality.reasons
    )
    assert PhotoReason.WRONG_BACKGROUND in frame_photo(astronaut, "red").quality.reasons


@pytest.mark.parametrize(
    ("spoil", "reason"),
    [
        (lambda face: cv2.GaussianBlur(face, (0, 0), 4), PhotoReason.BLURRED),
        (lambda face: (face * 0.2).astype(np.uint8), PhotoReason.TOO_DARK),
        (lambda face: np.clip(face * 0.3 + 190, 0, 255).astype(np.uint8), PhotoReason.TOO_BRIGHT),
        (lambda face: np.hstack([face, face]), PhotoReason.SEVERAL_FACES),
        (lambda face: face[300:], PhotoReason.NO_FACE),
    ],
    ids=["blurred", "dark", "bright", "twice", "no head"],
)
def test_what_is_wrong_with_a_real_photo_is_told(astronaut, spoil, reason):
    assert reason in frame_photo(spoil(astronaut)).quality.reasons


@pytest.mark.parametrize("left", [0, 380, 750])
def test_a_person_who_sits_aside_is_framed_and_no_fault_is_found(portrait, left):
    framed = frame_photo(scene(portrait, left=left), "blue")
    assert framed.quality.reasons == ()
    assert framed.crop.x + framed.quality.face.middle == pytest.approx(left + 262, abs=25)


def test_a_second_face_outside_the_frame_is_told(portrait):
    both = scene(portrait, left=60)
    both[120:, 800:1250] = cv2.resize(Person(41).photo(1990, 2), (450, 600))
    assert PhotoReason.SEVERAL_FACES in frame_photo(both).quality.reasons


def test_a_face_far_away_is_too_small_to_print_and_never_enlarged(portrait):
    far = frame_photo(scene(portrait, left=500, scale=0.3), "blue")
    assert PhotoReason.LOW_RESOLUTION in far.quality.reasons
    assert far.crop.height < 300


def test_without_a_face_the_frame_is_the_widest_one():
    wall = np.full((480, 640, 3), 90, np.uint8)
    framed = frame_photo(wall)
    assert framed.crop == widest_crop(photo_height=480, photo_width=640) == Crop(140, 0, 360, 480)
    assert framed.quality.reasons == (PhotoReason.NO_FACE,)


def test_a_frame_is_held_inside_its_picture():
    size = {"photo_height": 480, "photo_width": 640}
    assert fitted_crop(-50, -9, 200, **size) == Crop(0, 0, 150, 200)
    assert fitted_crop(600, 400, 200, **size) == Crop(490, 280, 150, 200)
    assert fitted_crop(100, 100, 9000, **size) == Crop(100, 0, 360, 480)
    assert fitted_crop(100, 100, 1, **size).height == 48


def jpeg(pixels, **more):
    out = io.BytesIO()
    Image.fromarray(pixels).save(out, "JPEG", quality=95, **more)
    return out.getvalue()


@pytest.mark.parametrize(("encode", "loss"), [(encode_png, 0), (jpeg, 1.5)], ids=["png", "jpeg"])
def test_what_is_cut_out_has_the_cameras_own_pixels_as_many_as_there_are(portrait, encode, loss):
    file, crop = encode(portrait), Crop(60, 40, 330, 440)
    pixels = read_photo(file)
    cut = cut_file(file, pixels, crop)
    shown = read_photo(cut)
    assert shown.shape == (440, 330, 3)
    assert np.abs(shown.astype(int) - crop.cut(pixels)).mean() <= loss
    assert cut[:3] == file[:3], "in the camera's own format"


def test_where_nothing_is_cut_off_the_file_stays_byte_for_byte_unless_it_lies_on_its_side(portrait):
    whole = Crop(0, 0, 480, 640)
    file = jpeg(portrait)
    assert cut_file(file, read_photo(file), whole) == file
    exif = Image.Exif()
    exif[0x0112] = 6
    lying = jpeg(np.rot90(portrait), exif=exif)
    upright = cut_file(lying, read_photo(lying), whole)
    assert Image.open(io.BytesIO(upright)).size == (480, 640)
    assert not Image.open(io.BytesIO(upright)).getexif()
