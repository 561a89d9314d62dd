from dataclasses import replace

import pytest

from exchange_contracts import OutboxContract, OutboxHarness
from exchange_examples import packet
from rekam.enrolment.identifiers import PacketNumber
from rekam.exchange.in_memory import InMemoryOutbox
from rekam.exchange.inbox import Arrival
from rekam.exchange.pg.outbox import PgOutbox, enqueue
from rekam.exchange.pg.register import EXCHANGE_TABLES, PgRegister
from rekam.storage.testing import fresh_pool


class TestInMemoryOutbox(OutboxContract):
    @pytest.fixture
    def harness(self):
        outbox = InMemoryOutbox()
        return OutboxHarness(outbox, outbox.put)


class TestPgOutbox(OutboxContract):
    @pytest.fixture
    def harness(self):
        header = packet().sealed.header
        with fresh_pool(EXCHANGE_TABLES) as pool:
            register = PgRegister(pool, lambda tx, arrival: enqueue(tx, arrival.packet_id))

            def queue(waiting):
                numbered = replace(header, number=PacketNumber.parse(waiting.number))
                register.record(
                    Arrival(numbered, waiting.packet_id, waiting.size, waiting.chain), lambda _: b"custody receipt"
                )

            yield OutboxHarness(PgOutbox(pool), queue)
