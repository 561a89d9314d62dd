"""What keeps a sitting from being sealed: `Problem`, one line of the review's error list."""

from dataclasses import dataclass
from enum import StrEnum

from rekam.enrolment.slot import Slot

__all__ = ["Problem", "ProblemKind", "Problems"]


class ProblemKind(StrEnum):
    """The rules a finished sitting keeps (DOMAIN section 3, DESIGN section 2 step 1)."""

    SLOT_EMPTY = "slot-empty"
    SLOT_TWICE = "slot-twice"
    EXCEPTION_UNCONFIRMED = "exception-unconfirmed"
    CONFIRMED_BY_STRANGER = "confirmed-by-stranger"
    CONFIRMED_BY_OPERATOR = "confirmed-by-operator"
    NO_CONSENT = "no-consent"
    NO_REASON_TO_GO_ON = "no-reason-to-go-on"

    def words(self, lang: str = "id") -> str:
        """The problem as a sentence that says what to do, in Indonesian or, for ``en``, in English."""
        return _WORDS[self][lang == "en"]


_WORDS = {
    ProblemKind.SLOT_EMPTY: (
        "Belum direkam. Rekam, atau pilih alasan pengecualian.",
        "Not captured yet. Capture it, or choose the reason why it is missing.",
    ),
    ProblemKind.SLOT_TWICE: (
        "Terisi dua kali. Hapus salah satu.",
        "Filled twice. Remove one of the two.",
    ),
    ProblemKind.EXCEPTION_UNCONFIRMED: (
        "Pengecualian belum disahkan. Minta supervisor mengesahkannya.",
        "The exception is not confirmed. Ask a supervisor to confirm it.",
    ),
    ProblemKind.CONFIRMED_BY_STRANGER: (
        "Pengecualian disahkan oleh orang lain, bukan supervisor perekaman ini. Minta pengesahan ulang.",
        "Someone other than this sitting's supervisor confirmed the exception. Have it confirmed again.",
    ),
    ProblemKind.CONFIRMED_BY_OPERATOR: (
        "Operator tidak boleh mengesahkan pengecualiannya sendiri. Minta supervisor lain.",
        "An operator cannot confirm their own exceptions. Ask another person to supervise.",
    ),
    ProblemKind.NO_CONSENT: (
        "Penduduk belum menyetujui perekaman. Bacakan ringkasan dan minta persetujuannya.",
        "The resident has not agreed to the recording. Read out the summary and ask.",
    ),
    ProblemKind.NO_REASON_TO_GO_ON: (
        "Pemeriksaan memberi peringatan. Tuliskan alasan perekaman dilanjutkan.",
        "The check gave a warning. Write down why the recording goes on.",
    ),
}


@dataclass(frozen=True)
class Problem:
    """One broken rule; `slot` where it concerns one."""

    kind: ProblemKind
    slot: Slot | None = None

    def words(self, lang: str = "id") -> str:
        """The sentence, with the position in front where there is one."""
        sentence = self.kind.words(lang)
        return f"{self.slot.label(lang)}: {sentence}" if self.slot else sentence


@dataclass(frozen=True)
class Problems:
    """All that keeps one sitting from being sealed, as one text."""

    held: tuple[Problem, ...]

    def words(self, lang: str = "id") -> str:
        """The sentences, one after the other."""
        return " ".join(problem.words(lang) for problem in self.held)
