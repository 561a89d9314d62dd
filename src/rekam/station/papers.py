"""What the counter prints without any network: proof of recording and, where the office's policy allows, suket."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from threading import RLock
from typing import Final

from rekam.documents.code import DocumentKey
from rekam.documents.dates import half_a_year_after
from rekam.documents.papers import Copy, Letterhead, Official, Proof, Suket, SuketBasis
from rekam.documents.proof import render_proof
from rekam.documents.suket import render_suket
from rekam.enrolment.errors import RekamError
from rekam.enrolment.identifiers import PacketNumber
from rekam.enrolment.status import Status
from rekam.enrolment.zones import zone_of_region
from rekam.exchange.master import MasterData
from rekam.station.letters import Letters
from rekam.station.recordings import Recording, Recordings
from rekam.station.store import Identity, StationStore
from rekam.trust.clock import LegalClock

__all__ = [
    "Handed",
    "Issued",
    "Papers",
    "Queued",
    "ReprintNeedsReason",
    "SuketNeedsCentre",
    "SuketNotForThisRecord",
    "SuketSwitchedOff",
    "answered",
]

MOST_REASON: Final = 80
"""Letters of a reason: it stands in one line on the copy."""
_TITLES: Final = {"proof": "Bukti perekaman", "suket": "Suket", "referral": "Rujukan", "slip": "Nomor antrean"}

NOT_CONFIRMED: Final = frozenset({Status.DUPLICATE_RECORD, Status.REJECTED, Status.ENROLL_FAILURE_AT_CENTRAL})
"""Results on which no letter may stand."""


class SuketSwitchedOff(RekamError):
    """This office does not issue letters (suket). Nothing was changed. Hand out the proof of recording; it shows
    the packet's number, and the card follows.
    """


class SuketNeedsCentre(RekamError):
    """This office issues letters (suket) only after the centre has received the recording; {number} is not there yet.
    Nothing was changed. Hand out the proof of recording and ask the resident to come back, or look again later.
    """


class SuketNotForThisRecord(RekamError):
    """The centre did not confirm recording {number}, so no letter can stand on it. Nothing was changed.
    Tell the resident the way out that is shown beside the recording.
    """


class ReprintNeedsReason(RekamError):
    """This paper was printed already, so a further copy needs a reason; copy and register bear it. Nothing was changed.
    Say why it is printed again, then print.
    """


@dataclass(frozen=True)
class Issued:
    """A copy that was noted in the register: its PDF, the `copy` from 1 on, the paper's `number`, and a `title` without
    personal data, for printers and their logs. `about` is a packet's id, a referral's key, or a
    ticket's (day/letter/number).
    """

    pdf: bytes
    about: str
    kind: str
    copy: int
    number: str

    @property
    def title(self) -> str:
        return f"{_TITLES[self.kind]} {self.number} ({self.copy})"


Queued = Callable[[Issued, str], object]
"""Puts a copy where it waits for the printer, with who asked for it; joins the transaction that notes the copy, so that
no crash leaves one that stands in the register and is on no way to paper.
"""


def answered(_paper: Issued, _by: str) -> None:
    """`Queued` of a copy whose bytes are the answer itself."""


@dataclass(frozen=True)
class Handed:
    """A line of the register: which copy of which paper, by whom, when (ISO UTC), and why for a further one."""

    kind: str
    copy: int
    number: str
    operator: str
    at: str
    reason: str


@dataclass(frozen=True)
class Papers:
    """Each copy is noted before its bytes are handed out; a reprint keeps the first number and bears a mark.
    `portal` is the address that proofs name, empty for none; `named` gives an operator's name, who signs by hand;
    `require` raises where this disk is known to be old, and a
    letter would have another's number.
    """

    store: StationStore
    recordings: Recordings
    legal: LegalClock
    fonts: Path
    master: MasterData
    letters: Letters
    portal: str = ""
    require: Callable[[], None] = lambda: None
    named: Callable[[str], str] = str
    _one: RLock = field(default_factory=RLock, repr=False, compare=False)

    def proof(self, packet_id: str, operator: str, reason: str = "") -> bytes:
        """The bukti perekaman as PDF. Raises `ReprintNeedsReason`."""
        return self.issue("proof", packet_id, operator, reason).pdf

    def suket(self, packet_id: str, operator: str, reason: str = "") -> bytes:
        """The letter as PDF. Raises `SuketSwitchedOff`, `SuketNeedsCentre`, `NoLetterNumbers`, `ReprintNeedsReason`."""
        return self.issue("suket", packet_id, operator, reason).pdf

    def issue(self, kind: str, packet_id: str, operator: str, reason: str = "", *, queued: Queued = answered) -> Issued:
        """One more copy. It is set first; then one transaction takes a letter's number, notes the copy and queues it.
        Raises `UnknownRecording` and what `proof` and `suket` raise; then nothing was noted.
        """
        with self._one:  # a double click is one copy and one question for a reason
            recording = self.recordings.find(packet_id)
            if kind == "suket":
                self._require_letter(recording)
            nth, now = self.copies(packet_id, kind) + 1, self.legal.now().at
            if nth > 1 and not reason.strip():
                raise ReprintNeedsReason
            copy = Copy(nth, now, self.named(operator), reason.strip()) if nth > 1 else None
            while True:  # again where the number went while the paper was set: a letter made void, a disk that was old
                number = self._number(kind, recording)
                pdf = self._proof(recording, copy) if kind == "proof" else self._suket(recording, number, copy)
                with self.store.tx():
                    if self._number(kind, recording) == number:
                        paper = Issued(pdf, packet_id, kind, nth, number)
                        self._note(paper, operator, now, copy)
                        queued(paper, operator)
                        return paper

    def _note(self, paper: Issued, operator: str, now: datetime, copy: Copy | None) -> None:
        at = now.isoformat(timespec="seconds")
        row = (paper.about, paper.kind, paper.copy, paper.number, operator, at, copy.reason if copy else "")
        with self.store.tx() as tx:
            if paper.kind == "suket":
                self.letters.take(paper.about, operator, at, self._year())
            tx.execute("INSERT INTO paper VALUES (?, ?, ?, ?, ?, ?, ?)", row)

    def _proof(self, recording: Recording, copy: Copy | None) -> bytes:
        identity, of_resident = self.store.identity(), self.recordings.particulars(recording.packet_id)
        proof = Proof(
            biodata=of_resident.biodata,
            photo=of_resident.photo or b"",
            number=PacketNumber.parse(recording.number),
            packet_id=recording.packet_id,
            salt=recording.salt,
            recorded_at=datetime.fromisoformat(recording.saved_at),
            letterhead=Letterhead(**identity.letterhead),
            station=f"{identity.station} {identity.name}",
            place=identity.place,
            operator=self.named(recording.operator),
            issuer=_issuer(identity),
            exceptions=of_resident.exceptions,
            check_at=self.portal,
            reference=self.master.reference(),
            copy=copy,
        )
        return render_proof(proof, key=_key(identity), fonts=self.fonts)

    def _require_letter(self, recording: Recording) -> None:
        refusal = self.suket_refusal(recording)
        if refusal is not None:
            raise refusal
        self.require()

    def _number(self, kind: str, recording: Recording) -> str:
        """Of the paper, as it stands now; a letter's is not taken by that. Raises `NoLetterNumbers`."""
        return recording.number if kind == "proof" else self.letters.next_of(recording.packet_id, self._year())

    def _year(self) -> int:
        return self.legal.now().at.astimezone(zone_of_region(self.store.identity().station)).year

    def _suket(self, recording: Recording, number: str, copy: Copy | None) -> bytes:
        identity, of_resident = self.store.identity(), self.recordings.particulars(recording.packet_id)
        zone = zone_of_region(identity.station)
        issued = self._first_issued(recording.packet_id, number).astimezone(zone).date()
        suket = Suket(
            biodata=of_resident.biodata,
            photo=of_resident.photo or b"",
            number=number,
            packet_number=PacketNumber.parse(recording.number),
            recorded_on=datetime.fromisoformat(recording.saved_at).astimezone(zone).date(),
            status=recording.status,
            basis=SuketBasis.FAMILY_CARD if recording.accepted_at is None else SuketBasis.REGISTER,
            letterhead=Letterhead(**identity.letterhead),
            place=identity.place,
            issued_on=issued,
            valid_until=half_a_year_after(issued),
            official=Official(**identity.official),
            issuer=_issuer(identity),
            reference=self.master.reference(),
            copy=copy,
        )
        return render_suket(suket, key=_key(identity), fonts=self.fonts)

    def _first_issued(self, packet_id: str, number: str) -> datetime:
        """A copy has the date of its letter, so that no reprint makes it valid for longer."""
        row = self.store.row(
            "SELECT at FROM paper WHERE packet_id = ? AND kind = 'suket' AND number = ? ORDER BY copy LIMIT 1",
            (packet_id, number),
        )
        return datetime.fromisoformat(row[0]) if row else self.legal.now().at

    def void_letter(self, packet_id: str, operator: str, reason: str) -> None:
        """The letter is torn up; the next one has a new number. Raises `NoLetterToVoid`, `VoidNeedsReason`."""
        recording = self.recordings.find(packet_id)
        at = self.legal.now().at.isoformat(timespec="seconds")
        self.letters.void(packet_id, recording.number, operator, at, reason)

    def suket_refusal(self, recording: Recording) -> RekamError | None:
        """Why the office's policy forbids this letter now; None when it may be issued."""
        policy = self.master.policy().suket or self.store.identity().suket_policy
        if policy == "off":
            return SuketSwitchedOff()
        if policy == "after_received" and recording.accepted_at is None:
            return SuketNeedsCentre(number=recording.number)
        if recording.status in NOT_CONFIRMED:
            return SuketNotForThisRecord(number=recording.number)
        return None

    def copies(self, packet_id: str, kind: str) -> int:
        """How many copies were handed out."""
        row = self.store.row("SELECT count(*) FROM paper WHERE packet_id = ? AND kind = ?", (packet_id, kind))
        return int(row[0]) if row else 0

    def register(self, packet_id: str) -> list[Handed]:
        """Every copy of this recording's papers, newest first."""
        rows = self.store.rows(
            "SELECT kind, copy, number, operator, at, reason FROM paper WHERE packet_id = ?"
            " ORDER BY at DESC, copy DESC",
            (packet_id,),
        )
        return [Handed(*row) for row in rows]


def _issuer(identity: Identity) -> str:
    return f"urn:rekam:office:{identity.office}"


def _key(identity: Identity) -> DocumentKey:
    return DocumentKey(identity.document, identity.document_chain[0])
