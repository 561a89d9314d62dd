"""What offices signed of residents since the register's extract was made: `Corrections` (docs/adr/0057)."""

import hashlib
from dataclasses import dataclass
from typing import Any

from psycopg import Connection

from rekam.centre.case import Case
from rekam.centre.sql import QUERIES
from rekam.centre.verdict import Effect
from rekam.enrolment.biodata import Biodata
from rekam.exchange.corrections import Correction, CorrectionsUnreadable, Note
from rekam.exchange.signed_correction import SignedCorrection
from rekam.trust.at_rest import DataKey
from rekam.trust.keys import VerifyKey

__all__ = ["Corrections", "Said"]

_REGENCY = 4
"""Digits of a village's code that name its office."""


@dataclass(frozen=True)
class Said:
    """`biodata` as the resident's `office` has them, None where its word does not count: then `doubt` says why, for
    those who ask the office. `effects` keep what was signed, also where it does not count.
    """

    office: str = ""
    biodata: Biodata | None = None
    doubt: str = ""
    effects: tuple[Effect, ...] = ()


class Corrections:
    """Believes an office of the residents of its own regency alone, and its newest word alone.

    Every word that is believed to be an office's own is kept, sealed under the data key; the register stays as it is.
    """

    def __init__(self, key: DataKey, root: VerifyKey) -> None:
        self._key = key
        self._root = root

    def heard(self, case: Case, evidence: bytes | None, known: Biodata) -> Said:
        """What the recording's `evidence` (`SignedCorrection.to_bytes`) is worth; `known` is the register's entry of
        the resident. Never raises for what the evidence holds: people are asked then.
        """
        if evidence is None:
            return Said()
        try:
            correction, office = SignedCorrection.from_bytes(evidence).verified(self._root)
        except CorrectionsUnreadable:
            return Said(doubt="Perbaikan yang menyertainya tidak dapat dibuktikan.")
        if correction.biodata.nik != known.nik:
            return Said(doubt="Perbaikan yang menyertainya mengenai NIK lain.")
        if {_regency(known), _regency(correction.biodata)} != {office.subject}:
            return Said(doubt=f"Perbaikan yang menyertainya dari dinas {office.subject}, bukan dinas domisilinya.")
        return self._of_its_own(case, evidence, correction, office.subject)

    def _of_its_own(self, case: Case, evidence: bytes, correction: Correction, office: str) -> Said:
        nik_hash = case.facts.nik_hash or b""
        digest = hashlib.sha256(correction.to_bytes()).digest()  # of what is said, under whatever certificate
        row = {"nik_hash": nik_hash, "office": office, "version": correction.version, "digest": digest}
        sealed = self._key.seal(evidence, b"correction/" + nik_hash)

        def keep(tx: Connection[Any]) -> None:
            tx.execute(QUERIES.put_correction, {**row, "packet_id": case.packet_id, "sealed": sealed})

        if correction.note is not Note.NONE:
            doubt = "Disdukcapil memberi catatan pada penduduk ini (meninggal, pindah, atau NIK tidak berlaku)."
        elif case.row("other_correction", **row) is not None:
            doubt = f"Disdukcapil {office} sudah memberi perbaikan yang lebih baru."
        else:
            return Said(office, correction.biodata, effects=(keep,))
        return Said(office, doubt=doubt, effects=(keep,))


def _regency(person: Biodata) -> str:
    return person.village.replace(".", "")[:_REGENCY]
