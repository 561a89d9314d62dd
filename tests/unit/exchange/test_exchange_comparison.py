"""Comparing accounts: each kind of finding by itself, and against a plain oracle over generated places."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from account_examples import STATION, account, centre, entries, office, packet_id, station
from rekam.exchange.account import BLOCK, Account, Entry, Holding, Outcome, chain_account
from rekam.exchange.comparison import Comparison, Found, NotComparable, compare, examine
from rekam.exchange.sums import sums_of

ACCEPTED, BACKED_UP, WAITING, PURGED = Holding.ACCEPTED, Holding.BACKED_UP, Holding.WAITING, Holding.PURGED


def told(comparison: Comparison | tuple) -> dict:
    findings = comparison.findings if isinstance(comparison, Comparison) else comparison
    return {(finding.found, finding.at): str(finding.sequences) for finding in findings}


def test_places_in_step_have_only_packets_on_their_way():
    assert told(compare(station(), office())) == {(Found.ON_THE_WAY, "3174"): "9-10"}
    assert told(compare(centre(), office())) == {(Found.ON_THE_WAY, "centre"): "6-8"}
    assert told(compare(station(), centre())) == {(Found.ON_THE_WAY, "centre"): "6-10"}
    assert compare(station(), office()).complete


def test_a_packet_that_the_office_signed_for_and_has_no_row_of_is_named():
    found = compare(station(), office(holdings={ACCEPTED: (1, 2, 3, 5), WAITING: (6, 7, 8)}))
    assert told(found) == {(Found.LOST_ABOVE, "3174"): "4", (Found.ON_THE_WAY, "3174"): "9-10"}
    assert not found.complete
    lost = next(finding for finding in found.findings if finding.serious)
    assert lost.numbers() == ["317401-01/1/000004"]
    assert str(lost) == "317401-01/1/000004"
    assert lost.packet_ids == {4: (packet_id(4),)}


def test_bytes_that_are_gone_behind_the_rows_back_are_named():
    found = compare(office(absent=[3]), centre(absent=[5]))
    assert told(found) == {
        (Found.BYTES_MISSING, "3174"): "3",
        (Found.BYTES_MISSING, "centre"): "5",
        (Found.ON_THE_WAY, "centre"): "6-8",
    }


def test_what_was_purged_after_its_acceptance_is_not_missing():
    lower = station(holdings={PURGED: range(1, 6), BACKED_UP: range(6, 9), WAITING: (9, 10)})
    assert compare(lower, centre()).complete
    assert examine(lower) == ()


def test_what_is_missing_at_the_end_of_a_chain_shows_by_the_stations_own_account():
    """The office alone cannot know of 9 and 10; it signed for 8."""
    short = office(holdings={ACCEPTED: range(1, 6), WAITING: (6, 7)})
    assert examine(short) == ()
    assert told(compare(station(), short))[Found.LOST_ABOVE, "3174"] == "8"


def test_a_recording_that_vanished_with_its_row_at_the_station_is_missing_there():
    holed = station(holdings={ACCEPTED: (1, 2, 4, 5), BACKED_UP: range(6, 9), WAITING: (9,)})
    assert told(compare(holed, office())) == {
        (Found.UNKNOWN_BELOW, STATION): "3",
        (Found.GAP, STATION): "10",
        (Found.ON_THE_WAY, "3174"): "9",
    }
    recorded = sums_of(holed)[0]
    assert (recorded.total, recorded.adds_up) == (10, False)
    assert str(recorded) == "recorded 10 != waiting 1 + set aside 0 + backed up 7"


def test_a_station_restored_from_an_old_image_lacks_what_its_office_has():
    old = station(holdings={ACCEPTED: range(1, 5)}, highest=4)
    assert told(compare(old, office()))[Found.LATER, STATION] == "5-8"
    known = compare(old, office(), lower_knows={(STATION, 1): 8})
    assert told(known) == {(Found.UNKNOWN_BELOW, STATION): "5-8"}


def test_a_number_with_other_bytes_at_the_two_places_is_named():
    found = compare(station(), office(salts={2: "other"}))
    assert told(found)[Found.OTHER_BYTES, "3174"] == "2"
    assert not found.complete


def test_a_fork_is_told_at_the_place_that_has_both_and_each_of_its_packets_counts():
    second = Entry(2, packet_id(2, "second"), WAITING)
    forked = office(extra=[second])
    assert told(examine(forked)) == {(Found.FORK, "3174"): "2"}
    assert sums_of(forked)[0].total == 9
    # the station knows the first only; the centre lacks the second, which the office did not hand on yet
    assert told(compare(station(), forked)) == {(Found.FORK, "3174"): "2", (Found.ON_THE_WAY, "3174"): "9-10"}
    assert (Found.LOST_ABOVE, "centre") not in told(compare(forked, centre()))
    handed_on = office(extra=[replace(second, holding=ACCEPTED)])
    assert told(compare(handed_on, centre()))[Found.LOST_ABOVE, "centre"] == "2"


def test_a_gap_at_the_office_that_the_station_still_holds_is_on_its_way():
    lower = station(holdings={ACCEPTED: (1, 2, 4, 5), Holding.SET_ASIDE: (3,), BACKED_UP: range(6, 11)})
    upper = office(holdings={ACCEPTED: (1, 2, 4, 5), WAITING: range(6, 11)})
    assert told(examine(upper)) == {(Found.GAP, "3174"): "3"}
    assert told(compare(lower, upper)) == {(Found.ON_THE_WAY, "3174"): "3"}


def test_an_account_of_last_week_accuses_nobody_of_losing_what_came_after_it():
    old = office(holdings={ACCEPTED: range(1, 5)}, at_ms=500)
    young = station(signed_ms={"office": 900, "centre": 800})
    assert told(compare(young, old)) == {(Found.LATER, "3174"): "5-8", (Found.ON_THE_WAY, "3174"): "9-10"}


def test_the_same_place_a_week_later_may_only_have_more():
    assert compare(station(at_ms=1), station(at_ms=2)).complete
    fewer = station(holdings={ACCEPTED: range(1, 5)}, highest=4, at_ms=2)
    assert told(compare(station(at_ms=1), fewer)) == {(Found.LOST_ABOVE, STATION): "5-10"}


def test_rows_that_stand_in_no_list_do_not_add_up():
    stray = office(holdings={ACCEPTED: range(1, 6), WAITING: (6, 7), Holding.NOWHERE: (8,)})
    assert told(examine(stray)) == {(Found.NOT_IN_ANY_LIST, "3174"): "8"}
    assert not sums_of(stray)[0].adds_up


def test_an_epoch_that_ended_is_no_loss_of_the_reinstalled_station():
    fresh = account("station", {WAITING: (1,)}, epoch=2, highest=1)
    assert told(compare(fresh, office())) == {
        (Found.EARLIER_EPOCH, STATION): "1-8",
        (Found.ON_THE_WAY, "3174"): "1",
    }


@pytest.mark.parametrize(("one", "other"), [("3174", "3273"), ("317401-01", "3273"), ("317401-01", "317402-01")])
def test_places_that_never_send_to_each_other_are_not_compared(one, other):
    def named(place):
        tier = "station" if "-" in place else "office"
        return Account(place, tier, 0, True, ())

    with pytest.raises(NotComparable):
        compare(named(one), named(other))


def test_a_brief_account_finds_the_block_with_other_bytes_and_a_whole_one_the_packet():
    many = {ACCEPTED: range(1, 3 * BLOCK + 5)}
    lower, upper = station(holdings=many, highest=0), office(holdings=many, salts={300: "other"})
    assert compare(lower.brief(), office(holdings=many).brief()).complete
    assert told(compare(lower, upper.brief()))[Found.UNDECIDED, "3174"] == f"{BLOCK + 1}-{2 * BLOCK}"
    assert told(compare(lower, upper)) == {(Found.OTHER_BYTES, "3174"): "300"}


FATES = st.sampled_from(["recorded", "backed up", "lost at office", "accepted", "lost at centre", "bytes gone"])


@given(st.lists(FATES, max_size=40), st.booleans())
def test_whatever_happened_exactly_the_lost_packets_are_named(fates, brief):
    """Each number has one fate; three places make their accounts, and the comparison names what was lost, all of it
    and nothing else.
    """
    fate = dict(enumerate(fates, 1))

    def numbers(*wanted):
        return [number for number, each in fate.items() if each in wanted]

    at_centre = numbers("accepted", "bytes gone")
    lower = station(
        holdings={
            WAITING: numbers("recorded"),
            BACKED_UP: numbers("backed up", "lost at office"),
            ACCEPTED: [*at_centre, *numbers("lost at centre")],
        },
        highest=len(fates),
    )
    middle = office(
        holdings={WAITING: numbers("backed up"), ACCEPTED: [*at_centre, *numbers("lost at centre")]},
        absent=numbers("bytes gone"),
    )
    upper = centre(holdings={ACCEPTED: at_centre})
    if brief:
        middle, upper = middle.brief(), upper.brief()

    def serious(comparison):
        return {
            (finding.found, sequence)
            for finding in comparison.findings
            if finding.serious and finding.found is not Found.GAP
            for sequence in finding.sequences
        }

    gone = {(Found.BYTES_MISSING, number) for number in numbers("bytes gone")}
    lost = {(Found.LOST_ABOVE, number) for number in numbers("lost at office")}
    missing = {(Found.LOST_ABOVE, number) for number in numbers("lost at centre")}
    assert serious(compare(lower, middle)) == gone | lost
    assert serious(compare(middle, upper)) == gone | missing
    assert serious(compare(lower, upper)) == missing
    assert all(each.adds_up for each in sums_of(lower))


@given(st.lists(st.tuples(st.integers(1, 30), st.sampled_from(list(Holding)), st.booleans()), max_size=60))
def test_every_row_is_counted_once_whatever_the_forks(rows):
    made = [
        Entry(sequence, packet_id(sequence, str(position)), holding, Outcome.DONE, absent=absent)
        for position, (sequence, holding, absent) in enumerate(rows)
    ]
    chain = chain_account(STATION, 1, made)
    assert chain.packets == len(made)
    assert sum(chain.count(holding) for holding in Holding) == len(made)
    assert chain.count(Outcome.DONE) == len(made)
    assert set(chain.known) == {sequence for sequence, _, _ in rows}
    assert sum(len(block.ids) for block in chain.blocks) == len(chain.single)
    assert entries({}) == []
