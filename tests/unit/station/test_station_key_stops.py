"""The office stops somebody's keys: at the station nothing opens with them any more, and nothing is lost."""

from dataclasses import replace

import pytest

from rekam.drill.demo import PIN, SUPERVISOR_PIN
from rekam.exchange.errors import RemoteUnreachable
from rekam.exchange.key_end import read_key_end
from rekam.exchange.key_request_text import stop_to_text, wrapped
from rekam.exchange.key_stop import KeyStop, KeyStopUnproved
from rekam.station.key_ends import KeyHasEnded
from rekam.station.unlock import OperatorBarred
from rekam.trust import keyfile
from rekam.trust.keys import SigningKey
from rekam.web.testing import PageClient
from station_counter import OPERATOR, STATION, SUPERVISOR

STOP = KeyStop(STATION, 1, OPERATOR, 0, b"", 1_490_000_000_000)


class Office:
    """`KeyRequestRemote`, as far as stops and words on ended keys go."""

    def __init__(self, *words, deaf=False):
        self.words, self.deaf, self.heard = list(words), deaf, []

    def stops(self):
        return self.words

    def ended(self, word):
        if self.deaf:
            raise RemoteUnreachable(place="dinas", reason="no connection")
        self.heard.append(word)


@pytest.fixture
def sign(counter):
    key = SigningKey(keyfile.load(counter.folder / "keys" / "office-3174.keys")["signing"])
    return lambda **changes: replace(STOP, **changes).signed(key)


def test_who_was_stopped_signs_in_no_more_and_the_open_sitting_goes_to_a_colleague(counter, operator, sign):
    person, _, another = counter.adults(3)
    last = counter.save(person.nik)
    open_sitting = counter.filled(another.nik, operator)
    assert counter.station.take_stop(sign()) == operator.operator.name
    assert counter.station.take_stop(sign()) is None  # heard again by another way
    with pytest.raises(OperatorBarred):
        counter.station.sign_in(OPERATOR, PIN)
    with pytest.raises(KeyHasEnded):
        counter.station.sittings.save(open_sitting, operator, consent=True)
    assert counter.station.here.recordings.count() == counter.station.here.line.outbox.unsent()[0] == 1
    assert counter.station.here.drafts.count() == 1
    supervisor = counter.station.sign_in(SUPERVISOR, SUPERVISOR_PIN)
    assert counter.station.sittings.save(open_sitting, supervisor, consent=True).number.endswith("000002")
    (word,) = counter.station.here.key_ends.words()
    here = counter.station.here.identity
    end = read_key_end(word, here.chain[1:], here.root).end
    assert (end.why, end.after, end.head.hex()) == ("left", 1, last.packet_id)
    (standing,) = [one for one in counter.station.operators.standings() if one.operator.subject == OPERATOR]
    assert (standing.usable, standing.stopped, standing.barred_by) == (False, True, here.office_name)


def test_the_last_supervisor_is_stopped_as_well_and_sending_goes_on(counter, operator, sign):
    counter.save(counter.adults()[0].nik)
    assert counter.station.take_stop(sign(subject=SUPERVISOR))
    with pytest.raises(OperatorBarred):
        counter.station.supervisor(SUPERVISOR, SUPERVISOR_PIN)
    assert counter.station.take_stop(sign())
    assert counter.station.operators.listed() == []
    assert counter.station.here.line.outbox.unsent()[0] == 1
    assert counter.station.is_open


def test_a_round_with_the_office_brings_it_also_while_another_errand_fails(counter, operator, sign):
    office = Office(sign(), deaf=True)
    object.__setattr__(counter.station.ports, "operator_keys", None)
    counter.station.here.key_remote = office
    with pytest.raises(RemoteUnreachable):
        counter.station._bring_keys()
    with pytest.raises(OperatorBarred):
        counter.station.sign_in(OPERATOR, PIN)
    office.deaf = False
    counter.station._bring_keys()
    assert len(office.heard) == 1  # the station's own word, with its last recording


def test_a_word_of_another_or_for_another_installation_changes_nothing(counter, operator, sign):
    stranger = STOP.signed(SigningKey(bytes(range(32))))
    for word in (stranger, sign(epoch=2), sign(station="317401-02"), sign()[:-1], b""):
        with pytest.raises(KeyStopUnproved):
            counter.station.take_stop(word)
    assert counter.station.take_stop(sign(subject="op-9")) is None
    assert counter.station.sign_in(OPERATOR, PIN)


def test_the_page_takes_it_as_text_signs_the_person_out_and_says_so_in_the_list_of_staff(counter, operator, sign):
    with PageClient(counter.app()) as mine, PageClient(counter.app()) as other:
        for client, who, pin in ((mine, OPERATOR, PIN), (other, SUPERVISOR, SUPERVISOR_PIN)):
            client.post("/sign-in", {"operator": who, "pin": pin})
        wrong = other.post("/staff/stop", {"text": "REKAM-JAWAB:AAAA"})
        assert (wrong.status_code, "telepon dinas" in wrong.text) == (422, True)
        done = other.post("/staff/stop", {"text": wrapped(stop_to_text(sign()))})
        assert done.headers["location"] == "/staff?done=stopped"
        assert "Dihentikan Disdukcapil" in other.get("/staff").text
        assert other.post("/staff/stop", {"text": stop_to_text(sign())}).headers["location"] == "/staff?done=known"
