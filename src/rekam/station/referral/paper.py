"""Copies of a referral on paper: `ReferralPapers`. Each is noted before its bytes are handed out."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from threading import RLock
from typing import Final

from rekam.documents.papers import Copy, Letterhead
from rekam.documents.referral import ReferralPaper, render_referral
from rekam.enrolment.kk import KkNumber
from rekam.enrolment.reference import Reference
from rekam.enrolment.zones import zone_of_region
from rekam.station.papers import Issued, Queued, ReprintNeedsReason, answered
from rekam.station.referral.changes import Field, written
from rekam.station.referral.referral import Referral
from rekam.station.store import StationStore
from rekam.trust.clock import LegalClock

__all__ = ["ReferralPapers"]

FIELD_WORDS: Final = {
    Field.NIK: "NIK",
    Field.NAME: "Nama",
    Field.BIRTH_PLACE: "Tempat lahir",
    Field.BIRTH_DATE: "Tanggal lahir",
    Field.SEX: "Jenis kelamin",
    Field.BLOOD_TYPE: "Golongan darah",
    Field.ADDRESS: "Alamat",
    Field.RELIGION: "Agama",
    Field.MARITAL_STATUS: "Status perkawinan",
    Field.OCCUPATION: "Pekerjaan",
    Field.CITIZENSHIP: "Kewarganegaraan",
}
EVIDENCE_WORDS: Final = {
    "kk": "kartu keluarga",
    "birth": "akta kelahiran",
    "marriage": "akta perkawinan atau perceraian",
    "court": "penetapan pengadilan",
    "school": "ijazah",
    "other": "dokumen lain",
}


@dataclass(frozen=True)
class ReferralPapers:
    """Papers are Indonesian, whatever the screen speaks."""

    store: StationStore
    legal: LegalClock
    fonts: Path
    reference: Callable[[], Reference]
    named: Callable[[str], str] = str
    _one: RLock = field(default_factory=RLock, repr=False, compare=False)

    def issue(self, referral: Referral, operator: str, reason: str = "", *, queued: Queued = answered) -> Issued:
        """One more copy, noted and queued in one transaction. Raises `ReprintNeedsReason`; then nothing was noted."""
        which, now = referral.id, self.legal.now().at
        with self._one:
            nth = len(self.register(referral)) + 1
            if nth > 1 and not reason.strip():
                raise ReprintNeedsReason
            copy = Copy(nth, now, self.named(operator), reason.strip()) if nth > 1 else None
            pdf = render_referral(self._paper(referral, copy), fonts=self.fonts)
            issued = Issued(pdf, which.key, "referral", nth, which.number)
            at = now.isoformat(timespec="seconds")
            row = (which.epoch, which.n, nth, operator, at, copy.reason if copy else "")
            with self.store.tx() as tx:
                tx.execute("INSERT INTO referral_copy VALUES (?, ?, ?, ?, ?, ?)", row)
                queued(issued, operator)
        return issued

    def register(self, referral: Referral) -> list[tuple[int, str, str, str]]:
        """(copy, operator, at, reason) of every one, newest first."""
        rows = self.store.rows(
            "SELECT copy, operator, at, reason FROM referral_copy WHERE epoch = ? AND n = ? ORDER BY copy DESC",
            (referral.id.epoch, referral.id.n),
        )
        return [(int(copy), str(by), str(at), str(reason)) for copy, by, at, reason in rows]

    def _paper(self, referral: Referral, copy: Copy | None) -> ReferralPaper:
        identity, held = self.store.identity(), written(referral.held, self.reference())
        return ReferralPaper(
            number=referral.id.number,
            at=datetime.fromisoformat(referral.at),
            zone=zone_of_region(identity.station),
            letterhead=Letterhead(**identity.letterhead),
            station=f"stasiun {identity.station} {identity.name}",
            place=identity.place,
            operator=self.named(referral.by),
            name=referral.held.name,
            nik=held[Field.NIK],
            kk=KkNumber(referral.held.kk).grouped(),
            lines=[(FIELD_WORDS[each], held[each], referral.said[each]) for each in Field if each in referral.said],
            shown=[EVIDENCE_WORDS[paper] for paper in referral.shown],
            note=referral.note,
            copy=copy,
        )
