"""The photo is sealed as its frame shows it; the frame may be moved until the sitting is saved."""

import re

import cv2
import numpy as np
import pytest

from rekam.abis.face import read_photo
from rekam.abis.synthetic.person import Person
from rekam.abis.synthetic.png import encode_png
from rekam.drill.demo import PIN
from rekam.enrolment.sample import Slot
from rekam.station.pages.frame_steps import FRAME_STEP
from rekam.station.pass_photo import FrameTooWeak
from rekam.web.testing import PageClient
from station_counter import OPERATOR

PHOTO = Slot.parse("photo")


@pytest.fixture
def sitting(counter, operator):
    return counter.station.sittings.open(counter.adults()[0].nik, operator)


@pytest.fixture
def taken(counter, sitting):
    """A camera's picture with this resident at its side, as the browser's camera sends it."""
    portrait = Person(40).photo(sitting.biodata.birth_date.year, 1)
    wall = np.full((720, 1280, 3), portrait[5, 5], dtype=np.uint8)
    wall[20:, 700:1225] = cv2.resize(portrait, (525, 700))
    image = encode_png(wall)
    changed, judged = counter.station.sittings.upload(sitting.sitting_id, PHOTO, image, "image/png")
    assert judged.reasons == ()
    return changed.captures[PHOTO], wall


def kept(counter, sitting):
    return counter.station.sittings.find(sitting.sitting_id).captures[PHOTO]


def test_what_is_sealed_is_the_photo_in_the_frame_at_full_resolution_and_nothing_of_the_rest(counter, sitting, taken):
    photo, wall = taken
    place = photo.cutting
    assert kept(counter, sitting) == photo, "the frame outlives a power cut"
    assert (place.across, place.down) == (1280, 720)
    assert place.x > 600
    shown = read_photo(photo.image)
    assert np.array_equal(shown, wall[place.y : place.y + place.height, place.x : place.x + place.width])
    assert photo.sample().image == photo.image


def test_a_moved_frame_is_cut_anew_from_the_same_picture_and_is_no_attempt(counter, sitting, taken):
    place = taken[0].cutting
    counter.station.sittings.agree(sitting.sitting_id, counter.station.sittings.find(sitting.sitting_id).digest)
    changed = counter.station.sittings.frame(sitting.sitting_id, place.x - 10, place.y + 5, place.height * 1.05)
    moved = kept(counter, sitting)
    assert (moved.cutting.x, moved.cutting.y) == (place.x - 10, place.y + 5)
    assert (moved.attempts, dict(changed.attempts), moved.good) == (1, {PHOTO: 1}, True)
    assert np.array_equal(
        read_photo(moved.image),
        taken[1][moved.cutting.y :, moved.cutting.x :][: moved.cutting.height, : moved.cutting.width],
    )
    assert not changed.resident_agreed, "the resident said yes to another picture"


def test_a_frame_that_cuts_the_face_off_is_refused_and_the_photo_stays(counter, sitting, taken):
    with pytest.raises(FrameTooWeak):
        counter.station.sittings.frame(sitting.sitting_id, 0, 0, 300)
    assert kept(counter, sitting) == taken[0]


def page_of(client, at):
    page = client.get(f"{at}/photo").text
    form = page.partition("data-framing-form>")[2].partition("</form>")[0]
    return page, {name: float(value) for name, value in re.findall(r'name="(x|y|height)" value="([\d.]+)"', form)}


def test_without_a_script_each_button_moves_the_frame_by_one_step_and_enter_goes_on(counter, sitting, taken):
    at = f"/sittings/{sitting.sitting_id}"
    with PageClient(counter.app()) as client:
        client.post("/sign-in", {"operator": OPERATOR, "pin": PIN})
        client.post(f"{at}/biodata")
        page, place = page_of(client, at)
        assert 'viewBox="0 0 1280 720"' in page
        assert client.get(f"{at}/whole").content == taken[0].cutting.whole
        assert client.post(f"{at}/frame", {**place, "move": "left"}).headers["location"] == f"{at}/photo"
        after = page_of(client, at)[1]
        assert after["x"] == pytest.approx(place["x"] - FRAME_STEP * place["height"], abs=1)
        client.post(f"{at}/frame", {**after, "move": "closer"})
        assert page_of(client, at)[1]["height"] < place["height"]
        refused = client.post(f"{at}/frame", {"x": 0, "y": 0, "height": 300})
        assert refused.headers["location"] == f"{at}/photo"
        assert "Bingkai tidak dipindah" in client.get(f"{at}/photo").text
        assert client.post(f"{at}/frame", page_of(client, at)[1]).headers["location"] == f"{at}/signature"
        assert client.post(f"{at}/frame", {**place, "x": "nan"}).status_code == 422
