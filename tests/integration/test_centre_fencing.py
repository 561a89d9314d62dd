"""A withdrawn key at the centre: nothing is lost, nothing it does not vouch for goes on without a person's verdict."""

import httpx
import psycopg
import pytest

from centre_desk import NAMES, PASSWORD, staffed
from centre_examples import OFFICE, OTHER_OFFICE, STATION, Counter, enrolment, resident, town
from rekam.centre.fencing import VerdictNeedsNote
from rekam.centre.queue import StaleWorker
from rekam.centre.validation import NotWaiting
from rekam.centre.verdict import Pass, Queue
from rekam.exchange.continuity import Link
from rekam.exchange.errors import StatementRefused
from rekam.exchange.feed import PORTAL_FEED, EntryKind, open_batch
from rekam.exchange.fence import REVOCATION, Fence, Standing, draw_fence
from rekam.exchange.statements import Statement, state
from rekam.trust import cbor
from rekam.web.testing import PageClient

PEOPLE = [resident(serial, name) for serial, name in enumerate(NAMES, start=1)]


@pytest.fixture
def here(tmp_path):
    with town(tmp_path, *PEOPLE) as made:
        yield made


def sealed(here, count, counter=None):
    """Packets of one station, not received yet."""
    counter = counter or here.counter
    return [counter.seal(enrolment(PEOPLE[n], n + 1)) for n in range(count)]


def fence(links, **how) -> Fence:
    return draw_fence(STATION, 1, links, at_ms=1_475_456_400_000, reason="Laptop dicuri", **how)


def links(packets) -> list[Link]:
    before, made = "0" * 64, []
    for sequence, (packet_id, _) in enumerate(packets, start=1):
        made.append(Link(sequence, packet_id, before))
        before = packet_id
    return made


def withdraw(here, drawn: Fence, by=OFFICE) -> bytes:
    office = by.holder
    statement = Statement(REVOCATION, str(by.office), drawn.at_ms, drawn.to_body())
    return here.centre.statements.take(state(statement, office.key, office.chain).to_bytes())


def told(here, kind):
    """What the office's feed says of this kind."""
    batch = open_batch(here.centre.feed.after("office/3174", 0), here.centre.feed._signer.public)
    return [cbor.decode(entry.body) for entry in batch.entries if entry.kind == kind]


def test_what_the_office_held_goes_on_and_what_comes_beyond_waits_with_its_reason(here):
    made = sealed(here, 3)
    withdraw(here, fence(links(made[:2])))
    for one in made:
        here.receive(*one)
    here.work()
    assert [here.status(one) for one, _ in made] == ["PRINT_READY_RECORD", "PRINT_READY_RECORD", "QUARANTINED"]
    (case,) = here.centre.casebook.waiting_in(Queue.QUARANTINE)
    assert (case.packet_id, "Laptop dicuri" in case.told) == (made[2][0], True)
    assert here.centre.counts().adds_up
    assert len(here.centre.inbox.receipts([one for one, _ in made])) == 3


def test_the_portal_is_told_where_the_log_stood_and_neither_reason_nor_packet(here):
    made = sealed(here, 2)
    here.receive(*made[0])
    drawn = fence(links(made))
    withdraw(here, drawn)
    withdraw(here, drawn)
    here.receive(*made[1])
    batch = open_batch(here.centre.feed.after(PORTAL_FEED, 0), here.centre.feed._signer.public)
    (said,) = [cbor.decode(entry.body) for entry in batch.entries if entry.kind == EntryKind.REVOKED]
    assert said == {"station": STATION, "epoch": 1, "after": 2, "at_ms": drawn.at_ms, "log_size": 1}


def test_a_thief_with_the_disk_gets_no_print_order_whatever_the_workers_do(here):
    made = sealed(here, 2)
    withdraw(here, fence(links(made)))
    for one in made:
        here.receive(*one)
    thief = here.counter.seal(enrolment(PEOPLE[3], 9))
    older = Counter(sequence=1, previous=bytes.fromhex(made[0][0])).seal(enrolment(PEOPLE[4], 8))
    stolen = [here.receive(*thief), here.receive(*older)]
    here.work()
    assert [here.status(one) for one in stolen] == ["QUARANTINED", "QUARANTINED"]
    assert {here.centre.fences.withheld(one).standing for one in stolen} == {Standing.BEYOND, Standing.OFF_CHAIN}
    with pytest.raises(NotWaiting):
        _generic_release(here, "0" * 64)
    for statement in (
        "UPDATE packet_stage SET queue = NULL WHERE queue = 'quarantine'",
        f"INSERT INTO result (packet_id, status) VALUES ('{stolen[0]}', 'PRINT_READY_RECORD')",
    ):
        with pytest.raises(psycopg.errors.IntegrityConstraintViolation), here.centre.pool.connection() as tx:
            tx.execute(statement)
    assert {one["packet_id"] for one in told(here, EntryKind.PRINT_ORDER)} == {made[0][0], made[1][0]}


def _generic_release(here, packet_id):
    here.centre.quarantine.release(packet_id, staff="pusat")


def test_a_case_in_the_stages_or_before_experts_is_stopped_when_the_word_comes(here):
    made = sealed(here, 2)
    for one in made:
        here.receive(*one)
    queue = here.centre.queue
    with here.centre.pool.connection() as connection:
        claim = queue.claim(connection)
    withdraw(here, fence(links(made[:0])))
    with pytest.raises(StaleWorker), here.centre.pool.connection() as connection:
        queue.commit(connection, claim, Pass())
    here.work()
    assert [here.status(one) for one, _ in made] == ["QUARANTINED", "QUARANTINED"]


def test_a_released_packet_passes_all_stages_and_a_rejected_one_ends_with_its_reason(here):
    made = sealed(here, 3)
    withdraw(here, fence([]))
    for one in made:
        here.receive(*one)
    fencing, (first, second, third) = here.centre.fencing, [one for one, _ in made]
    with pytest.raises(VerdictNeedsNote):
        fencing.decide(first, "released", staff="pusat", note=" ")
    fencing.decide(first, "released", staff="pusat", note="Bukti cocok")
    fencing.decide(second, "rejected", staff="pusat", note="Tidak dikenal")
    for verdict in ("released", "rejected"):
        with pytest.raises(NotWaiting):
            fencing.decide(second, verdict, staff="pusat", note="sekali lagi")
    here.work()
    assert [here.status(one) for one in (first, second, third)] == ["PRINT_READY_RECORD", "REJECTED", "QUARANTINED"]
    assert "rekam ulang" in here.reason(second)
    assert here.centre.counts().adds_up
    assert [(one["packet_id"], one["verdict"]) for one in told(here, EntryKind.JUDGED)] == [
        (first, "released"),
        (second, "rejected"),
    ]


def test_a_result_that_was_faster_than_the_word_stays_and_is_listed_for_a_verdict(here):
    made = sealed(here, 1)
    here.receive(*made[0])
    here.work()
    withdraw(here, fence([]))
    assert here.status(made[0][0]) == "PRINT_READY_RECORD"
    assert here.centre.fencing.case(made[0][0]).settled
    here.centre.fencing.decide(made[0][0], "rejected", staff="pusat", note="Tidak dikenal")
    assert here.status(made[0][0]) == "PRINT_READY_RECORD"  # a result is final; the office prints no card for it
    assert told(here, EntryKind.JUDGED)[0]["verdict"] == "rejected"


def test_late_packets_that_the_chain_proves_go_on_by_themselves(here):
    made = sealed(here, 4)
    known = [links(made)[0], links(made)[3]]
    withdraw(here, fence(known))
    for n in (0, 3, 1):
        here.receive(*made[n])
    here.work()
    assert here.status(made[1][0]) == "QUARANTINED"
    here.receive(*made[2])
    here.work()
    assert [here.status(one) for one, _ in made] == ["PRINT_READY_RECORD"] * 4


def test_the_word_is_taken_once_spread_once_and_only_from_the_stations_own_office(here):
    drawn = fence([])
    assert withdraw(here, drawn) == withdraw(here, drawn)
    with pytest.raises(StatementRefused):
        withdraw(here, drawn, by=OTHER_OFFICE)
    spread = told(here, EntryKind.REVOKED)
    assert [Fence.from_body(one) for one in spread] == [drawn]


def test_an_official_decides_on_the_page(here):
    made = sealed(here, 2)
    withdraw(here, fence([]))
    for one in made:
        here.receive(*one)
    with PageClient(staffed(here)) as client:
        client.post("/sign-in", {"name": "pusat", "password": PASSWORD})
        listed = client.get("/quarantine").text
        assert made[0][0] in listed
        assert listed.count("Laptop dicuri") == 1, "the office's reason stands once, above the rows"
        assert listed.count("Sesudah batas kunci") == 2
        page = f"/quarantine/{made[0][0]}"
        shown = client.get(page).text
        assert "Laptop dicuri" in shown
        assert made[0][0] in shown
        refused = client.post(f"{page}/verdict", {"note": ""})
        assert refused.status_code == httpx.codes.UNPROCESSABLE_ENTITY
        client.post(page, {"to": "same"})
        assert here.status(made[0][0]) == "QUARANTINED"
        done = client.post(f"{page}/verdict", {"verdict": "released", "note": "Bukti cocok"}, follow=True)
        assert "Keputusan tercatat" in done.text
        again = client.post(f"{page}/verdict", {"verdict": "rejected", "note": "Lagi"}, follow=True)
        assert again.status_code == httpx.codes.CONFLICT
    here.work()
    assert here.status(made[0][0]) == "PRINT_READY_RECORD"
