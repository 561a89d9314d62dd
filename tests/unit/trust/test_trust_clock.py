import time
from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from rekam.trust.clock import Anchor, LegalClock, SteppedClock, SystemClock, TimeBasis

START = datetime(2016, 10, 3, 1, 0, tzinfo=UTC)
CENTRE = datetime(2017, 3, 17, 2, 0, tzinfo=UTC)


def ms(moment):
    return round(moment.timestamp() * 1000)


def test_the_system_clock_keeps_its_boot_id_and_never_runs_backwards():
    clock = SystemClock()
    first, second = clock.stamp(), clock.stamp()
    assert first.boot_id == second.boot_id
    assert len(first.boot_id) == 16
    assert first.monotonic_ns <= second.monotonic_ns
    assert abs(first.wall_ms - time.time() * 1000) < 60_000
    assert clock.wall().tzinfo is UTC


def test_a_stepped_clock_moves_only_when_told():
    clock = SteppedClock(START)
    before = clock.stamp()
    assert clock.stamp() == before
    clock.advance(1.5)
    assert clock.stamp().monotonic_ns - before.monotonic_ns == 1_500_000_000
    assert clock.stamp().wall_ms - before.wall_ms == 1500
    clock.reboot()
    assert clock.stamp().boot_id != before.boot_id
    assert clock.stamp().monotonic_ns == 0


def test_without_any_centre_time_the_machines_own_is_shown_and_proves_nothing():
    now = LegalClock(SteppedClock(START)).now()
    assert (now.at, now.basis) == (START, TimeBasis.MACHINE)
    assert now.floor == datetime(1970, 1, 1, tzinfo=UTC)


def test_setting_the_machines_date_does_not_move_the_legal_time():
    clock = SteppedClock(START)
    legal = LegalClock(clock)
    legal.set(ms(CENTRE))
    clock.advance(60)
    clock.set_wall(datetime(2031, 1, 1, tzinfo=UTC))
    now = legal.now()
    assert now.at == now.floor == CENTRE + timedelta(seconds=60)
    assert now.basis is TimeBasis.CENTRE


def test_over_a_restart_the_date_is_carried_and_only_the_last_known_one_is_certain():
    clock = SteppedClock(START)
    legal = LegalClock(clock)
    legal.set(ms(CENTRE))
    clock.advance(3600)
    kept = legal.checkpoint()
    clock.reboot(off_seconds=7200)
    now = LegalClock(clock, kept).now()
    assert now.floor == CENTRE + timedelta(hours=1)
    assert now.at == CENTRE + timedelta(hours=3)
    assert now.basis is TimeBasis.CARRIED


def test_a_machine_that_wakes_up_in_1970_does_not_take_legal_time_back():
    clock = SteppedClock(START)
    kept = Anchor(ms(CENTRE), clock.stamp())
    clock.reboot()
    clock.set_wall(datetime(1970, 1, 2, tzinfo=UTC))
    assert LegalClock(clock, kept).now().at == CENTRE


def test_an_older_centre_time_never_replaces_a_newer_one():
    clock = SteppedClock(START)
    legal = LegalClock(clock)
    legal.set(ms(CENTRE))
    legal.set(ms(CENTRE) - 1000)
    assert legal.now().at == CENTRE


@given(st.lists(st.tuples(st.sampled_from(["wait", "reboot", "wall", "centre"]), st.integers(0, 10**6)), max_size=20))
def test_the_certain_time_never_runs_backwards_whatever_happens(events):
    clock = SteppedClock(START)
    legal = LegalClock(clock)
    for event, amount in events:
        before = legal.now().floor
        if event == "wait":
            clock.advance(amount)
        elif event == "wall":
            clock.set_wall(START + timedelta(seconds=amount - 500_000))
        elif event == "centre":
            legal.set(ms(CENTRE) + amount)
        else:
            kept = legal.checkpoint()
            clock.reboot()
            legal = LegalClock(clock, kept)
        assert legal.now().floor >= before
