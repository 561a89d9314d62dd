"""What can go wrong with a courier's stick, in the words of whoever holds it."""

from rekam.enrolment.errors import RekamError

__all__ = [
    "AnswerInstead",
    "BundleAltered",
    "BundleEmpty",
    "BundleForAnother",
    "BundleTorn",
    "BundleUnreadable",
    "CopyDamaged",
    "CourierError",
    "ForeignBundle",
    "ItemDamaged",
    "ItemTorn",
    "ItemUnreadable",
    "NotABundle",
    "NotABundleFile",
    "NothingOnStick",
    "PacketsInstead",
    "StickFull",
    "StickGone",
    "StickReadOnly",
    "UnknownBundleVersion",
]


class CourierError(RekamError):
    """The courier's stick could not be used. Every packet stays safe at the place that sends it; use another stick."""


class StickGone(CourierError):
    """The stick at {path} does not answer ({reason}). Every packet stays safe at the place that sends it, and what was
    verified on the stick is not copied again. Plug it in again, or take another stick, and repeat.
    """


class StickReadOnly(CourierError):
    """Nothing can be written to the stick at {path}. Every packet stays safe here.
    Move the switch on its side or take another stick, and repeat.
    """


class StickFull(CourierError):
    """The stick at {path} has no room for this: {wanted} bytes are needed and {free} are free. Every packet stays safe
    here. Take a larger stick, or remove files from this one whose receipts were already taken in, and repeat.
    """


class CopyDamaged(CourierError):
    """Read back from the stick, {name} is not what was written. The file does not count as finished, and every packet
    stays safe here. Repeat once; if it comes back, throw this stick away and take another.
    """


class NothingOnStick(CourierError):
    """There is no file in {path} that this place should read. Nothing was changed. Check that the courier brought the
    right stick, and that files ending in .rekam lie on it.
    """


class NotABundleFile(CourierError):
    """{path} is not a file that can be read. Nothing was changed. Choose the folder of the stick, or a file on it that
    ends in .rekam.
    """


class BundleEmpty(CourierError):
    """{path} holds no bytes: the stick was pulled out before it was written. Nothing was taken in, and every packet
    stays safe at the place that sends it. Have it written anew.
    """


class NotABundle(CourierError):
    """{path} is not a courier's file of Rekam. Nothing was taken in. Choose a file on the stick that ends in .rekam."""


class UnknownBundleVersion(CourierError):
    """{path} was written by another version of Rekam (format {version}). Nothing was taken in, and every packet stays
    safe at the place that sends it. Bring this place up to date, then repeat.
    """


class BundleTorn(CourierError):
    """{path} ends before its list of contents does. Nothing was taken in, and every packet stays safe at the place that
    sends it. Have it written anew, and wait for "finished" before the stick is pulled out.
    """


class BundleUnreadable(CourierError):
    """The list of contents of {path} cannot be read ({reason}). Nothing was taken in, and every packet stays safe at
    the place that sends it. Have it written anew; report it if it comes back.
    """


class BundleAltered(CourierError):
    """The list of contents of {path} was changed after it was signed, by a fault of the stick or by somebody. Nothing
    was taken in, and every packet stays safe at the place that sends it. Have it written anew on another stick.
    """


class ForeignBundle(CourierError):
    """{path} was not written by a place of this country ({reason}). Nothing was taken in. Give the stick back to
    whoever brought it, and report it.
    """


class BundleForAnother(CourierError):
    """{path} comes from {sender} and is for {to}, not for {here}. Nothing was taken in, and nothing on the stick was
    changed. Let the courier carry it to {to}.
    """


class AnswerInstead(CourierError):
    """{path} is an answer that a courier brings home, and packets were asked for. Nothing was changed.
    Take it in with "receipts" at the place that sent the packets.
    """


class PacketsInstead(CourierError):
    """{path} carries packets on their way, and an answer was asked for. Nothing was changed.
    Let the courier carry it to the place it is for; the answer comes back beside it.
    """


class ItemTorn(CourierError):
    """{name} is not whole in the file, which ends too early. It was not taken in and stays safe at the place that sends
    it. Have it brought again.
    """


class ItemDamaged(CourierError):
    """{name} was changed on the stick. It was not taken in and stays safe at the place that sends it.
    Have it brought again, on another stick.
    """


class ItemUnreadable(CourierError):
    """{name} cannot be read from the stick ({reason}). It was not taken in and stays safe at the place that sends it.
    Have it brought again, on another stick.
    """
