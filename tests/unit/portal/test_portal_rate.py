"""How often the portal answers, on a clock that moves when told."""

import threading

import pytest

from rekam.portal.errors import TooManyQuestions
from rekam.portal.rate import Allowance, RateLimit, client_of
from rekam.trust.clock import SteppedClock

NOBODY_ELSE = Allowance(burst=1000, every_s=0.001)


def limit(clock, **changes):
    allowances = {"per_client": Allowance(3, 10.0), "overall": NOBODY_ELSE}
    return RateLimit(clock, **allowances | changes)


def asked(rate, client, times):
    return sum(answered(rate, client) for _ in range(times))


def answered(rate, client):
    try:
        rate.ask(client)
    except TooManyQuestions:
        return False
    return True


def test_a_client_may_ask_a_few_times_at_once_and_then_has_to_wait():
    clock = SteppedClock()
    rate = limit(clock)
    assert asked(rate, "10.0.0.1", 5) == 3
    with pytest.raises(TooManyQuestions) as told:
        rate.ask("10.0.0.1")
    assert told.value.facts["seconds"] == 10
    clock.advance(10)
    assert asked(rate, "10.0.0.1", 2) == 1


def test_another_client_is_not_kept_waiting():
    rate = limit(SteppedClock())
    asked(rate, "10.0.0.1", 5)
    assert answered(rate, "10.0.0.2")


def test_all_together_are_held_to_the_overall_allowance():
    clock = SteppedClock()
    rate = limit(clock, overall=Allowance(4, 1.0))
    assert sum(answered(rate, f"10.0.0.{n}") for n in range(10)) == 4
    clock.advance(2)
    assert sum(answered(rate, f"10.0.1.{n}") for n in range(10)) == 2


def test_setting_the_wall_clock_gives_nobody_more_questions():
    clock = SteppedClock()
    rate = limit(clock)
    asked(rate, "10.0.0.1", 3)
    clock.set_wall(clock.wall().replace(year=2040))
    assert not answered(rate, "10.0.0.1")


def test_waiting_long_saves_up_no_more_than_the_burst():
    clock = SteppedClock()
    rate = limit(clock)
    asked(rate, "10.0.0.1", 3)
    clock.advance(100_000)
    assert asked(rate, "10.0.0.1", 9) == 3


def test_a_refused_question_costs_nothing():
    clock = SteppedClock()
    rate = limit(clock)
    asked(rate, "10.0.0.1", 50)
    clock.advance(10)
    assert answered(rate, "10.0.0.1")


def test_the_memory_for_clients_is_bounded():
    rate = limit(SteppedClock(), clients=100, overall=Allowance(10_000, 1.0))
    for n in range(1000):
        rate.ask(f"client {n}")
    assert len(rate._clients) == 100


def test_eight_who_ask_at_once_get_no_more_than_the_allowance():
    rate = limit(SteppedClock(), per_client=Allowance(20, 1000.0))
    got = []
    threads = [threading.Thread(target=lambda: got.append(asked(rate, "10.0.0.1", 10))) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sum(got) == 20


def test_an_ipv6_household_is_one_client():
    assert client_of("2001:db8:1:2:aaaa::1") == client_of("2001:db8:1:2:bbbb::2")
    assert client_of("2001:db8:1:2::1") != client_of("2001:db8:1:3::1")
    assert client_of("10.1.2.3") == "10.1.2.3"
    assert client_of("testclient") == "testclient"
