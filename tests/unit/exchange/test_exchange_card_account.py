"""Cards in accounts: every order and every blank stands in one line that adds up, and two places agree to the sheet."""

from dataclasses import replace

import pytest

from account_examples import OFFICE as OFFICE_ID
from account_examples import STATION as STATION_ID
from account_examples import centre, centre_cards, office, office_cards, station
from exchange_examples import OFFICE, OTHER_OFFICE, ROOT, STATION
from rekam.exchange.account_file import AccountUnproved, AccountUnreadable, read_account, write_account
from rekam.exchange.card_account import Blanks, CardState, OrderRow, order_chains
from rekam.exchange.comparison import Found, compare
from rekam.exchange.ranges import Ranges
from rekam.exchange.sums import card_sums, sums_of


def found(lower, upper):
    return {(each.found, each.at, str(each)) for each in compare(lower, upper).findings if each.found in CARDS}


CARDS = {each for each in Found if each.startswith(("order", "sheet"))}


def test_an_office_closes_its_orders_and_its_blanks_and_the_centre_what_it_ordered_and_heard():
    assert [str(line) for line in card_sums(office_cards())] == [
        "cards ordered 4 = printed 2 + to be printed 1 + held 0 + withdrawn 1",
        "blanks received 10 = printed 2 + printed again 1 + spoilt 1 + in stock 6",
    ]
    assert [str(line) for line in card_sums(centre_cards())] == [
        "cards ordered 4 = printed 2 + to be printed 2 + held 0 + withdrawn 0",
        "sheets printed 3 = printed 2 + printed again 1",
    ]
    assert sums_of(office_cards())[-2:] == card_sums(office_cards())
    assert card_sums(office()) == card_sums(station()) == ()


@pytest.mark.parametrize(
    "blanks", [Blanks(11, 1, 6, 5), Blanks(10, 1, 5, 5), Blanks(10, 0, 6, 5)], ids=["received", "stock", "spoilt"]
)
def test_one_blank_too_many_anywhere_does_not_add_up(blanks):
    assert [line.adds_up for line in card_sums(office_cards(blanks=blanks))] == [True, False]


def test_an_order_in_no_list_and_one_line_under_two_sheets_do_not_add_up():
    told = office_cards()
    stray = replace(told, sheets=(replace(told.sheets[0], orders=5),))
    assert [line.adds_up for line in card_sums(stray)] == [False, True]
    assert [line.adds_up for line in card_sums(centre_cards(lines=(2, 3)))] == [True, False]


def test_two_places_that_agree_find_nothing_and_a_withdrawn_order_is_no_difference():
    assert found(office_cards(), centre_cards()) == set()
    assert found(station(), centre_cards()) == found(office(), centre()) == set()


def test_what_the_centre_took_note_of_and_does_not_know_is_lost_and_what_it_was_not_told_is_on_the_way():
    heard_one = centre_cards(lines=(2,))
    assert found(office_cards(), heard_one) == {(Found.SHEET_UNKNOWN_ABOVE, "centre", "3174/000003-000004")}
    assert not compare(office_cards(), heard_one).complete
    assert found(office_cards(unsaid=(3, 4)), heard_one) == {(Found.SHEET_ON_THE_WAY, "centre", "3174/000003-000004")}


def test_a_centre_that_was_put_back_to_before_its_first_order_lost_all_of_them():
    assert found(office_cards(), centre()) == {
        (Found.ORDER_UNKNOWN_ABOVE, "centre", "317401-01/1/000001-000003, 000005"),
        (Found.SHEET_UNKNOWN_ABOVE, "centre", "3174/000002-000004"),
    }


def test_a_sheet_beyond_the_ledgers_last_line_is_later_and_one_within_it_was_lost():
    assert found(office_cards(), centre_cards(lines=(2, 3, 4, 6))) == {(Found.SHEET_LATER, "3174", "3174/000006")}
    assert found(office_cards(), centre_cards(lines=(2, 3, 4, 5))) == {
        (Found.SHEET_UNKNOWN_BELOW, "3174", "3174/000005")
    }


def test_orders_that_only_one_place_knows():
    waiting = {CardState.PRINTED: (1, 2), CardState.WAITING: (3, 4, 5)}
    on_the_way = (Found.ORDER_ON_THE_WAY, "3174", "317401-01/1/000004")
    assert found(office_cards(), centre_cards(states=waiting)) == {on_the_way}
    fewer = {CardState.PRINTED: (1, 2), CardState.WAITING: (5,)}
    unknown = (Found.ORDER_UNKNOWN_ABOVE, "centre", "317401-01/1/000003")
    assert found(office_cards(), centre_cards(states=fewer)) == {unknown}
    assert found(office_cards(fresh=(3,)), centre_cards(states=fewer)) == set()
    lost = {CardState.PRINTED: (1,), CardState.WAITING: (3,), CardState.WITHDRAWN: (5,)}
    forgotten = (Found.ORDER_UNKNOWN_BELOW, "3174", "317401-01/1/000002")
    assert forgotten in found(office_cards(states=lost), centre_cards())


def test_a_number_that_was_used_twice_is_counted_twice_and_stands_in_no_range():
    rows = [OrderRow(STATION_ID, 1, 7, state) for state in (CardState.PRINTED, CardState.WAITING)]
    (chain,) = order_chains([*rows, OrderRow(STATION_ID, 1, 8, CardState.WAITING)])
    assert (chain.count(CardState.PRINTED), chain.count(CardState.WAITING)) == (1, 2)
    assert (chain.orders, chain.known) == ({CardState.WAITING: Ranges.of([8])}, Ranges.of([7, 8]))


def test_cards_are_read_back_as_they_were_written():
    told = office_cards(unsaid=(4,), fresh=(3,))
    doubled = order_chains([OrderRow(STATION_ID, 1, 7, state) for state in (CardState.PRINTED, CardState.WAITING)])
    for account in (told, replace(told, orders=doubled), replace(told, sheets=())):
        assert read_account(write_account(account, OFFICE.key, OFFICE.chain), ROOT) == account


def test_a_station_tells_nothing_of_cards_and_an_office_nothing_of_anothers():
    silent = replace(station(), orders=office_cards().orders, sheets=office_cards().sheets)
    assert read_account(write_account(silent, STATION.key, STATION.chain), ROOT) == station()
    foreign = replace(office_cards(), sheets=(replace(office_cards().sheets[0], office="3275"),))
    with pytest.raises(AccountUnproved, match="others"):
        read_account(write_account(foreign, OFFICE.key, OFFICE.chain), ROOT)
    with pytest.raises(AccountUnproved):
        read_account(write_account(office_cards(), OTHER_OFFICE.key, OTHER_OFFICE.chain), ROOT)


def test_orders_that_stand_in_two_ranges_are_refused():
    (chain,) = office_cards().orders
    twice = replace(chain, orders={CardState.PRINTED: Ranges.of([1]), CardState.WAITING: Ranges.of([1])})
    with pytest.raises(AccountUnreadable, match="overlap"):
        read_account(write_account(replace(office_cards(), orders=(twice,)), OFFICE.key, OFFICE.chain), ROOT)
    assert office_cards().of(STATION_ID).sheets == ()
    assert office_cards().of(OFFICE_ID) == office_cards()
