"""How office, centre and station say how they are, over real stores: `/system` and `/health`."""

import pytest

from centre_desk import PASSWORD, busy, spoil, staffed
from centre_examples import town
from office_examples import packet, world
from rekam.centre.cards_printed import CardNotOrdered
from rekam.centre.health import centre_probes
from rekam.exchange.errors import RemoteUnreachable, StatementRefused
from rekam.exchange.outbox import SetAside
from rekam.exchange.pg.statements import put_statement
from rekam.exchange.statements import Statement, state
from rekam.office.app import create_office_app
from rekam.office.health import office_probes
from rekam.station.health import station_probes
from rekam.trust.pin import Cost
from rekam.web.health import Level, examine
from rekam.web.staff import InMemoryStaffStore, add_member
from rekam.web.testing import PageClient
from station_counter import counter as make_counter

BUDI = "empat kata tanpa makna"


class Away:
    """A remote that no call reaches."""

    def __getattr__(self, name):
        def unreachable(*_arguments):
            raise RemoteUnreachable(place="Pusat Data Kependudukan", reason="no connection")

        return unreachable


@pytest.fixture
def office(tmp_path):
    with world(tmp_path) as here:
        yield here


@pytest.fixture(scope="module")
def crowded(tmp_path_factory):
    with town(tmp_path_factory.mktemp("crowded") / "centre") as here:
        here.packets = busy(here)
        yield here


def levels(probes) -> dict[str, Level]:
    return {finding.topic: finding.level for finding in examine(probes)}


def test_an_office_at_rest_has_nothing_urgent(office):
    office.office.relay.run_once()
    found = levels(office_probes(office.office))
    assert found["centre"] is Level.WELL
    assert max(found.values()) is Level.NOTE


def test_a_centre_that_is_away_for_hours_is_told_with_what_to_do(tmp_path):
    with world(tmp_path, remote=Away()) as here:
        here.custody(packet())
        here.office.relay.run_once()
        assert levels(office_probes(here.office))["centre"] is Level.NOTE
        here.clock.advance(2 * 3600)
        first = examine(office_probes(here.office))[0]
        assert (first.topic, first.level) == ("centre", Level.WARNING)
        assert "2 jam" in first.said
        assert first.todo


def test_a_stored_packet_that_went_bad_is_found_and_told(office):
    sent = packet()
    office.custody(sent)
    office.office.packets.path(sent.id).write_bytes(bytes(sent.size))
    assert [damage.code for damage in office.office.scrubber.step(1).damaged] == ["BlobDamaged"]
    assert levels(office_probes(office.office))["packets"] is Level.ALARM


def test_a_gap_is_worth_knowing_and_a_number_used_twice_is_an_alarm(office):
    office.custody(packet(1))
    office.custody(packet(3))
    assert levels(office_probes(office.office))["numbers"] is Level.NOTE
    office.custody(packet(3, b"other bytes"))
    assert levels(office_probes(office.office))["numbers"] is Level.ALARM


def test_cards_and_keys_that_the_centre_has_not_confirmed_are_told(office):
    here = office.office
    statement = Statement("card-printed", here.id, 1, {"packet_id": "ab"})
    signed = state(statement, here.signing, here.chain)
    with here.pool.connection() as tx:
        put_statement(tx, statement, signed)
    assert levels(office_probes(here))["statements"] is Level.NOTE
    why = CardNotOrdered(packet_id="ab")
    refusal = StatementRefused(statement_id=signed.id, code=why.code, detail=str(why))
    here.statements.failed(signed.id, why.code, str(refusal))
    found = next(each for each in examine(office_probes(here)) if each.topic == "statements")
    assert found.level is Level.WARNING
    assert "1 laporan ditolak pusat;" in found.said
    staff = InMemoryStaffStore(office.clock)
    add_member(staff, "budi", frozenset({"petugas dinas"}), BUDI, cost=Cost(64, 1, 1))
    with PageClient(create_office_app(here, staff)) as client:
        client.post("/sign-in", {"name": "budi", "password": BUDI})
        assert "Pusat tidak memesan kartu untuk paket ab" in client.get(found.href).text
        again = client.post("/set-aside/statements", {"statement_id": signed.id})
        assert again.headers["location"] == "/set-aside?again=1"
    here.statements.acknowledged(signed.id, b"receipt")
    assert levels(office_probes(here))["statements"] is Level.WELL


def test_what_the_centre_refused_can_be_read_and_sent_again(office):
    sent = packet()
    office.custody(sent)
    office.office.outbox.failed(sent.id, "PacketRefused", "the header was altered")
    staff = InMemoryStaffStore(office.clock)
    add_member(staff, "budi", frozenset({"petugas dinas"}), BUDI, cost=Cost(64, 1, 1))
    with PageClient(create_office_app(office.office, staff)) as client:
        assert client.get("/set-aside").status_code == 303
        client.post("/sign-in", {"name": "budi", "password": BUDI})
        assert "Baca alasannya, lalu kirim lagi." in client.get("/system").text
        assert "the header was altered" in client.get("/set-aside").text
        assert client.post("/set-aside", {"packet_id": sent.id}).headers["location"] == "/set-aside?again=1"
        assert client.get("/health").json()["checks"] == {"database": True}
    assert office.office.outbox.set_aside() == []
    assert [waiting.packet_id for waiting in office.office.outbox.waiting(9)] == [sent.id]


def test_the_centre_tells_of_quarantine_and_of_sums_that_add_up(crowded):
    found = levels(centre_probes(crowded.centre))
    assert (found["quarantine"], found["sums"], found["stages"]) == (Level.WARNING, Level.WELL, Level.WELL)
    with PageClient(staffed(crowded)) as client:
        client.post("/sign-in", {"name": "pusat", "password": PASSWORD})
        assert 'href="/quarantine"' in client.get("/system").text


def test_a_centre_whose_workers_stopped_says_so(crowded):
    with crowded.centre.pool.connection() as connection:
        connection.execute(
            "UPDATE packet_stage SET queue = NULL, ready_at = now() - interval '1 hour' WHERE packet_id = %s",
            [crowded.packets["quarantine"]],
        )
        connection.execute("ALTER TABLE stage_history DISABLE TRIGGER USER")
        connection.execute("UPDATE stage_history SET at = at - interval '1 hour'")
    assert levels(centre_probes(crowded.centre))["stages"] is Level.ALARM


def test_damage_at_the_centre_is_told_where_staff_look(crowded):
    spoil(crowded, crowded.packets["adjudication"])
    crowded.centre.scrubber.step(1 << 30)
    assert levels(centre_probes(crowded.centre))["packets"] is Level.ALARM


def test_a_station_tells_little_before_sign_in_and_all_after(tmp_path):
    counter = make_counter(tmp_path / "country")
    assert set(levels(station_probes(counter.station))) == {"store", "disk", "engine"}
    counter.sign_in()
    counter.save(counter.adults()[0].nik)
    found = levels(station_probes(counter.station))
    assert found["unsent"] is Level.WELL
    assert found["disk"] is Level.WELL
    counter.clock.advance(9 * 86_400)
    assert levels(station_probes(counter.station))["unsent"] is Level.ALARM
    counter.station.close()


def test_a_station_does_not_send_people_to_a_copy_that_the_office_lost(tmp_path):
    counter = make_counter(tmp_path / "country")
    counter.sign_in()
    saved = counter.save(counter.adults()[0].nik)
    here = counter.station.here
    here.blobs.set_aside(saved.packet_id)
    here.scrubber.step(1)

    def told():
        return {each.topic: each for each in examine(station_probes(counter.station))}

    assert "aman di sana" in told()["packets"].todo
    assert told()["lost-above"].level is Level.WELL
    here.line.outbox.failed(saved.packet_id, "BlobMissing", "it is gone")
    assert told()["set-aside"].level is Level.ALARM
    assert str(saved.number) in told()["set-aside"].said, "nobody refused it, and it is not safe here"
    here.line.outbox.retry()
    here.line.offers.owed = (SetAside(saved.packet_id, str(saved.number), "BlobMissing", "it is gone"),)
    assert "aman di sana" not in told()["packets"].todo
    assert told()["lost-above"].level is Level.ALARM
    assert str(saved.number) in told()["lost-above"].said
    counter.station.close()
