"""A place that watches the public log only grow, keeps every checkpoint it saw and cosigns it: `Witness`.

One round is one call. It talks to two ports, the log and its own store, and raises nothing: what stood in its way is
in its answer. A witness never signs two histories: whatever does not contain all that it kept is an alarm with both
signed checkpoints as evidence, and stays one.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Protocol

from rekam.enrolment.errors import RekamError
from rekam.exchange.log import LogSource, NoSuchTile
from rekam.exchange.log_evidence import Breach, Evidence
from rekam.trust.keys import SigningKey
from rekam.trust.log.checkpoint import Checkpoint
from rekam.trust.log.merkle import NodeReader, ProofInvalid, consistency_proof, root_of, verify_consistency
from rekam.trust.log.note import Note, NoteKey, NoteKind
from rekam.trust.log.tiles import Tile, node_reader

__all__ = ["CosignatureTaker", "Cosigner", "LogUnproved", "Watched", "Witness", "WitnessStore", "contradiction"]


class LogUnproved(RekamError):
    """The public log says that it has {size} entries, but what it shows does not bear that out ({reason}). Nothing was
    cosigned or taken over. It is asked again by itself; tell the centre if it lasts longer than a day.
    """


class WitnessStore(Protocol):
    """What a witness knows for good. Every call is durable when it returns; nothing kept is ever changed or removed.

    Adapters: `InMemoryWitnessStore`, `PgWitnessStore`.
    """

    def newest(self) -> Note | None:
        """The kept checkpoint of the largest size, signed by the log alone."""

    def keep(self, note: Note) -> None:
        """Add a checkpoint that is larger than all before it."""

    def cosigned(self) -> Note | None:
        """The newest checkpoint with this place's cosignature."""

    def keep_cosigned(self, note: Note) -> None:
        """Add the cosignature of a kept checkpoint, before anybody sees it."""

    def delivered(self) -> int:
        """The size of the newest cosignature that the log took; -1 before the first."""

    def note_delivered(self, size: int) -> None:
        """The log took the cosignature of this size."""

    def raise_alarm(self, breach: Breach, evidence: Evidence) -> bool:
        """Keep the evidence, once for each kept checkpoint and kind of breach; whether it was new."""


class CosignatureTaker(Protocol):
    """Where cosignatures go. Adapters: `CosignatureDesk` (at the centre), `HttpCosignatures`."""

    def take(self, note: Note) -> None:
        """Hand over a checkpoint with this place's cosignature; again is harmless. Raises `ExchangeError`s."""

    def newest(self) -> Note | None:
        """What this place handed over last, as the log keeps it; unproved. Raises `ExchangeError`s."""


@dataclass(frozen=True)
class Cosigner:
    """How a witness signs: its name without spaces, its key, and the seconds since 1970 UTC that it vouches for, None
    while it has no trustworthy time; then it keeps, and signs later.
    """

    name: str
    key: SigningKey
    now: Callable[[], int | None]

    @property
    def note_key(self) -> NoteKey:
        """Verifies its cosignatures."""
        return NoteKey(self.name, self.key.public, NoteKind.WITNESS)


@dataclass(frozen=True)
class Watched:
    """One round: the size of the log as it is known now, how many entries are new, whether a cosignature was made and
    delivered, what breach was found, and what stood in the way.
    """

    size: int = 0
    grown: int = 0
    cosigned: bool = False
    delivered: bool = False
    breach: Breach | None = None
    problem: RekamError | None = None


class Witness:
    """`log`: the name and key that sign checkpoints. Without a `signer` it watches and keeps, as the portal does."""

    def __init__(
        self,
        store: WitnessStore,
        source: LogSource,
        log: NoteKey,
        *,
        signer: Cosigner | None = None,
        taker: CosignatureTaker | None = None,
        first: Callable[[], None] = lambda: None,
    ) -> None:
        """`first` begins each round: where it raises, nothing is kept or signed in it."""
        self._first = first
        self._store = store
        self._source = source
        self._log = log
        self._signer = signer
        self._taker = taker

    def run_once(self) -> Watched:
        """Fetch the checkpoint, prove that the log only grew, keep it, cosign it, hand the cosignature over."""
        before = self._size()
        breach: Breach | None = None
        problem: RekamError | None = None
        cosigned = False
        try:
            self._first()
            try:
                breach = self._look(self._store.newest())
            finally:
                cosigned = self._cosign()
        except RekamError as error:
            problem = error
        try:
            delivered = self._deliver()
        except RekamError as error:
            delivered, problem = False, problem or error
        size = self._size()
        return Watched(size, size - before, cosigned, delivered, breach, problem)

    def _size(self) -> int:
        kept = self._store.newest()
        return Checkpoint.parse(kept.text).size if kept else 0

    def _look(self, kept: Note | None) -> Breach | None:
        told = _by_the_log(self._source.checkpoint(), self._log)
        said = Checkpoint.of(told, self._log)
        if kept is None:
            _require_root(said, node_reader(said.size, self._source.tile))
        elif told.text == kept.text:
            return None
        elif evidence := contradiction(kept, told, self._log, self._source.tile):
            breach = evidence.judge(self._log)
            self._store.raise_alarm(breach, evidence)
            return breach
        self._store.keep(told)
        return None

    def _cosign(self) -> bool:
        """The newest kept checkpoint, if it has no cosignature yet. Its time never goes back."""
        newest, last = self._store.newest(), self._store.cosigned()
        if self._signer is None or newest is None or (last is not None and last.text == newest.text):
            return False
        now = self._signer.now()
        if now is None:
            return False
        before = last.verify(self._signer.note_key) if last is not None else None
        self._store.keep_cosigned(newest.cosigned(self._signer.name, self._signer.key, max(now, before or 0)))
        return True

    def _deliver(self) -> bool:
        note = self._store.cosigned()
        if self._taker is None or note is None:
            return False
        size = Checkpoint.parse(note.text).size
        if size <= self._store.delivered():
            return False
        self._taker.take(note)
        self._store.note_delivered(size)
        return True


def contradiction(
    kept: Note, told: Note, log: NoteKey, fetch: Callable[[Tile], bytes], read: NodeReader | None = None
) -> Evidence | None:
    """Whether the log, in its newer word `told`, denies its older word `kept`: the evidence, or None if it only grew.

    Tiles come from `fetch`, unless `read` reads nodes of `told` already; hashes count only if they lead to the root of
    the larger checkpoint. Raises LogUnproved where they do not, SignatureInvalid, NoteUnreadable, what `fetch` raises.
    """
    old, new = Checkpoint.of(kept, log), Checkpoint.of(told, log)
    if new.size < old.size or (new.size == old.size and new.root != old.root):
        return Evidence(kept, told)
    if new.size == old.size:
        return None
    shown, path = _prefix(old.size, new, read or node_reader(new.size, fetch))
    return None if shown == old.root else Evidence(kept, told, (shown, *path))


def _prefix(size: int, within: Checkpoint, read: NodeReader) -> tuple[bytes, list[bytes]]:
    """The root that `within` gives its first `size` entries, and the proof that it does. Raises LogUnproved."""
    try:
        shown, path = root_of(size, read), consistency_proof(size, within.size, read)
        verify_consistency(size, within.size, path, shown, within.root)
    except (ProofInvalid, NoSuchTile) as error:
        raise LogUnproved(size=within.size, reason=_reason(error)) from error
    return shown, path


def _require_root(said: Checkpoint, read: NodeReader) -> None:
    try:
        found = root_of(said.size, read)
    except (ProofInvalid, NoSuchTile) as error:
        raise LogUnproved(size=said.size, reason=_reason(error)) from error
    if found != said.root:
        raise LogUnproved(size=said.size, reason="its hashes lead to another root")


def _reason(error: ProofInvalid | NoSuchTile) -> str:
    return str(error.facts["reason"]) if isinstance(error, ProofInvalid) else f"{error} is missing"


def _by_the_log(note: Note, log: NoteKey) -> Note:
    """Without the cosignatures of others."""
    own = tuple(each for each in note.signatures if (each.name, each.key_id) == (log.name, log.id))
    return Note(note.text, own)
