"""Where is it now? One plain sentence a recording, from receipts and feed alone, never without its age."""

from dataclasses import dataclass
from enum import IntEnum
from types import MappingProxyType
from typing import Final

from rekam.enrolment.status import RECORD_AGAIN, Status, words
from rekam.station.recordings import Recording

__all__ = ["Stop", "Whereabouts", "whereabouts"]


class Stop(IntEnum):
    """The way of a recording, from stop to stop."""

    STATION = 0
    OFFICE = 1
    CENTRE = 2
    CARD = 3


Told = tuple[str, str]
"""Indonesian, English."""

_WAITS_HERE: Final = (
    "Tersimpan di stasiun ini, menunggu dikirim ke Disdukcapil",
    "Saved at this station, waiting to be sent",
)
_SET_ASIDE: Final = (
    "Ditolak Disdukcapil dan disisihkan di stasiun ini; rekaman aman",
    "Refused by the office and set aside at this station; the recording is safe",
)
_AT_OFFICE: Final = (
    "Dicadangkan di Disdukcapil, menunggu diterima pusat",
    "Backed up at the office, on its way to the centre",
)
_WORDS: Final = MappingProxyType(
    {
        Status.RECEIVED_AT_CENTRAL: (
            "Diterima pusat, sedang dibandingkan dengan semua rekaman lain",
            "Received by the centre, being compared with all other recordings",
        ),
        Status.QUARANTINED: (
            "Ditahan di pusat untuk diperiksa petugas teknis",
            "Withheld at the centre until a technician has looked at it",
        ),
        Status.PRINT_READY_RECORD: (
            "Tunggal. Kartu menunggu blangko di Disdukcapil",
            "Unique. The card waits for a blank at the office",
        ),
    }
)
_WAIT: Final = ("Penduduk cukup menunggu dan menyimpan bukti perekaman.", "The resident waits and keeps the proof.")
_AGAIN: Final = (
    "Minta penduduk datang lagi dengan KK dan bukti perekaman; rekam ulang tanpa biaya.",
    "Ask the resident to come again with family card and proof; recording again is free of charge.",
)
_COLLECT: Final = (
    "Penduduk mengambil kartu dengan membawa bukti perekaman dan KK.",
    "The resident collects the card with the proof and the family card.",
)
_TODO: Final = MappingProxyType(
    {
        Status.DUPLICATE_RECORD: (
            "Penduduk datang sendiri ke Disdukcapil dengan KK dan semua KTP-nya, lalu memilih NIK yang dipertahankan.",
            "The resident comes to the office with family card and all identity cards, and chooses which number stays.",
        ),
        Status.ADJUDICATE_RECORD: (
            "Penduduk cukup menunggu: dua petugas ahli membandingkan rekaman yang mirip.",
            "The resident waits: two experts compare the recordings that look alike.",
        ),
        Status.REQUEST_VALIDATION: (
            "Bila Disdukcapil memanggil, penduduk datang dengan KK.",
            "If the office calls, the resident comes with the family card.",
        ),
        **dict.fromkeys(RECORD_AGAIN, _AGAIN),
        Status.CARD_PRINTED: _COLLECT,
        Status.CARD_SHIPPED: _COLLECT,
        Status.CARD_ISSUED: ("Tidak ada yang perlu dilakukan.", "Nothing is left to do."),
    }
)
_CARD: Final = frozenset(
    {
        Status.PRINT_READY_RECORD,
        Status.SENT_FOR_CARD_PRINTING,
        Status.CARD_PRINTED,
        Status.CARD_SHIPPED,
        Status.CARD_ISSUED,
    }
)
_STOPPED: Final = frozenset(
    {
        *RECORD_AGAIN,
        Status.QUARANTINED,
        Status.DUPLICATE_RECORD,
        Status.REQUEST_VALIDATION,
    }
)


@dataclass(frozen=True)
class Whereabouts:
    """`words` says where, `as_of` (ISO UTC) since when, `advice` why, as the centre or the office put it, `todo` what
    the resident should do; `stop` is how far it came, `stopped` whether it stays there until a person acts, `arrived`
    whether the way is at its end; `known_here`: this station's own knowledge, which no news can be newer than.
    """

    status: Status
    words: str
    as_of: str
    advice: str
    todo: str
    stop: Stop
    stopped: bool = False
    arrived: bool = False
    known_here: bool = False


def whereabouts(recording: Recording, lang: str = "id") -> Whereabouts:
    """What the counter tells a resident who asks."""
    english = lang == "en"
    status, wait = recording.status, _WAIT[english]
    if recording.custody_at is None and recording.accepted_at is None:
        aside = recording.aside is not None
        said = (_SET_ASIDE if aside else _WAITS_HERE)[english]
        why = recording.aside or ""
        return Whereabouts(status, said, recording.saved_at, why, wait, Stop.STATION, stopped=aside, known_here=True)
    if recording.accepted_at is None and status is Status.SENT_FOR_ENROLLMENT:
        since = recording.custody_at or recording.saved_at
        return Whereabouts(status, _AT_OFFICE[english], since, "", wait, Stop.OFFICE)
    return Whereabouts(
        status,
        _WORDS[status][english] if status in _WORDS else words(status, lang),
        recording.status_at,
        recording.reason,
        _TODO.get(status, _WAIT)[english],
        Stop.CARD if status in _CARD else Stop.CENTRE,
        stopped=status in _STOPPED,
        arrived=status is Status.CARD_ISSUED,
    )
