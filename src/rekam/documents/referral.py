"""The paper with which a resident has the family card corrected (rujukan), as PDF: `render_referral`."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import datetime, timezone
from pathlib import Path

from rekam.documents.copies import copy_mark
from rekam.documents.dates import long_date, moment
from rekam.documents.papers import Copy, Letterhead
from rekam.documents.qr import picture
from rekam.documents.typesetting import Sheet

__all__ = ["ReferralPaper", "render_referral"]


@dataclass(frozen=True)
class ReferralPaper:
    """`lines` are (line of the card, as the station has it, as the papers have it); `shown` the papers in words;
    `at` is aware; `copy` is None on the first one. It is no signed paper: its code is its number alone.
    """

    number: str
    at: datetime
    zone: timezone
    letterhead: Letterhead
    station: str
    place: str
    operator: str
    name: str
    nik: str
    kk: str
    lines: Sequence[tuple[str, str, str]]
    shown: Sequence[str]
    note: str = ""
    copy: Copy | None = None


def render_referral(paper: ReferralPaper, *, fonts: Path) -> bytes:
    """One page of 148 x 210 mm. Raises FontsMissing or PaperNotSet."""
    facts = {
        "letterhead": asdict(paper.letterhead),
        "number": paper.number,
        "at": moment(paper.at, paper.zone),
        "on": long_date(paper.at.astimezone(paper.zone).date()),
        "station": paper.station,
        "place": paper.place,
        "operator": paper.operator,
        "name": paper.name,
        "nik": paper.nik,
        "kk": paper.kk,
        "lines": [list(line) for line in paper.lines],
        "shown": list(paper.shown),
        "note": paper.note,
        "copy": copy_mark(paper.copy, paper.zone),
    }
    return Sheet("referral", facts, {"code": picture(paper.number)}, at=paper.at).pdf(fonts)
