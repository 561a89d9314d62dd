"""Fingers that are missing for a reason that can be seen: the hand is shown to the camera, or it is said why not."""

import threading

import cv2
import numpy as np
import pytest

from rekam.abis.hand_photo import check_hand
from rekam.abis.synthetic.hand import draw_hand
from rekam.abis.synthetic.png import encode_png
from rekam.drill.demo import PIN, SUPERVISOR_PIN
from rekam.enrolment.enrolment import IncompleteEnrolment
from rekam.enrolment.sample import ExceptionReason, Slot
from rekam.packet.limits import MAX_SAMPLE_BYTES
from rekam.station.sizes import SampleTooLarge
from rekam.web.testing import PageClient
from station_counter import OPERATOR, SUPERVISOR

FINGER, LEFT, RIGHT = (Slot.parse(name) for name in ("finger-7", "hand-2", "hand-1"))


@pytest.fixture
def sitting_id(counter, operator):
    return counter.filled(counter.adults()[0].nik, operator, leave=(FINGER,))


@pytest.fixture
def sittings(counter, sitting_id):
    counter.station.sittings.note_exceptions(sitting_id, {FINGER: ExceptionReason.BANDAGED})
    return counter.station.sittings


@pytest.fixture
def client(counter):
    with PageClient(counter.app()) as client:
        client.post("/sign-in", {"operator": OPERATOR, "pin": PIN})
        yield client


def hand(**more):
    return encode_png(draw_hand(3, right=False, missing=(2,), **more))


def test_a_sitting_is_not_saved_before_the_hand_was_shown_and_then_it_is_sealed_with_it(
    counter, operator, sitting_id, sittings
):
    assert sittings.find(sitting_id).hands == (LEFT,)
    assert [problem.slot for problem in sittings.find(sitting_id).problems("op")][-1] == LEFT
    with pytest.raises(IncompleteEnrolment, match="hand"):
        sittings.save(sitting_id, operator, supervisor=counter.supervisor(), consent=True)
    image = hand()
    changed, judged = sittings.upload(sitting_id, LEFT, image, "image/png")
    assert (judged.reasons, changed.filled(LEFT), judged.template) == ((), True, None)
    enrolment = changed.confirm_exceptions(SUPERVISOR).enrolment(operator="op", consent=True, recorded_at="")
    assert enrolment.sample(LEFT).image == image
    assert sittings.save(sitting_id, operator, supervisor=counter.supervisor(), consent=True)


def test_where_no_photo_is_possible_a_reason_does_it_and_the_supervisor_stands_behind_it(
    counter, operator, sitting_id, sittings
):
    noted = sittings.note_exceptions(sitting_id, {LEFT: ExceptionReason.NO_CAMERA})
    assert noted.filled(LEFT)
    saved = sittings.save(sitting_id, operator, supervisor=counter.supervisor(), consent=True)
    held = counter.station.here.recordings.particulars(saved.packet_id).exceptions
    assert [(str(one.slot), one.confirmed_by) for one in held] == [("finger-7", SUPERVISOR), ("hand-2", SUPERVISOR)]


def test_a_finger_that_was_captured_after_all_takes_the_photo_of_its_hand_out_of_the_recording(sitting_id, sittings):
    changed, _ = sittings.upload(sitting_id, LEFT, hand(), "image/png")
    back = changed.without_exception(FINGER)
    assert back.hands == ()
    assert LEFT not in {sample.slot for sample in back._enrolment(operator="op", consent=True, recorded_at="").samples}


def test_the_photo_of_a_hand_counts_towards_the_size_of_the_recording(sitting_id, sittings):
    with pytest.raises(SampleTooLarge):
        sittings.upload(sitting_id, LEFT, bytes(MAX_SAMPLE_BYTES + 1), "image/png")


@pytest.mark.parametrize(
    ("spoil", "reason"),
    [
        (lambda hand: hand // 6, "too-dark"),
        (lambda hand: 255 - (255 - hand) // 12, "too-bright"),
        (lambda hand: cv2.GaussianBlur(hand, (0, 0), 14), "blurred"),
        (lambda hand: cv2.resize(hand, (240, 300), interpolation=cv2.INTER_AREA), "low-resolution"),
    ],
    ids=["dark", "bright", "blurred", "small"],
)
def test_a_photo_on_which_nothing_can_be_seen_is_told(spoil, reason):
    seen = check_hand(np.ascontiguousarray(spoil(draw_hand(5, right=True))))
    assert reason in seen.reasons
    assert seen.score < 40


@pytest.mark.parametrize("seed", range(6))
def test_a_drawn_hand_passes_with_all_of_its_fingers_or_without(seed):
    assert check_hand(draw_hand(seed, right=bool(seed % 2), missing=range(seed))).reasons == ()


def test_the_page_of_the_fingers_asks_for_the_hand_by_itself_and_leads_on(client, counter, sitting_id):
    at = f"/sittings/{sitting_id}"
    given = {"offered": "finger-7", "slot": "finger-7", "reason": "amputated"}
    assert client.post(f"{at}/exception", given).headers["location"] == f"{at}/fingers"
    page = client.get(f"{at}/fingers").text
    assert "Ambil foto tangan kiri" in page
    assert f"{at}/exception?slot=hand-2" in page
    assert "Foto tangan belum ada" in client.get(f"{at}/photo").text
    choices = client.get(f"{at}/exception?slot=hand-2").text
    assert "Kamera tidak ada atau rusak" in choices
    assert "Guratan aus" not in choices
    client.post(f"{at}/capture", {"slot": "hand-2"})
    while (under_way := client.get(f"{at}/capture").json())["going"] is not None:
        threading.Event().wait(0.05)
    assert under_way["to"] == f"{at}/review"
    review = client.get(f"{at}/review").text
    assert "Foto tangan kiri" in review
    saved = client.post(f"{at}/review", {"consent": "yes", "supervisor": SUPERVISOR, "pin": SUPERVISOR_PIN})
    assert saved.headers["location"].endswith("/saved")


def test_the_resident_is_asked_on_their_own_screen_to_show_the_hand(client, counter, sitting_id):
    at = f"/sittings/{sitting_id}"
    client.post(f"{at}/exception", {"offered": "finger-7", "slot": "finger-7", "reason": "amputated"})
    client.get(f"{at}/fingers")
    assert "Tunjukkan tangan kiri" in client.get("/resident-screen").text
