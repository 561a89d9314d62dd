"""The offices' cosignatures as the log publishes them, believed only after proof: `PublishedWitnesses`."""

from base64 import b64decode
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Protocol

from rekam.enrolment.errors import RekamError
from rekam.exchange.cosignatures import CosignatureBook, Cosigned, witness_key
from rekam.exchange.log_evidence import Evidence
from rekam.exchange.mirror import MirroredLog, MirrorStore
from rekam.exchange.witness import WitnessStore
from rekam.trust.certificates import CertificateForbidden, CertificateUnreadable, ChainBroken, chain_from_bytes
from rekam.trust.certificates import verify_chain as certified
from rekam.trust.keys import SignatureInvalid, VerifyKey
from rekam.trust.log.checkpoint import Checkpoint
from rekam.trust.log.note import Note, NoteKey, NoteUnreadable

__all__ = ["Followed", "PublishedWitness", "PublishedWitnesses", "WitnessList", "parse_published", "prove"]


@dataclass(frozen=True)
class PublishedWitness:
    """One line of the list, unproved: the note as text, the office's certificates leaf first."""

    office: str
    note: str
    chain: tuple[bytes, ...]


class WitnessList(Protocol):
    """Where the list comes from. Adapter: `HttpLog`."""

    def witnesses(self) -> Sequence[PublishedWitness]:
        """Each office's newest. Raises `ExchangeError`s."""


def parse_published(found: Any) -> list[PublishedWitness]:
    """From the JSON of `GET /log/witnesses`. Raises ValueError."""
    if not isinstance(found, list):
        raise ValueError("no list")  # noqa: TRY004 - of a file, not of a program
    made = []
    for each in found:
        match each:
            case {"office": str() as office, "note": str() as note, "chain": str() as chain}:
                try:
                    made.append(PublishedWitness(office, note, chain_from_bytes(b64decode(chain, validate=True))))
                except CertificateUnreadable as error:
                    raise ValueError("a certificate") from error
            case _:
                raise ValueError("a line")
    return made


def prove(published: PublishedWitness, root: VerifyKey, log: NoteKey) -> Cosigned:
    """The cosignature, if an office under `root` made it over a checkpoint that `log` signed.

    Raises NoteUnreadable, SignatureInvalid, ChainBroken, CertificateUnreadable, CertificateForbidden.
    """
    office = certified(published.chain, root)[0]
    if office.kind != "office" or office.subject != published.office:
        raise ChainBroken(reason=f"a certificate for {office.kind} '{office.subject}'")
    note = Note.parse(published.note)
    said, at_s = Checkpoint.of(note, log), note.verify(witness_key(office.subject, office.signing))
    return Cosigned(office.subject, office.name, said.size, at_s or 0, note, published.chain)


@dataclass(frozen=True)
class Followed:
    """One round: cosignatures that agree with the copy, that could not be believed, that deny it."""

    agreed: int = 0
    refused: int = 0
    denied: int = 0
    problem: RekamError | None = None


class PublishedWitnesses:
    """Keeps in `book` each office's newest cosignature that the copy bears out; one that the log signed and the copy
    denies is an alarm with its evidence.
    """

    def __init__(
        self,
        source: WitnessList,
        book: CosignatureBook,
        mirror: MirrorStore,
        witnessed: WitnessStore,
        *,
        root: VerifyKey,
        log: NoteKey,
    ) -> None:
        self._source = source
        self._book = book
        self._store = mirror
        self._log_copy = MirroredLog(mirror, witnessed)
        self._witnessed = witnessed
        self._root = root
        self._log = log

    def run_once(self) -> Followed:
        """One round; a cosignature beyond the copy waits. Nothing is raised."""
        try:
            published = self._source.witnesses()
        except RekamError as error:
            return Followed(problem=error)
        size = self._store.size()
        agreed = refused = denied = 0
        for each in published:
            try:
                cosigned = prove(each, self._root, self._log)
            except (NoteUnreadable, SignatureInvalid, ChainBroken, CertificateUnreadable, CertificateForbidden):
                refused += 1
                continue
            if cosigned.size > size:
                continue
            if self._borne_out(cosigned):
                self._book.keep(cosigned)
                agreed += 1
            else:
                denied += 1
        return Followed(agreed, refused, denied)

    def _borne_out(self, cosigned: Cosigned) -> bool:
        shown = self._log_copy.root(cosigned.size)
        if shown == Checkpoint.parse(cosigned.note.text).root:
            return True
        told = self._witnessed.newest()
        if told is not None:
            whole = Checkpoint.parse(told.text).size
            if whole <= self._store.size():
                path = self._log_copy.consistency(cosigned.size, whole) if cosigned.size < whole else []
                evidence = Evidence(cosigned.note, told, (shown, *path) if cosigned.size < whole else ())
                self._witnessed.raise_alarm(evidence.judge(self._log), evidence)
        return False
