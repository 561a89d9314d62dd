import threading

import pytest

from rekam.station.pin_choice import PinTooSimple
from rekam.station.pin_guesses import TooManyAttempts
from rekam.station.unlock import (
    LastSupervisor,
    LockedOut,
    Operator,
    OperatorBarred,
    Operators,
    UnknownOperator,
)
from rekam.trust.clock import SteppedClock
from rekam.trust.keys import SigningKey
from rekam.trust.pin import Cost, WrongPin

CHEAP = Cost(64, 1, 1)
STORE_KEY = bytes(range(32))


@pytest.fixture
def clock():
    return SteppedClock()


@pytest.fixture
def operators(tmp_path, clock):
    made = Operators(tmp_path / "operators.cbor", clock, pepper=b"pepper", cost=CHEAP)
    for subject, pin in (("op-1", "123456"), ("op-2", "222222")):
        made.add(Operator(subject, subject.upper(), "operator"), pin, SigningKey.generate(), (b"chain",), STORE_KEY)
    return made


def guess(operators, times, subject="op-1"):
    """Wrong PINs; returns the kinds of refusal."""
    refused = []
    for _ in range(times):
        with pytest.raises((WrongPin, TooManyAttempts)) as error:
            operators.sign_in(subject, "000000")
        refused.append(type(error.value))
    return refused


def test_a_right_pin_gives_the_store_and_the_own_signing_key(operators):
    first, second = operators.sign_in("op-1", "123456"), operators.sign_in("op-2", "222222")
    assert first.store_key == second.store_key == STORE_KEY
    assert first.signing.public != second.signing.public
    assert (first.operator.name, first.chain) == ("OP-1", (b"chain",))


def test_neither_pin_nor_key_lies_readable_beside_the_store(operators, tmp_path):
    written = (tmp_path / "operators.cbor").read_bytes()
    assert STORE_KEY not in written
    assert b"123456" not in written
    assert operators.sign_in("op-1", "123456").signing.to_bytes() not in written


def test_without_the_pepper_of_the_key_file_the_right_pin_opens_nothing(operators, tmp_path, clock):
    with pytest.raises(WrongPin):
        Operators(tmp_path / "operators.cbor", clock, pepper=b"another", cost=CHEAP).sign_in("op-1", "123456")


def test_somebody_who_is_not_on_the_list_is_told_so(operators):
    with pytest.raises(UnknownOperator, match="op-9"):
        operators.sign_in("op-9", "123456")


def test_after_three_wrong_pins_the_wait_grows_and_after_ten_a_supervisor_must_unlock(operators, clock):
    assert guess(operators, 3) == [WrongPin] * 3
    for _ in range(7):
        with pytest.raises(TooManyAttempts) as refusal:
            operators.sign_in("op-1", "123456")
        clock.advance(refusal.value.facts["seconds"])
        assert guess(operators, 1) == [WrongPin]
    clock.advance(1_000_000)
    with pytest.raises(LockedOut, match="10 wrong PINs"):
        operators.sign_in("op-1", "123456")
    operators.forgive("op-1")
    assert operators.sign_in("op-1", "123456").operator.subject == "op-1"


def test_a_lock_out_outlives_a_restart_and_a_clock_that_was_reset(operators, tmp_path, clock):
    for _ in range(10):
        clock.advance(1000)
        guess(operators, 1)
    clock.reboot(off_seconds=4000)
    clock.set_wall(clock.wall().replace(year=2010))
    again = Operators(tmp_path / "operators.cbor", clock, pepper=b"pepper", cost=CHEAP)
    with pytest.raises(LockedOut):
        again.sign_in("op-1", "123456")
    assert [standing.locked for standing in again.standings()] == [True, False]


def test_a_supervisor_waits_longer_and_longer_but_is_locked_out_by_nobody(operators, clock):
    operators.add(Operator("op-1", "SPV", "supervisor"), "123456", SigningKey.generate(), (b"chain",), STORE_KEY)
    assert guess(operators, 3) == [WrongPin] * 3
    waits = []
    for _ in range(10):
        with pytest.raises(TooManyAttempts) as refusal:
            operators.sign_in("op-1", "123456")
        waits.append(refusal.value.facts["seconds"])
        clock.advance(waits[-1])
        assert guess(operators, 1) == [WrongPin]
    assert waits == [5, 10, 20, 40, 80, 160, 320, 640, 900, 900]


def test_waiting_does_not_count_and_a_right_pin_ends_it(operators, clock):
    guess(operators, 3)
    assert guess(operators, 20) == [TooManyAttempts] * 20
    clock.advance(5)
    operators.sign_in("op-1", "123456")
    assert guess(operators, 3) == [WrongPin] * 3


def test_one_operators_wrong_pins_keep_nobody_else_waiting(operators):
    guess(operators, 4)
    assert operators.sign_in("op-2", "222222").operator.subject == "op-2"


def test_pulling_the_plug_neither_forgets_wrong_pins_nor_shortens_the_wait(operators, tmp_path, clock):
    guess(operators, 3)
    clock.reboot(off_seconds=4000)
    again = Operators(tmp_path / "operators.cbor", clock, pepper=b"pepper", cost=CHEAP)
    with pytest.raises(TooManyAttempts) as refusal:
        again.sign_in("op-1", "123456")
    assert refusal.value.facts["seconds"] == 5


def test_setting_the_machines_date_does_not_end_a_wait(operators, clock):
    guess(operators, 3)
    clock.set_wall(clock.wall().replace(year=2030))
    assert guess(operators, 1) == [TooManyAttempts]


def test_guesses_sent_all_at_once_are_counted_one_by_one(operators):
    refused = []

    def try_one(pin):
        try:
            operators.sign_in("op-1", pin)
        except (WrongPin, TooManyAttempts) as error:
            refused.append(type(error))

    threads = [threading.Thread(target=try_one, args=(f"{pin:06}",)) for pin in range(12)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert refused.count(WrongPin) == 3
    assert refused.count(TooManyAttempts) == 9


def test_an_operator_changes_the_own_pin_and_keeps_the_signing_key(operators):
    before = operators.sign_in("op-1", "123456")
    operators.change_pin("op-1", "123456", "804175")
    with pytest.raises(WrongPin):
        operators.sign_in("op-1", "123456")
    after = operators.sign_in("op-1", "804175")
    assert (after.signing.public, after.chain, after.store_key) == (before.signing.public, before.chain, STORE_KEY)


def test_a_wrong_old_pin_changes_nothing_and_counts(operators):
    for _ in range(3):
        with pytest.raises(WrongPin):
            operators.change_pin("op-1", "000001", "804175")
    with pytest.raises(TooManyAttempts):
        operators.change_pin("op-1", "123456", "804175")


@pytest.mark.parametrize(
    "pin", ["", "12345", "1234567890123", "777777", "345678", "987654", "12ab56", "123456", "٤٥٦١٢٣"]
)
def test_a_pin_that_anybody_guesses_is_refused(operators, pin):
    with pytest.raises(PinTooSimple):
        operators.change_pin("op-1", "123456", pin)
    assert operators.sign_in("op-1", "123456")


def test_who_left_opens_nothing_and_no_key_of_theirs_stays(operators, tmp_path):
    key = operators.sign_in("op-2", "222222")
    size = (tmp_path / "operators.cbor").stat().st_size
    operators.bar("op-2", by="spv", at="2026-11-22T01:00:00+00:00")
    with pytest.raises(OperatorBarred, match="OP-2"):
        operators.sign_in("op-2", "222222")
    assert [one.subject for one in operators.listed()] == ["op-1"]
    assert (tmp_path / "operators.cbor").stat().st_size < size
    assert operators.standings()[1].barred_by == "spv"
    assert key.store_key == operators.sign_in("op-1", "123456").store_key


def test_the_last_supervisor_stays(operators):
    operators.add(Operator("spv", "SPV", "supervisor"), "333333", SigningKey.generate(), (b"chain",), STORE_KEY)
    with pytest.raises(LastSupervisor):
        operators.bar("spv", by="spv", at="")
    operators.add(Operator("spv-2", "SPV 2", "supervisor"), "444444", SigningKey.generate(), (b"chain",), STORE_KEY)
    operators.bar("spv", by="spv-2", at="2026-11-22T01:00:00+00:00")
    with pytest.raises(LastSupervisor):
        operators.bar("spv-2", by="spv-2", at="")
