"""The auditor's reading of a whole log: every entry, the root computed anew, every cosignature compared: `audit`."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from rekam.exchange.cosignatures import Cosigned
from rekam.exchange.log import LogSource, NoSuchTile
from rekam.exchange.log_folder import WholeLog
from rekam.exchange.published_witnesses import PublishedWitness, prove
from rekam.exchange.witness import LogUnproved
from rekam.trust.certificates import CertificateForbidden, CertificateUnreadable, ChainBroken
from rekam.trust.keys import SignatureInvalid, VerifyKey
from rekam.trust.log.checkpoint import Checkpoint
from rekam.trust.log.frontier import Frontier
from rekam.trust.log.merkle import ProofInvalid
from rekam.trust.log.note import Note, NoteKey, NoteUnreadable
from rekam.trust.log.tiles import BUNDLE, TILE_WIDTH, Tile, unbundled

__all__ = ["Audit", "audit"]

_UNBELIEVABLE = (NoteUnreadable, SignatureInvalid, ChainBroken, CertificateUnreadable, CertificateForbidden)


@dataclass(frozen=True)
class Audit:
    """`checkpoint`: what the log signed, borne out by every one of its entries; `agreed` and `denied`: offices whose
    cosigned root is, or is not, the root of those entries (each denied one, with the checkpoint, is evidence);
    `beyond`: cosigned more entries than the log now says it has; `refused`: offices whose line proves nothing.
    """

    checkpoint: Note
    published: tuple[PublishedWitness, ...]
    agreed: tuple[Cosigned, ...]
    denied: tuple[Cosigned, ...]
    beyond: tuple[Cosigned, ...]
    refused: tuple[str, ...]

    @property
    def sound(self) -> bool:
        """Whether nothing contradicts the log."""
        return not (self.denied or self.beyond or self.refused)


def audit(
    source: WholeLog, root: VerifyKey, log: NoteKey, progress: Callable[[int, int], None] = lambda _done, _all: None
) -> Audit:
    """Read all of it. `progress` hears entries read and entries in all.

    Raises LogUnproved where the entries do not give the signed root, SignatureInvalid, and what `source` raises.
    """
    published = tuple(source.witnesses())
    note = source.checkpoint()
    said = Checkpoint.of(note, log)
    proved: list[Cosigned] = []
    refused: list[str] = []
    for each in published:
        try:
            proved.append(prove(each, root, log))
        except _UNBELIEVABLE:
            refused.append(each.office)
    roots = _roots(source, said.size, {each.size for each in proved} | {said.size}, progress)
    if roots[said.size] != said.root:
        raise LogUnproved(size=said.size, reason="its entries lead to another root")
    within = [each for each in proved if each.size <= said.size]
    agreed = tuple(each for each in within if roots[each.size] == Checkpoint.parse(each.note.text).root)
    denied = tuple(each for each in within if each not in agreed)
    beyond = tuple(each for each in proved if each.size > said.size)
    return Audit(note, published, agreed, denied, beyond, tuple(refused))


def _roots(source: LogSource, size: int, wanted: set[int], progress: Callable[[int, int], None]) -> dict[int, bytes]:
    frontier = Frontier()
    found = {0: frontier.root()} if 0 in wanted else {}
    try:
        for entries in _bundles(source, size):
            for entry in entries:
                frontier.add(entry)
                if frontier.size in wanted:
                    found[frontier.size] = frontier.root()
            progress(frontier.size, size)
    except NoSuchTile as error:
        raise LogUnproved(size=size, reason=f"{error} is missing") from error
    except ProofInvalid as error:
        raise LogUnproved(size=size, reason=str(error.facts["reason"])) from error
    return found


def _bundles(source: LogSource, size: int) -> Iterator[list[bytes]]:
    for index in range(-(-size // TILE_WIDTH)):
        width = min(TILE_WIDTH, size - index * TILE_WIDTH)
        entries = unbundled(source.tile(Tile(BUNDLE, index, width)))
        if len(entries) != width:
            raise ProofInvalid(reason=f"bundle {index} has {len(entries)} entries")
        yield entries
