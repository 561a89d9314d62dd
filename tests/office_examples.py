"""A small country for the tests of office and portal: a centre's feed, an office over a real database, print orders."""

import io
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime
from functools import cache
from pathlib import Path

from PIL import Image

from rekam.abis.synthetic.person import Person
from rekam.abis.synthetic.png import encode_png
from rekam.apps.ceremony import CountryKeys, Holder
from rekam.enrolment.biodata import Biodata
from rekam.enrolment.identifiers import OfficeId, PacketNumber, StationId
from rekam.enrolment.nik import Nik
from rekam.exchange.feed import EntryKind, office_feed
from rekam.exchange.in_memory import InMemoryFeed, InMemoryRegister
from rekam.exchange.inbox import Inbox
from rekam.exchange.log import InMemoryLog
from rekam.exchange.remote import LocalRemote
from rekam.office.app import create_office_app
from rekam.office.keys import OfficeKeys
from rekam.office.office import TABLES, Office
from rekam.office.ports import Ports
from rekam.office.station_setup import OfficeSetup, StationSetup, write_setup
from rekam.packet.parcel import seal_parcel
from rekam.packet.seal import seal
from rekam.packet.signer import station_key
from rekam.storage.blobs import BlobStore
from rekam.storage.disk import RealDisk
from rekam.storage.testing import fresh_pool
from rekam.trust import cbor
from rekam.trust.at_rest import DataKey
from rekam.trust.clock import SteppedClock
from rekam.trust.keys import SigningKey
from rekam.trust.pin import Cost
from rekam.trust.random import SeededRandomUnsafeForTests
from rekam.web.staff import InMemoryStaffStore, add_member
from rekam.web.testing import PageClient
from resident_examples import SITI as MARRIED_SITI

RANDOM = SeededRandomUnsafeForTests("office")
KEYS = CountryKeys()
ROOT = KEYS.root.public
CENTRE = KEYS.centre()
PORTAL = KEYS.portal()
OFFICE = KEYS.office(OfficeId("3174"), "Sudin Dukcapil Jakarta Selatan")
OTHER_OFFICE = KEYS.office(OfficeId("3273"), "Disdukcapil Kota Bandung")
STATION = OFFICE.station(StationId("317401-01"), "Tebet 01")
DOCUMENT = OFFICE.document_key(StationId("317401-01"), "Kartu Jakarta Selatan")
DATA = DataKey.generate(RANDOM)
STATION_STAFF = (("op-1", "Operator Satu", "operator"), ("spv-1", "Supervisor", "supervisor"))
FEED = office_feed("3174")
TODAY = datetime(2017, 3, 20, 2, 0, tzinfo=UTC)

SITI = replace(MARRIED_SITI, marital_status=1)
SIXTEEN = replace(SITI, nik=Nik("3174015504000002"), name="PUTRI AYU", birth_date=date(2000, 4, 15))


@dataclass(frozen=True)
class Packet:
    """A sealed packet as it travels."""

    id: str
    number: str
    data: bytes
    size: int


def packet(sequence: int = 1, content: bytes = b"a recording", station: Holder = STATION) -> Packet:
    out = io.BytesIO()
    number = PacketNumber(StationId("317401-01"), 1, sequence)
    said = seal(
        [content],
        number=number,
        previous=bytes(32),
        signer=station.key,
        recipient=CENTRE.opening.public,
        stamp=SteppedClock().stamp(),
        random=RANDOM,
        out=out,
    )
    return Packet(said.packet_id, str(number), out.getvalue(), said.size)


@cache
def pictures() -> dict:
    """The photo and signature of one synthetic person, as they lie in a packet."""
    person, jpeg = Person(7), io.BytesIO()
    Image.fromarray(person.photo(1990, 2)).save(jpeg, "JPEG")
    return {
        "photo": {"media_type": "image/jpeg", "image": jpeg.getvalue()},
        "signature": {"media_type": "image/png", "image": encode_png(person.signature())},
    }


def parcel(sent: Packet, biodata: Biodata = SITI, *, office=OFFICE, images: dict | None = None) -> bytes:
    content = {
        "number": sent.number,
        "packet_id": sent.id,
        "biodata": biodata.to_map(),
        "images": pictures() if images is None else images,
    }
    return seal_parcel(
        cbor.encode(content),
        kind="print-order",
        recipient=office.holder.opening.public,
        signer=CENTRE.key,
        random=RANDOM,
    )


class Centre:
    """What an office sees of a centre: an inbox that gives acceptance receipts, and a feed."""

    def __init__(self, folder: Path, clock) -> None:
        self.feed = InMemoryFeed(CENTRE.key, clock)
        self.log = InMemoryLog(CENTRE.key)
        self.register = InMemoryRegister(log=self.log)
        self.inbox = Inbox(
            BlobStore(folder / "centre", RealDisk()),
            self.register,
            signer=CENTRE.key,
            clock=clock,
            kind="acceptance",
            place="centre",
            verify_sender=lambda chain: station_key(chain, ROOT),
        )
        self.remote = LocalRemote(self.inbox, self.feed)

    def tell(self, kind: str, **body: object) -> None:
        self.feed.append(FEED, kind, cbor.encode(body))

    def status(self, sent: Packet, status: str, kind: str = EntryKind.RESULT, reason: str = "") -> None:
        self.tell(
            kind, packet_id=sent.id, number=sent.number, status=status, reason=reason, at="2017-03-19T04:00:00+00:00"
        )

    def accept(self, sent: Packet) -> None:
        self.tell(
            EntryKind.ACCEPTED, packet_id=sent.id, number=sent.number, receipt=b"", at="2017-03-18T04:00:00+00:00"
        )

    def order(self, sent: Packet, order: int = 1, biodata: Biodata = SITI, **changes: object) -> None:
        """Result and print order, as the decision stage writes them."""
        self.status(sent, "PRINT_READY_RECORD")
        self.tell(EntryKind.PRINT_ORDER, packet_id=sent.id, order=order, parcel=parcel(sent, biodata, **changes))

    def notice(self, number: int = 1, text: str = "Server pusat dipelihara malam ini.", todo: str = "") -> None:
        said = {"text_id": text, "text_en": "The centre is maintained tonight.", "todo_id": todo, "todo_en": todo}
        self.tell(EntryKind.NOTICE, number=number, at="2017-03-17T04:00:00+00:00", **said)


@dataclass
class World:
    """An office over a database of its own, and the centre above it."""

    office: Office
    centre: Centre
    clock: SteppedClock
    folder: Path

    def custody(self, sent: Packet) -> bytes:
        """As a station delivers it; returns the custody receipt."""
        for offset in self.office.inbox.lacking([sent.id]).values():
            if offset < len(sent.data):
                self.office.inbox.append(sent.id, offset, sent.data[offset:])
        return self.office.inbox.complete(sent.id, STATION.chain)

    def follow(self) -> int:
        return self.office.upward.follower.run_once()

    def again(self, **changes: object) -> Office:
        """The office as a restart finds it."""
        remote = changes.pop("remote", self.centre.remote)
        return open_office(self.office.pool, self.folder, self.clock, remote, **changes)


def office_keys() -> OfficeKeys:
    return OfficeKeys(OFFICE.holder.key, OFFICE.holder.opening, DATA, DOCUMENT.key)


def open_office(pool, folder, clock, remote, **changes) -> Office:
    facts = {
        "chain": OFFICE.holder.chain,
        "centre_chain": CENTRE.chain,
        "document_chain": DOCUMENT.chain,
        "town": "Jakarta Selatan",
        "root": ROOT,
        "clock": clock,
        "remote": remote,
        "disk": RealDisk(),
        "keys": office_keys(),
    }
    return Office(Ports(pool=pool, folder=folder / "office", **facts | changes))


@contextmanager
def world(folder: Path, *, connections: int = 10, **changes):
    """An office with real PostgreSQL, on 20 March 2017; with one connection, who asks for a second while holding it
    fails.
    """
    clock = SteppedClock(TODAY)
    with fresh_pool(*TABLES, max_size=connections) as pool:
        centre = Centre(folder, clock)
        office = open_office(pool, folder, clock, changes.pop("remote", centre.remote), **changes)
        yield World(office, centre, clock, folder)


@contextmanager
def staffed_world(folder: Path):
    """As `world`, with what provisioning left of `STATION` and its `STATION_STAFF`."""
    staffed = {"317401-01": StationSetup("Tebet", STATION_STAFF, STATION.chain)}
    (folder / "office").mkdir()
    write_setup(folder / "office", OfficeSetup(staffed, bytes(32), "off", "Jakarta", {}, {}, ()), DATA)
    with world(folder) as made:
        yield made


def emptied(office: Office, tables: str) -> Office:
    """The same office with these tables and all that hang on them empty, what may never change included."""
    with office.pool.connection() as tx:
        tx.execute("SET LOCAL session_replication_role = replica")
        tx.execute(f"TRUNCATE {tables} CASCADE")  # the tests' own names
    return office


def stranger() -> SigningKey:
    return SigningKey.generate(RANDOM)


def signed_in(office: Office) -> PageClient:
    """An official of this office at its pages."""
    staff = InMemoryStaffStore(office.clock)
    add_member(staff, "budi", frozenset({"petugas dinas"}), "empat kata tanpa makna", cost=Cost(64, 1, 1))
    made = PageClient(create_office_app(office, staff))
    made.post("/sign-in", {"name": "budi", "password": "empat kata tanpa makna"})
    return made
