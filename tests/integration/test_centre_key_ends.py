"""Somebody's key that ended, at the centre: cut by the station's chain, whichever comes first, the word or the packet."""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

import psycopg
import pytest

from centre_desk import NAMES, PASSWORD, staffed
from centre_examples import OFFICE, OTHER_OFFICE, STATION, Counter, enrolment, resident, staff, town
from rekam.centre.validation import NotWaiting
from rekam.centre.verdict import Queue
from rekam.exchange.errors import StatementRefused
from rekam.exchange.feed import EntryKind, open_batch
from rekam.exchange.fence import REVOCATION, Fence, Standing
from rekam.exchange.key_ended import KEY_ENDED, KeyEnded, KeyEndedUnreadable, every_key_of
from rekam.exchange.statements import Statement, state
from rekam.trust import cbor
from rekam.web.testing import PageClient

PEOPLE = [resident(serial, name) for serial, name in enumerate(NAMES, start=1)]
KEY = staff("op-1", elsewhere=False).key.public.key_id.hex()
PRINTED = "PRINT_READY_RECORD"


@pytest.fixture
def here(tmp_path):
    with town(tmp_path, *PEOPLE) as made:
        yield made


def sealed(here, count):
    return [here.counter.seal(enrolment(PEOPLE[n], n + 1)) for n in range(count)]


def end(after, packets, **changes) -> KeyEnded:
    head = packets[after - 1][0] if after else ""
    said = KeyEnded(str(STATION), 1, KEY, "op-1", "Operator Satu", "operator", "replaced", after, head)
    return replace(said, **changes)


def revoke(here, fence):
    office = OFFICE.holder
    statement = Statement(REVOCATION, str(OFFICE.office), 1_475_456_400_000, fence.to_body())
    here.centre.statements.take(state(statement, office.key, office.chain).to_bytes())


def tell(here, ended, by=OFFICE, at_ms=1_475_456_400_000) -> bytes:
    office = by.holder
    statement = Statement(KEY_ENDED, str(by.office), at_ms, ended.to_body())
    return here.centre.statements.take(state(statement, office.key, office.chain).to_bytes())


def told(here, kind):
    batch = open_batch(here.centre.feed.after("office/3174", 0), here.centre.feed._signer.public)
    return [cbor.decode(entry.body) for entry in batch.entries if entry.kind == kind]


def test_what_the_key_confirmed_before_is_accepted_however_late_and_what_it_confirmed_after_waits(here):
    made = sealed(here, 3)
    tell(here, end(2, made))
    for one in reversed(made):
        here.receive(*one)
    here.work()
    assert [here.status(one) for one, _ in made] == [PRINTED, PRINTED, "QUARANTINED"]
    assert here.centre.fences.withheld(made[2][0]).standing is Standing.KEY_ENDED
    (case,) = here.centre.casebook.waiting_in(Queue.QUARANTINE)
    assert "kunci Operator Satu yang sudah berakhir sesudah rekaman 2" in case.told
    assert here.centre.counts().adds_up
    assert [one["packet_id"] for one in told(here, EntryKind.WITHHELD)] == [made[2][0]]
    (listed,) = here.centre.ended_keys.listed()
    assert (listed.end.after, listed.office, listed.waiting) == (2, "3174", 1)


def test_a_word_that_comes_after_the_result_stops_the_card_until_somebody_decided(here):
    made = sealed(here, 2)
    for one in made:
        here.receive(*one)
    here.work()
    tell(here, end(1, made))
    tell(here, end(1, made), at_ms=1)  # said again in other words: the first one stands, nothing is told twice
    assert [here.status(one) for one, _ in made] == [PRINTED, PRINTED]
    assert here.centre.fencing.case(made[1][0]).settled
    assert here.centre.fencing.case(made[0][0]) is None
    assert [one["packet_id"] for one in told(here, EntryKind.WITHHELD)] == [made[1][0]]
    here.centre.fencing.decide(made[1][0], "released", staff="pusat", note="Cocok dengan buktinya")
    with pytest.raises(NotWaiting):
        here.centre.fencing.decide(made[1][0], "rejected", staff="pusat", note="lagi")
    with pytest.raises(psycopg.errors.IntegrityConstraintViolation), here.centre.pool.connection() as tx:
        tx.execute("UPDATE key_ended SET after = 9")


def test_a_word_that_comes_while_a_recording_passes_waits_for_it_and_finds_it(here):
    made = sealed(here, 2)
    for one in made:
        here.receive(*one)
    pool = here.centre.pool
    with ThreadPoolExecutor(1) as office, pool.connection() as tx:
        here.centre.ended_keys.confirmed(tx, made[1][0], [KEY])
        word = office.submit(tell, here, end(1, made))
        with pool.connection() as other:
            while not other.execute("SELECT 1 FROM pg_locks WHERE locktype = 'advisory' AND NOT granted").fetchone():
                assert not word.done()
        assert here.centre.fences.withheld(made[1][0]) is None
        tx.commit()
        word.result()
    assert here.centre.fences.withheld(made[1][0]).standing is Standing.KEY_ENDED


def test_what_a_person_released_goes_on_to_its_result_and_what_was_rejected_gets_none(here):
    made = sealed(here, 3)
    tell(here, end(1, made))
    for one in made:
        here.receive(*one)
    here.work()
    here.centre.fencing.decide(made[1][0], "released", staff="pusat", note="Cocok dengan buktinya")
    here.centre.fencing.decide(made[2][0], "rejected", staff="pusat", note="Tidak ada yang mengenal")
    here.work()
    assert [here.status(one) for one, _ in made] == [PRINTED, PRINTED, "REJECTED"]


def test_a_packet_beside_the_chain_under_an_old_number_waits_although_its_number_lies_before_the_cut(here):
    made = sealed(here, 3)
    for one in made:
        here.receive(*one)
    tell(here, end(3, made))
    older = Counter(sequence=1, previous=bytes.fromhex(made[0][0])).seal(enrolment(PEOPLE[4], 8))
    here.receive(*older)
    here.work()
    assert [here.status(one) for one, _ in [*made, older]] == [PRINTED, PRINTED, PRINTED, "QUARANTINED"]


def test_another_persons_key_at_the_same_station_is_untouched(here):
    made = sealed(here, 2)
    tell(here, end(0, made, key=staff("op-2").key.public.key_id.hex()))
    for one in made:
        here.receive(*one)
    here.work()
    assert [here.status(one) for one, _ in made] == [PRINTED, PRINTED]


def test_the_supervisor_who_confirmed_beside_the_operator_counts_as_well(here):
    made = sealed(here, 2)
    key = staff("spv-1", "supervisor").key.public.key_id.hex()
    tell(here, end(1, made, key=key, subject="spv-1", name="Supervisor", role="supervisor", why="left"))
    for one in made:
        here.receive(*one)
    here.work()
    assert [here.status(one) for one, _ in made] == [PRINTED, "QUARANTINED"]


def test_who_was_stopped_confirms_nothing_beyond_the_cut_with_any_key_whatever_the_station_said_of_one(here):
    made = sealed(here, 4)
    tell(here, end(4, made, why="left"))  # a word of the station alone, as late as it likes
    stop = end(2, made, key=every_key_of("op-1"), why="stopped")
    for one in made[:3]:
        here.receive(*one)
    here.work()
    tell(here, stop)
    here.receive(*made[3])
    here.work()
    assert [here.status(one) for one, _ in made] == [PRINTED, PRINTED, PRINTED, "QUARANTINED"]
    assert [here.centre.fences.withheld(one) is not None for one, _ in made] == [False, False, True, True]
    assert here.centre.ended_keys.why(made[3][0]) == stop
    assert {(one.end.why, one.waiting) for one in here.centre.ended_keys.listed()} == {("left", 0), ("stopped", 2)}
    with pytest.raises(KeyEndedUnreadable):
        KeyEnded.from_body(stop.to_body() | {"subject": "op-2"})


def test_an_earlier_cut_counts_as_soon_as_it_is_told_and_a_later_one_gives_nothing_back(here):
    made = sealed(here, 3)
    for one in made:
        here.receive(*one)
    here.work()
    stop = end(2, made, key=every_key_of("op-1"), why="stopped")
    tell(here, stop)
    assert here.centre.fencing.case(made[1][0]) is None
    earlier = replace(stop, after=1, head=made[0][0])
    tell(here, earlier, at_ms=2)
    assert [bool(here.centre.fencing.case(one)) for one, _ in made] == [False, True, True]
    assert [one["packet_id"] for one in told(here, EntryKind.WITHHELD)] == [made[2][0], made[1][0]]
    tell(here, replace(stop, after=3, head=made[2][0]), at_ms=3)
    assert here.centre.ended_keys.why(made[1][0]) == earlier
    assert {(one.end.after, one.waiting) for one in here.centre.ended_keys.listed()} == {(1, 2), (2, 0), (3, 0)}
    here.receive(*here.counter.seal(enrolment(PEOPLE[3], 4)))
    here.work()
    assert {(one.end.after, one.waiting) for one in here.centre.ended_keys.listed()} == {(1, 3), (2, 0), (3, 0)}


def test_what_the_chain_proved_against_a_fence_waits_all_the_same_for_who_confirmed_it(here):
    made = sealed(here, 3)
    revoke(here, Fence(str(STATION), 1, 3, made[2][0], 0, "dicuri"))
    tell(here, end(1, made, key=every_key_of("op-1"), why="stopped"))
    here.receive(*made[1])
    here.work()
    assert here.centre.fences.withheld(made[1][0]).standing is Standing.UNPROVED
    for one in (made[0], made[2]):
        here.receive(*one)
    here.work()
    assert [here.status(one) for one, _ in made] == [PRINTED, "QUARANTINED", "QUARANTINED"]
    waits = here.centre.fences.withheld(made[1][0])
    assert (waits.standing, waits.verdict) == (Standing.KEY_ENDED, "")
    assert here.centre.fencing.case(made[1][0]).fence is None
    here.centre.fencing.decide(made[1][0], "released", staff="pusat", note="Cocok dengan buktinya")
    here.work()
    assert here.status(made[1][0]) == PRINTED
    with pytest.raises(psycopg.errors.RestrictViolation), here.centre.pool.connection() as tx:
        tx.execute("UPDATE exchange.withheld SET verdict = '' WHERE verdict = 'released'")


def test_only_the_stations_own_office_may_say_it_and_nothing_odd_is_taken(here):
    made = sealed(here, 1)
    with pytest.raises(StatementRefused, match="NotItsStation"):
        tell(here, end(1, made), by=OTHER_OFFICE)
    assert here.centre.ended_keys.listed() == []
    body = end(1, made).to_body()
    for change in ({"key": "ab"}, {"why": "tired"}, {"after": -1}, {"head": ""}, {"epoch": 0}, {"role": "centre"}):
        with pytest.raises(KeyEndedUnreadable):
            KeyEnded.from_body(body | change)


def test_the_pages_tell_whose_key_ended_after_which_recording_and_why_one_waits(here):
    made = sealed(here, 2)
    for one in made:
        here.receive(*one)
    here.work()
    tell(here, end(1, made))
    with PageClient(staffed(here)) as client:
        client.post("/sign-in", {"name": "pusat", "password": PASSWORD})
        page = client.get("/key-ends").text
        assert "Operator Satu" in page
        assert "kunci baru menggantikannya" in page
        held = client.get(f"/quarantine/{made[1][0]}").text
        assert "sudah berakhir sesudah rekaman 1" in held
        answer = client.post(f"/quarantine/{made[1][0]}/verdict", {"verdict": "released", "note": "Cocok"})
        assert answer.headers["location"] == "/quarantine?said=decided"
