"""The paper of a closed day, made of the signed word: `day_paper`."""

from datetime import date

from rekam.documents.day_end import DayEndPaper, ExceptionLine, render_day_end
from rekam.documents.papers import Letterhead
from rekam.enrolment.identifiers import PacketNumber
from rekam.enrolment.sample import REASON_WORDS
from rekam.station.day_end.counts import span_of
from rekam.station.day_end.day_end import DayNotClosed, Spoken
from rekam.station.opened import Opened

__all__ = ["day_exceptions", "day_paper"]


def day_exceptions(here: Opened, day: date, limit: int = 500) -> list[ExceptionLine]:
    """The day's recordings with exceptions, in their order."""
    span = span_of(day, here.day_end.zone)
    rows = here.store.rows(
        "SELECT packet_id FROM tally WHERE saved_at >= ? AND saved_at < ? AND exceptions > 0 ORDER BY sequence LIMIT ?",
        (span.start, span.end, limit),
    )
    return [_line(here, packet_id) for (packet_id,) in rows]


def _line(here: Opened, packet_id: str) -> ExceptionLine:
    excepted = here.recordings.particulars(packet_id).exceptions
    what = "; ".join(f"{held.slot.label()}: {REASON_WORDS[held.reason][0].lower()}" for held in excepted)
    confirmed = ", ".join(sorted({held.confirmed_by for held in excepted}))
    return ExceptionLine(here.recordings.find(packet_id).number, what, confirmed)


def day_paper(here: Opened, spoken: Spoken | None, day: date, office: str = "") -> bytes:
    """PDF. Raises `DayNotClosed`."""
    if spoken is None or spoken.word.what != "closed":
        raise DayNotClosed(day=day)
    word, identity = spoken.word, here.identity
    numbers = [str(PacketNumber(identity.station, word.epoch, each)) if each else "" for each in _ends(spoken)]
    paper = DayEndPaper(
        day=day,
        closed_at=spoken.at,
        zone=here.day_end.zone,
        station=f"{identity.station} {identity.name}",
        place=identity.place,
        letterhead=Letterhead(**identity.letterhead),
        supervisor=word.name,
        counts=word.counts,
        first=numbers[0],
        last=numbers[1],
        head=numbers[2] or "belum ada paket",
        packet=word.packet.hex() if word.sequence else "",
        word=word.n,
        digest=spoken.digest,
        exceptions=day_exceptions(here, day),
        office=office,
    )
    return render_day_end(paper, fonts=here.papers.fonts)


def _ends(spoken: Spoken) -> tuple[int, int, int]:
    return spoken.word.first, spoken.word.last, spoken.word.sequence
