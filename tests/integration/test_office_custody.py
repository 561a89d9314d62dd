"""What an office holds and hands on: the order of durable steps, idempotence, relay through a bad line."""

import time
from datetime import timedelta

import psycopg
import pytest

from office_examples import CENTRE, OFFICE, ROOT, STATION, packet, world
from patience import PATIENCE_S
from rekam.exchange.errors import RemoteUnreachable
from rekam.exchange.lossy import LossyRemote
from rekam.exchange.remote import LocalRemote
from rekam.exchange.rounds import Pauses
from rekam.office.relay import OfficeRelay
from rekam.storage.disk import RealDisk
from rekam.storage.disk_wrappers import RecordingDisk
from rekam.trust import receipts
from rekam.trust.certificates import ChainBroken


@pytest.fixture
def here(tmp_path):
    with world(tmp_path) as made:
        yield made


def test_a_custody_receipt_comes_after_the_file_the_folder_and_the_row_are_durable(tmp_path):
    disk = RecordingDisk(RealDisk())
    with world(tmp_path, disk=disk) as here:
        sent = packet()
        del disk.calls[:]
        here.office.inbox.append(sent.id, 0, sent.data)
        seen = []
        record = here.office.inbox._register.record

        def recorded(arrival, receipt):
            seen.append([call[0] for call in disk.calls])
            return record(arrival, receipt)

        here.office.inbox._register.record = recorded
        receipt = here.office.inbox.complete(sent.id, STATION.chain)
        before = seen[0]
        assert (
            before.index("fsync file") < before.index("rename") < len(before) - 1 - before[::-1].index("fsync folder")
        )
        assert receipts.verify(receipt, OFFICE.holder.key.public).kind == "custody"
        assert here.office.state().packets == 1


def test_the_same_packet_twice_gives_the_same_receipt_and_one_place_in_the_queue(here):
    sent = packet()
    assert here.custody(sent) == here.custody(sent)
    state = here.office.state()
    assert (state.packets, state.backlog) == (1, 1)
    assert [line.packets for line in here.office.whereabouts.by_status()] == [1]


def test_custody_and_the_queue_to_the_centre_are_one_transaction(here):
    with here.office.pool.connection() as connection:
        connection.execute("ALTER TABLE exchange.outbox ADD CONSTRAINT full_queue CHECK (packet_id IS NULL)")
    sent = packet()
    with pytest.raises(psycopg.errors.CheckViolation):
        here.custody(sent)
    state = here.office.state()
    assert (state.packets, state.backlog, here.office.inbox.receipts([sent.id])) == (0, 0, {})
    with here.office.pool.connection() as connection:
        connection.execute("ALTER TABLE exchange.outbox DROP CONSTRAINT full_queue")
    assert here.custody(sent)
    assert here.office.state().backlog == 1


def test_the_relay_hands_on_and_keeps_the_acceptance_receipt(here):
    sent = packet()
    here.custody(sent)
    assert here.office.relay.run_once().moved == 1
    kept = receipts.verify(here.office.outbox.receipt_of(sent.id), CENTRE.key.public)
    assert (kept.kind, kept.packet_id) == ("acceptance", sent.id)
    state = here.office.state()
    assert (state.relayed, state.backlog, state.connected) == (1, 0, True)


def test_the_relay_outlives_a_centre_that_is_away_and_a_line_that_loses(tmp_path):
    class Away:
        down = True

        def __init__(self, inner):
            self.inner = inner

        def __getattr__(self, name):
            if self.down:
                raise RemoteUnreachable(place="centre", reason="down")
            return getattr(self.inner, name)

    with world(tmp_path) as here:
        away = Away(LossyRemote(here.centre.remote, seed=3, lose=0.3))
        office = here.again(remote=away)
        relay = OfficeRelay(
            office.upward.sender, office.upward.follower, office.outbox, office.clock, pauses=Pauses(0.01, 0.05, 0.01)
        )
        for sequence in range(1, 9):
            here.custody(packet(sequence))
        relay.start()
        try:
            while relay.connection.connected is not False:
                time.sleep(0.01)
            assert office.state().backlog == 8
            away.down = False
            deadline = time.monotonic() + PATIENCE_S
            while office.state().backlog and time.monotonic() < deadline:
                time.sleep(0.02)
        finally:
            relay.stop()
        assert (office.state().backlog, office.state().relayed) == (0, 8)
        assert len(here.centre.register.chains()) == 1


def test_without_a_way_to_the_centre_packets_are_taken_and_wait(here):
    alone = here.again(remote=None)
    sent = packet()
    alone.inbox.append(sent.id, 0, sent.data)
    alone.inbox.complete(sent.id, STATION.chain)
    assert alone.relay.run_once().moved == 0
    assert (alone.state().backlog, alone.state().connected) == (1, None)


def test_an_office_refuses_to_open_under_a_certificate_that_is_not_a_centres(here):
    with pytest.raises(ChainBroken):
        here.again(centre_chain=OFFICE.holder.chain)
    with pytest.raises(ChainBroken):
        here.again(chain=STATION.chain)


def test_the_stations_of_an_office_see_what_is_missing_and_what_forked(here):
    for sent in (packet(1), packet(4), packet(4, b"another recording under the same number")):
        here.custody(sent)
    (line,) = here.office.whereabouts.stations()
    assert (line.packets, line.unsent, line.missing, line.forks) == (3, 3, 2, 2)
    assert isinstance(here.office.local(), LocalRemote)
    assert here.office.root == ROOT


def test_an_office_keeps_its_backups_for_ever_unless_it_was_given_a_retention(tmp_path):
    day_ms = 24 * 3600 * 1000
    with world(tmp_path) as it:
        sent = packet()
        it.custody(sent)
        it.office.relay.run_once()
        accepted_ms = it.clock.stamp().wall_ms
        it.centre.notice()
        it.clock.advance(400 * day_ms / 1000)
        it.follow()
        for_ever, a_year = it.office, it.again(retention=timedelta(days=365))
        assert for_ever.purger.run_once(for_ever.dates.now()).went == ()
        assert round(a_year.dates.now().floor.timestamp() * 1000) == accepted_ms + 400 * day_ms
        assert a_year.purger.run_once(a_year.dates.now()).went == (sent.id,)
        assert not a_year.packets.has(sent.id)
        assert it.custody(sent) == it.custody(sent), "the receipt is repeated for ever, and nothing is asked for again"
