"""A small country for the exchange's tests: centre, one office, one station, and packets that it really sealed."""

import io
from dataclasses import dataclass, field
from pathlib import Path

from rekam.enrolment.identifiers import PacketNumber, StationId
from rekam.exchange.inbox import Arrival, CertificateChain, Inbox, Register
from rekam.exchange.outbox import Waiting
from rekam.exchange.pressure import NoPressure
from rekam.packet.inspect import inspect
from rekam.packet.seal import Sealed, seal
from rekam.packet.signer import station_key
from rekam.storage.blobs import BlobStore
from rekam.storage.disk import Disk, RealDisk
from rekam.trust.certificates import Certificate, issue
from rekam.trust.clock import SteppedClock
from rekam.trust.keys import OpeningKey, SigningKey
from rekam.trust.random import SeededRandomUnsafeForTests

RANDOM = SeededRandomUnsafeForTests("exchange")
CLOCK = SteppedClock()
CENTRE_KEY = SigningKey.generate(RANDOM)
ROOT = CENTRE_KEY.public
OPENING = OpeningKey.generate(random=RANDOM)


@dataclass(frozen=True)
class Place:
    """A key and its certificates."""

    key: SigningKey
    chain: CertificateChain
    certificate: Certificate


def _certified(kind: str, subject: str, by: Place | None) -> Place:
    key = SigningKey.generate(RANDOM)
    certificate = Certificate(kind, subject, subject, key.public)
    issued = issue(certificate, by.key if by else CENTRE_KEY, by=by.certificate if by else None, random=RANDOM)
    return Place(key, (issued, *(by.chain if by else ())), certificate)


OFFICE = _certified("office", "3174", None)
OTHER_OFFICE = _certified("office", "3273", None)
PORTAL = _certified("portal", "portal", None)
STATION = _certified("station", "317401-01", OFFICE)
OTHER_STATION = _certified("station", "317402-01", OFFICE)


@dataclass(frozen=True)
class Packet:
    """A sealed packet with its bytes."""

    data: bytes
    sealed: Sealed
    chain: CertificateChain = field(repr=False)

    @property
    def id(self) -> str:
        return self.sealed.packet_id

    @property
    def number(self) -> str:
        return str(self.sealed.header.number)

    def waiting(self) -> Waiting:
        return Waiting(self.id, self.number, self.sealed.size, CLOCK.stamp().wall_ms, self.chain)

    def arrival(self) -> Arrival:
        found = inspect(io.BytesIO(self.data), station_key(self.chain, ROOT))
        return Arrival(found.header, found.packet_id, found.size, self.chain)


def packet(
    sequence: int = 1,
    content: bytes = b"a recording",
    *,
    station: Place = STATION,
    previous: "Packet | None" = None,
    signer: SigningKey | None = None,
) -> Packet:
    out = io.BytesIO()
    sealed = seal(
        [content],
        number=PacketNumber(StationId(station.certificate.subject), 1, sequence),
        previous=bytes.fromhex(previous.id) if previous else bytes(32),
        signer=signer or station.key,
        recipient=OPENING.public,
        stamp=CLOCK.stamp(),
        random=RANDOM,
        out=out,
    )
    return Packet(out.getvalue(), sealed, station.chain)


def packets(count: int, *, size: int = 1000) -> list[Packet]:
    """A chain of `count` packets."""
    made: list[Packet] = []
    for sequence in range(1, count + 1):
        made.append(packet(sequence, bytes([sequence % 256]) * size, previous=made[-1] if made else None))
    return made


class Crowded(NoPressure):
    """Asks new packets to wait for `seconds`."""

    def __init__(self, seconds: int) -> None:
        self.seconds = seconds

    def wait_s(self) -> int:
        return self.seconds


def inbox(folder: Path, register: Register, *, disk: Disk | None = None, **options) -> Inbox:
    blobs = BlobStore(folder, disk or RealDisk())
    return Inbox(
        blobs,
        register,
        **{
            "signer": OFFICE.key,
            "clock": CLOCK,
            "kind": "custody",
            "place": "3174",
            "verify_sender": lambda chain: station_key(chain, ROOT),
            **options,
        },
    )
