"""What comes back down: numbered entries in signed batches, applied in order, each exactly once."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, Final, Protocol

from rekam.exchange.errors import FeedFromAnother, FeedGap, FeedUnreadable, FeedWentBack
from rekam.trust import cbor
from rekam.trust.cose import EnvelopeUnreadable, KeyLookup, SignedByAnother, WrongKind, sign1, verify1
from rekam.trust.keys import SignatureInvalid, SigningKey, VerifyKey

__all__ = [
    "BATCH_BYTES",
    "BATCH_ENTRIES",
    "BATCH_LIMIT",
    "PORTAL_FEED",
    "Batch",
    "Entry",
    "EntryKind",
    "FeedFollower",
    "FeedSink",
    "FeedSource",
    "entries_to_apply",
    "office_feed",
    "open_batch",
    "seal_batch",
]

BATCH_ENTRIES: Final = 500
BATCH_BYTES: Final = 1 << 18
"""A batch ends with the entry that reaches this: print orders carry photos, and a line of 128 kbit/s that is cut every
minute must bring one over. What is larger than a photo travels as a part (`rekam.exchange.parts`)."""
BATCH_LIMIT: Final = 32 << 20
"""No batch is longer; a reader unpacks no more."""
PORTAL_FEED: Final = "portal"
_SIGNED_AS: Final = "rekam/feed"


def office_feed(office: str) -> str:
    """The feed that an office and its stations follow: ``office/3174``."""
    return f"office/{office}"


class EntryKind(StrEnum):
    """What entries are about; a place passes over the kinds it has no use for."""

    ACCEPTED = "accepted"
    PROGRESS = "progress"  # a status on the way, such as ADJUDICATE_RECORD; not a result
    RESULT = "result"
    CARD = "card"  # a sheet that an office printed of a packet's card
    PRINT_ORDER = "print_order"
    NOTICE = "notice"
    REVOKED = "revoked"  # a fence on a station's old key (`rekam.exchange.fence`)
    JUDGED = "judged"  # people's verdict on a packet that a fence withheld
    WITHHELD = "withheld"  # a packet that waits for people at the centre, and why; no fence says so here
    ANNOUNCED = "announced"  # a version of something large, by the part that holds it
    STATUS = "status"  # to the portal: by keyed hash of NIK and birth date


@dataclass(frozen=True)
class Entry:
    """Entry `n` (from 1, without gaps) of a feed; `body` is what its kind says, personal data only as a parcel."""

    n: int
    kind: str
    body: bytes

    def said(self) -> Any:
        """What the body holds, whatever it is. Raises `FeedUnreadable` where it is no CBOR."""
        try:
            return cbor.decode(self.body)
        except cbor.CborUnreadable as error:
            raise FeedUnreadable(reason=f"entry {self.n}") from error


@dataclass(frozen=True)
class Batch:
    """Consecutive entries of one feed; `at_ms`: the centre's time when it signed, milliseconds since 1970 UTC."""

    feed: str
    at_ms: int
    entries: tuple[Entry, ...]

    @property
    def first(self) -> int:
        """Number of the first entry."""
        return self.entries[0].n

    @property
    def last(self) -> int:
        """Number of the last entry."""
        return self.entries[-1].n


def seal_batch(batch: Batch, key: SigningKey) -> bytes:
    """The batch as it travels: COSE_Sign1 over CBOR {feed, at_ms, first, last, entries: [{n, kind, body}]}."""
    entries = [{"n": entry.n, "kind": entry.kind, "body": entry.body} for entry in batch.entries]
    fields = {"feed": batch.feed, "at_ms": batch.at_ms, "first": batch.first, "last": batch.last, "entries": entries}
    return sign1(cbor.encode(fields), key, kind=_SIGNED_AS)


def open_batch(data: bytes, verify: VerifyKey | KeyLookup) -> Batch:
    """The batch, if `verify` (the centre's key, or its lookup by key id) signed it. Raises `FeedUnreadable`."""
    try:
        fields: Any = cbor.decode(verify1(data, verify, kind=_SIGNED_AS))
    except (EnvelopeUnreadable, WrongKind, SignedByAnother, SignatureInvalid, cbor.CborUnreadable) as error:
        raise FeedUnreadable(reason=str(error)) from error
    match fields:
        case {
            "feed": str() as feed,
            "at_ms": int() as at_ms,
            "first": int() as first,
            "last": int() as last,
            "entries": [_, *_] as items,
            **rest,
        } if not rest:
            entries = tuple(_entry(item) for item in items)
        case _:
            raise FeedUnreadable(reason="its fields")
    if first < 1 or [entry.n for entry in entries] != list(range(first, last + 1)):
        raise FeedUnreadable(reason="its numbers")
    return Batch(feed, at_ms, entries)


def _entry(item: Any) -> Entry:
    match item:
        case {"n": int() as n, "kind": str() as kind, "body": bytes() as body, **rest} if not rest:
            return Entry(n, kind, body)
        case _:
            raise FeedUnreadable(reason="an entry")


def entries_to_apply(batch: Batch, *, feed: str, cursor: int) -> Sequence[Entry]:
    """What of `batch` comes after `cursor`. Raises `FeedFromAnother`, `FeedGap`, `FeedWentBack`.

    A batch may begin before the cursor, because an office hands on the centre's batches as they are.
    """
    if batch.feed != feed:
        raise FeedFromAnother(found=batch.feed, expected=feed)
    if batch.first > cursor + 1:
        raise FeedGap(feed=feed, cursor=cursor, first=batch.first)
    if batch.last <= cursor:
        raise FeedWentBack(feed=feed, cursor=cursor, last=batch.last)
    return batch.entries[cursor + 1 - batch.first :]


class FeedSource(Protocol):
    """Where batches come from. Adapters: `InMemoryFeed`, `PgFeedWriter`, `PgFeedSink` (relays), `RemoteFeed`."""

    def after(self, feed: str, n: int, limit: int = BATCH_ENTRIES) -> bytes | None:
        """The signed batch that holds entry `n + 1`; None when there is no such entry yet.

        The feed's origin makes it of at most `limit` entries, fewer when their bodies reach `BATCH_BYTES`, and raises
        `FeedWentBack` when `n` is beyond the feed's end.
        """


class FeedSink(Protocol):
    """Where entries take effect. Adapters: `InMemoryFeedSink`, `PgFeedSink`, the station's own."""

    def cursor(self, feed: str) -> int:
        """The number of the last entry applied, 0 before the first."""

    def apply(self, feed: str, batch: Batch, data: bytes) -> int:
        """Apply what `entries_to_apply` leaves of `batch` and move the cursor to its last entry, all in ONE local
        transaction; return how many entries took effect. `data` is the batch as it was signed, for handing on.
        An error of an entry's effect leaves cursor and effects as they were.
        """


class FeedFollower:
    """Brings one feed from a source to a sink. `verify`: the centre's key, or its lookup by key id.

    `heard` is told each verified batch after it took effect, for instance to set the legal clock by `at_ms`.
    """

    def __init__(
        self,
        feed: str,
        source: FeedSource,
        sink: FeedSink,
        verify: VerifyKey | KeyLookup,
        *,
        heard: Callable[[Batch], None] = lambda _batch: None,
    ) -> None:
        self._feed = feed
        self._source = source
        self._sink = sink
        self._verify = verify
        self._heard = heard

    def run_once(self, batches: int = 20) -> int:
        """Apply up to `batches` batches; return the number of entries that took effect, 0 when up to date."""
        applied = 0
        for _ in range(batches):
            data = self._source.after(self._feed, self._sink.cursor(self._feed))
            if data is None:
                break
            batch = open_batch(data, self._verify)
            applied += self._sink.apply(self._feed, batch, data)
            self._heard(batch)
        return applied
