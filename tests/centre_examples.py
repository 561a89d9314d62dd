"""A centre on a real database, and packets as a station of one small country really seals them, of people who
do not exist.

Most fingers are exceptions, so that a recording takes a tenth of a second.
"""

import io
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import date
from functools import cache
from pathlib import Path

from rekam.abis.finger.extractors import FingerExtractor
from rekam.abis.synthetic.person import Person
from rekam.abis.synthetic.png import encode_png
from rekam.apps.ceremony import CountryKeys, Holder, Staff, centre_bundle
from rekam.centre.centre import TABLES, Centre
from rekam.centre.nik_hashes import NikHashes
from rekam.centre.ports import CentreKeys, Ports
from rekam.enrolment.biodata import Biodata
from rekam.enrolment.check import CheckAdvice, CheckAnswer
from rekam.enrolment.enrolment import Enrolment
from rekam.enrolment.identifiers import OfficeId, PacketNumber, StationId
from rekam.enrolment.nik import Nik
from rekam.enrolment.sample import ALL_SLOTS, ExceptionReason, Modality, Sample, SampleException, Slot
from rekam.packet.attestation import attest
from rekam.packet.content import manifest_bytes, write_content
from rekam.packet.header import FIRST_PREVIOUS
from rekam.packet.seal import seal
from rekam.storage.disk import RealDisk
from rekam.storage.testing import fresh_pool
from rekam.trust.at_rest import DataKey
from rekam.trust.clock import SystemClock
from rekam.trust.random import SystemRandom
from resident_examples import SITI

STATION = StationId("317401-01")
EYES = ("iris-1", "iris-2")
FULL = (*EYES, "finger-2", "finger-7")
COUNTRY = CountryKeys()
CENTRE = COUNTRY.centre()
OFFICE = COUNTRY.office(OfficeId("3174"), "Jakarta Selatan")
OTHER_OFFICE = COUNTRY.office(OfficeId("3273"), "Bandung")
SECRETS = centre_bundle(CENTRE)
CENTRE_FACTS = {"place": "centre", "root": COUNTRY.root.public.to_bytes(), "chain": [*CENTRE.chain]}
_STATION_KEY = OFFICE.station(STATION, "Tebet")


@cache
def staff(subject: str, role: str = "operator", *, elsewhere: bool = False) -> Holder:
    return (OTHER_OFFICE if elsewhere else OFFICE).staff(Staff(subject, subject, role, ""))


def resident(serial: int, name: str, **changes) -> Biodata:
    known = replace(SITI, nik=Nik(f"317401570390{serial:04d}"), name=name, birth_date=date(1990, 3, 17))
    return replace(known, **changes)


@cache
def picture(person: int, slot: str, impression: int) -> bytes:
    made, at = Person(person), Slot.parse(slot)
    match at.modality:
        case Modality.PHOTO:
            return encode_png(made.photo(1990, 2)[::4, ::4])
        case Modality.SIGNATURE:
            return encode_png(made.signature(impression))
        case Modality.FINGER:
            return encode_png(made.finger(at.position, impression))
        case Modality.IRIS:
            return encode_png(made.iris(1 if at.position == 1 else 2, impression))


def enrolment(biodata: Biodata, person: int, *, slots=EYES, impression=0, operator="op-1", **changes) -> Enrolment:
    """What a sitting ends with: photo, signature and `slots`; all else is an exception."""
    held = ("photo", "signature", *slots)
    facts = {
        "sitting_id": SystemRandom().bytes(16).hex(),
        "biodata": biodata,
        "samples": tuple(
            Sample(Slot.parse(slot), "image/png", picture(person, slot, impression), 80, 1, "simulated/1")
            for slot in held
        ),
        "exceptions": tuple(
            SampleException(slot, ExceptionReason.NOT_HELD, 0, None, "spv-1")
            for slot in ALL_SLOTS
            if str(slot) not in held
        ),
        "consent": True,
        "check": CheckAdvice(CheckAnswer.NOT_RECORDED, "filter 1", "2016-10-01"),
        "operator": operator,
        "supervisor": "spv-1",
        "recorded_at": "2016-10-03T01:00:00Z",
    }
    return Enrolment(**facts | changes)


@dataclass
class Counter:
    """A station that seals one packet after another."""

    sequence: int = 0
    previous: bytes = FIRST_PREVIOUS

    def seal(self, recorded: Enrolment, *, elsewhere: bool = False) -> tuple[str, bytes]:
        manifest = manifest_bytes(recorded)
        signed = [
            attest(manifest, by.key, by.chain, role=role)
            for role, by in (
                ("operator", staff(recorded.operator, elsewhere=elsewhere)),
                ("supervisor", staff("spv-1", "supervisor")),
            )
        ]
        return self.seal_content(write_content(recorded, signed))

    def seal_content(self, content) -> tuple[str, bytes]:
        self.sequence += 1
        out = io.BytesIO()
        sealed = seal(
            content,
            number=PacketNumber(STATION, 1, self.sequence),
            previous=self.previous,
            signer=_STATION_KEY.key,
            recipient=CENTRE.opening.public,
            stamp=SystemClock().stamp(),
            random=SystemRandom(),
            out=out,
        )
        self.previous = bytes.fromhex(sealed.packet_id)
        return sealed.packet_id, out.getvalue()


@dataclass
class Town:
    """A centre, the station that sends to it, and what the register knows."""

    centre: Centre
    counter: Counter = field(default_factory=Counter)

    def record(self, biodata: Biodata, person: int, **how) -> str:
        """One resident through the counter, received at the centre; the packet's id."""
        elsewhere = how.pop("elsewhere", False)
        return self.receive(*self.counter.seal(enrolment(biodata, person, **how), elsewhere=elsewhere))

    def receive(self, packet_id: str, data: bytes) -> str:
        self.centre.inbox.append(packet_id, 0, data)
        self.centre.inbox.complete(packet_id, _STATION_KEY.chain)
        return packet_id

    def work(self) -> int:
        return self.centre.worker().run_until_idle()

    def status(self, packet_id: str) -> str:
        return str(self.centre.casebook.page(packet_id).status)

    def reason(self, packet_id: str) -> str:
        return self.centre.casebook.page(packet_id).reason


def open_centre(pool, folder: Path, finger_extractor: FingerExtractor | None = None) -> Centre:
    keys = CentreKeys(
        CENTRE.key,
        (CENTRE.opening,),
        DataKey(SECRETS["data"]),
        NikHashes(SECRETS["nik"], SECRETS["portal-status"], SECRETS["check"]),
    )
    ports = Ports(
        pool=pool,
        folder=folder,
        disk=RealDisk(),
        clock=SystemClock(),
        keys=keys,
        root=COUNTRY.root.public,
        finger_extractor=finger_extractor,
    )
    return Centre(ports)


@contextmanager
def town(folder: Path, *known: Biodata):
    """`known` are the residents whom the register holds."""
    with fresh_pool(*TABLES) as pool:
        centre = open_centre(pool, folder)
        centre.admit_office(OFFICE.holder.chain)
        centre.load_register(known)
        yield Town(centre)
        centre.close()
