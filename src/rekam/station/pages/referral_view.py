"""Referrals as pages show them: `referral_rows`, and what changed in biodata: `changes`."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any, Final

from rekam.enrolment.biodata import Biodata
from rekam.enrolment.reference import Reference
from rekam.station.opened import Opened
from rekam.station.referral.changes import Field, differing, written
from rekam.station.referral.referral import Referral, Standing, agrees
from rekam.web.i18n import N_, _

__all__ = ["EVIDENCE_NAMES", "FIELD_NAMES", "changes", "corrected_after", "lines_of", "referral_rows"]

FIELD_NAMES: Final = {
    Field.NIK: N_("NIK"),
    Field.NAME: N_("Nama"),
    Field.BIRTH_PLACE: N_("Tempat lahir"),
    Field.BIRTH_DATE: N_("Tanggal lahir"),
    Field.SEX: N_("Jenis kelamin"),
    Field.BLOOD_TYPE: N_("Golongan darah"),
    Field.ADDRESS: N_("Alamat"),
    Field.RELIGION: N_("Agama"),
    Field.MARITAL_STATUS: N_("Status perkawinan"),
    Field.OCCUPATION: N_("Pekerjaan"),
    Field.CITIZENSHIP: N_("Kewarganegaraan"),
}
EVIDENCE_NAMES: Final = {
    "kk": N_("Kartu keluarga"),
    "birth": N_("Akta kelahiran"),
    "marriage": N_("Akta perkawinan atau perceraian"),
    "court": N_("Penetapan pengadilan"),
    "school": N_("Ijazah"),
    "other": N_("Dokumen lain"),
}
_STANDINGS: Final = {
    Standing.NOT_YET: ("warning", N_("Belum diperbaiki di kartu keluarga")),
    Standing.PARTLY: ("warning", N_("Baru sebagian diperbaiki")),
    Standing.CORRECTED: ("success", N_("Biodata sudah diperbaiki, lanjutkan perekaman")),
    Standing.KEPT: ("success", N_("Sudah diperiksa loket: biodata tetap, lanjutkan perekaman")),
    Standing.GONE: ("warning", N_("NIK ini tidak ada lagi di daftar stasiun")),
}


def referral_rows(here: Opened, referrals: Iterable[Referral]) -> list[dict[str, Any]]:
    """Each with what became of it; `parked` where its sitting waits, `recorded`: the recording made since, or None."""
    rows = []
    for referral in referrals:
        standing, now = here.referrals.standing(referral)
        tone, words = _STANDINGS[standing]
        recorded = next((one for one in here.recordings.of_nik(referral.nik) if one.saved_at >= referral.at), None)
        rows.append(
            {
                "referral": referral,
                "href": f"/referrals/{referral.id.key}",
                "standing": standing,
                "tone": "success" if recorded else tone,
                "words": _("Sudah direkam sesudahnya") if recorded else _(words),
                "now": now,
                "fields": [_(FIELD_NAMES[field]) for field in Field if field in referral.said],
                "age": (here.legal.now().at - datetime.fromisoformat(referral.at)).total_seconds(),
                "parked": here.drafts.is_open(referral.sitting_id),
                "recorded": recorded,
            }
        )
    return rows


def lines_of(referral: Referral, now: Biodata | None, reference: Reference) -> list[dict[str, Any]]:
    """Each line that was wrong: as it was held, what the papers say, what stands there now (None: as it was)."""
    held = written(referral.held, reference)
    current = written(now, reference) if now else {}
    changed = set(differing(referral.held, now)) if now else set()
    return [
        {
            "name": _(FIELD_NAMES[field]),
            "held": held[field],
            "said": referral.said[field],
            "now": current[field] if field in changed else None,
            "agrees": now is not None and agrees(field, referral.said[field], current[field], now),
        }
        for field in Field
        if field in referral.said
    ]


def corrected_after(here: Opened, nik: str) -> dict[str, Any] | None:
    """When this resident's biodata were corrected after the newest recording here, and in which of its lines; None
    where they were not. The recording stays as it was signed.
    """
    told = here.residents.told(nik)
    recorded = here.recordings.of_nik(nik)
    if told is None or not recorded:
        return None
    newest = max(recorded, key=lambda one: one.saved_at)
    signed = here.recordings.particulars(newest.packet_id).biodata
    lines = [_(FIELD_NAMES[field]) for field in differing(signed, here.residents.find(nik))]
    return {"at": told.at or newest.saved_at, "lines": lines} if lines else None


def changes(before: Biodata, after: Biodata, reference: Reference) -> list[dict[str, str]]:
    """The lines that changed, as they were and as they are."""
    old, new = written(before, reference), written(after, reference)
    return [
        {"name": _(FIELD_NAMES[field]), "before": old[field], "after": new[field]} for field in differing(before, after)
    ]
