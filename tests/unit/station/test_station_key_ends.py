"""Somebody's key ends at a station: nothing more is saved with it, and the office hears after which recording."""

import apsw
import pytest

from rekam.drill.demo import SUPERVISOR_PIN
from rekam.exchange.errors import RemoteUnreachable
from rekam.exchange.key_end import read_key_end
from rekam.station.key_ends import KeyHasEnded
from station_counter import OPERATOR, SUPERVISOR


class Office:
    """`KeyRequestRemote`, as far as words on ended keys go."""

    def __init__(self, cut=False):
        self.heard, self.cut = [], cut

    def ended(self, word):
        if self.cut:
            raise RemoteUnreachable(place="dinas", reason="no connection")
        self.heard.append(word)


def read(counter, word):
    here = counter.station.here.identity
    return read_key_end(word, here.chain[1:], here.root)


def test_who_left_confirms_nothing_more_and_the_word_names_the_last_recording(counter, operator):
    person, _, another = counter.adults(3)
    last = counter.save(person.nik)
    open_sitting = counter.filled(another.nik, operator)
    counter.supervisor()
    counter.station.bar(OPERATOR, by=SUPERVISOR)
    with pytest.raises(KeyHasEnded):
        counter.station.sittings.save(open_sitting, operator, consent=True)
    assert counter.station.here.drafts.count() == 1  # kept for a colleague
    (word,) = counter.station.here.key_ends.words()
    signed = read(counter, word)
    assert (signed.whose.signing, signed.end.why) == (operator.signing.public, "left")
    assert (signed.end.after, signed.end.head.hex()) == (1, last.packet_id)
    supervisor = counter.station.sign_in(SUPERVISOR, SUPERVISOR_PIN)
    assert counter.station.sittings.save(open_sitting, supervisor, consent=True).number.endswith("000002")
    counter.station.here.key_ends.gather(counter.station.operators.file)
    assert counter.station.here.key_ends.words() == [word]  # the head moved on, the word stands


def test_a_crash_between_the_file_and_the_word_is_made_good_at_the_next_sign_in(counter, operator):
    counter.station.operators.bar(OPERATOR, by=SUPERVISOR, at="2026-11-21")
    assert counter.station.here.key_ends.words() == []
    counter.restart()
    counter.station.sign_in(SUPERVISOR, SUPERVISOR_PIN)
    (word,) = counter.station.here.key_ends.words()
    assert (read(counter, word).whose.subject, read(counter, word).end.after) == (OPERATOR, 0)


def test_the_office_is_told_until_it_answers_and_again_by_the_next_process(counter, operator):
    counter.station.bar(OPERATOR, by=SUPERVISOR)
    ends, office = counter.station.here.key_ends, Office(cut=True)
    with pytest.raises(RemoteUnreachable):
        ends.bring(office)
    assert len(ends.words()) == 1
    office.cut = False
    assert [ends.bring(office), ends.bring(office)] == [1, 0]
    assert ends.words() == []  # no stick need carry it
    counter.restart()
    counter.station.sign_in(SUPERVISOR, SUPERVISOR_PIN)
    assert counter.station.here.key_ends.bring(office) == 1
    assert office.heard[0] == office.heard[1]


def test_a_word_stays_as_it_was_signed(counter, operator):
    counter.station.bar(OPERATOR, by=SUPERVISOR)
    for change in ("UPDATE key_end SET word = x'00'", "DELETE FROM key_end"):
        with pytest.raises(apsw.ConstraintError), counter.station.here.store.tx() as tx:
            tx.execute(change)


def test_a_certificate_that_somebody_wrote_into_the_file_ends_nothing_and_stops_nobody(counter, operator):
    file = counter.station.operators.file
    entry = file.read()[OPERATOR]
    file.put(OPERATOR, {**entry, "ends": [[[b"nonsense"], "left"]]})
    counter.restart()
    assert counter.sign_in()
    assert counter.station.here.key_ends.words() == []
