"""What can go wrong between two places, in the words the operator of either reads."""

from rekam.enrolment.errors import RekamError

__all__ = [
    "CheckpointNotOurs",
    "ChunkTooLarge",
    "CosignatureRefused",
    "ExchangeError",
    "FeedForbidden",
    "FeedFromAnother",
    "FeedGap",
    "FeedUnreadable",
    "FeedWentBack",
    "LinkClosed",
    "PacketRefused",
    "ReceiptWrong",
    "RemoteBusy",
    "RemoteFull",
    "RemoteUnreachable",
    "RequestMalformed",
    "RequestRefused",
    "RevocationUnproved",
    "RollCallWrong",
    "SenderForbidden",
    "SenderRevoked",
    "StatementRefused",
    "StatementUnknown",
    "UploadTooLarge",
]


class ExchangeError(RekamError):
    """The exchange with another place failed. Everything stays here and is sent again by itself."""


class RemoteUnreachable(ExchangeError):
    """{place} cannot be reached ({reason}). Everything recorded stays safe here and is sent by itself
    as soon as there is a connection.
    """


class RemoteBusy(ExchangeError):
    """{place} asks senders to wait {retry_after_s} seconds. Everything recorded stays safe here and is sent
    by itself afterwards.
    """


class RemoteFull(ExchangeError):
    """The disk of {place} has no room left. Everything recorded stays safe here. Tell the people who run {place};
    sending goes on by itself when there is room.
    """


class LinkClosed(ExchangeError):
    """Sending to {place} rests until {until}, as this place has set it. Everything recorded stays safe here and is sent
    by itself afterwards; results still come down.
    """


class RequestRefused(ExchangeError):
    """{place} refused the request ({code}): {detail} Nothing was changed here."""


class PacketRefused(ExchangeError):
    """Packet {packet_id} was refused by the receiving place ({code}): {detail} It stays here, set aside,
    and the others go on. Report it; it can be sent again from the outbox.
    """


class ReceiptWrong(ExchangeError):
    """The receipt for packet {packet_id} does not prove that it arrived ({reason}). The packet stays here, set aside,
    and counts as not delivered. Report it to the office.
    """


class RollCallWrong(ExchangeError):
    """The answer to "which of these packets do you hold?" does not prove what it says ({reason}). Every packet stays
    here and counts as not delivered; they are sent one by one instead. Report it to the office.
    """


class UploadTooLarge(ExchangeError):
    """Packet {packet_id} is larger than the {limit} bytes that are taken in. Nothing of it was acknowledged.
    Report it: a recording is 1 to 5 MB.
    """


class ChunkTooLarge(ExchangeError):
    """A request carried more than {limit} bytes. Nothing of it was taken in. Check that both places run the same
    version of Rekam.
    """


class RequestMalformed(ExchangeError):
    """The request is not one that {place} understands. Nothing was changed. Check that both places run the same
    version of Rekam.
    """


class SenderForbidden(ExchangeError):
    """A {kind} ('{subject}') may not send here. Nothing was changed. Check which address this place is set to."""


class SenderRevoked(ExchangeError):
    """Station {station} was given new keys: those of its installation {epoch} are no longer believed from recording
    {first} on. Nothing is lost: what is saved here stays. If this is the station at the counter, stop recording here
    and run rekam station recover, which also carries over what was not sent.
    """


class RevocationUnproved(ExchangeError):
    """{place} answers that the keys of this place were withdrawn, without proof. Nothing of it was believed: recording
    goes on, and everything stays safe here. If it is true, the office's signed word follows; telephone the office.
    """


class StatementRefused(ExchangeError):
    """Statement {statement_id} to the centre was not taken ({code}): {detail} It stays here, set aside, and the others
    go on. Update the older of the two places, or report it; it is sent again by itself, after pauses that grow.
    """


class StatementUnknown(ExchangeError):
    """The centre does not know what a statement of the kind '{kind}' means. Nothing was changed there. Update the
    centre; the statement is sent again by itself.
    """


class FeedForbidden(ExchangeError):
    """'{subject}' may not read the feed '{feed}'. Nothing was given out. Check which office this place belongs to."""


class FeedUnreadable(ExchangeError):
    """A batch of the feed cannot be read ({reason}). Nothing of it was applied. It is fetched again by itself;
    report it if it comes back.
    """


class FeedFromAnother(ExchangeError):
    """A batch of the feed '{found}' came where '{expected}' was asked for. Nothing of it was applied.
    Check which office this place belongs to.
    """


class FeedGap(ExchangeError):
    """The feed '{feed}' jumps from entry {cursor} to {first}. Nothing was applied, so that no result is missed.
    It is fetched again by itself; report it if it comes back.
    """


class FeedWentBack(ExchangeError):
    """The feed '{feed}' ends at entry {last}, but entry {cursor} was already applied here. Nothing was changed.
    Report it at once: the centre may have been restored from an old backup.
    """


class CosignatureRefused(ExchangeError):
    """The cosignature cannot be taken ({reason}). Nothing was changed. The office sends its newest one again by itself;
    report it if it comes back.
    """


class CheckpointNotOurs(ExchangeError):
    """Office {office} holds a checkpoint of the public log, signed with the centre's key, that this centre's log does
    not contain. It was kept as evidence. Find out at once: the centre was restored from an old copy, or its key is used
    elsewhere.
    """
