"""Stages, states and likeness in the words of the people who work with them."""

from collections.abc import Mapping
from typing import Final

from rekam.centre.verdict import Queue
from rekam.enrolment.status import Status
from rekam.web.i18n import N_

__all__ = ["OUTCOMES", "QUEUES", "STAGES", "STATES", "VERDICTS", "likeness_of_people", "likeness_of_slot", "tone"]

STAGES: Final[Mapping[str, tuple[str, str]]] = {  # name, what it asks
    "unsealing": (N_("Buka segel"), N_("Paket dibuka menjadi salinan kerja")),
    "completeness": (N_("Kelengkapan"), N_("Setiap bagian terisi atau beralasan")),
    "attestation": (N_("Pengesahan petugas"), N_("Operator dan supervisor menyetujui")),
    "register": (N_("Data kependudukan"), N_("Biodata sama dengan data pusat")),
    "extraction": (N_("Ekstraksi"), N_("Ciri jari dan iris diambil ulang")),
    "quality": (N_("Mutu"), N_("Cukup untuk membedakan orang")),
    "uniqueness": (N_("Ketunggalan"), N_("Dibandingkan dengan semua rekaman")),
    "decision": (N_("Keputusan"), N_("Hasil dan perintah cetak")),
}

QUEUES: Final[Mapping[Queue, str]] = {
    Queue.ADJUDICATION: N_("menunggu ahli"),
    Queue.VALIDATION: N_("menunggu konfirmasi"),
    Queue.QUARANTINE: N_("dalam karantina"),
}

STATES: Final[Mapping[str, str]] = {
    "in_stage": N_("Dalam tahap"),
    "done": N_("Selesai"),
    "rejected": N_("Ditolak"),
    "quarantined": N_("Karantina"),
}

OUTCOMES: Final[Mapping[str, str]] = {
    "SAME_PERSON": N_("Orang yang sama"),
    "DIFFERENT_PERSONS": N_("Orang yang berbeda"),
}

VERDICTS: Final[Mapping[str, str]] = {
    "PASS": N_("Lanjut"),
    "WAIT": N_("Menunggu orang"),
    "SETTLE": N_("Hasil"),
    "REJECT": N_("Ditolak"),
    "QUARANTINE": N_("Karantina"),
    "RELEASE": N_("Dilanjutkan petugas"),
    "WITHHOLD": N_("Ditahan: kunci stasiunnya dicabut"),
    "UNIQUE": N_("Tunggal"),
    "SAME_PERSON": N_("Orang yang sama dengan rekaman terdahulu"),
    "ADJUDICATE": N_("Mirip, ditanyakan kepada ahli"),
    "DUPLICATE": N_("Ganda"),
}

_TONES = {
    Status.PRINT_READY_RECORD: "success",
    Status.DUPLICATE_RECORD: "danger",
    Status.REJECTED: "danger",
    Status.ENROLL_FAILURE_AT_CENTRAL: "danger",
    Status.SEARCH_FAILURE_AT_CENTRAL: "warning",
    Status.ADJUDICATE_RECORD: "warning",
    Status.REQUEST_VALIDATION: "warning",
    Status.QUARANTINED: "warning",
}


def tone(status: Status) -> str:
    """The badge's tone; the words beside it say the same."""
    return _TONES.get(status, "info")


def likeness_of_people(llr: float) -> tuple[str, str]:
    """What the machine's ratio means, as (tone, msgid). Odds of 100 to 1 are ln 100 = 4.6; 1,000 to 1 are 6.9."""
    if llr >= 6.9:
        return "warning", N_("Sangat mirip: menurut mesin jauh lebih mungkin satu orang daripada dua orang.")
    if llr >= 2.3:
        return "warning", N_("Mirip: menurut mesin lebih mungkin satu orang, tetapi belum pasti.")
    if llr > -2.3:
        return "info", N_("Tidak jelas: mesin tidak dapat membedakan satu orang dari dua orang.")
    return "success", N_("Tidak mirip: menurut mesin lebih mungkin dua orang yang berbeda.")


def likeness_of_slot(llr: float | None) -> tuple[str, str]:
    """The same for one finger or eye; None where either side has none."""
    if llr is None:
        return "neutral", N_("tidak dibandingkan")
    if llr >= 2.3:
        return "warning", N_("mirip")
    return ("info", N_("tidak jelas")) if llr > -1.0 else ("success", N_("tidak mirip"))
