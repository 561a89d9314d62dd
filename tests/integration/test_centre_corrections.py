"""A correction that came with a recording, at the centre: the office has answered already, and is not asked again."""

from dataclasses import replace
from datetime import date

import psycopg
import pytest

from centre_desk import PASSWORD, staffed
from centre_examples import OFFICE, OTHER_OFFICE, enrolment, resident, staff, town
from rekam.enrolment.codes import Sex
from rekam.exchange.corrections import Correction, Note
from rekam.exchange.signed_correction import SignedCorrection, sign_correction
from rekam.web.testing import PageClient

SITI, DEWI, RINI = resident(1, "SITI RAHMWATI"), resident(2, "DEWI LESTAR"), resident(3, "RINI WULANDARI")
RIGHT = replace(SITI, name="SITI RAHMAWATI")
PRINTED, ASKED = "PRINT_READY_RECORD", "REQUEST_VALIDATION"


@pytest.fixture
def here(tmp_path):
    with town(tmp_path / "centre", SITI, DEWI, replace(RINI, village="32.73.01.1001")) as here:
        yield here


def signed(biodata, version=1, *, by=OFFICE, **said) -> bytes:
    holder = by.holder
    data = sign_correction(Correction(version, biodata, **said), holder.key)
    return SignedCorrection(data, holder.chain).to_bytes()


def record(here, biodata, correction=None, seed=1):
    return here.record(biodata, seed, correction=correction)


def question(here, packet) -> str:
    return here.centre.casebook.page(packet).last_error


def kept(here) -> set[tuple[str, int, str]]:
    with here.centre.pool.connection() as tx:
        return set(tx.execute("SELECT office, version, packet_id FROM correction").fetchall())


def test_a_recording_that_agrees_with_its_offices_correction_raises_no_question(here):
    packet = record(here, RIGHT, signed(RIGHT))
    here.work()
    assert here.status(packet) == PRINTED
    history = {event.stage: event.detail for event in here.centre.casebook.history(packet)}
    assert history["register"] == "Sesuai dengan perbaikan Disdukcapil 3174."
    assert here.centre.registered(packet) == SITI, "the register is as its extract said"
    assert kept(here) == {("3174", 1, packet)}


def test_one_that_differs_from_both_is_asked_about_as_before(here):
    packet = record(here, replace(RIGHT, sex=Sex.MALE), signed(RIGHT))
    bare = record(here, replace(DEWI, name="DEWI LESTARI"), seed=2)
    here.work()
    assert [here.status(one) for one in (packet, bare)] == [ASKED, ASKED]
    assert question(here, packet) == "Berbeda dengan data kependudukan: nama, jenis kelamin."


def test_no_office_is_believed_of_a_resident_of_another_regency_wherever_it_says_they_live(here):
    moved = replace(RINI, name="RINI WULAN")
    packets = [
        record(here, RIGHT, signed(RIGHT, by=OTHER_OFFICE)),
        record(here, RIGHT, signed(replace(RIGHT, village="32.73.01.1001"), by=OTHER_OFFICE)),
        record(here, moved, signed(moved), seed=3),
    ]
    here.work()
    assert [here.status(one) for one in packets] == [ASKED] * 3
    assert [question(here, one).rpartition("dari ")[2] for one in packets] == [
        f"dinas {office}, bukan dinas domisilinya." for office in ("3273", "3273", "3174")
    ]
    assert kept(here) == set()
    with PageClient(staffed(here)) as client:
        client.post("/sign-in", {"name": "pusat", "password": PASSWORD})
        assert "dari dinas 3273, bukan dinas domisilinya" in client.get(f"/validations/{packets[0]}").text


@pytest.mark.parametrize("forged", ["torn", "staff", "key", "nik"])
def test_what_nobody_proves_or_is_said_of_somebody_else_settles_nothing_and_stops_nothing(here, forged):
    clerk = staff("op-1", elsewhere=False)
    evidence = {
        "torn": signed(RIGHT)[:-1],
        "staff": SignedCorrection(sign_correction(Correction(1, RIGHT), clerk.key), clerk.chain).to_bytes(),
        "key": SignedCorrection(
            sign_correction(Correction(1, RIGHT), OTHER_OFFICE.holder.key), OFFICE.holder.chain
        ).to_bytes(),
        "nik": signed(replace(DEWI, name=RIGHT.name)),
    }[forged]
    doubtful, agreeing = record(here, RIGHT, evidence), record(here, DEWI, evidence, seed=2)
    here.work()
    assert [here.status(one) for one in (doubtful, agreeing)] == [ASKED, PRINTED]
    assert "Perbaikan yang menyertainya" in question(here, doubtful)
    assert kept(here) == ({("3174", 1, agreeing)} if forged == "nik" else set())


def test_an_older_word_of_the_office_never_stands_against_its_newer_one(here):
    newer = record(here, SITI, signed(SITI, 8))
    here.work()
    older, other = record(here, RIGHT, signed(RIGHT, 7)), record(here, RIGHT, signed(RIGHT, 8))
    newest = record(here, RIGHT, signed(RIGHT, 9))
    here.work()
    assert here.status(newer) == PRINTED
    assert [here.status(one) for one in (older, other)] == [ASKED, ASKED]
    assert "lebih baru" in question(here, older)
    assert here.status(newest) == PRINTED
    assert {(version, packet) for _, version, packet in kept(here)} == {
        (7, older),
        (8, newer),
        (8, other),
        (9, newest),
    }


def test_a_note_that_the_resident_died_is_for_people_to_weigh(here):
    packet = record(here, RIGHT, signed(RIGHT, note=Note.DIED, since=date(2016, 9, 1)))
    here.work()
    assert here.status(packet) == ASKED
    assert "catatan" in question(here, packet)


def test_the_same_correction_with_two_recordings_is_kept_once_and_nobody_changes_it(here):
    first, again = record(here, RIGHT, signed(RIGHT)), record(here, RIGHT, signed(RIGHT))
    here.work()
    assert [here.status(one) for one in (first, again)] == [PRINTED, PRINTED]
    assert len(kept(here)) == 1
    for change in ("UPDATE correction SET version = 2", "DELETE FROM correction"):
        with pytest.raises(psycopg.errors.IntegrityConstraintViolation), here.centre.pool.connection() as tx:
            tx.execute(change)


def test_neither_database_nor_folder_of_the_centre_shows_what_was_corrected(here):
    record(here, RIGHT, signed(RIGHT))
    here.work()
    with here.centre.pool.connection() as tx:
        rows = tx.execute("SELECT sealed, to_json(c)::text FROM correction c").fetchall()
    for secret in (RIGHT.name, RIGHT.nik, RIGHT.kk):
        assert all(secret.encode() not in bytes(sealed) and secret not in text for sealed, text in rows)
    assert enrolment(RIGHT, 1, correction=signed(RIGHT)).manifest()["version"] == 3
