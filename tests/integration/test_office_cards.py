"""Cards and blanks on a real PostgreSQL: one card per order, no card without a blank, stock to the sheet."""

import io
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import psycopg
import pypdf
import pytest

from office_examples import OTHER_OFFICE, ROOT, SITI, SIXTEEN, packet, parcel, world
from rekam.documents.pictures import PictureUnusable
from rekam.enrolment.status import Status
from rekam.exchange.card_printed import CardPrinted
from rekam.exchange.feed import EntryKind
from rekam.office.blanks import BlankLedger
from rekam.office.errors import (
    CardNotPrinted,
    MissingReason,
    NoBlanks,
    NoPrintOrder,
    NotYetEligible,
    OrderUnreadable,
    OrderWithdrawn,
    WrongNumberOfBlanks,
)
from rekam.packet.errors import ParcelForAnotherPlace


@pytest.fixture
def here(tmp_path):
    with world(tmp_path) as made:
        yield made


@pytest.fixture
def ordered(here):
    """An office with one print order and two blanks."""
    here.sent = packet()
    here.centre.order(here.sent)
    here.follow()
    here.office.blanks.receive(2, "kiriman pusat", by="budi")
    return here


def test_a_card_is_printed_over_one_connection_so_that_a_crowd_of_clerks_never_waits_for_itself(tmp_path):
    with world(tmp_path, connections=1) as here:
        here.centre.order(sent := packet())
        here.follow()
        here.office.blanks.receive(1, "kiriman pusat", by="budi")
        assert here.office.cards.print(sent.id, by="budi").fresh


def stock(here):
    account = here.office.blanks.account()
    assert account.adds_up
    return account.stock


def told_the_centre(here):
    return [CardPrinted.from_body(each.verified(ROOT)[0].body) for each in here.office.statements.waiting(10)]


def test_every_printed_sheet_is_told_to_the_centre_and_one_that_was_not_printed_is_not(ordered):
    ordered.office.cards.print(ordered.sent.id, by="budi")
    ordered.office.cards.print(ordered.sent.id, by="budi")
    again = ordered.office.cards.reprint(ordered.sent.id, by="budi", reason="tinta luntur")
    with pytest.raises(NoBlanks):
        ordered.office.cards.reprint(ordered.sent.id, by="budi", reason="hilang")
    said = told_the_centre(ordered)
    assert [(each.packet_id, each.copy) for each in said] == [(ordered.sent.id, 1), (ordered.sent.id, 2)]
    assert (said[1].blank, said[1].issued_on) == (again.sheet.blank, again.sheet.issued_on)


def test_a_card_takes_one_blank_and_its_packet_becomes_card_printed(ordered):
    card = ordered.office.cards.print(ordered.sent.id, by="budi")
    assert card.fresh
    pages = pypdf.PdfReader(io.BytesIO(card.pdf)).pages
    assert [round(float(pages[0].mediabox.width) / 72 * 25.4, 1), len(pages)] == [85.6, 2]
    assert SITI.name in pages[0].extract_text()
    assert stock(ordered) == 1
    assert ordered.office.whereabouts.packet(ordered.sent.id)[0].status is Status.CARD_PRINTED
    assert ordered.office.cards.waiting() == []


def test_asked_again_it_is_the_same_card_to_the_byte_and_no_second_blank(ordered):
    first = ordered.office.cards.print(ordered.sent.id, by="budi")
    again = ordered.again().cards.print(ordered.sent.id, by="wati")
    assert (again.fresh, again.pdf, again.sheet.printed_by) == (False, first.pdf, "budi")
    assert stock(ordered) == 1


def test_eight_who_print_one_order_at_once_make_one_card(ordered):
    with ThreadPoolExecutor(8) as crowd:
        cards = list(crowd.map(lambda n: ordered.office.cards.print(ordered.sent.id, by=f"p{n}"), range(8)))
    assert [card.fresh for card in cards].count(True) == 1
    assert len({card.pdf for card in cards}) == 1
    assert stock(ordered) == 1


def test_a_database_that_dies_while_a_card_is_set_costs_no_blank_and_the_card_is_printed_later(ordered, monkeypatch):
    take = BlankLedger.take

    def dying(self, tx, **facts):
        take(self, tx, **facts)
        tx.execute("SELECT pg_terminate_backend(pg_backend_pid())")

    monkeypatch.setattr(BlankLedger, "take", dying)
    with pytest.raises(psycopg.OperationalError):
        ordered.office.cards.print(ordered.sent.id, by="budi")
    assert stock(ordered) == 2
    monkeypatch.undo()
    assert ordered.office.cards.print(ordered.sent.id, by="budi").fresh
    assert stock(ordered) == 1


def test_without_a_blank_nothing_is_printed_and_the_order_waits(here):
    sent = packet()
    here.centre.order(sent)
    here.follow()
    with pytest.raises(NoBlanks):
        here.office.cards.print(sent.id, by="budi")
    assert [line.packet_id for line in here.office.cards.waiting()] == [sent.id]
    assert here.office.whereabouts.packet(sent.id)[0].status is Status.PRINT_READY_RECORD


def test_a_sixteen_year_old_is_recorded_and_not_yet_eligible_until_the_birthday(here):
    sent = packet()
    here.centre.order(sent, biodata=SIXTEEN)
    here.follow()
    here.office.blanks.receive(1, "kiriman", by="budi")
    with pytest.raises(NotYetEligible, match="15 April 2017"):
        here.office.cards.print(sent.id, by="budi")
    assert stock(here) == 1
    (line,) = here.office.cards.waiting()
    assert not line.summary.eligible(here.office.dates.today())
    here.clock.advance(timedelta(days=26).total_seconds())
    assert here.office.cards.print(sent.id, by="budi").fresh


def test_a_picture_that_cannot_be_set_costs_no_blank(here):
    sent = packet()
    images = {"photo": {"media_type": "image/jpeg", "image": b"no picture"}}
    here.centre.order(sent, images=images)
    here.follow()
    here.office.blanks.receive(1, "kiriman", by="budi")
    with pytest.raises(PictureUnusable):
        here.office.cards.print(sent.id, by="budi")
    assert stock(here) == 1
    assert here.office.state().cards == 0


def test_an_order_without_a_photo_or_sealed_to_another_office_says_so(here):
    sent = packet()
    here.centre.order(sent, images={})
    here.follow()
    with pytest.raises(OrderUnreadable):
        here.office.cards.print(sent.id, by="budi")
    with pytest.raises(NoPrintOrder):
        here.office.cards.print("0" * 64, by="budi")
    other = packet(2)
    here.centre.status(other, "PRINT_READY_RECORD")
    here.centre.tell(EntryKind.PRINT_ORDER, packet_id=other.id, order=2, parcel=parcel(other, office=OTHER_OFFICE))
    here.follow()
    with pytest.raises(ParcelForAnotherPlace):
        here.office.cards.print(other.id, by="budi")


def test_a_duplicate_found_later_is_not_printed(ordered):
    ordered.centre.status(ordered.sent, "DUPLICATE_RECORD")
    ordered.follow()
    assert ordered.office.cards.waiting() == []
    with pytest.raises(OrderWithdrawn):
        ordered.office.cards.print(ordered.sent.id, by="budi")
    assert stock(ordered) == 2


def test_a_reprint_is_a_marked_copy_on_a_new_blank_with_its_reason(ordered):
    cards = ordered.office.cards
    with pytest.raises(CardNotPrinted):
        cards.reprint(ordered.sent.id, by="budi", reason="rusak")
    first = cards.print(ordered.sent.id, by="budi")
    with pytest.raises(MissingReason):
        cards.reprint(ordered.sent.id, by="budi", reason=" ")
    second = cards.reprint(ordered.sent.id, by="wati", reason="chip gagal", replaces=1)
    assert (second.sheet.copy, second.pdf != first.pdf) == (2, True)
    assert f"3174{second.sheet.blank:08d}-2" in "".join(
        page.extract_text() for page in pypdf.PdfReader(io.BytesIO(second.pdf)).pages
    )
    twice = cards.reprint(ordered.sent.id, by="wati", reason="chip gagal", replaces=1)
    assert (twice.fresh, twice.pdf) == (False, second.pdf)
    assert cards.pdf(ordered.sent.id, 1).pdf == first.pdf
    account = ordered.office.blanks.account()
    assert (account.printed, account.reprinted, account.ruined, account.stock, account.adds_up) == (1, 1, 1, 0, True)


def test_a_printed_card_stays_printed_when_the_centre_repeats_that_it_may_be(ordered):
    ordered.office.cards.print(ordered.sent.id, by="budi")
    ordered.centre.status(ordered.sent, "PRINT_READY_RECORD")
    ordered.follow()
    assert ordered.office.whereabouts.packet(ordered.sent.id)[0].status is Status.CARD_PRINTED


def test_the_stock_never_falls_below_zero_under_eight_who_take_at_once(here):
    here.office.blanks.receive(20, "kiriman", by="budi")

    def spoil(n):
        try:
            here.office.blanks.spoil(1 + n % 3, "uji", by=f"p{n}")
        except NoBlanks:
            return 0
        return 1 + n % 3

    with ThreadPoolExecutor(8) as crowd:
        taken = sum(crowd.map(spoil, range(40)))
    entries = here.office.blanks.entries()
    assert min(entry.balance for entry in entries) >= 0
    assert [entry.entry for entry in entries] == list(range(len(entries), 0, -1))
    assert stock(here) == 20 - taken


def test_the_ledger_is_never_changed_and_refuses_odd_numbers(here):
    blanks = here.office.blanks
    assert blanks.open_with(10, "stok awal", by="budi").balance == 10
    assert blanks.open_with(10, "stok awal", by="budi") is None
    for count in (0, -1, 10_000_000):
        with pytest.raises(WrongNumberOfBlanks):
            blanks.receive(count, "kiriman", by="budi")
    with pytest.raises(MissingReason):
        blanks.spoil(1, "", by="budi")
    for change in ("UPDATE blank_ledger SET change = 5", "DELETE FROM blank_ledger"):
        with pytest.raises(psycopg.errors.RestrictViolation), here.office.pool.connection() as connection:
            connection.execute(change)
    assert stock(here) == 10
