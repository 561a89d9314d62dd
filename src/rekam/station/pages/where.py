"""A recording in words, for lists and its own page: where it is, who says so, how old that is, the way in a drawing."""

from dataclasses import dataclass
from datetime import UTC, datetime, timezone
from typing import Any, Final

from rekam.enrolment.status import Status
from rekam.station.heard import heard_at
from rekam.station.opened import Opened
from rekam.station.recordings import Recording
from rekam.station.whereabouts import Stop, Whereabouts, whereabouts
from rekam.web.format import age, long_date
from rekam.web.i18n import N_, _, language

__all__ = ["News", "news", "recording_row"]

_GOOD: Final = {Status.PRINT_READY_RECORD, Status.CARD_PRINTED, Status.CARD_SHIPPED, Status.CARD_ISSUED}
_STOPS: Final = (
    (Stop.STATION, N_("Stasiun"), "station"),
    (Stop.OFFICE, N_("Disdukcapil"), "inbox"),
    (Stop.CENTRE, N_("Pusat"), "check"),
    (Stop.CARD, N_("Kartu"), "document"),
)
_QUIET_S: Final = 60


@dataclass(frozen=True)
class News:
    """The legal time, when the centre signed the newest word that came here, and the office that hands out cards."""

    now: datetime
    heard: datetime | None
    office: str = ""
    zone: timezone = UTC

    @property
    def words(self) -> str:
        """Where a list's knowledge ends."""
        if self.heard is None:
            return _("Belum pernah ada kabar dari pusat di stasiun ini.")
        if self.seconds < _QUIET_S:
            return _("Menurut kabar pusat baru saja.")
        return _("Menurut kabar pusat %(age)s lalu.", age=age(self.seconds))

    @property
    def seconds(self) -> float:
        """Since the centre's newest word."""
        return max(0.0, (self.now - self.heard).total_seconds()) if self.heard else 0.0


def news(here: Opened) -> News:
    return News(here.legal.now().at, heard_at(here.store), here.identity.office_name, here.day_end.zone)


def recording_row(recording: Recording, known: News) -> dict[str, Any]:
    """One recording in words, with the age of what is known about it."""
    where = whereabouts(recording, language())
    tone = "warning" if where.stopped else "success" if where.status in _GOOD else "info"
    return {
        "packet_id": recording.packet_id,
        "number": recording.number,
        "nik": recording.nik,
        "name": recording.name,
        "words": where.words,
        "advice": where.advice,
        "todo": _collect(recording, known) if _printed(where) else where.todo,
        "as_of": where.as_of,
        "age": (known.now - datetime.fromisoformat(where.as_of)).total_seconds(),
        "told": _("Diketahui di stasiun ini.") if where.known_here else known.words,
        "tone": tone,
        "way": way_of(recording, where),
    }


def _printed(where: Whereabouts) -> bool:
    return where.stop is Stop.CARD and where.status is Status.CARD_PRINTED


def _collect(recording: Recording, known: News) -> str:
    """When the card was printed, by the office's time, and where it waits."""
    day = long_date(datetime.fromisoformat(recording.status_at).astimezone(known.zone).date())
    return _("Kartu dicetak %(day)s. Penduduk mengambilnya di %(office)s dengan membawa bukti perekaman dan KK.",
             day=day, office=known.office)  # fmt: skip


def way_of(recording: Recording, where: Whereabouts) -> list[dict[str, Any]]:
    """Each stop: passed, here, stopped here or still to come, and when it was reached where that is known."""
    reached = {
        Stop.STATION: recording.saved_at,
        Stop.OFFICE: recording.custody_at,
        Stop.CENTRE: recording.accepted_at,
        Stop.CARD: recording.status_at if where.stop is Stop.CARD else None,
    }
    return [
        {
            "name": _(name),
            "icon": icon,
            "at": reached[stop] if stop <= where.stop else None,
            "state": _state(stop, where),
            "words": _(_STATES[_state(stop, where)]),
        }
        for stop, name, icon in _STOPS
    ]


_STATES: Final = {
    "past": N_("sudah lewat"),
    "here": N_("sekarang di sini"),
    "stopped": N_("berhenti di sini"),
    "ahead": N_("belum"),
}


def _state(stop: Stop, where: Whereabouts) -> str:
    if stop is where.stop:
        return "stopped" if where.stopped else "past" if where.arrived else "here"
    return "past" if stop < where.stop else "ahead"
