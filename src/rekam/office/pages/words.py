"""Small words that all pages of the office share."""

from collections.abc import Callable
from datetime import datetime, timedelta

from rekam.enrolment.status import Status, words
from rekam.office.office import Office
from rekam.web.i18n import _, language

__all__ = ["older_words", "since", "status_words", "tone"]

_GOOD = {Status.PRINT_READY_RECORD, Status.CARD_PRINTED, Status.CARD_SHIPPED, Status.CARD_ISSUED}
_BAD = {
    Status.REJECTED,
    Status.DUPLICATE_RECORD,
    Status.ENROLL_FAILURE_AT_CENTRAL,
    Status.ENROLL_FAILURE_AT_REGIONAL,
}
_ATTENTION = {Status.QUARANTINED, Status.ADJUDICATE_RECORD, Status.REQUEST_VALIDATION, Status.SEARCH_FAILURE_AT_CENTRAL}


def status_words(status: Status) -> str:
    """A status in plain words, in the language of the request."""
    if status is Status.PROCESSING:
        return _("Disimpan di dinas, menunggu dikirim ke pusat")
    return words(status, language().value)


def older_words(what: str) -> str:
    """What this office signed further than its server knows (`Found.what`)."""
    said = {
        "log": _("catatan log pusat yang disaksikan"),
        "feed": _("kabar dari pusat"),
        "packets": _("rekaman yang diterima"),
        "letters": _("nomor surat yang diberikan"),
        "installations": _("pemasangan stasiun"),
        "keys": _("kunci petugas"),
        "sheets": _("baris buku blangko"),
        "life": _("sebagai batas nomor pemasangan sejak dibangun ulang"),
    }
    return said.get(what, what)


def tone(status: Status) -> str:
    """The badge's tone for a status."""
    if status in _GOOD:
        return "success"
    if status in _BAD:
        return "danger"
    return "warning" if status in _ATTENTION else "info"


def since(office: Office) -> Callable[[datetime], timedelta]:
    """How long ago a moment was; a clock that was set back shows nothing negative."""
    return lambda at: max(timedelta(), office.clock.wall() - at)
