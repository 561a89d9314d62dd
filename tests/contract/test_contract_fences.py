"""Fences in memory and in PostgreSQL: what they withhold, what proves itself, what people decide."""

import threading
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import dataclass, replace
from itertools import permutations
from typing import Any

import psycopg
import pytest

from exchange_examples import packet, packets
from rekam.exchange.continuity import Link
from rekam.exchange.fence import Fence, Standing, draw_fence
from rekam.exchange.fences_in_memory import InMemoryFences
from rekam.exchange.pg.fences import PgFences
from rekam.exchange.pg.register import EXCHANGE_TABLES, PgRegister
from rekam.storage.testing import fresh_pool

STATION = "317401-01"


@dataclass
class Harness:
    """`arrive(packet)` and `raise_(fence)` as a place does them, each in a transaction of its own."""

    fences: Any
    arrive: Any
    raise_: Any
    decide: Any
    judged: Any
    empty: Any
    every: int = 1


@pytest.fixture(params=["memory", "postgres"])
def here(request):
    if request.param == "memory":
        fences = InMemoryFences()
        arrived = lambda one: fences.arrived(one.arrival())  # noqa: E731
        yield Harness(fences, arrived, fences.raised, fences.decide, fences.judged, fences.__init__)
        return
    with fresh_pool(EXCHANGE_TABLES) as pool:
        fences = PgFences(pool)
        came: list[Any] = []
        register = PgRegister(pool, lambda tx, arrival: came.append(fences.arrived(tx, arrival)))

        def arrive(one):
            register.record(one.arrival(), lambda _: b"receipt")
            return came[-1]

        def raise_(fence):
            with pool.connection() as tx:
                return fences.raised(tx, fence)

        def decide(*what, **how):
            with pool.connection() as tx:
                return fences.decide(tx, *what, **how)

        def judged(*what, **how):
            with pool.connection() as tx:
                fences.judged(tx, *what, **how)

        def empty():
            with pool.connection() as tx:
                tx.execute(
                    "TRUNCATE exchange.packet, exchange.fence, exchange.withheld, exchange.verdict_ahead CASCADE"
                )

        yield Harness(fences, arrive, raise_, decide, judged, empty, every=7)


def fence(known, **how):
    links = [Link(one.sealed.header.number.sequence, one.id, one.sealed.header.previous.hex()) for one in known]
    return draw_fence(STATION, 1, links, at_ms=1, reason="stolen", **how)


def test_without_a_fence_everything_is_believed(here):
    assert [here.arrive(one).fence for one in packets(2)] == [None, None]
    assert here.fences.fence_of(STATION, 1) is None


def test_what_comes_beyond_the_fence_waits_and_what_the_office_held_does_not(here):
    made = packets(4)
    here.raise_(fence(made[:3]))
    assert [here.arrive(one).standing for one in made] == [*[Standing.BELIEVED] * 3, Standing.BEYOND]
    assert [(one.packet_id, one.number, one.verdict) for one in here.fences.all_withheld()] == [
        (made[3].id, f"{STATION}/1/000004", "")
    ]
    assert here.fences.fence_of(STATION, 1).head == made[2].id


def test_what_is_here_already_is_judged_when_the_fence_is_raised(here):
    made = packets(3)
    other = packet(2, b"other bytes", previous=made[0])
    for one in (*made, other):
        here.arrive(one)
    assert sorted(here.raise_(fence([*made, other], after=2, head=made[1].id))) == sorted(
        [(made[2].id, Standing.BEYOND), (other.id, Standing.OFF_CHAIN)]
    )


def test_the_first_fence_of_an_epoch_stands(here):
    made = packets(3)
    first = fence(made[:2])
    assert here.raise_(first) == []
    assert here.raise_(fence(made)) is None
    assert here.fences.fence_of(STATION, 1) in (first, replace(first, held=frozenset()))


def test_a_late_packet_that_the_chain_proves_flows_and_frees_those_that_waited_for_it(here):
    made = packets(6)
    before = [made[0], made[5]]
    for one in before:
        here.arrive(one)
    here.raise_(fence(before))
    assert here.arrive(made[2]).standing is Standing.UNPROVED
    assert here.arrive(made[3]).standing is Standing.UNPROVED
    came = here.arrive(made[4])
    assert (came.standing, sorted(came.proved)) == (Standing.BELIEVED, sorted([made[2].id, made[3].id]))
    assert here.fences.withheld(made[2].id).verdict == "proved"


def test_a_packet_that_the_fence_names_frees_those_that_waited_for_it_too(here):
    made = packets(3)
    here.raise_(fence([made[0], made[2]]))
    assert here.arrive(made[1]).standing is Standing.UNPROVED  # its follower has not come here yet
    came = here.arrive(made[2])
    assert (came.standing, came.proved) == (Standing.BELIEVED, (made[1].id,))


@pytest.mark.parametrize("verdict", ["released", "rejected"])
def test_a_verdict_that_comes_before_its_packet_counts_when_it_comes(here, verdict):
    made = packets(2)
    here.raise_(fence(made[:1]))
    here.judged(made[1].id, verdict, by="pusat", note="pusat")
    here.judged(made[1].id, "rejected", by="pusat", note="a second word")
    assert (here.arrive(made[1]).fence is None) == (verdict == "released")
    assert here.fences.withheld(made[1].id).verdict == verdict


@pytest.mark.parametrize("verdict", ["released", "rejected"])
def test_in_whatever_order_packets_fence_and_verdict_come_the_end_is_the_same(here, verdict):
    """An office that was rebuilt hears verdict, fence and packets in any order, and some packets not at all before."""
    made = packets(5)
    known = [made[0], made[3]]
    drawn = fence(known)
    events = {
        "fence": lambda: here.raise_(drawn),
        "beyond": lambda: here.arrive(made[4]),
        "between": lambda: here.arrive(made[2]),
        "on beyond": lambda: here.judged(made[4].id, verdict, by="pusat", note="pusat"),
        "on between": lambda: here.judged(made[2].id, verdict, by="pusat", note="pusat"),
    }
    ends = set()
    for order in list(permutations(events))[:: here.every]:
        here.empty()
        for one in known:
            here.arrive(one)
        for event in order:
            events[event]()
        here.arrive(made[1])
        ends.add(tuple(here.fences.stopped(one.id) for one in made))
    assert ends == {(False, False, verdict == "rejected", False, verdict == "rejected")}


def test_one_verdict_counts_and_stays(here):
    made = packets(2)
    here.raise_(fence(made[:1]))
    here.arrive(made[1])
    assert here.decide(made[1].id, "released", by="pusat", note="proof seen") is True
    assert here.decide(made[1].id, "rejected", by="pusat", note="changed my mind") is False
    assert here.decide(made[0].id, "released", by="pusat", note="not withheld") is False
    found = here.fences.withheld(made[1].id)
    assert (found.verdict, found.by, found.note) == ("released", "pusat", "proof seen")


def test_packets_that_arrive_side_by_side_prove_one_another():
    with fresh_pool(EXCHANGE_TABLES) as pool:
        fences, made = PgFences(pool), packets(3)
        register = PgRegister(pool, lambda tx, arrival: fences.arrived(tx, arrival) and None)
        with pool.connection() as tx:
            fences.raised(tx, replace(fence(made), held=frozenset()))
        register.record(made[0].arrival(), lambda _: b"receipt")
        here = threading.Barrier(2)

        def slowly(tx, arrival):
            fences.arrived(tx, arrival)
            with suppress(threading.BrokenBarrierError):
                here.wait(0.5)  # both have looked, neither has committed, unless they take turns

        side_by_side = PgRegister(pool, slowly)
        with ThreadPoolExecutor(2) as both:
            list(both.map(lambda one: side_by_side.record(one.arrival(), lambda _: b"receipt"), made[1:]))
        waiting = [each.packet_id for each in fences.all_withheld() if not each.verdict]
        assert waiting == []


def test_what_an_office_names_in_its_own_fence_is_no_word_on_another_offices_packets():
    with fresh_pool(EXCHANGE_TABLES) as pool:
        fences, made = PgFences(pool), packets(2)
        register = PgRegister(pool, lambda tx, arrival: fences.arrived(tx, arrival) and None)
        foreign = Fence("327301-01", 1, 1, made[0].id, 1, "x", frozenset(one.id for one in made))
        with pool.connection() as tx:
            fences.raised(tx, foreign)
            fences.raised(tx, fence(made[:1]))
        for one in made:
            register.record(one.arrival(), lambda _: b"receipt")
        assert [each.packet_id for each in fences.all_withheld()] == [made[1].id]
        with pool.connection() as tx:
            held = tx.execute("SELECT station FROM exchange.fence_held WHERE packet_id = %s", [made[0].id]).fetchall()
        assert sorted(held) == [(STATION,), ("327301-01",)]


def test_the_database_asks_for_who_and_why_and_lets_nothing_be_undone():
    with fresh_pool(EXCHANGE_TABLES) as pool:
        fences, made = PgFences(pool), packets(2)
        register = PgRegister(pool, lambda tx, arrival: fences.arrived(tx, arrival) and None)
        with pool.connection() as tx:
            fences.raised(tx, fence(made[:1]))
        for one in made:
            register.record(one.arrival(), lambda _: b"receipt")
        for by, note in (("", "why"), ("pusat", "")):
            with pytest.raises(psycopg.errors.CheckViolation), pool.connection() as tx:
                fences.decide(tx, made[1].id, "released", by=by, note=note)
        with pool.connection() as tx:
            fences.decide(tx, made[1].id, "rejected", by="pusat", note="nobody knows it")
        for statement in (
            "DELETE FROM exchange.withheld",
            "UPDATE exchange.withheld SET verdict = 'released'",
            "DELETE FROM exchange.fence",
            "UPDATE exchange.fence SET after = 99",
            "DELETE FROM exchange.fence_held",
        ):
            with pytest.raises(psycopg.errors.RestrictViolation), pool.connection() as tx:
                tx.execute(statement)
