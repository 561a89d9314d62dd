"""Numbers of letters travel on the stick: what the station sealed goes up, the office's signed blocks come home."""

from dataclasses import replace
from hashlib import sha256

import pytest

from courier_examples import STICK, Receiver, Sender, bundles, stick
from exchange_examples import OFFICE, OTHER_OFFICE
from rekam.exchange.courier.hearing import Ears
from rekam.exchange.courier.letters import SealedReport
from rekam.exchange.courier.out import courier_out
from rekam.exchange.courier.report import plain
from rekam.exchange.courier.returning import courier_receipts
from rekam.exchange.courier.taking_in import courier_in
from rekam.exchange.errors import SenderRevoked
from rekam.exchange.letters import Block, Grant, LettersUnreadable, Report, Used

NUMBERS = (Used(2026, 7, "317401-01/1/000042", "2026-11-21T02:00:00+00:00", "op-1"),)
BLOCK = Block(2026, 1, 1000)


class Station(Sender):
    """A station that used `used`; what it sealed stands for itself here and is remembered by its digest."""

    def __init__(self, used=NUMBERS) -> None:
        super().__init__()
        self.report = Report(900, used)
        self.asked: dict[bytes, bytes] = {}
        self.granted: list[Grant] = []

    def origin(self):
        return replace(super().origin(), letters=lambda to: self._sealed() if to == "3174" else None)

    def home(self):
        return replace(super().home(), letters=self._take)

    def _sealed(self):
        parcel = b"sealed" + self.report.to_bytes()
        self.asked[sha256(parcel).digest()] = self.report.to_bytes()
        return SealedReport(parcel, len(self.report.used))

    def _take(self, digest, word):
        key, report = OFFICE.certificate.signing, self.asked[digest]
        self.granted.append(Grant.read(word, key, self.id, self.place.certificate.epoch, report))
        return len(Report.from_bytes(report).used)


class Office(Receiver):
    def __init__(self, key=OFFICE.key) -> None:
        super().__init__()
        self.signer = key
        self.asked: list[tuple[str, int, Report]] = []
        self.check = lambda _writer: None

    def destination(self):
        usual = super().destination()
        return replace(
            usual, ears=Ears(letters=self.answer), answering=replace(usual.answering, check_reader=self.check)
        )

    def answer(self, writer, parcel):
        report = parcel.removeprefix(b"sealed")
        self.asked.append((writer.subject, writer.epoch, Report.from_bytes(report)))
        return Grant((BLOCK,), ((2026, 7),)).signed(self.signer, writer.subject, writer.epoch, report)


def carry(station, office, medium=None):
    medium = medium or stick()
    out = courier_out(station.origin(), medium, STICK, to="3174")
    return medium, out, [courier_in(office.destination(), medium, path) for path in bundles(medium)]


def test_the_office_notes_what_was_used_and_its_blocks_come_home_on_the_same_stick():
    station, office = Station(), Office()
    medium, out, (report,) = carry(station, office)
    assert (out.letters, report.letters, report.refused, report.passed_over) == (1, 1, (), 0)
    assert (plain(out)["letters"], office.asked) == (1, [(station.id, 1, station.report)])
    back = station.back(medium)
    assert (back.letters, back.doubted, back.passed_over) == (1, [], 0)
    assert station.granted == [Grant((BLOCK,), ((2026, 7),))]


def test_an_answer_that_comes_home_weeks_later_is_read_by_what_it_answers():
    station, office = Station(), Office()
    medium, _out, _report = carry(station, office)
    station.report = Report(800, ())  # told over a line meanwhile
    assert station.back(medium).letters == 1
    assert len(station.granted) == 1


def test_a_report_that_only_asks_travels_along_and_makes_no_file_of_its_own():
    station, office = Station(used=()), Office()
    medium, out, (report,) = carry(station, office)
    assert (len(out.files), report.letters) == (1, 0), "the file that asks for the feed takes it along"
    station.report = Report(899, ())
    assert courier_out(station.origin(), medium, STICK, to="3174").files == ()
    station.report = Report(898, NUMBERS)
    assert len(courier_out(station.origin(), medium, STICK, to="3174").files) == 1


def test_only_the_office_is_told():
    station = Station()
    medium = stick()
    assert courier_out(station.origin(), medium, STICK, to="centre").letters == 0
    (report,) = Receiver("acceptance").take_all(medium)
    assert report.passed_over == 0


@pytest.mark.parametrize(
    "problem", [SenderRevoked(station="317401-01", epoch=1, first=1), LettersUnreadable(reason="x")]
)
def test_whoever_is_not_answered_is_told_why_and_packets_go_on(problem):
    station, office = Station(), Office()

    def refused(*_asked):
        raise problem

    if isinstance(problem, SenderRevoked):
        office.check = refused
    else:
        office.answer = refused
    medium, _out, (report,) = carry(station, office)
    assert [(each.kind, each.code) for each in report.refused] == [("letters", problem.code)]
    back = station.back(medium)
    assert (back.letters, [each.code for each in back.refused]) == (0, [problem.code])


def test_an_answer_that_another_office_signed_is_not_believed():
    station = Station()
    medium, _out, _report = carry(station, Office(OTHER_OFFICE.key))
    back = courier_receipts(
        station.home(), medium, [path for path in medium.files(STICK) if path.name.endswith(".kembali.rekam")]
    )
    assert (back.letters, station.granted) == (0, [])
    assert [each.code for each in back.doubted] == ["LettersUnreadable"]
