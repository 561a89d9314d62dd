"""A sender asks on a stick what is still held of all that was acknowledged, and believes the signed answer alone."""

from dataclasses import replace
from hashlib import sha256

import pytest

from courier_examples import STICK, FailingStick, Receiver, Sender, bundles, content, put, stick
from exchange_examples import CLOCK, OFFICE, OTHER_OFFICE, packets
from rekam.exchange.courier.errors import StickGone
from rekam.exchange.courier.hearing import Ears
from rekam.exchange.courier.out import courier_out
from rekam.exchange.courier.returning import courier_receipts
from rekam.exchange.courier.rolls import ASKED, roll_answered_content
from rekam.exchange.courier.taking_in import courier_in
from rekam.trust import cbor, roll_call
from rekam.trust.roll_call import ids_to_bytes


class Station(Sender):
    """Asks for `kept`, and notes what was found lost."""

    def __init__(self, *arguments, kept=()):
        super().__init__(*arguments)
        self.kept, self.lost = list(kept), []

    def origin(self):
        return replace(super().origin(), kept=lambda to: self.kept if to == "3174" else [])

    def rolled(self, asked, answer):
        held = roll_call.verify(answer, asked, OFFICE.key.public).held
        self.lost += [each for each in asked if each not in held]
        return len(self.lost)

    def home(self, *takers):
        return replace(super().home(*takers), rolled=self.rolled)


class Office(Receiver):
    """Answers from what it holds; `answers` takes the place of it."""

    answers = None

    def destination(self):
        return replace(super().destination(), ears=Ears(roll_call=self.answers or self.inbox.roll_call))


def home(station, disk):
    answers = [path for path in disk.files(STICK) if path.name.endswith(".kembali.rekam")]
    return courier_receipts(station.home(), disk, answers)


def trip(station, office, to="3174"):
    disk = stick()
    courier_out(station.origin(), disk, STICK, to=to)
    reports = [courier_in(office.destination(), disk, file) for file in bundles(disk)]
    return reports, home(station, disk)


def test_what_the_office_holds_no_longer_is_told_at_home():
    first, second, third = packets(3)
    station, office = Station([first, second]), Office()
    trip(station, office)
    station.kept = [first.id, second.id, third.id]
    (report,), back = trip(station, office)
    assert (report.listed, report.passed_over, report.refused) == (0, 0, ())
    assert (station.lost, back.lost, back.doubted) == ([third.id], 1, [])


def test_a_question_is_no_reason_for_a_trip_and_is_not_written_twice():
    station, office = Station(packets(1), kept=["ab" * 32]), Office()
    disk = stick()
    assert courier_out(station.origin(), disk, STICK, to="3174").packets == 1
    assert courier_out(station.origin(), disk, STICK, to="3174").files == ()
    (file,) = bundles(disk)
    courier_in(office.destination(), disk, file)
    home(station, disk)
    station.kept = ["cd" * 32]
    assert courier_out(station.origin(), disk, STICK, to="3174").files == ()


def test_only_the_next_place_is_asked():
    station, centre = Station(packets(1), kept=["ab" * 32]), Receiver(kind="acceptance")
    (report,), _ = trip(station, centre, to="centre")
    assert report.passed_over == 0


def test_many_are_asked_in_several_questions(monkeypatch):
    monkeypatch.setattr("rekam.exchange.courier.rolls.PAGE", 2)
    ids = [f"{number:064x}" for number in range(5)]
    station, office = Station(packets(1), kept=ids), Office()
    trip(station, office)
    assert station.lost == ids


@pytest.mark.parametrize(("asked", "reason"), [(b"torn", "32 bytes"), (bytes(32 * 3), "more than 2")])
def test_a_question_that_cannot_be_read_is_refused_and_holds_up_no_packet(monkeypatch, asked, reason):
    station, office = Station(packets(1), kept=["ab" * 32]), Office()
    monkeypatch.setattr("rekam.exchange.courier.rolls.ids_to_bytes", lambda _ids: asked)
    disk = stick()
    courier_out(station.origin(), disk, STICK, to="3174")
    monkeypatch.setattr("rekam.exchange.courier.rolls.PAGE", 2)
    (file,) = bundles(disk)
    report = courier_in(office.destination(), disk, file)
    assert (report.taken, [one.kind for one in report.refused]) == (1, [ASKED])
    assert reason in report.refused[0].reason


def test_an_older_office_passes_the_question_over():
    station, office = Station(packets(1), kept=["ab" * 32]), Receiver()
    (report,), back = trip(station, office)
    assert (report.taken, report.passed_over, back.lost, back.taken) == (1, 1, 0, 1)


def signed_by_another(asked):
    roll = roll_call.RollCall("custody", "3273", CLOCK.stamp().wall_ms, {})
    return roll_call.issue(roll, asked, OTHER_OFFICE.key)


def of_another_question(_asked):
    roll = roll_call.RollCall("custody", "3174", CLOCK.stamp().wall_ms, {})
    return roll_call.issue(roll, ["cd" * 32], OFFICE.key)


@pytest.mark.parametrize("answers", [signed_by_another, of_another_question, lambda _asked: b"no answer"])
def test_an_answer_that_proves_nothing_says_nothing_and_receipts_count_all_the_same(answers):
    station, office = Station(packets(1), kept=["ab" * 32]), Office()
    office.answers = answers
    _, back = trip(station, office)
    assert (station.lost, back.lost, back.taken) == ([], 0, 1)
    assert [each.number for each in back.doubted] == ["roll-answered 1"]


@pytest.mark.parametrize("said", [cbor.encode([b"one"]), cbor.encode(7), b"\xff"])
def test_an_answer_that_is_none_is_doubted(monkeypatch, said):
    station, office = Station(packets(1), kept=["ab" * 32]), Office()
    made = roll_answered_content(ids_to_bytes(station.kept), b"", "1")
    monkeypatch.setattr(
        "rekam.exchange.courier.hearing.roll_answered_content",
        lambda *_: replace(made, item=replace(made.item, **sized(said)), chunks=lambda at: iter([said[at:]])),
    )
    _, back = trip(station, office)
    assert (back.lost, back.taken, len(back.doubted)) == (0, 1, 1)


def sized(data):
    return {"sha256": sha256(data).hexdigest(), "size": len(data)}


def test_a_file_that_was_begun_is_finished_though_the_question_is_another_now():
    made = packets(3, size=200_000)
    station, disk = Station(made, kept=["ab" * 32]), stick()
    with pytest.raises(StickGone):
        courier_out(station.origin(), FailingStick(disk, after=450_000), STICK, to="3174")
    (unfinished,) = [path for path in disk.files(STICK) if path.name.endswith(".part")]
    put(disk, unfinished, content(disk, unfinished))
    station.kept = ["cd" * 32]
    done = courier_out(station.origin(), disk, STICK, to="3174")
    assert done.packets == 3
    assert bundles(disk) == [unfinished.with_suffix("")], "not begun anew"


def test_a_long_question_makes_no_file_longer_than_its_medium_can_hold():
    station, disk = Station(packets(4, size=40_000), kept=[f"{number:064x}" for number in range(2000)]), stick()
    limit = 140_000
    written = courier_out(station.origin(), disk, STICK, to="3174", file_limit=limit)
    assert (written.packets, len(written.files)) == (4, 4)
    assert max(disk.size(path) for path in bundles(disk)) <= limit
