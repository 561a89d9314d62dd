"""Account files: read back as written, believed only from the place they name, refused in words otherwise."""

import json
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from account_examples import centre, office, packet_id, station
from exchange_examples import CENTRE_KEY, OFFICE, OTHER_OFFICE, OTHER_STATION, RANDOM, ROOT, STATION
from rekam.exchange.account import BLOCK, Entry, Holding
from rekam.exchange.account_file import KIND, AccountUnproved, AccountUnreadable, read_account, write_account
from rekam.exchange.comparison import compare
from rekam.exchange.sums import card_sums
from rekam.trust import cbor
from rekam.trust.certificates import Certificate, issue
from rekam.trust.cose import peek1, sign1
from rekam.trust.keys import SigningKey, VerifyKey

VECTORS = Path(__file__).parents[2] / "vectors" / "account"
MANY = {Holding.ACCEPTED: range(1, 2 * BLOCK + 10)}


@pytest.mark.parametrize("brief", [False, True])
def test_an_account_is_read_back_as_it_was_written(brief):
    forked = office(holdings=MANY, extra=[Entry(2, packet_id(2, "second"), Holding.WAITING)], absent=[7])
    account = forked.brief() if brief else forked
    assert read_account(write_account(account, OFFICE.key, OFFICE.chain), ROOT) == account


def test_the_centre_signs_with_its_certified_key():
    key = SigningKey.generate(RANDOM)
    chain = (issue(Certificate("centre", "centre", "Pusat", key.public), CENTRE_KEY, random=RANDOM),)
    assert read_account(write_account(centre(), key, chain), ROOT) == centre()


def test_a_brief_account_of_a_hundred_thousand_packets_fits_into_one_request():
    whole = station(holdings={Holding.ACCEPTED: range(1, 100_001)}, highest=0)
    brief = write_account(whole.brief(), STATION.key, STATION.chain)
    assert len(brief) < 30_000
    assert len(write_account(whole, STATION.key, STATION.chain)) > 3_200_000
    assert compare(read_account(brief, ROOT), office(holdings={Holding.ACCEPTED: range(1, 100_001)})).complete


@pytest.mark.parametrize(
    ("key", "chain"),
    [
        (OTHER_STATION.key, STATION.chain),
        (OTHER_STATION.key, OTHER_STATION.chain),
        (OFFICE.key, OFFICE.chain),
        (STATION.key, ()),
    ],
    ids=["another key", "another station", "its office", "no certificates"],
)
def test_an_account_that_its_place_did_not_sign_is_not_believed(key, chain):
    with pytest.raises(AccountUnproved):
        read_account(write_account(station(), key, chain), ROOT)


def test_nobody_tells_of_packets_that_are_not_theirs():
    foreign = replace(office(), place="3273")
    with pytest.raises(AccountUnproved, match="others"):
        read_account(write_account(foreign, OTHER_OFFICE.key, OTHER_OFFICE.chain), ROOT)


def test_every_changed_byte_is_noticed():
    sound = write_account(station(), STATION.key, STATION.chain)
    for position in range(0, len(sound), 11):
        spoilt = bytearray(sound)
        spoilt[position] ^= 1
        with pytest.raises((AccountUnreadable, AccountUnproved)):
            read_account(bytes(spoilt), ROOT)


@given(st.binary(max_size=200))
def test_what_is_no_account_is_refused_in_words(data):
    with pytest.raises(AccountUnreadable):
        read_account(data, ROOT)


@pytest.mark.parametrize(
    "change",
    [
        lambda chain: chain["holdings"].update(waiting=[[9, 11]]),
        lambda chain: chain["holdings"].update(accepted=[[1, 6]]),
        lambda chain: chain["outcomes"].update(none=[[1, 9]]),
        lambda chain: chain.update(highest=9),
        lambda chain: chain.update(absent=[[11, 11]]),
        lambda chain: chain.update(blocks=[]),
        lambda chain: chain["blocks"][0].__setitem__(1, bytes(32)),
        lambda chain: chain["blocks"][0].__setitem__(2, None),
        lambda chain: chain.update(station="3174"),
        lambda chain: chain.pop("forks"),
        lambda chain: chain.update(epoch="1"),
    ],
)
def test_an_account_whose_parts_speak_of_different_packets_is_refused(change):
    fields = cbor.decode(peek1(write_account(station(), STATION.key, STATION.chain), kind=KIND).payload)
    change(fields["chains"][0])
    with pytest.raises(AccountUnreadable):
        read_account(sign1(cbor.encode(fields), STATION.key, kind=KIND), ROOT)


def test_a_newer_versions_account_is_told_as_such():
    fields = {"version": 2, "something": "else"}
    with pytest.raises(AccountUnreadable, match="version 2"):
        read_account(sign1(cbor.encode(fields), STATION.key, kind=KIND), ROOT)


def test_the_vector_of_the_format_page_is_read_as_it_says_and_written_the_same():
    data, told = (VECTORS / "station.neraca").read_bytes(), json.loads((VECTORS / "station.json").read_text("utf-8"))
    account = read_account(data, VerifyKey(bytes.fromhex(told["root"])))
    (chain,) = account.chains
    assert account.place == told["place"]
    assert {str(state): ranges.plain() for state, ranges in chain.holdings.items()} == told["holdings"]
    assert chain.missing.plain() == told["missing"]
    assert [entry.packet_id for entry in chain.forks] == told["forks"]
    assert [block.digest.hex() for block in chain.blocks] == told["digests"]
    certificates = cbor.decode(peek1(data, kind=KIND).payload)["certificates"]
    assert write_account(account, SigningKey(bytes([3]) * 32), certificates) == data


def test_the_vector_of_an_offices_cards_is_read_as_it_says_and_written_the_same():
    data, told = (VECTORS / "office.neraca").read_bytes(), json.loads((VECTORS / "office.json").read_text("utf-8"))
    account = read_account(data, SigningKey(bytes([1]) * 32).public)
    (orders,), (sheets,) = account.orders, account.sheets
    assert {str(state): ranges.plain() for state, ranges in orders.orders.items()} == told["orders"]
    assert [sheets.sheets.plain(), sheets.unsaid.plain()] == [told["sheets"], told["unsaid"]]
    assert [str(line) for line in card_sums(account)] == told["sums"]
    certificates = cbor.decode(peek1(data, kind=KIND).payload)["certificates"]
    assert write_account(account, SigningKey(bytes([2]) * 32), certificates) == data
