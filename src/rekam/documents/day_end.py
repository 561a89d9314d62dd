"""The paper of a closed day as PDF (A4), for the office's files: `render_day_end`. It names no resident."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import date, datetime, timezone
from pathlib import Path
from typing import Final

from rekam.documents.dates import long_date, moment
from rekam.documents.papers import Letterhead
from rekam.documents.typesetting import Sheet

__all__ = ["DayEndPaper", "ExceptionLine", "render_day_end"]

_LISTED: Final = 24
_COUNTS: Final = (
    ("open_before", "Sesi yang masih terbuka dari hari sebelumnya"),
    ("begun", "Sesi yang dimulai"),
    ("saved", "Rekaman yang disimpan"),
    ("away", "Di antaranya saat jemput bola"),
    ("abandoned", "Sesi yang ditutup tanpa rekaman"),
    ("open_after", "Sesi yang belum selesai saat hari ditutup"),
    ("excepted", "Rekaman dengan pengecualian"),
    ("forced", "Rekaman dengan mutu di bawah syarat"),
    ("tickets", "Nomor antrean yang diberikan"),
    ("proofs", "Bukti perekaman yang dicetak"),
    ("letters", "Surat keterangan (suket) yang dicetak"),
    ("reprints", "Di antaranya cetak ulang"),
    ("unsent", "Rekaman hari ini yang belum dikonfirmasi Disdukcapil"),
    ("waiting", "Semua rekaman yang belum dikonfirmasi"),
    ("set_aside", "Di antaranya ditolak dan disisihkan"),
)


@dataclass(frozen=True)
class ExceptionLine:
    """One recording with exceptions: its packet number, what was left out and why, who confirmed it."""

    number: str
    what: str
    confirmed_by: str


@dataclass(frozen=True)
class DayEndPaper:
    """`counts` as they were signed; `first` and `last` packet numbers of the day, empty where there was none; `head`
    the newest packet number and `packet` its id; `digest` of the signed word, hex; `office` one sentence
    """

    day: date
    closed_at: datetime
    zone: timezone
    station: str
    place: str
    letterhead: Letterhead
    supervisor: str
    counts: Mapping[str, int]
    first: str
    last: str
    head: str
    packet: str
    word: int
    digest: str
    exceptions: Sequence[ExceptionLine]
    office: str = ""


def render_day_end(paper: DayEndPaper, *, fonts: Path) -> bytes:
    """One page of A4. Raises FontsMissing or PaperNotSet."""
    facts = {
        "letterhead": asdict(paper.letterhead),
        "station": paper.station,
        "place": paper.place,
        "day": long_date(paper.day),
        "closed_at": moment(paper.closed_at, paper.zone),
        "closed_on": long_date(paper.closed_at.astimezone(paper.zone).date()),
        "supervisor": paper.supervisor,
        "counts": [[text, str(paper.counts.get(name, 0))] for name, text in _COUNTS],
        "numbers": f"{paper.first} sampai {paper.last}" if paper.first else "tidak ada rekaman",
        "head": paper.head,
        "packet": paper.packet,
        "word": str(paper.word),
        "digest": paper.digest,
        "exceptions": [[each.number, each.what, each.confirmed_by] for each in paper.exceptions[:_LISTED]],
        "left_out": str(max(0, len(paper.exceptions) - _LISTED)),
        "office": paper.office,
    }
    return Sheet("day_end", facts, {}, at=paper.closed_at).pdf(fonts)
