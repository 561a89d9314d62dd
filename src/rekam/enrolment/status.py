"""The record status codes and their legal transitions (DOMAIN section 4): one table that every view derives from.

The codes are the field's own (package data, `record_status`); this table adds the two ways between
DUPLICATE_RECORD and PRINT_READY_RECORD, the way on from a confirmed REQUEST_VALIDATION (docs/adr/0012), and two
inner states that residents see in words only.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from types import MappingProxyType

from rekam.enrolment.errors import RekamError

__all__ = [
    "RECORD_AGAIN",
    "TABLE",
    "TRANSITIONS",
    "IllegalTransition",
    "Status",
    "StatusRow",
    "UnknownStatus",
    "advance",
    "words",
]


class IllegalTransition(RekamError):
    """A record at {old} cannot become {new}. The record stays at {old}; look at its history for what came before."""


class UnknownStatus(RekamError):
    """'{text}' is no record status. Nothing was changed; use a code such as PRINT_READY_RECORD or PRR."""


class Status(StrEnum):
    """Where a packet stands; a resident shows the current packet's."""

    UNREGISTERED = "UNREGISTERED"
    BIO_CAPTURED = "BIO_CAPTURED"
    PROCESSING = "PROCESSING"
    PACKET_RETRY = "PACKET_RETRY"
    SENT_FOR_ENROLLMENT = "SENT_FOR_ENROLLMENT"
    RECEIVED_AT_CENTRAL = "RECEIVED_AT_CENTRAL"
    QUARANTINED = "QUARANTINED"
    REJECTED = "REJECTED"
    ENROLL_FAILURE_AT_REGIONAL = "ENROLL_FAILURE_AT_REGIONAL"
    ENROLL_FAILURE_AT_CENTRAL = "ENROLL_FAILURE_AT_CENTRAL"
    SEARCH_FAILURE_AT_CENTRAL = "SEARCH_FAILURE_AT_CENTRAL"
    ADJUDICATE_RECORD = "ADJUDICATE_RECORD"
    REQUEST_VALIDATION = "REQUEST_VALIDATION"
    DUPLICATE_RECORD = "DUPLICATE_RECORD"
    PRINT_READY_RECORD = "PRINT_READY_RECORD"
    SENT_FOR_CARD_PRINTING = "SENT_FOR_CARD_PRINTING"
    CARD_PRINTED = "CARD_PRINTED"
    CARD_SHIPPED = "CARD_SHIPPED"
    CARD_ISSUED = "CARD_ISSUED"

    @classmethod
    def parse(cls, text: str) -> "Status":
        """A status by its code or its abbreviation (``PRR``); raises `UnknownStatus`."""
        for status, row in TABLE.items():
            if text and text in {status.value, row.abbreviation}:
                return status
        raise UnknownStatus(text=text)

    @property
    def abbreviation(self) -> str:
        """As counters say it (``PRR``); empty where the field has none."""
        return TABLE[self].abbreviation


@dataclass(frozen=True)
class StatusRow:
    """One status: its short name, its words for residents in both languages, and what may follow."""

    abbreviation: str
    indonesian: str
    english: str
    next: frozenset[Status]


def _row(abbreviation: str, indonesian: str, english: str, *following: Status) -> StatusRow:
    return StatusRow(abbreviation, indonesian, english, frozenset(following))


S = Status
TABLE: Mapping[Status, StatusRow] = MappingProxyType(
    {
        S.UNREGISTERED: _row("", "Belum direkam", "Not recorded yet", S.BIO_CAPTURED),
        S.BIO_CAPTURED: _row("BC", "Sudah direkam, belum dikirim", "Recorded, not sent yet", S.PROCESSING),
        S.PROCESSING: _row(
            "PRO",
            "Sedang disiapkan untuk dikirim",
            "Being prepared for sending",
            S.SENT_FOR_ENROLLMENT,
            S.ENROLL_FAILURE_AT_REGIONAL,
            S.PACKET_RETRY,
        ),
        S.PACKET_RETRY: _row("", "Menunggu dikirim ulang", "Waiting to be sent again", S.SENT_FOR_ENROLLMENT),
        S.SENT_FOR_ENROLLMENT: _row("SFE", "Sudah dikirim ke pusat", "Sent to the centre", S.RECEIVED_AT_CENTRAL),
        S.RECEIVED_AT_CENTRAL: _row(
            "",
            "Diterima pusat, sedang diperiksa",
            "Received at the centre, being checked",
            S.ENROLL_FAILURE_AT_CENTRAL,
            S.SEARCH_FAILURE_AT_CENTRAL,
            S.ADJUDICATE_RECORD,
            S.REQUEST_VALIDATION,
            S.DUPLICATE_RECORD,
            S.PRINT_READY_RECORD,
            S.QUARANTINED,
            S.REJECTED,
        ),
        S.QUARANTINED: _row(
            "",
            "Ditahan untuk pemeriksaan teknis",
            "Held for a technical check",
            S.RECEIVED_AT_CENTRAL,
            S.REJECTED,
        ),
        S.REJECTED: _row("", "Ditolak, perlu rekam ulang", "Rejected, record again", S.UNREGISTERED),
        S.ENROLL_FAILURE_AT_REGIONAL: _row(
            "EFAR", "Biometrik belum lengkap, perlu rekam ulang", "Biometrics incomplete, record again", S.BIO_CAPTURED
        ),
        S.ENROLL_FAILURE_AT_CENTRAL: _row(
            "EFAC",
            "Biometrik tidak terbaca di pusat, perlu rekam ulang",
            "Biometrics unreadable at the centre, record again",
            S.BIO_CAPTURED,
            S.UNREGISTERED,
        ),
        S.SEARCH_FAILURE_AT_CENTRAL: _row(
            "", "Pencarian gagal, diulang otomatis", "Search failed, repeated by itself", S.RECEIVED_AT_CENTRAL
        ),
        S.ADJUDICATE_RECORD: _row(
            "AR",
            "Mirip rekaman lain, diperiksa petugas ahli",
            "Similar to another record, experts decide",
            S.PRINT_READY_RECORD,
            S.DUPLICATE_RECORD,
            S.UNREGISTERED,
        ),
        S.REQUEST_VALIDATION: _row(
            "",
            "Menunggu konfirmasi Disdukcapil",
            "Waiting for the office to confirm",
            S.PRINT_READY_RECORD,
            S.UNREGISTERED,
            S.RECEIVED_AT_CENTRAL,  # confirmed: it still has to be searched (docs/adr/0012)
        ),
        S.DUPLICATE_RECORD: _row(
            "DUP",
            "Rekaman ganda, datang ke Disdukcapil",
            "Duplicate record, come to the office",
            S.UNREGISTERED,
            S.PRINT_READY_RECORD,  # the NIK that the resident keeps
        ),
        S.PRINT_READY_RECORD: _row(
            "PRR",
            "Tunggal, siap dicetak",
            "Unique, ready to print",
            S.SENT_FOR_CARD_PRINTING,
            S.CARD_PRINTED,
            S.DUPLICATE_RECORD,  # found later
        ),
        S.SENT_FOR_CARD_PRINTING: _row("", "Menunggu pencetakan kartu", "Waiting for the card printer", S.CARD_PRINTED),
        S.CARD_PRINTED: _row("", "Kartu sudah dicetak", "Card printed", S.CARD_SHIPPED, S.CARD_ISSUED),
        S.CARD_SHIPPED: _row("", "Kartu dikirim ke kecamatan", "Card on its way to the district", S.CARD_ISSUED),
        S.CARD_ISSUED: _row("", "Kartu sudah diserahkan", "Card handed over"),
    }
)
del S

TRANSITIONS: Mapping[Status, frozenset[Status]] = MappingProxyType({status: row.next for status, row in TABLE.items()})


RECORD_AGAIN = frozenset({Status.REJECTED, Status.ENROLL_FAILURE_AT_REGIONAL, Status.ENROLL_FAILURE_AT_CENTRAL})
"""Whoever's recording ended so is recorded again: no counter sends them away for having been recorded."""


def advance(old: Status, new: Status) -> Status:
    """`new`, where the table allows the step; raises `IllegalTransition`."""
    if new not in TRANSITIONS[old]:
        raise IllegalTransition(old=old.value, new=new.value)
    return new


def words(status: Status, lang: str = "id") -> str:
    """The status in plain words, in Indonesian or, for ``en``, in English."""
    row = TABLE[status]
    return row.english if lang == "en" else row.indonesian
