import hashlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from exchange_examples import CENTRE_KEY, OFFICE
from rekam.trust import cbor, roll_call
from rekam.trust.cose import SignedByAnother, sign1, verify1
from rekam.trust.keys import SignatureInvalid, SigningKey
from rekam.trust.roll_call import RollCall, RollCallUnreadable

IDS = [hashlib.sha256(bytes([number])).hexdigest() for number in range(20)]


def answer(held, asked=IDS, checkpoint=None, key=CENTRE_KEY):
    return roll_call.issue(RollCall("acceptance", "centre", 1, held, checkpoint), asked, key)


@given(st.lists(st.booleans(), max_size=len(IDS)))
def test_whatever_is_held_comes_back_as_it_was_said(marks):
    asked = IDS[: len(marks)]
    held = {packet_id: 7 * place for place, (packet_id, mark) in enumerate(zip(asked, marks, strict=True)) if mark}
    found = roll_call.verify(answer(held, asked, "a note"), asked, CENTRE_KEY.public)
    assert found == RollCall("acceptance", "centre", 1, held, "a note")


def test_fifty_thousand_positions_take_nine_bytes_each_at_most():
    asked = [hashlib.sha256(number.to_bytes(4, "big")).hexdigest() for number in range(16_384)]
    held = {packet_id: 200_000_000 + place for place, packet_id in enumerate(asked)}
    assert len(answer(held, asked, "a note")) < 9 * len(asked)


def test_the_answer_to_another_question_is_refused():
    data = answer({IDS[0]: None}, IDS[:3])
    for other in (IDS[:2], IDS[1:4], [IDS[1], IDS[0], IDS[2]], []):
        with pytest.raises(RollCallUnreadable, match="another question"):
            roll_call.verify(data, other, CENTRE_KEY.public)


def test_only_the_place_itself_can_answer():
    with pytest.raises(SignedByAnother):
        roll_call.verify(answer({}, key=OFFICE.key), IDS, CENTRE_KEY.public)
    data = bytearray(answer({IDS[0]: None}))
    data[-70] ^= 1
    with pytest.raises((SignatureInvalid, RollCallUnreadable, SignedByAnother)):
        roll_call.verify(bytes(data), IDS, CENTRE_KEY.public)


@pytest.mark.parametrize(
    "change",
    [
        {"held": b"\xff\xff"},
        {"held": b"\xff\xff\xff"},
        {"positions": bytes(8)},
        {"kind": "hearsay"},
        {"more": 1},
        {"checkpoint": None},
    ],
    ids=str,
)
def test_an_answer_that_is_not_whole_is_refused(change):
    fields = cbor.decode(
        verify1(answer({IDS[0]: 4, IDS[9]: 5}, checkpoint="x"), CENTRE_KEY.public, kind="rekam/roll-call")
    )
    data = sign1(cbor.encode(fields | change), CENTRE_KEY, kind="rekam/roll-call")
    with pytest.raises(RollCallUnreadable):
        roll_call.verify(data, IDS, CENTRE_KEY.public)


def test_ids_travel_as_thirty_two_bytes_each():
    assert len(roll_call.ids_to_bytes(IDS)) == 32 * len(IDS)
    assert roll_call.ids_from_bytes(roll_call.ids_to_bytes(IDS)) == IDS
    with pytest.raises(RollCallUnreadable):
        roll_call.ids_from_bytes(bytes(33))


def test_the_bytes_are_those_of_the_format_page():
    key = SigningKey(bytes(range(32)))
    data = answer({IDS[0]: 5, IDS[2]: 300}, IDS[:3], "a note\n", key)
    assert cbor.decode(verify1(data, key.public, kind="rekam/roll-call")) == {
        "kind": "acceptance",
        "place": "centre",
        "at_ms": 1,
        "asked": hashlib.sha256(b"".join(bytes.fromhex(each) for each in IDS[:3])).digest(),
        "held": bytes([0b10100000]),
        "positions": bytes.fromhex("0000000000000005000000000000012c"),
        "checkpoint": "a note\n",
    }
    assert hashlib.sha256(data).hexdigest() == "33201f32570b9da055bc7fdce6a44b0fa24cdd8721e072b521e40e93cb74b496"
