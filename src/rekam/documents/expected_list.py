"""Whom a mobile unit invites to a village, or whom it did not meet there, as PDF (A4): `render_expected_list`.

It goes to the village head, who knows these people. It names them, with birth date, RT and RW, and bears no NIK.
"""

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import date, datetime, timezone
from pathlib import Path

from rekam.documents.dates import long_date, moment
from rekam.documents.papers import Letterhead
from rekam.documents.typesetting import Sheet

__all__ = ["ExpectedListPaper", "ListRow", "render_expected_list"]


@dataclass(frozen=True)
class ListRow:
    """One resident; `village` is named where it is another than the outing's."""

    name: str
    birth_date: date
    rw: str
    rt: str
    village: str = ""


@dataclass(frozen=True)
class ExpectedListPaper:
    """`afterwards`: those who were not met, else those who are invited; `place` is where the team sets itself up,
    `town` what letters name; `made_at` is aware.
    """

    afterwards: bool
    letterhead: Letterhead
    station: str
    town: str
    place: str
    village: str
    first_day: date
    last_day: date
    hours: str
    made_at: datetime
    zone: timezone
    rows: Sequence[ListRow]


def render_expected_list(paper: ExpectedListPaper, *, fonts: Path) -> bytes:
    """As many pages of A4 as it needs. Raises FontsMissing or PaperNotSet."""
    days = [long_date(day) for day in dict.fromkeys((paper.first_day, paper.last_day))]
    facts = {
        "letterhead": asdict(paper.letterhead),
        "afterwards": paper.afterwards,
        "station": paper.station,
        "place": paper.place,
        "village": paper.village,
        "days": " sampai ".join(days),
        "hours": f"{paper.hours} {paper.zone.tzname(None)}",
        "made_at": moment(paper.made_at, paper.zone),
        "signed": f"{paper.town}, {long_date(paper.made_at.astimezone(paper.zone).date())}",
        "rows": [
            [str(n), row.name, long_date(row.birth_date), f"{row.rt}/{row.rw}", row.village]
            for n, row in enumerate(paper.rows, 1)
        ],
    }
    return Sheet("expected_list", facts, {}, at=paper.made_at).pdf(fonts)
