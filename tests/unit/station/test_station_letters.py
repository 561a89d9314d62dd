"""Numbers of letters at a station: from the office's blocks, each once, for ever bound to its recording."""

import pytest

from exchange_examples import OFFICE
from rekam.exchange.letters import BLOCK, Block, Grant, LettersUnreadable, Report, Used
from rekam.station.letters import Letters, NoLetterNumbers, NoLetterToVoid, VoidNeedsReason
from rekam.trust.keys import SigningKey

NOW = "2026-11-21T02:00:00+00:00"
KEY = SigningKey.generate()


@pytest.fixture
def recordings(counter, operator):
    return [counter.save(one.nik) for one in counter.adults(3)]


@pytest.fixture
def letters(counter, recordings) -> Letters:
    return counter.station.here.letters


def take(letters, recording, year=2026):
    return letters.take(recording.packet_id, "op-1", NOW, year)


def test_a_station_begins_with_two_blocks_that_last_for_weeks(letters):
    assert letters.held().left == 2 * BLOCK
    assert not letters.held().few


def test_a_recording_keeps_its_number_and_the_next_one_has_the_next(letters, recordings):
    one, other, _ = recordings
    assert [take(letters, one), take(letters, other), take(letters, one)] == [
        "470/0001/3174/2026",
        "470/0002/3174/2026",
        "470/0001/3174/2026",
    ]
    assert letters.held().left == 2 * BLOCK - 2


def test_a_void_number_is_never_given_again_and_is_told_to_the_office(letters, recordings):
    one, other, _ = recordings
    take(letters, one)
    with pytest.raises(VoidNeedsReason):
        letters.void(one.packet_id, one.number, "spv-1", NOW, " ")
    letters.void(one.packet_id, one.number, "spv-1", NOW, "salah cetak")
    assert letters.of(one.packet_id) is None
    with pytest.raises(NoLetterToVoid):
        letters.void(one.packet_id, one.number, "spv-1", NOW, "lagi")
    assert take(letters, other) == "470/0002/3174/2026"
    assert take(letters, one) == "470/0003/3174/2026"
    assert [(used.number, used.void) for used in letters.report().used] == [(1, "salah cetak"), (2, ""), (3, "")]


def test_without_a_number_no_letter_is_issued(counter, letters, recordings):
    store = counter.station.here.store
    with store.tx() as tx:
        tx.execute("DROP TRIGGER letter_block_is_kept")
        tx.execute("DELETE FROM letter_block")
    with pytest.raises(NoLetterNumbers):
        take(letters, recordings[0])
    assert letters.held().few
    letters.begin_with([Block(2026, 7000, 7000)])
    assert take(letters, recordings[0]) == "470/7000/3174/2026"
    with pytest.raises(NoLetterNumbers):
        take(letters, recordings[1])


def test_over_the_new_year_the_years_own_block_comes_first_and_an_old_one_still_serves(letters, recordings):
    one, other, third = recordings
    assert take(letters, one, 2027) == "470/0001/3174/2026"
    letters.begin_with([Block(2027, 1, 1)])
    assert take(letters, other, 2027) == "470/0001/3174/2027"
    assert take(letters, third, 2027) == "470/0002/3174/2026"


def test_what_the_office_confirmed_is_not_told_again_and_a_later_voiding_is(letters, recordings):
    one, other, _ = recordings
    take(letters, one)
    take(letters, other)
    told = letters.report()
    assert [(used.number, used.packet) for used in told.used] == [(1, one.number), (2, other.number)]
    letters.void(one.packet_id, one.number, "spv-1", NOW, "salah cetak")  # while the report was on its way
    letters.heard(told, Grant(()), b"", NOW)
    assert [(used.number, used.void) for used in letters.report().used] == [(1, "salah cetak")]
    letters.heard(letters.report(), Grant(()), b"", NOW)
    assert letters.held().untold == 0


def test_a_disk_that_was_set_back_skips_the_numbers_that_the_office_knows(letters, recordings):
    grant = Grant((Block(2026, 1, BLOCK),), ((2026, 1), (2026, 2)))
    letters.heard(Report(0, ()), grant, b"", NOW)
    assert take(letters, recordings[0]) == "470/0003/3174/2026"
    assert letters.held().left == 2 * BLOCK - 3


def test_only_the_offices_word_in_answer_to_this_very_report_is_taken(letters, recordings):
    take(letters, recordings[0])
    report = letters.report().to_bytes()
    grant = Grant((Block(2026, 9001, 10_000),))
    word = grant.signed(KEY, "317401-01", 1, report)
    assert Grant.read(word, KEY.public, "317401-01", 1, report) == grant
    for station, epoch, question, key in (
        ("317401-02", 1, report, KEY.public),
        ("317401-01", 2, report, KEY.public),
        ("317401-01", 1, Report(5, ()).to_bytes(), KEY.public),
        ("317401-01", 1, report, OFFICE.key.public),
    ):
        with pytest.raises(LettersUnreadable):
            Grant.read(word, key, station, epoch, question)
    with pytest.raises(LettersUnreadable):
        Grant.read(word[:-3], KEY.public, "317401-01", 1, report)


def test_a_report_comes_back_as_it_was_and_nonsense_is_told():
    report = Report(7, (Used(2026, 1, "317401-01/1/000001", NOW, "op-1", "salah", NOW),))
    assert Report.from_bytes(report.to_bytes()) == report
    for wrong in (b"", b"\x01", b"\xa0", Report(7, (Used(0, 1, "", "", ""),)).to_bytes()):
        with pytest.raises(LettersUnreadable):
            Report.from_bytes(wrong)
