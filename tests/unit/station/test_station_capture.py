import io

import numpy as np
import pytest
from PIL import Image

from rekam.abis.errors import EmptyImage, ImageTooLarge, UnreadableImage, WrongKindOfImage
from rekam.abis.synthetic.person import Person
from rekam.abis.synthetic.png import encode_png
from rekam.enrolment.sample import Slot
from rekam.packet.limits import MAX_SAMPLE_BYTES
from rekam.station.capture import TooEarlyToForce
from rekam.station.drafts import NothingCapturedYet
from rekam.station.sizes import SampleTooLarge

FINGER, PHOTO, SIGNATURE, IRIS = (Slot.parse(name) for name in ("finger-2", "photo", "signature", "iris-1"))


@pytest.fixture(scope="module")
def prints():
    person = Person(7)
    return {
        "good": encode_png(person.finger(2, 1)),
        "partial": encode_png(person.finger(2, 2, flaw="partial")),
        "photo": encode_png(person.photo(1968, 1)),
        "signature": encode_png(person.signature(1)),
    }


@pytest.fixture
def sitting_id(counter, operator):
    return counter.station.sittings.open(counter.adults()[0].nik, operator).sitting_id


@pytest.fixture
def take(counter, sitting_id):
    def upload(slot, image, *, forced=False):
        return counter.station.sittings.upload(sitting_id, slot, image, "image/png", forced=forced)

    return upload


def weak_print():
    """A print of which only a corner touched the glass."""
    whole = Person(7).finger(2, 1).pixels
    pixels = np.full_like(whole, 250)
    pixels[:90, :90] = whole[150:240, 150:240]
    return encode_png(pixels)


def huge_png():
    """Fifty megapixels in a few kilobytes."""
    out = io.BytesIO()
    Image.new("1", (10_000, 5_000)).save(out, "PNG")
    return out.getvalue()


def test_a_good_print_is_kept_with_its_template(counter, sitting_id, take, prints):
    changed, judged = take(FINGER, prints["good"])
    assert judged.quality >= 35
    assert changed.filled(FINGER)
    kept = counter.station.sittings.find(sitting_id).captures[FINGER]
    assert (kept.image, kept.attempts, kept.device) == (prints["good"], 1, "browser")
    assert kept.template


def test_the_best_of_several_attempts_is_kept_whatever_their_order(counter, sitting_id, take, prints):
    weak = weak_print()
    for image in (weak, prints["good"], weak):
        changed, _ = take(FINGER, image)
    assert changed.captures[FINGER].image == prints["good"]
    assert changed.captures[FINGER].attempts == 3
    assert counter.station.sittings.find(sitting_id).captures[FINGER].image == prints["good"]


def test_a_weak_print_is_kept_only_after_three_attempts_and_says_that_it_was_forced(counter, sitting_id, take):
    weak = weak_print()
    with pytest.raises(TooEarlyToForce):
        take(FINGER, weak, forced=True)
    assert FINGER not in counter.station.sittings.find(sitting_id).attempts, "a refused force is no attempt"
    for _ in range(2):
        changed, judged = take(FINGER, weak)
        assert judged.reasons
        assert not changed.filled(FINGER)
    with pytest.raises(TooEarlyToForce):
        counter.station.sittings.keep_best(sitting_id, [FINGER])
    take(FINGER, weak)
    kept = counter.station.sittings.keep_best(sitting_id, [FINGER])
    assert kept.filled(FINGER)
    assert counter.station.sittings.find(sitting_id).captures[FINGER].forced


def test_there_is_nothing_to_keep_before_the_first_attempt(counter, sitting_id):
    with pytest.raises(NothingCapturedYet):
        counter.station.sittings.keep_best(sitting_id, [FINGER])


def a_cat():
    """No cat was at hand: fur in all directions, two round eyes."""
    rng = np.random.default_rng(9)
    pixels = np.clip(rng.normal(128, 30, (400, 400)), 0, 255).astype(np.uint8)
    yy, xx = np.mgrid[:400, :400]
    for x in (130, 270):
        pixels[(xx - x) ** 2 + (yy - 160) ** 2 < 900] = 20
    return encode_png(pixels)


@pytest.mark.parametrize(
    ("slot", "image", "error"),
    [
        (FINGER, b"", EmptyImage),
        (FINGER, b"not an image", UnreadableImage),
        (FINGER, huge_png(), ImageTooLarge),
        (FINGER, bytes(MAX_SAMPLE_BYTES + 1), SampleTooLarge),
        (IRIS, encode_png(np.full((300, 300), 128, np.uint8)), WrongKindOfImage),
        (PHOTO, b"", EmptyImage),
        (SIGNATURE, b"\x89PNG broken", UnreadableImage),
    ],
    ids=["zero bytes", "text", "fifty megapixels", "too many bytes", "grey for an eye", "no photo", "broken signature"],
)
def test_what_is_no_such_image_is_refused_counts_as_an_attempt_and_changes_nothing_else(
    counter, sitting_id, take, slot, image, error
):
    with pytest.raises(error):
        take(slot, image)
    sitting = counter.station.sittings.find(sitting_id)
    assert sitting.captures == {}
    assert sitting.attempts == {slot: 1}


def test_a_photo_in_place_of_a_finger_is_never_accepted(counter, sitting_id, take, prints):
    for image in (prints["photo"], a_cat()):
        try:
            changed, judged = take(FINGER, image)
        except WrongKindOfImage:
            continue
        assert not changed.filled(FINGER), judged
    assert not counter.station.sittings.find(sitting_id).filled(FINGER)


def test_a_signature_needs_ink_but_not_a_photograph(counter, take, prints):
    blank = encode_png(np.full((300, 900), 255, np.uint8))
    assert take(SIGNATURE, blank)[1].reasons == ("empty",)
    assert take(SIGNATURE, prints["photo"])[1].quality == 0
    assert take(SIGNATURE, prints["signature"])[0].filled(SIGNATURE)


def line(across, down=300, width=6):
    """A pad's picture, 1000 x 600, with one stroke."""
    pad = np.full((600, 1000), 255, np.uint8)
    pad[down : down + width, 200 : 200 + across] = 16
    return encode_png(pad)


@pytest.mark.parametrize("across", [8, 60, 150], ids=["a dot", "a tick", "a short line"])
def test_a_dot_or_a_tick_is_told_to_be_too_small_and_after_three_attempts_the_best_may_be_kept(
    counter, sitting_id, take, across
):
    for _ in range(3):
        changed, judged = take(SIGNATURE, line(across))
        assert judged.reasons == ("too-small",)
        assert not changed.filled(SIGNATURE)
    assert counter.station.sittings.keep_best(sitting_id, [SIGNATURE]).captures[SIGNATURE].forced


def test_initials_are_large_enough(take):
    assert take(SIGNATURE, line(260))[0].filled(SIGNATURE)
