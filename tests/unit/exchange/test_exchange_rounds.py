import threading

import pytest
from hypothesis import given
from hypothesis import strategies as st

from patience import PATIENCE_S
from rekam.exchange.errors import RemoteUnreachable
from rekam.exchange.rounds import Pauses, Round, Rounds, going_on

QUICK = Pauses(period_s=0.001, longest_s=0.01, first_s=0.001)
GONE = RemoteUnreachable(place="the office", reason="no answer")


@given(st.integers(0, 10_000), st.floats(0, 1))
def test_a_pause_is_never_longer_than_the_longest_nor_shorter_than_half_of_the_first(failures, share):
    pauses = Pauses(period_s=1.0, longest_s=15.0)
    assert (pauses.after(failures, share) == 1.0) if not failures else 0.25 <= pauses.after(failures, share) <= 15.0


def test_pauses_double_while_nothing_moves():
    pauses = Pauses(period_s=1.0, longest_s=15.0)
    assert [pauses.after(n, 0) for n in range(8)] == [1.0, 0.5, 1.0, 2.0, 4.0, 8.0, 15.0, 15.0]


def ran(outcomes, *, broken=lambda: None):
    """Rounds that do what `outcomes` say one after the other, until they are used up."""
    left, done = list(outcomes), threading.Event()

    def once():
        if not left:
            done.set()
            return Round()
        outcome = left.pop(0)
        if isinstance(outcome, Round):
            return outcome
        raise outcome

    rounds = Rounds("test", once, QUICK, broken)
    rounds.start()
    assert done.wait(PATIENCE_S)
    rounds.stop()
    return rounds


def test_whatever_a_round_meets_the_next_one_comes():
    told = []

    def broken():
        told.append(1)
        raise OSError("whoever is told may fail, too")

    rounds = ran([Round(1), Round(0, GONE), OSError("a socket"), ZeroDivisionError()], broken=broken)
    assert (len(told), rounds.stopping) == (2, True)


@pytest.mark.parametrize("after", [Round(0, GONE, more=True), Round(1)], ids=["nothing moved", "nothing more"])
def test_rounds_follow_without_a_pause_while_more_waits_and_something_moves(after):
    outcomes, came = [Round(1, more=True)] * 3 + [after], threading.Semaphore(0)
    rounds = Rounds("test", lambda: came.release() or outcomes.pop(0), Pauses(3600, 3600, 3600))
    rounds.start()
    for _ in range(4):
        assert came.acquire(timeout=PATIENCE_S)
    rounds.stop()
    assert not outcomes


@pytest.mark.parametrize("call", ["wake", "stop"])
def test_nobody_waits_out_a_long_pause(call):
    came = threading.Semaphore(0)
    rounds = Rounds("test", lambda: came.release() or Round(0, GONE), Pauses(3600, 3600, 3600))
    rounds.start()
    assert came.acquire(timeout=PATIENCE_S)
    getattr(rounds, call)()
    assert came.acquire(timeout=PATIENCE_S) if call == "wake" else rounds.stopping
    rounds.stop()
    assert not rounds._thread.is_alive()


def test_stopping_before_the_start_harms_nothing():
    rounds = Rounds("test", Round, QUICK)
    rounds.stop()
    assert rounds.stopping


class Companion:
    """Ends only when all its companions are ending, too."""

    def __init__(self, leaving):
        self.leaving = leaving
        self.state = "new"

    def start(self):
        self.state = "going on"

    def stop(self):
        self.leaving.wait(timeout=PATIENCE_S)
        self.state = "ended"


def test_a_place_that_ends_waits_for_its_longest_round_and_not_for_the_sum():
    leaving = threading.Barrier(3)
    companions = [Companion(leaving) for _ in range(3)]
    with going_on(companions):
        assert {each.state for each in companions} == {"going on"}
    assert {each.state for each in companions} == {"ended"}


def test_what_could_not_start_ends_those_that_had():
    class Refusing(Companion):
        def start(self):
            raise RemoteUnreachable(place="office", reason="away")

    first = Companion(threading.Barrier(1))
    with pytest.raises(RemoteUnreachable), going_on([first, Refusing(threading.Barrier(1))]):
        raise AssertionError("nothing went on")
    assert first.state == "ended"
