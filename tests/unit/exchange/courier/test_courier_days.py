"""Words on days travel on the stick like packets; the answer says how far the office knows them."""

from dataclasses import replace

from courier_examples import STICK, Receiver, Sender, bundles, stick
from day_word_examples import day_word, day_words, signed
from exchange_examples import RANDOM, ROOT
from rekam.exchange.courier.days import DAY_WORD, SealedDays, SealedWord
from rekam.exchange.courier.hearing import Ears
from rekam.exchange.courier.out import courier_out
from rekam.exchange.courier.report import plain
from rekam.exchange.courier.returning import courier_receipts
from rekam.exchange.courier.taking_in import courier_in
from rekam.exchange.day_words import DayWordDesk, InMemoryDayWords
from rekam.packet.parcel import seal_parcel
from rekam.trust.sealing import OpeningKey

PARCELS = OpeningKey.generate(random=RANDOM)


class Station(Sender):
    """A station that closed `count` days and was told of none of them."""

    def __init__(self, count: int) -> None:
        super().__init__()
        self.words = [data for _, data in day_words(count)]
        self.known = 0
        self.parcels = {}
        self.heard: list[tuple[str, int]] = []

    def origin(self):
        return replace(super().origin(), day_words=lambda to: self.sealed() if to == "3174" else [])

    def sealed(self):
        def parcel(word):
            to, key = PARCELS.public, self.place.key
            return seal_parcel(word, kind=DAY_WORD, recipient=to, signer=key, random=RANDOM)

        return [SealedWord.of(word, self.parcels.setdefault(word, parcel(word))) for word in self.words[self.known :]]

    def home(self):
        def known(by, n):
            self.heard.append((by, n))
            self.known = n

        return replace(super().home(), days_known=known)


class Office(Receiver):
    def __init__(self, parcels=PARCELS) -> None:
        super().__init__()
        self.days = DayWordDesk(InMemoryDayWords(), ROOT)
        self.ear = SealedDays(self.days, parcels)

    def destination(self):
        return replace(super().destination(), ears=Ears(day_words=self.ear))

    @property
    def kept(self):
        return [word.n for word, _ in self.days.store.kept]


def carry(station, office):
    medium = stick()
    out = courier_out(station.origin(), medium, STICK, to="3174")
    report = courier_in(office.destination(), medium, bundles(medium)[0])
    return medium, out, report


def test_the_office_keeps_them_in_their_order_and_says_how_far_it_knows_them():
    station, office = Station(3), Office()
    medium, out, report = carry(station, office)
    assert (out.packets, out.day_words, report.day_words, report.refused) == (0, 3, 3, ())
    assert (plain(out)["day_words"], office.kept) == (3, [1, 2, 3])
    again = courier_in(office.destination(), medium, bundles(medium)[0])
    assert (again.day_words, office.kept) == (3, [1, 2, 3])
    back = station.back(medium)
    assert (back.passed_over, back.doubted, station.heard) == (0, [], [("3174", 3)])
    _medium, out, _report = carry(station, office)
    assert out.day_words == 0, "what the office said it has is not carried again"


def test_a_word_that_lies_on_the_stick_whole_is_not_written_again():
    station = Station(2)
    medium = stick()
    assert courier_out(station.origin(), medium, STICK, to="3174").day_words == 2
    assert courier_out(station.origin(), medium, STICK, to="3174").day_words == 0


def test_an_office_that_was_set_back_is_brought_every_word_again():
    station, office = Station(2), Office()
    medium, _out, _report = carry(station, office)
    station.back(medium)
    office = Office()
    station.words = [data for _, data in day_words(3)]
    medium, _out, report = carry(station, office)
    assert [each.number for each in report.refused] == ["2026-11-21"], "it follows a word that the office has not"
    station.back(medium)
    assert station.known == 0
    carry(station, office)
    assert office.kept == [1, 2, 3]


def test_a_word_that_is_not_proved_holds_up_nothing_else():
    station, office = Station(1), Office()
    station.words.append(signed(day_word(2, bytes(32))))
    office.feed.append("office/3174", "notice", b"one")
    medium, _out, report = carry(station, office)
    assert (report.day_words, [(each.kind, each.code) for each in report.refused]) == (
        1,
        [("day-word", "DayWordUnproved")],
    )
    back = station.back(medium)
    assert (station.known, len(back.refused)) == (1, 1)


def test_what_a_supervisor_wrote_lies_sealed_on_the_stick():
    """A reason is free text and may name a resident (never 16)."""
    station = Station(0)
    station.words.append(signed(day_word(what="reopened", reason="Siti Rahmawati datang lagi")))
    medium = stick()
    assert courier_out(station.origin(), medium, STICK, to="3174").day_words == 1
    assert all(b"Siti" not in medium.open_read(path).read() for path in bundles(medium))
    report = courier_in(Office(OpeningKey.generate(random=RANDOM)).destination(), medium, bundles(medium)[0])
    assert [each.code for each in report.refused] == ["ParcelForAnotherPlace"]


def test_a_place_that_hears_no_words_passes_them_by_and_says_so():
    station, office = Station(1), Receiver()
    medium, _out, report = carry(station, office)
    assert (report.day_words, report.passed_over) == (0, 1)
    answers = [path for path in medium.files(STICK) if path.name.endswith(".kembali.rekam")]
    assert courier_receipts(station.home(), medium, answers).doubted == []
    assert station.heard == [], "nothing was said, so nothing is believed"
