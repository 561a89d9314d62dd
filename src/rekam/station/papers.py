"""What the counter prints without any network: proof of recording and, where the office's policy allows, suket."""

from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Final

from rekam.documents.code import DocumentKey
from rekam.documents.dates import half_a_year_after
from rekam.documents.papers import Letterhead, Official, Proof, Suket, SuketBasis
from rekam.documents.proof import render_proof
from rekam.documents.suket import render_suket
from rekam.enrolment.errors import RekamError
from rekam.enrolment.identifiers import PacketNumber
from rekam.enrolment.status import Status
from rekam.enrolment.zones import zone_of_region
from rekam.exchange.master import MasterData
from rekam.station.recordings import Recording, Recordings
from rekam.station.store import Identity, StationStore
from rekam.trust.clock import LegalClock

__all__ = ["Papers", "SuketNeedsCentre", "SuketNotForThisRecord", "SuketSwitchedOff"]

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


@dataclass(frozen=True)
class Papers:
    """Each copy is noted before its bytes are handed out; a reprint keeps the first number.
    `portal` is the address that proofs name, empty for none.
    """

    store: StationStore
    recordings: Recordings
    legal: LegalClock
    fonts: Path
    master: MasterData
    portal: str = ""

    def proof(self, packet_id: str, operator: str) -> bytes:
        """The bukti perekaman as PDF."""
        recording, identity = self.recordings.find(packet_id), self.store.identity()
        of_resident = self.recordings.particulars(packet_id)
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
            operator=recording.operator,
            issuer=_issuer(identity),
            exceptions=of_resident.exceptions,
            check_at=self.portal,
            reference=self.master.reference(),
        )
        self._note(recording, "proof", recording.number, operator)
        return render_proof(proof, key=_key(identity), fonts=self.fonts)

    def suket(self, packet_id: str, operator: str) -> bytes:
        """The letter as PDF. Raises `SuketSwitchedOff`, `SuketNeedsCentre`."""
        recording, identity = self.recordings.find(packet_id), self.store.identity()
        received = recording.accepted_at is not None
        refusal = self.suket_refusal(recording)
        if refusal is not None:
            raise refusal
        zone = zone_of_region(identity.station)
        today = self.legal.now().at.astimezone(zone).date()
        with self.store.tx():
            number = self._number_of(recording, identity, today.year)
            self._note(recording, "suket", number, operator)
        of_resident = self.recordings.particulars(packet_id)
        suket = Suket(
            biodata=of_resident.biodata,
            photo=of_resident.photo or b"",
            number=number,
            packet_number=PacketNumber.parse(recording.number),
            recorded_on=datetime.fromisoformat(recording.saved_at).astimezone(zone).date(),
            status=recording.status,
            basis=SuketBasis.REGISTER if received else SuketBasis.FAMILY_CARD,
            letterhead=Letterhead(**identity.letterhead),
            place=identity.place,
            issued_on=today,
            valid_until=half_a_year_after(today),
            official=Official(**identity.official),
            issuer=_issuer(identity),
            reference=self.master.reference(),
        )
        return render_suket(suket, key=_key(identity), fonts=self.fonts)

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

    def _number_of(self, recording: Recording, identity: Identity, year: int) -> str:
        """The number this recording's letter has, or the next one of this station's block (never 5)."""
        known = self.store.row(
            "SELECT number FROM paper WHERE packet_id = ? AND kind = 'suket' AND copy = 1", (recording.packet_id,)
        )
        if known is not None:
            return str(known[0])
        with self.store.tx() as tx:
            tx.execute(
                "INSERT INTO suket_number VALUES (?, 1) ON CONFLICT (year) DO UPDATE SET last = last + 1", (year,)
            )
        (last,) = self.store.rows("SELECT last FROM suket_number WHERE year = ?", (year,))[0]
        # a station installed anew counts from 1 again, under a block of its own
        block = identity.station if identity.epoch == 1 else f"{identity.station}.{identity.epoch}"
        return f"470/{last:04d}/{block}/{year}"

    def _note(self, recording: Recording, kind: str, number: str, operator: str) -> None:
        at = self.legal.now().at.isoformat(timespec="seconds")
        with self.store.tx() as tx:
            copy = self.copies(recording.packet_id, kind) + 1
            tx.execute(
                "INSERT INTO paper VALUES (?, ?, ?, ?, ?, ?)", (recording.packet_id, kind, copy, number, operator, at)
            )


def _issuer(identity: Identity) -> str:
    return f"urn:rekam:office:{identity.office}"


def _key(identity: Identity) -> DocumentKey:
    return DocumentKey(identity.document, identity.document_chain[0])
