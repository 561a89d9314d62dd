import pytest

from rekam.trust import cbor
from rekam.trust.pin import (
    Cost,
    PinSlot,
    PinSlotUnreadable,
    WrongPin,
    check_password,
    create_slot,
    hash_password,
    open_slot,
)

CHEAP = Cost(memory_kib=64, passes=1, lanes=1)


def test_a_slot_opens_with_its_pin_alone():
    slot = create_slot("482913", b"operator key", cost=CHEAP)
    assert open_slot(slot, "482913") == b"operator key"
    for wrong in ("482914", "", "0482913"):
        with pytest.raises(WrongPin):
            open_slot(slot, wrong)


def test_a_slot_survives_cbor_with_the_cost_it_was_made_with():
    slot = create_slot("482913", b"operator key", cost=CHEAP)
    read = PinSlot.from_map(cbor.decode(cbor.encode(slot.to_map())))
    assert read == slot
    assert open_slot(read, "482913") == b"operator key"


def test_two_slots_of_one_pin_have_nothing_in_common():
    first, second = (create_slot("482913", b"operator key", cost=CHEAP) for _ in range(2))
    assert first.salt != second.salt
    assert first.sealed[-16:] != second.sealed[-16:]


def test_the_disk_alone_is_not_enough_where_a_pepper_was_given():
    slot = create_slot("482913", b"operator key", cost=CHEAP, pepper=b"from the key file")
    assert open_slot(slot, "482913", pepper=b"from the key file") == b"operator key"
    with pytest.raises(WrongPin):
        open_slot(slot, "482913")


@pytest.mark.parametrize(
    "change",
    [
        {"argon2id": [2**31, 3, 1]},
        {"argon2id": [64, 10_000, 1]},
        {"argon2id": [7, 1, 1]},
        {"argon2id": [64, 1, 0]},
        {"salt": b"short"},
        {"sealed": "text"},
    ],
)
def test_a_damaged_slot_is_refused_before_it_costs_anything(change):
    fields = create_slot("482913", b"operator key", cost=CHEAP).to_map() | change
    with pytest.raises(PinSlotUnreadable):
        PinSlot.from_map(fields)


def test_a_password_is_checked_against_its_hash():
    phc = hash_password("kata sandi", cost=CHEAP)
    assert phc.startswith("$argon2id$v=19$m=64,t=1,p=1$")
    assert check_password(phc, "kata sandi")
    assert not check_password(phc, "kata sandi ")


@pytest.mark.parametrize("phc", ["", "plain", "$argon2id$v=19$m=64$", "$argon2i$v=19$m=64,t=1,p=1$c2FsdHNhbHQ$AAAA"])
def test_an_unreadable_hash_lets_nobody_in(phc):
    assert not check_password(phc, "kata sandi")


def test_the_default_cost_makes_guessing_slow():
    slot = create_slot("482913", b"operator key")
    assert (slot.cost.memory_kib, slot.cost.passes) == (65_536, 3)
    assert open_slot(slot, "482913") == b"operator key"
