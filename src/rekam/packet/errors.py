"""What can be wrong with a packet or a parcel, each with its own sentence."""

from rekam.enrolment.errors import RekamError

__all__ = [
    "CiphertextAltered",
    "ContentUnreadable",
    "NotAPacket",
    "NumberOfAnotherStation",
    "PacketError",
    "PacketHeaderAltered",
    "PacketHeaderUnreadable",
    "PacketKeyUnusable",
    "PacketTooLarge",
    "PacketTruncated",
    "ParcelAltered",
    "ParcelForAnotherPlace",
    "ParcelUnreadable",
    "SealedByAnotherStation",
    "SealedToAnotherCentre",
    "TrailingBytes",
    "UnknownPacketVersion",
]


class PacketError(RekamError):
    """The packet cannot be used. Nothing was taken over. Fetch it again from the place that holds it."""


class NotAPacket(PacketError):
    """The file is not a Rekam packet. Nothing was taken over.
    Choose the right file; if it was copied by hand, copy it again as a binary file.
    """


class UnknownPacketVersion(PacketError):
    """The packet has format version {version}, which this version of Rekam does not know. Nothing was taken over.
    Install the newer version, then try again; the packet stays valid.
    """


class PacketTruncated(PacketError):
    """The packet ends too early: {missing} bytes are missing. Nothing was taken over.
    The sending place resumes by itself; from a medium, copy the file again.
    """


class TrailingBytes(PacketError):
    """Bytes follow the end of the packet. Nothing was taken over.
    Fetch the packet again from the place that holds it; if it fails again, keep both copies and report it.
    """


class PacketHeaderUnreadable(PacketError):
    """The packet's header cannot be read ({reason}). Nothing was taken over.
    Fetch the packet again from the place that holds it; if it fails again, keep both copies and report it.
    """


class PacketHeaderAltered(PacketError):
    """The packet's header was changed after it was sealed. Nothing was taken over.
    Fetch the packet again from the place that holds it; if it fails again, keep both copies and report it.
    """


class SealedByAnotherStation(PacketError):
    """The packet was sealed with key {signer}, which is not this station's key {expected}. Nothing was taken over.
    Check from which station it came, and that the station's newest certificate has arrived.
    """


class NumberOfAnotherStation(PacketError):
    """The packet says that it is {number}, but it was signed by {subject}, epoch {epoch}. Nothing was taken over.
    Keep it and report it: a station must not use another's numbers.
    """


class CiphertextAltered(PacketError):
    """The packet's sealed content was changed or reordered on the way. Nothing was taken over.
    Fetch the packet again from the place that holds it; if it fails again, keep both copies and report it.
    """


class SealedToAnotherCentre(PacketError):
    """The packet was sealed to key {recipient}, which is not among the keys here. Nothing was taken over.
    Keep the packet; bring the centre's opening key of that id, or send the packet to the centre that has it.
    """


class PacketKeyUnusable(PacketError):
    """The packet names the right key, but its content key does not open with it. Nothing was taken over.
    Keep the packet and report it: the station sealed it wrongly or copied another packet's key.
    """


class PacketTooLarge(PacketError):
    """The recording is larger than a packet may be ({limit} bytes). It was not sealed; the sitting is kept.
    Capture the largest images again at the devices' usual resolution.
    """


class ContentUnreadable(PacketError):
    """The packet is genuine, but the recording in it cannot be read ({reason}). Keep the packet;
    update this place, and if that does not help, have the resident recorded again.
    """


class ParcelUnreadable(RekamError):
    """The parcel cannot be read ({reason}). Nothing was taken over. It is asked for again by itself; report it
    if it comes back.
    """


class ParcelForAnotherPlace(RekamError):
    """The parcel was sealed to key {recipient}, not to this place's key {expected}. Nothing was taken over.
    Check that this place's certificate at the centre is the newest.
    """


class ParcelAltered(RekamError):
    """The parcel was changed on the way, or was not sent by the one who should have. Nothing was taken over.
    It is asked for again by itself; report it if it comes back.
    """
