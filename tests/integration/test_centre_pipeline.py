"""The whole way at the centre: real packets of synthetic people, from the inbox to result, print order and feed."""

import io
from dataclasses import replace

import pytest

from centre_examples import CENTRE, FULL, OFFICE, OTHER_OFFICE, enrolment, resident, staff, town
from left_on_disk import left_on_disk
from rekam.centre.print_orders import PARCEL_KIND
from rekam.centre.validation import Answer, NotWaiting
from rekam.enrolment.codes import Sex
from rekam.exchange.feed import PORTAL_FEED, office_feed, open_batch
from rekam.packet.attestation import attest
from rekam.packet.content import manifest_bytes, write_content
from rekam.packet.errors import ParcelForAnotherPlace
from rekam.packet.parcel import open_parcel
from rekam.storage.testing import throwaway_cluster
from rekam.trust import cbor

SITI, DEWI, RINI = resident(1, "SITI RAHMAWATI"), resident(2, "DEWI LESTARI"), resident(3, "RINI WULANDARI")


@pytest.fixture
def here(tmp_path):
    with town(tmp_path / "centre", SITI, DEWI, RINI) as here:
        yield here


def entries(here, feed=None):
    """What goes down so far: (kind, body)."""
    data = here.centre.feed.after(feed or office_feed("3174"), 0)
    if data is None:
        return []
    return [(entry.kind, cbor.decode(entry.body)) for entry in open_batch(data, CENTRE.key.public).entries]


def told(here, kind):
    return [body for sort, body in entries(here) if sort == kind]


def test_a_packet_goes_from_the_inbox_to_its_result_its_print_order_and_the_feed(here):
    packet = here.record(SITI, 1, slots=FULL)
    here.work()
    assert here.status(packet) == "PRINT_READY_RECORD"
    # an office that has the order knows that it is deserved, wherever a batch ended
    assert [kind for kind, _ in entries(here)] == ["accepted", "result", "print_order"]
    accepted, result, order = (body for _, body in entries(here))
    assert {accepted["packet_id"], order["packet_id"], result["packet_id"]} == {packet}
    assert result["status"] == "PRINT_READY_RECORD"
    history = [(event.stage, event.verdict) for event in here.centre.casebook.history(packet)]
    assert history == [(stage, "PASS") for stage in here.centre.pipeline.names[:-1]] + [("decision", "SETTLE")]
    [(kind, answer)] = entries(here, PORTAL_FEED)
    assert (kind, answer["status"]) == ("status", "PRINT_READY_RECORD")
    counts = here.centre.counts()
    assert counts.adds_up
    assert (counts.received, counts.done) == (1, 1)


def test_a_second_recording_under_another_nik_is_a_duplicate_that_names_the_first(here):
    first = here.record(SITI, 1)
    here.work()
    second = here.record(DEWI, 1, impression=1)
    here.work()
    assert here.status(second) == "DUPLICATE_RECORD"
    page = here.centre.casebook.page(second)
    assert (page.verdict, page.kind, page.candidate) == ("DUPLICATE", "ONE_TO_MANY", first)
    assert page.candidate_number in here.reason(second)
    assert page.order is None
    assert here.status(first) == "PRINT_READY_RECORD"


def test_two_recordings_of_one_person_that_arrive_together_do_not_pass_each_other_unseen(here):
    both = [here.record(SITI, 1), here.record(DEWI, 1, impression=1)]
    here.work()
    assert sorted(here.status(packet) for packet in both) == ["DUPLICATE_RECORD", "PRINT_READY_RECORD"]


def test_a_re_recording_by_the_same_person_gets_a_result_and_a_card(here):
    first = here.record(SITI, 1)
    here.work()
    again = here.record(SITI, 1, impression=1)
    here.work()
    page = here.centre.casebook.page(again)
    assert (page.verdict, page.kind, page.candidate) == ("SAME_PERSON", "ONE_TO_ONE", first)
    assert here.status(again) == "PRINT_READY_RECORD"
    assert page.order is not None


def test_somebody_else_under_a_nik_that_is_recorded_goes_to_the_experts(here):
    first = here.record(SITI, 1)
    here.work()
    stranger = here.record(SITI, 2)
    here.work()
    page = here.centre.casebook.page(stranger)
    assert (page.verdict, page.kind, page.candidate) == ("ADJUDICATE", "ONE_TO_ONE", first)
    assert here.status(stranger) == "ADJUDICATE_RECORD"
    assert here.centre.counts().waiting == 1


def test_an_attestation_by_staff_of_another_office_is_rejected(here):
    packet = here.record(SITI, 1, operator="op-bandung", elsewhere=True)
    here.work()
    assert here.status(packet) == "REJECTED"
    assert "3273" in here.reason(packet)


def test_a_recording_that_nobody_signed_is_rejected(here):
    recorded = enrolment(SITI, 1)
    by = staff("spv-1", "supervisor")
    only_supervisor = [attest(manifest_bytes(recorded), by.key, by.chain, role="supervisor")]
    packet = here.receive(*here.counter.seal_content(write_content(recorded, only_supervisor)))
    here.work()
    assert here.status(packet) == "REJECTED"
    assert "op-1" in here.reason(packet)


def test_an_incomplete_recording_is_told_to_record_again(here):
    packet = here.record(SITI, 1, exceptions=())
    here.work()
    assert here.status(packet) == "ENROLL_FAILURE_AT_CENTRAL"


def test_images_that_show_no_finger_and_no_eye_fail_for_want_of_biometrics(here):
    recorded = enrolment(SITI, 1)
    portrait = recorded.samples[0].image
    blind = replace(recorded, samples=tuple(replace(sample, image=portrait) for sample in recorded.samples))
    packet = here.receive(*here.counter.seal(blind))
    here.work()
    assert here.status(packet) == "ENROLL_FAILURE_AT_CENTRAL"


def test_a_broken_packet_is_rejected_and_never_delays_a_good_one(here):
    broken = here.receive(*here.counter.seal_content([b"no manifest, no images"]))
    good = here.record(SITI, 1)
    worker = here.centre.worker()
    assert worker.run_once()
    assert here.status(broken) == "REJECTED"
    worker.run_until_idle()
    assert here.status(good) == "PRINT_READY_RECORD"
    assert [body["status"] for body in told(here, "result")] == ["REJECTED", "PRINT_READY_RECORD"]
    assert here.centre.counts().adds_up


def test_biodata_that_differ_from_the_register_wait_until_the_office_has_answered(here):
    asked = [here.record(replace(person, sex=Sex.MALE), seed) for seed, person in ((1, SITI), (2, DEWI))]
    unknown = here.record(resident(9, "NIK BARU"), 3)
    here.work()
    assert {here.status(packet) for packet in (*asked, unknown)} == {"REQUEST_VALIDATION"}
    assert "jenis kelamin" in here.centre.casebook.page(asked[0]).last_error
    assert here.centre.registered(asked[0]) == SITI
    assert here.centre.registered(unknown) is None
    note = "Bapak Contoh, kepala seksi, 09.30"
    here.centre.validations.answer(asked[0], Answer.CONFIRMED, staff="pusat", note=note)
    here.centre.validations.answer(asked[1], Answer.REFUSED, staff="pusat", note=note)
    with pytest.raises(NotWaiting):
        here.centre.validations.answer(asked[1], Answer.CONFIRMED, staff="pusat", note=note)
    here.work()
    assert [here.status(packet) for packet in asked] == ["PRINT_READY_RECORD", "REJECTED"]
    assert note not in repr(entries(here))
    assert ("RELEASE", "pusat") in {(event.verdict, event.staff) for event in here.centre.casebook.history(asked[0])}


def test_a_print_order_opens_with_its_offices_key_alone(here):
    packet = here.record(SITI, 1)
    here.work()
    [order] = told(here, "print_order")
    card = cbor.decode(open_parcel(order["parcel"], OFFICE.holder.opening, CENTRE.key.public, PARCEL_KIND))
    assert card["packet_id"] == packet
    assert card["biodata"]["name"] == "SITI RAHMAWATI"
    assert card["images"]["photo"]["image"] == enrolment(SITI, 1).samples[0].image
    with pytest.raises(ParcelForAnotherPlace):
        open_parcel(order["parcel"], OTHER_OFFICE.holder.opening, CENTRE.key.public, PARCEL_KIND)


def test_no_plaintext_of_a_resident_lies_in_feed_database_or_folder(here):
    packet = here.record(SITI, 1, slots=FULL)
    asked = here.record(replace(DEWI, sex=Sex.MALE), 2)
    here.work()
    assert here.status(packet) == "PRINT_READY_RECORD"
    assert here.status(asked) == "REQUEST_VALIDATION"
    searched = [here.centre.feed.after(feed, 0) or b"" for feed in (office_feed("3174"), PORTAL_FEED)]
    files = left_on_disk(here.centre.folder)
    assert len(files) > 10
    searched += files.values()
    searched.append(dump(here))
    assert any(packet.encode() in data for data in searched)
    for person in (SITI, DEWI):
        for word in (person.name, person.nik, person.kk, person.address):
            assert all(word.encode() not in data for data in searched), word
    assert all(b"\x89PNG" not in data for data in searched)


def dump(here) -> bytes:
    """Every table of the database, in PostgreSQL's own text form: what a stolen disk or backup would show."""
    found = io.BytesIO()
    with here.centre.pool.connection() as connection:
        tables = connection.execute(
            "SELECT schemaname, tablename FROM pg_tables WHERE schemaname IN ('public', 'exchange')"
        ).fetchall()
        for schema, table in tables:
            with connection.cursor() as cursor:
                for row in cursor.execute(f'SELECT * FROM {schema}."{table}"'):
                    for cell in row:
                        found.write(bytes(cell) if isinstance(cell, (bytes, memoryview)) else str(cell).encode())
                        found.write(b"\n")
    assert len(tables) > 15
    return found.getvalue()


def test_postgresqls_files_hold_no_name_of_a_resident(here):
    packet = here.record(SITI, 1)
    here.work()
    with here.centre.pool.connection() as connection:
        connection.autocommit = True
        connection.execute("CHECKPOINT")
    held = [data for data in left_on_disk(throwaway_cluster().folder).values() if data]
    assert len(held) > 100
    assert any(packet.encode() in data for data in held)  # what is not personal can be found, so the search works
    assert all(SITI.name.encode() not in data and SITI.nik.encode() not in data for data in held)
