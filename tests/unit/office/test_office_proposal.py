"""What waits for its official is packed, reads back as it was, is read once and let go once it is in."""

import threading
import time
from dataclasses import replace
from datetime import date

from patience import PATIENCE_S
from rekam.enrolment.nik import Nik
from rekam.exchange.corrections import Correction, Note
from rekam.office.corrections import Brought, Wanted
from rekam.office.pages.previews import SHOWN, Previews
from rekam.office.proposal import Changes, Proposal, Proposed, WantedOf
from rekam.office.resident_values import Line
from resident_examples import SITI


def proposed(row: int) -> Proposed:
    """Each another resident, in every shape: new or known, with a note, confirmed."""
    biodata = replace(SITI, nik=Nik(f"3174015503{row % 100:02d}{row // 100 + 1:04d}"), name=f"ORANG KE {row}")
    note = (Note.NONE, None) if row % 3 else (Note.DIED, date(2017, 3, 19))
    before = Correction(row, replace(biodata, name="DAHULU"), Note.MOVED, date(2016, 1, 2)) if row % 2 else None
    return Proposed(row, Wanted(biodata, *note, row, row % 5 == 0), before, ((Line.NAME, "DAHULU", biodata.name),))


def test_what_was_packed_reads_back_as_it_was_whole_in_part_and_one_by_one():
    given = [proposed(row) for row in range(1203)]
    packed = Changes(given)
    assert len(packed) == 1203
    assert list(packed) == given
    assert (packed[0], packed[499], packed[500], packed[-1]) == (given[0], given[499], given[500], given[1202])
    assert packed[:200] == given[:200]
    assert packed[450:1100] == given[450:1100]
    assert packed[1200:9999] == given[1200:]
    wanted = WantedOf(packed)
    assert list(wanted) == [one.wanted for one in given]
    assert wanted[500:1000] == [one.wanted for one in given[500:1000]]


def test_a_packed_row_takes_far_less_than_a_kilobyte():
    packed = Changes(proposed(row) for row in range(2000))
    assert sum(map(len, packed._packed)) / 2000 < 300


def test_two_presses_in_one_instant_read_the_file_once():
    read, end, both = [], threading.Event(), threading.Barrier(2)

    def slowly(data, _told):
        read.append(data)
        assert end.wait(PATIENCE_S)
        return Proposal()

    previews = Previews(slowly, lambda *_given: Brought())
    tokens = []

    def press():
        both.wait(PATIENCE_S)
        tokens.append(previews.read(b"nik\n", "budi"))

    presses = [threading.Thread(target=press) for _ in range(2)]
    for one in presses:
        one.start()
    for one in presses:
        one.join(PATIENCE_S)
    end.set()
    assert len(set(tokens)) == len(read) == 1


def test_what_is_in_is_let_go_but_for_what_the_page_shows():
    previews = Previews(lambda *_given: Proposal(), lambda wanted, *_given: Brought(taken=len(wanted)))
    token = previews.keep(Proposal(Changes(proposed(row) for row in range(SHOWN + 50)), new=125), "file", "budi")
    previews.bring(token, "budi")
    deadline = time.monotonic() + PATIENCE_S
    while previews.of(token, "budi").doing and time.monotonic() < deadline:
        time.sleep(0.01)
    found = previews.of(token, "budi")
    assert (found.brought, found.total, len(found.proposal.changes)) == (Brought(taken=250), 250, SHOWN)
