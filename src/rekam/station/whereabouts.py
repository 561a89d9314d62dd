"""Where is it now? One plain sentence a recording, from receipts and feed alone, never without its age."""

from dataclasses import dataclass

from rekam.enrolment.status import Status, words
from rekam.station.recordings import Recording

__all__ = ["Whereabouts", "whereabouts"]

_WAITS_HERE = ("Tersimpan di stasiun ini, menunggu dikirim ke Disdukcapil", "Saved at this station, waiting to be sent")
_AT_OFFICE = (
    "Dicadangkan di Disdukcapil, menunggu diterima pusat",
    "Backed up at the office, on its way to the centre",
)
_PRINT_READY = ("Tunggal. Kartu menunggu dicetak di Disdukcapil", "Unique. The card waits to be printed at the office")


@dataclass(frozen=True)
class Whereabouts:
    """`words` says where, `as_of` (ISO UTC) since when that is known, `advice` what the resident should know."""

    status: Status
    words: str
    as_of: str
    advice: str = ""


def whereabouts(recording: Recording, lang: str = "id") -> Whereabouts:
    """What the counter tells a resident who asks."""
    english = lang == "en"
    if recording.custody_at is None and recording.accepted_at is None:
        return Whereabouts(recording.status, _WAITS_HERE[english], recording.saved_at)
    if recording.accepted_at is None and recording.status is Status.SENT_FOR_ENROLLMENT:
        return Whereabouts(recording.status, _AT_OFFICE[english], recording.custody_at or recording.saved_at)
    if recording.status is Status.PRINT_READY_RECORD:
        return Whereabouts(recording.status, _PRINT_READY[english], recording.status_at, recording.reason)
    return Whereabouts(recording.status, words(recording.status, lang), recording.status_at, recording.reason)
