"""The fence on an old key: what it vouches for, from the bytes alone."""

import random
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rekam.exchange.continuity import Link
from rekam.exchange.fence import (
    Fence,
    FenceUnclear,
    FenceUnreadable,
    Standing,
    believed,
    draw_fence,
    judge,
    why_withheld,
)

AT, WHY = 1_475_456_400_000, "stolen"


def chain(count: int, *, branch: str = "a", after: Link | None = None) -> list[Link]:
    """`count` packets that follow `after`."""
    links: list[Link] = []
    before = after
    for sequence in range((before.sequence if before else 0) + 1, (before.sequence if before else 0) + count + 1):
        previous = before.packet_id if before else "0" * 64
        before = Link(sequence, f"{branch}{sequence:x}".ljust(64, "0"), previous)
        links.append(before)
    return links


def fence(links, **how) -> Fence:
    return draw_fence("317401-01", 1, links, at_ms=AT, reason=WHY, **how)


def test_by_default_belief_ends_with_the_highest_that_the_office_holds():
    links = chain(5)
    drawn = fence(links)
    assert (drawn.after, drawn.head) == (5, links[-1].packet_id)
    assert drawn.held == {link.packet_id for link in links}
    assert set(judge(drawn, links).values()) == {Standing.BELIEVED}


def test_a_station_that_never_sent_is_believed_in_nothing():
    drawn = fence([])
    assert (drawn.after, drawn.head) == (0, "")
    assert set(judge(drawn, chain(2)).values()) == {Standing.BEYOND}


def test_whoever_goes_on_with_the_key_stands_beyond_it():
    links = chain(5)
    thief = chain(3, branch="f", after=links[-1])
    assert {judge(fence(links), links + thief)[link.packet_id] for link in thief} == {Standing.BEYOND}


def test_a_copy_of_last_weeks_disk_cannot_fill_numbers_that_the_chain_has_passed():
    links = chain(5)
    thief = chain(3, branch="f", after=links[1])  # 3, 4, 5 anew, from a copy that ends with 2
    said = judge(fence(links), links + thief)
    assert {said[link.packet_id] for link in thief} == {Standing.OFF_CHAIN}
    assert {said[link.packet_id] for link in links} == {Standing.BELIEVED}


def test_a_late_packet_is_proved_by_the_one_that_followed_it_and_a_made_up_one_is_not():
    links = chain(6)
    here = [link for link in links if link.sequence != 4]
    drawn = fence(here)
    assert judge(drawn, links)[links[3].packet_id] is Standing.BELIEVED
    made_up = replace(links[3], packet_id="f" * 64)
    assert judge(drawn, [*here, made_up])[made_up.packet_id] is Standing.OFF_CHAIN


def test_what_lies_behind_a_hole_waits_for_the_packets_between():
    links = chain(6)
    drawn = fence([links[0], links[1], links[5]])
    assert drawn.held == {links[0].packet_id, links[1].packet_id, links[5].packet_id}
    held = [links[0], links[1], links[5]]
    assert judge(drawn, [*held, links[3]])[links[3].packet_id] is Standing.UNPROVED
    assert judge(drawn, [*held, links[3], links[4]])[links[3].packet_id] is Standing.BELIEVED
    assert judge(drawn, held)[links[1].packet_id] is Standing.BELIEVED  # the office had it before


def test_a_proof_on_paper_lets_belief_end_later_than_the_office_knows():
    links = chain(7)
    drawn = fence(links[:5], after=7, head=links[6].packet_id[:16])
    said = judge(drawn, links)
    assert set(said.values()) == {Standing.BELIEVED}
    made_up = chain(2, branch="f", after=links[4])
    assert {judge(drawn, links + made_up)[link.packet_id] for link in made_up} == {Standing.OFF_CHAIN}


def test_a_head_that_forked_or_is_not_here_is_asked_for():
    links = [*chain(4), *chain(1, branch="f", after=chain(3)[-1])]
    with pytest.raises(FenceUnclear, match="2 different"):
        fence(links)
    assert fence(links, after=4, head="a4").head == links[3].packet_id
    for unknown in ("", "ffff", "not hex at all, not hex at all"):
        with pytest.raises(FenceUnclear):
            fence(links, after=9, head=unknown)


def test_of_a_fork_that_no_chain_settles_neither_is_believed():
    links = chain(6)
    fork = replace(links[1], packet_id="f" * 64)
    drawn = fence([links[0], links[1], fork, links[4], links[5]])
    assert {links[1].packet_id, fork.packet_id}.isdisjoint(drawn.held)


def test_an_official_may_draw_it_lower_than_what_was_received():
    links = chain(5)
    drawn = fence(links, after=3)
    assert judge(drawn, links)[links[3].packet_id] is Standing.BEYOND
    assert judge(drawn, links)[links[2].packet_id] is Standing.BELIEVED


@given(st.integers(0, 12), st.integers(0, 12), st.integers(0, 2**32))
def test_no_bytes_that_a_thief_adds_are_ever_believed_and_all_honest_ones_are_in_the_end(last, copied, seed):
    honest = chain(last)
    dice = random.Random(seed)
    received = [link for link in honest if dice.random() < 0.7]
    drawn = fence(received, after=last, head=honest[-1].packet_id if last else "")
    start = honest[min(copied, last) - 1] if min(copied, last) else None
    thief = chain(dice.randrange(1, 6), branch="f", after=start)
    there = [*received, *thief]
    dice.shuffle(there)
    assert all(judge(drawn, there)[link.packet_id] is not Standing.BELIEVED for link in thief)
    said = judge(drawn, [*honest, *thief])
    assert all(said[link.packet_id] is Standing.BELIEVED for link in honest)
    assert believed(drawn, [*honest, *thief]) == {link.packet_id for link in honest}


def test_it_travels_and_nothing_else_is_read():
    drawn = fence(chain(3))
    assert Fence.from_body(drawn.to_body()) == drawn
    for field, wrong in (("epoch", 0), ("after", -1), ("head", "xyz"), ("held", [b"short"]), ("reason", 7)):
        with pytest.raises(FenceUnreadable):
            Fence.from_body(drawn.to_body() | {field: wrong})


@pytest.mark.parametrize("standing", [Standing.BEYOND, Standing.OFF_CHAIN, Standing.UNPROVED])
def test_each_reason_to_wait_names_the_packet_and_why(standing):
    told = str(why_withheld(fence(chain(3)), standing, "317401-01/1/000004"))
    assert "317401-01/1/000004" in told
    assert WHY in told
