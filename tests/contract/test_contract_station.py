"""The station's own adapters of the exchange's ports, over its encrypted store."""

import pytest

from exchange_contracts import FeedSinkContract, OutboxContract, OutboxHarness, SinkHarness
from exchange_examples import CLOCK
from rekam.enrolment.identifiers import PacketNumber
from rekam.station.carried import CarriedOutbox, Earlier
from rekam.station.feed_sink import StationFeedSink
from rekam.station.outbox import StationOutbox
from rekam.station.store import StationStore
from rekam.trust.clock import LegalClock
from station_identity import station_identity


@pytest.fixture
def store(tmp_path):
    made = StationStore.create(tmp_path / "station.db", bytes(range(32)), station_identity())
    yield made
    made.close()


class TestStationOutbox(OutboxContract):
    @pytest.fixture
    def harness(self, store):
        def queue(waiting):
            with store.tx() as tx:
                tx.execute(
                    "INSERT INTO recording (packet_id, number, sequence, sitting_id, nik, name, operator, saved_at, salt,"
                    " size, summary, status, status_at) VALUES (?, ?, 1, ?, '', '', '', '', x'00', ?, x'a0', 'PROCESSING', '')",
                    (waiting.packet_id, waiting.number, waiting.packet_id, waiting.size),
                )
                tx.execute("INSERT INTO outbox (packet_id, since_ms) VALUES (?, ?)", (waiting.packet_id, 1))

        return OutboxHarness(StationOutbox(store, LegalClock(CLOCK)), queue)


class TestCarriedOutbox(OutboxContract):
    @pytest.fixture
    def harness(self, store):
        def queue(waiting):
            number = PacketNumber.parse(waiting.number)
            Earlier(store).put(number.epoch, waiting.chain, [])
            outbox.take(
                waiting.packet_id,
                waiting.number,
                number.epoch,
                number.sequence,
                waiting.size,
                source="disk",
                now_ms=waiting.since_ms,
            )

        outbox = CarriedOutbox(store)
        return OutboxHarness(outbox, queue)


class TestStationFeedSink(FeedSinkContract):
    @pytest.fixture
    def harness(self, store):
        with store.tx() as tx:
            tx.execute("CREATE TABLE effect (body blob)")

        def keep(tx, entry):
            tx.execute("INSERT INTO effect VALUES (?)", (entry.body,))
            if entry.kind == "bad":
                raise ValueError

        return SinkHarness(
            StationFeedSink(store, keep), lambda: [body for (body,) in store.rows("SELECT * FROM effect")]
        )
