"""A portal over a real database, and the centre's log that it follows, with real packets in it."""

from contextlib import contextmanager

from office_examples import CENTRE, OFFICE, OTHER_OFFICE, ROOT, packet
from rekam.exchange.log import InMemoryLog
from rekam.exchange.published_witnesses import PublishedWitness
from rekam.portal.portal import TABLES, Portal
from rekam.storage.testing import fresh_pool
from rekam.trust.clock import SystemClock
from rekam.trust.log.proof import commitment

SALT = bytes(range(16))


class Source:
    """The log as the centre publishes it, witnesses included; `down` is raised."""

    def __init__(self):
        self.log, self.lines, self.down = InMemoryLog(CENTRE.key), [], None

    def checkpoint(self):
        if self.down:
            raise self.down
        return self.log.checkpoint()

    def tile(self, tile):
        return self.log.tile(tile)

    def witnesses(self):
        return list(self.lines)

    def fill(self, count):
        for number in range(count):
            self.log.append(number.to_bytes(32, "big"))

    def cosign(self, *offices):
        for office in offices:
            subject = "3174" if office is OFFICE else "3273"
            note = self.log.checkpoint().cosigned(f"rekam/office/{subject}", office.holder.key, 1_500_000_000)
            self.lines = [line for line in self.lines if line.office != subject]
            self.lines.append(PublishedWitness(subject, str(note), office.holder.chain))


class World:
    """`packet` is the resident's, with its `entry` in the log at position 700 of 1,000 once `accept` was called."""

    def __init__(self, pool):
        self.source = Source()
        self.portal = Portal(
            pool, bytes(32), centre_chain=CENTRE.chain, root=ROOT, clock=SystemClock(), log=self.source
        )
        self.packet = packet()
        self.entry = commitment(self.packet.id, self.packet.number, SALT)

    def accept(self):
        self.source.fill(700)
        self.source.log.append(self.entry)
        self.source.cosign(OFFICE)
        self.source.fill(299)
        self.source.cosign(OTHER_OFFICE)
        return self.portal.log.run_once()


@contextmanager
def portal_world():
    with fresh_pool(*TABLES) as pool:
        yield World(pool)
