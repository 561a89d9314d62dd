import os
import signal
import subprocess
import sys
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from left_on_disk import left_on_disk
from rekam.enrolment.nik import Nik
from rekam.enrolment.sample import ExceptionReason, Slot
from rekam.station.drafts import NothingCapturedYet, UnknownSitting
from rekam.station.residents import NotInExtract
from rekam.station.sittings import NotYetRecordable
from station_counter import SUPERVISOR, capture

TESTS = Path(__file__).parents[2]
KEEPS_DRAFTS = """
import sys, time
from pathlib import Path
from station_counter import Counter, capture
from rekam.enrolment.nik import Nik
from rekam.enrolment.sample import ALL_SLOTS

counter = Counter(Path(sys.argv[1]))
operator = counter.sign_in()
nik = counter.adults()[0].nik
sitting = counter.station.sittings.confirm_biodata(counter.station.sittings.open(nik, operator).sitting_id)
for slot in ALL_SLOTS[:6]:
    taken = capture(slot, quality=10 + slot.position)
    sitting = sitting.with_capture(taken)
    counter.station.here.drafts.keep(sitting, taken)
print(sitting.sitting_id, nik, flush=True)
time.sleep(3600)
"""


def test_a_killed_station_offers_the_half_done_sitting_again_with_every_capture(counter):
    counter.station.close()
    child = subprocess.Popen(
        [sys.executable, "-c", KEEPS_DRAFTS, str(counter.folder)],
        env={**os.environ, "PYTHONPATH": os.pathsep.join([str(TESTS), os.environ.get("PYTHONPATH", "")])},
        stdout=subprocess.PIPE,
        text=True,
    )
    try:
        sitting_id, nik = child.stdout.readline().split()
    finally:
        child.send_signal(signal.SIGKILL)
        child.wait()
        child.stdout.close()
    station = counter.restart()
    operator = counter.sign_in()
    (found,) = station.here.drafts.open_sittings()
    assert (found.sitting_id, found.nik, found.confirmed) == (sitting_id, nik, True)
    assert [str(slot) for slot in sorted(found.captures)] == [
        "photo",
        "signature",
        "finger-1",
        "finger-2",
        "finger-3",
        "finger-4",
    ]
    assert found.captures[Slot.parse("finger-3")] == capture(Slot.parse("finger-3"), quality=13)
    assert station.sittings.open(nik, operator).sitting_id == sitting_id


def test_everything_of_a_sitting_comes_back_as_it_was_kept(counter, operator):
    station, nik = counter.station, counter.adults()[0].nik
    sitting_id = counter.filled(nik, operator)
    before = (
        station.sittings.find(sitting_id)
        .with_exception(Slot.parse("finger-4"), ExceptionReason.INJURED, SUPERVISOR)
        .with_attempt(Slot.parse("finger-4"))
        .warned(("317401-01/1/000009",))
        .go_on("Kembar")
    )
    station.here.drafts.keep(before)
    assert station.sittings.find(sitting_id) == before
    counter.restart()
    counter.sign_in()
    assert counter.station.sittings.find(sitting_id) == before


def test_beginning_twice_for_one_resident_takes_up_the_same_sitting(counter, operator):
    nik = counter.adults()[0].nik
    first = counter.station.sittings.open(nik, operator)
    assert counter.station.sittings.open(nik, operator) == first
    assert counter.station.here.drafts.count() == 1


def test_one_image_is_read_without_the_others_and_a_missing_one_says_so(counter, operator):
    sitting_id = counter.filled(counter.adults()[0].nik, operator, leave=(Slot.parse("iris-1"),))
    drafts = counter.station.here.drafts
    assert drafts.capture(sitting_id, Slot.parse("iris-2")) == capture(Slot.parse("iris-2"))
    with pytest.raises(NothingCapturedYet):
        drafts.capture(sitting_id, Slot.parse("iris-1"))
    with pytest.raises(UnknownSitting):
        drafts.capture("0" * 32, Slot.parse("iris-1"))


def test_a_closed_sitting_leaves_its_reason_and_none_of_its_images(counter, operator):
    sitting_id = counter.filled(counter.adults()[0].nik, operator)
    counter.station.sittings.abandon(sitting_id, operator, "Biodata salah")
    store = counter.station.here.store
    assert store.rows("SELECT operator, reason FROM abandoned") == [(operator.operator.subject, "Biodata salah")]
    assert store.row("SELECT count(*) FROM draft_capture") == (0,)
    with pytest.raises(UnknownSitting):
        counter.station.sittings.find(sitting_id)
    with pytest.raises(UnknownSitting):
        counter.station.sittings.abandon(sitting_id, operator, "Biodata salah")


def test_a_sitting_begins_only_for_somebody_in_the_extract_who_is_old_enough(counter, operator):
    child = replace(counter.adults()[0], nik=Nik("3174010101150099"), birth_date=date(2015, 1, 1), marital_status=1)
    counter.station.here.residents.load([child])
    with pytest.raises(NotYetRecordable, match=child.name):
        counter.station.sittings.open(child.nik, operator)
    with pytest.raises(NotInExtract):
        counter.station.sittings.open("3174010101900099", operator)
    assert counter.station.here.drafts.count() == 0


def test_nothing_of_a_draft_lies_readable_on_the_disk(counter, operator):
    sitting_id = counter.filled(counter.adults()[0].nik, operator)
    sitting = counter.station.sittings.find(sitting_id)
    image = sitting.captures[Slot.parse("photo")].image
    for path, written in left_on_disk(counter.home).items():
        if path.name not in {"cast.json", "place.json"}:
            assert sitting.biodata.name.encode() not in written, path
            assert sitting.nik.encode() not in written, path
            assert image not in written, path
