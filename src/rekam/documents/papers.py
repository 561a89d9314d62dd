"""The three papers that Rekam issues, as plain facts: `Proof`, `Suket`, `Card`."""

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from rekam.enrolment.biodata import Biodata
from rekam.enrolment.identifiers import PacketNumber
from rekam.enrolment.reference import Reference
from rekam.enrolment.sample import SampleException
from rekam.enrolment.status import Status

__all__ = ["Card", "Copy", "Letterhead", "Official", "PaperKind", "Proof", "Suket", "SuketBasis"]


class PaperKind(StrEnum):
    """What a paper is, signed into its code."""

    PROOF = "proof"
    SUKET = "suket"
    CARD = "card"


@dataclass(frozen=True)
class Letterhead:
    """The kop surat: whose paper it is, from the top line down. `unit` may be empty."""

    government: str
    agency: str
    address: str
    unit: str = ""
    contact: str = ""


@dataclass(frozen=True)
class Official:
    """Who signs: the post (``Kepala Dinas ...``), the name with titles, the NIP (18 digits), the rank or nothing."""

    post: str
    name: str
    nip: str
    rank: str = ""


@dataclass(frozen=True)
class Copy:
    """A further copy of a paper: the `nth` from 2 on, when (aware) and by whom it was printed again, and why."""

    nth: int
    at: datetime
    by: str
    reason: str


@dataclass(frozen=True)
class Proof:
    """A bukti perekaman: this resident was recorded, here and now, in this packet.

    `packet_id` is hex, `salt` the packet header's; `recorded_at` is aware; `station` names the counter and
    `place` its town; `issuer` is a URI for the code; `check_at` is where the resident asks for the status,
    empty where there is nothing to ask. All slots of the sitting are filled but those of `exceptions`. `copy` is None
    on the first one.
    """

    biodata: Biodata
    photo: bytes
    number: PacketNumber
    packet_id: str
    salt: bytes
    recorded_at: datetime
    letterhead: Letterhead
    station: str
    place: str
    operator: str
    issuer: str
    exceptions: tuple[SampleException, ...] = ()
    check_at: str = ""
    reference: Reference | None = None
    copy: Copy | None = None


class SuketBasis(StrEnum):
    """What the letter may truthfully say, by the office's policy (DOMAIN section 5)."""

    REGISTER = "register"  # the centre has the record (DKI)
    FAMILY_CARD = "family-card"  # recorded, the centre not reached; identity from the KK (Aceh Barat)


USES = (
    "pemilihan umum",
    "perbankan",
    "keimigrasian",
    "kepolisian (SIM, SKCK)",
    "asuransi",
    "BPJS",
    "pernikahan",
    "dan keperluan pelayanan publik lainnya",
)


@dataclass(frozen=True)
class Suket:
    """A surat keterangan pengganti KTP-el (circular 471.13/10231/DUKCAPIL of 29 September 2016).

    `number` is the whole letter number (``470/...``); `place` is where it is signed; `issuer` is a URI
    for the code; `valid_until` is the last valid day (`dates.half_a_year_after`); `copy` is None on the first one.
    """

    biodata: Biodata
    photo: bytes
    number: str
    packet_number: PacketNumber
    recorded_on: date
    status: Status
    basis: SuketBasis
    letterhead: Letterhead
    place: str
    issued_on: date
    valid_until: date
    official: Official
    issuer: str
    uses: tuple[str, ...] = USES
    reference: Reference | None = None
    copy: Copy | None = None


@dataclass(frozen=True)
class Card:
    """A KTP-el. `signature` is the holder's, dark on light; `issued_at` is the regency it names;
    `blank_number` is the blank's serial from the ledger; `valid_until` is None for citizens (for life).
    """

    biodata: Biodata
    photo: bytes
    signature: bytes | None
    issued_at: str
    issued_on: date
    blank_number: str
    issuer: str
    valid_until: date | None = None
    reference: Reference | None = None
