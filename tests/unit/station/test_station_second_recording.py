"""The same body under another NIK, caught at the counter: synthetic people, the real engine."""

from dataclasses import replace

import pytest

from rekam.abis.template_set import TemplateSet
from rekam.drill.demo import PIN
from rekam.enrolment.check import CheckAnswer
from rekam.enrolment.enrolment import IncompleteEnrolment
from rekam.enrolment.sample import ExceptionReason, Slot
from rekam.station.second_recording import Progress
from rekam.web.testing import PageClient
from station_counter import OPERATOR, SUPERVISOR

HELD = [Slot.parse(name) for name in ("finger-2", "finger-7", "iris-1", "iris-2")]
EXCEPTED = [Slot.parse(f"finger-{position}") for position in range(1, 11) if position not in {2, 7}]


@pytest.fixture
def people(counter, operator):
    """Three residents: the second NIK has the first one's body, the third one another's."""
    first, second, third = counter.adults(3)
    counter.cast(**{first.nik: (21, 1), second.nik: (21, 2), third.nik: (22, 1)})
    return first, second, third


def sit(counter, operator, resident, *, excepted_first=True):
    """Two fingers and two eyes from the device; the other fingers are excepted."""
    station = counter.station
    sitting_id = counter.filled(resident.nik, operator, leave=(*HELD, *EXCEPTED))
    order = [*EXCEPTED, *HELD] if excepted_first else [*HELD[:2], *EXCEPTED, *HELD[2:]]
    for slot in order:
        if slot in EXCEPTED:
            sitting = station.sittings.except_slot(sitting_id, slot, ExceptionReason.WORN, SUPERVISOR, "654321")
            continue
        for _ in range(4):
            sitting, _judged = station.sittings.capture(sitting_id, slot)
            if sitting.filled(slot):
                break
    return sitting


def save(counter, operator, sitting):
    return counter.station.sittings.save(sitting.sitting_id, operator, supervisor=counter.supervisor(), consent=True)


def test_the_same_person_under_another_nik_is_told_before_saving_and_another_person_is_not(counter, operator, people):
    first, second, third = people
    sitting = sit(counter, operator, first)
    assert sitting.warnings == ()
    recording = save(counter, operator, sitting)
    again = sit(counter, operator, second)
    assert again.warnings == (recording.number,)
    assert (again.check.answer, again.needs_reason) == (CheckAnswer.SAME_PERSON_HERE, True)
    assert sit(counter, operator, third).warnings == ()


def test_the_templates_are_there_again_after_a_restart(counter, operator, people):
    recording = save(counter, operator, sit(counter, operator, people[0]))
    counter.restart()
    operator = counter.sign_in()
    assert sit(counter, operator, people[1]).warnings == (recording.number,)


def test_a_last_finger_that_is_excepted_sets_off_the_search_as_well(counter, operator, people):
    recording = save(counter, operator, sit(counter, operator, people[0]))
    sitting_id = counter.filled(people[1].nik, operator, leave=tuple(HELD[:2] + EXCEPTED))
    for slot in HELD[:2]:
        for _ in range(4):
            if counter.station.sittings.capture(sitting_id, slot)[0].filled(slot):
                break
    for slot in EXCEPTED:
        sitting = counter.station.sittings.except_slot(sitting_id, slot, ExceptionReason.WORN, SUPERVISOR, "654321")
    assert sitting.warnings == (recording.number,)


def test_the_own_earlier_recording_of_the_same_nik_is_no_second_recording(counter, operator, people):
    save(counter, operator, sit(counter, operator, people[0]))
    again = sit(counter, operator, people[0])
    assert again.warnings == ()
    assert again.check.answer is CheckAnswer.RECORDED_HERE


def loaded(counter):
    while counter.station.here.second.step():
        pass
    return counter.station.here.second.progress()


def test_what_is_recorded_is_taken_in_step_by_step_and_read_again_after_a_restart(counter, operator, people):
    save(counter, operator, sit(counter, operator, people[0]))
    assert loaded(counter).complete
    counter.restart()
    counter.sign_in()
    kept = counter.station.here.store.rows("SELECT count(*) FROM shortlist")[0][0]
    progress = loaded(counter)
    assert (progress.here, progress.total, kept) == (1, 1, 1)


def test_a_search_while_recordings_are_still_loading_says_so_and_saving_catches_up(counter, operator, people):
    recording = save(counter, operator, sit(counter, operator, people[0]))
    here = counter.station.here
    steps, real = [], here.second.step
    here.second.step = lambda: steps.append(1) or (len(steps) < 60) or real()
    again = sit(counter, operator, people[1])
    assert again.warnings == ()
    assert not here.second.is_searched(again)
    with PageClient(counter.app()) as client:
        client.post("/sign-in", {"operator": OPERATOR, "pin": PIN})
        here.second.progress = lambda: Progress(0, 1, 0)
        page = client.get(f"/sittings/{again.sitting_id}/review").text
        assert "Pencarian ganda masih dimuat" in page
        assert "0 dari 1 rekaman stasiun ini dapat dicari" in page
        del here.second.progress
    with pytest.raises(IncompleteEnrolment):
        save(counter, operator, again)
    warned = counter.station.sittings.find(again.sitting_id)
    assert (warned.warnings, warned.needs_reason) == ((recording.number,), True)
    counter.station.sittings.go_on(again.sitting_id, "Orangnya memang sama; NIK lama salah cetak")
    assert save(counter, operator, warned).nik == people[1].nik


def test_templates_that_cannot_be_read_or_are_of_another_extractor_keep_no_other_from_being_found(
    counter, operator, people
):
    recording = save(counter, operator, sit(counter, operator, people[0]))
    store = counter.station.here.store
    with store.tx() as tx:
        (templates,) = store.rows("SELECT templates FROM template")[0]
        of_others = TemplateSet(
            {
                slot: replace(template, version=99)
                for slot, template in TemplateSet.from_bytes(templates).items()
                if slot.startswith("finger")
            }
        )
        for name, stored in (("rotten", b"rotten"), ("older", of_others.to_bytes())):
            columns = (
                "number, sequence, sitting_id, nik, name, operator, saved_at, salt, size, summary, status, status_at"
            )
            tx.execute(
                f"INSERT INTO recording (packet_id, {columns}) SELECT ?, ?, sequence, ?, nik, name, operator, saved_at,"
                " salt, size, summary, status, status_at FROM recording LIMIT 1",
                (name, name, name),
            )
            tx.execute("INSERT INTO template VALUES (?, ?)", (name, stored))
    assert sit(counter, operator, people[1]).warnings == (recording.number,)
    progress = counter.station.here.second.progress()
    assert (progress.here, progress.other, progress.total, progress.complete) == (1, 2, 3, True)


def test_rows_of_another_version_are_made_anew(counter, operator, people):
    recording = save(counter, operator, sit(counter, operator, people[0]))
    loaded(counter)
    store = counter.station.here.store
    with store.tx() as tx:
        tx.execute("UPDATE shortlist SET row = zeroblob(7)")
    store.put_setting("shortlist", b"0")
    counter.restart()
    operator = counter.sign_in()
    assert sit(counter, operator, people[1]).warnings == (recording.number,)
