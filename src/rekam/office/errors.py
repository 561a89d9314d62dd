"""What can stop a card or a blank, in the words that the office's staff reads."""

from rekam.enrolment.errors import RekamError

__all__ = [
    "AlarmUnknown",
    "CardNotPrinted",
    "CardWithheld",
    "MissingReason",
    "NoBlanks",
    "NoPrintOrder",
    "NotYetEligible",
    "OrderUnreadable",
    "OrderWithdrawn",
    "PacketUnknown",
    "WrongNumberOfBlanks",
]


class NoBlanks(RekamError):
    """The ledger does not hold enough blanks. Nothing was printed and nothing was changed; print orders stay in
    the list. Enter the blanks that you received, then try again.
    """


class NotYetEligible(RekamError):
    """Recorded, not yet eligible: the holder of recording {number} becomes eligible for a card on {on}.
    No blank was used. The order stays in the list and can be printed from that day, or earlier after a marriage.
    """


class NoPrintOrder(RekamError):
    """The centre has sent no print order for this recording. Nothing was printed. Wait for the result
    PRINT_READY_RECORD; it comes by itself through the feed.
    """


class OrderWithdrawn(RekamError):
    """Recording {number} now stands at {status} and may not be printed. No blank was used.
    Look at its history for the reason.
    """


class CardWithheld(RekamError):
    """Recording {number} was sealed with a station's key that this office has withdrawn. No blank was used; the order
    stays in the list. The centre decides about it; ask the resident for the proof of recording and tell the centre.
    """


class OrderUnreadable(RekamError):
    """The print order of recording {number} cannot be used ({reason}). No blank was used; the order stays in the list.
    Report it to the centre.
    """


class CardNotPrinted(RekamError):
    """The card of this recording has not been printed yet. Nothing was changed. Print it from the list of cards."""


class MissingReason(RekamError):
    """A second print, or a spoiled blank, needs a reason in words. Nothing was changed.
    Write the reason and try again.
    """


class WrongNumberOfBlanks(RekamError):
    """{count} is no number of blanks that can be entered. The ledger was not changed. Enter 1 to {most} sheets."""


class PacketUnknown(RekamError):
    """This office knows no recording of that number. Nothing was changed. Check the number on the proof of recording;
    a recording that the station has not sent yet is not known here.
    """


class AlarmUnknown(RekamError):
    """There is no such alarm about the public log here. Nothing was changed. Open it from the page Saksi log."""
