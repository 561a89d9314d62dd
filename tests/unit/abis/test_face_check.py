"""The photo check tells the operator what is wrong, and nothing where nothing is."""

import io

import cv2
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from rekam.abis.errors import EmptyImage, ImageTooLarge, UnreadableImage
from rekam.abis.face import Crop, Face, PhotoReason, check_photo, find_faces, propose_crop, read_photo
from rekam.abis.face import parameters as p
from rekam.abis.face.eyes import find_eyes
from rekam.abis.synthetic import Person, encode_png


@pytest.fixture(scope="module")
def photo():
    return Person(40).photo(1990, 1)


@pytest.mark.parametrize("seed", range(50, 70))
def test_drawn_faces_are_found_once_and_pass(seed):
    birth_year = 1935 + 3 * (seed - 50)
    quality = check_photo(
        Person(seed).photo(birth_year, 1 + seed % 2), expected_background="red" if birth_year % 2 else "blue"
    )
    assert quality.reasons == ()
    assert quality.score >= 80


def test_a_file_is_judged_as_its_pixels_are(photo):
    assert check_photo(encode_png(photo), "blue") == check_photo(photo, "blue")


def test_the_other_background_is_noticed(photo):
    quality = check_photo(photo, "red")
    assert quality.reasons == (PhotoReason.WRONG_BACKGROUND,)
    assert quality.score < 40
    assert check_photo(photo).reasons == ()


def test_an_empty_wall_has_no_face():
    wall = np.full((640, 480, 3), (20, 90, 180), dtype=np.uint8)
    quality = check_photo(wall, "blue")
    assert (quality.score, quality.reasons, quality.face) == (0, (PhotoReason.NO_FACE,), None)


def test_two_people_are_one_too_many(photo):
    both = np.hstack([photo, Person(41).photo(1990, 2)])
    assert PhotoReason.SEVERAL_FACES in check_photo(both).reasons


def blurred(photo):
    return cv2.GaussianBlur(photo, (0, 0), 5)


def darkened(photo):
    return (photo * 0.25).astype(np.uint8)


def washed_out(photo):
    return np.clip(photo * 0.25 + 195, 0, 255).astype(np.uint8)


def moved_aside(photo):
    return np.roll(photo, 90, axis=1)


def far_away(photo):
    scene = np.full((1000, 750, 3), photo[5, 5], dtype=np.uint8)
    scene[300:620, 255:495] = cv2.resize(photo, (240, 320), interpolation=cv2.INTER_AREA)
    return scene


def shrunk(photo):
    return cv2.resize(photo, (150, 200), interpolation=cv2.INTER_AREA)


@pytest.mark.parametrize(
    ("spoil", "reason"),
    [
        (blurred, PhotoReason.BLURRED),
        (darkened, PhotoReason.TOO_DARK),
        (washed_out, PhotoReason.TOO_BRIGHT),
        (moved_aside, PhotoReason.OFF_CENTRE),
        (far_away, PhotoReason.TOO_FAR),
        (shrunk, PhotoReason.LOW_RESOLUTION),
    ],
    ids=lambda value: getattr(value, "__name__", str(value)),
)
def test_each_fault_is_called_by_its_name(photo, spoil, reason):
    quality = check_photo(spoil(photo))
    assert reason in quality.reasons
    assert quality.score < 60


def turned(photo, degrees):
    height, width = photo.shape[:2]
    about = cv2.getRotationMatrix2D((width / 2, height / 2), degrees, 1)
    return cv2.warpAffine(photo, about, (width, height), borderMode=cv2.BORDER_REPLICATE)


@pytest.mark.parametrize("degrees", [-18, -9, 0, 9, 18])
@pytest.mark.parametrize("seed", range(3))
def test_the_eyes_tell_how_far_the_head_leans(seed, degrees):
    leaning = turned(Person(seed).photo(1990, 1), degrees)
    eyes = find_eyes(leaning, find_faces(leaning)[0])
    assert eyes.roll == pytest.approx(-degrees, abs=3)


@pytest.mark.parametrize("degrees", [-16, 16])
def test_a_leaning_head_is_told(photo, degrees):
    quality = check_photo(turned(photo, degrees))
    assert PhotoReason.TILTED in quality.reasons
    assert quality.score < 40


def test_dark_glasses_hide_the_eyes(photo):
    face = find_faces(photo)[0]
    height, reach = round(face.eyes), round(0.09 * face.size)
    hidden = photo.copy()
    hidden[height - reach : height + reach, round(face.x + 0.1 * face.size) : round(face.x + 0.9 * face.size)] = 25
    quality = check_photo(hidden)
    assert {PhotoReason.EYES_HIDDEN, PhotoReason.NO_FACE} & set(quality.reasons)
    assert quality.score < 60


def test_half_a_face_at_the_border_is_no_face_or_off_centre(photo):
    half = np.full_like(photo, photo[5, 5])
    half[:, :240] = photo[:, 240:]
    quality = check_photo(half)
    assert {PhotoReason.NO_FACE, PhotoReason.OFF_CENTRE} & set(quality.reasons)
    assert quality.score < 40


def test_the_box_tells_where_crown_eyes_and_chin_are(photo):
    (face,) = find_faces(photo)
    assert face.middle == pytest.approx(240, abs=15)
    assert face.eyes == pytest.approx(277, abs=15)
    assert face.chin == pytest.approx(415, abs=30)
    assert face.crown == pytest.approx(136, abs=30)


def test_a_photo_too_small_for_any_face_has_none():
    assert find_faces(np.zeros((10, 10, 3), dtype=np.uint8)) == ()


def test_the_crop_has_passport_proportions_and_the_head_in_it(photo):
    (face,) = find_faces(photo)
    crop = propose_crop(face, photo_height=640, photo_width=480)
    picture = crop.cut(photo)
    assert picture.shape == (crop.height, crop.width, 3)
    assert crop.width / crop.height == pytest.approx(3 / 4, abs=0.01)
    assert crop.y <= face.crown
    assert face.chin <= crop.y + crop.height
    assert check_photo(picture).face is not None


@given(
    st.integers(30, 3000),
    st.integers(30, 3000),
    st.floats(-0.2, 1),
    st.floats(-0.2, 1),
    st.floats(0.01, 1.2),
)
def test_a_crop_never_leaves_the_photo(height, width, x, y, size):
    face = Face(x * width, y * height, size * min(width, height))
    crop = propose_crop(face, photo_height=height, photo_width=width)
    assert isinstance(crop, Crop)
    assert crop.x >= 0
    assert crop.y >= 0
    assert 1 <= crop.width <= width - crop.x
    assert 1 <= crop.height <= height - crop.y
    assert abs(crop.width - crop.height * p.CROP_WIDTH_MM / p.CROP_HEIGHT_MM) <= 2


def test_bad_files_are_refused_with_their_own_error(photo):
    with pytest.raises(EmptyImage):
        check_photo(b"")
    with pytest.raises(UnreadableImage):
        check_photo(b"not a picture")
    with pytest.raises(UnreadableImage):
        check_photo(encode_png(photo)[:5000])


def test_forty_megapixels_are_refused_before_they_are_decoded():
    file = io.BytesIO()
    Image.new("1", (8000, 6000)).save(file, "PNG")
    with pytest.raises(ImageTooLarge):
        check_photo(file.getvalue())


def test_pixels_of_another_kind_are_refused():
    with pytest.raises(TypeError, match="uint8"):
        check_photo(np.zeros((64, 64), dtype=np.uint8))


def test_a_photo_lying_on_its_side_is_set_upright(photo):
    file = io.BytesIO()
    lying = Image.fromarray(photo).rotate(90, expand=True)
    exif = Image.Exif()
    exif[0x0112] = 6  # to be turned clockwise for viewing
    lying.save(file, "JPEG", quality=92, exif=exif)
    assert read_photo(file.getvalue()).shape == photo.shape
    assert check_photo(file.getvalue(), "blue").reasons == ()


def test_transparency_is_laid_on_white():
    file = io.BytesIO()
    Image.new("RGBA", (40, 30), (255, 0, 0, 0)).save(file, "PNG")
    assert (read_photo(file.getvalue()) == 255).all()
