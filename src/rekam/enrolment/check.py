"""What the counter was told when it asked "already recorded?": `CheckAdvice`. It advises and never refuses."""

from dataclasses import dataclass
from enum import StrEnum

__all__ = ["CheckAdvice", "CheckAnswer"]


class CheckAnswer(StrEnum):
    """The answers a station can give without the centre."""

    NOT_RECORDED = "not-recorded"
    RECORDED_HERE = "recorded-here"  # this station has a recording of this NIK
    RECORDED_ELSEWHERE = "recorded-elsewhere"  # the feed told of a recording of this NIK
    PERHAPS_RECORDED = "perhaps-recorded"  # the filter has false positives, never false negatives
    SAME_PERSON_HERE = "same-person-here"  # the station's own gallery holds these biometrics
    NOT_CHECKED = "not-checked"

    @property
    def warns(self) -> bool:
        """Whether the operator must note why the sitting goes on."""
        return self not in {CheckAnswer.NOT_RECORDED, CheckAnswer.NOT_CHECKED}

    def words(self, lang: str = "id") -> str:
        """The answer for a screen, in Indonesian or, for ``en``, in English."""
        return _WORDS[self][lang == "en"]


_WORDS = {
    CheckAnswer.NOT_RECORDED: ("Tidak diketahui pernah direkam", "Not known to be recorded"),
    CheckAnswer.RECORDED_HERE: ("NIK ini sudah direkam di stasiun ini", "NIK already recorded at this station"),
    CheckAnswer.RECORDED_ELSEWHERE: ("NIK ini sudah direkam di tempat lain", "NIK already recorded elsewhere"),
    CheckAnswer.PERHAPS_RECORDED: ("Kemungkinan besar sudah direkam", "Very probably recorded"),
    CheckAnswer.SAME_PERSON_HERE: ("Orang ini sudah direkam di sini", "This person was already recorded here"),
    CheckAnswer.NOT_CHECKED: ("Tidak diketahui", "Not known"),
}


@dataclass(frozen=True)
class CheckAdvice:
    """`source` names what answered (a filter's edition, the own gallery), `as_of` its date (ISO text, empty when
    unknown), `reason_to_go_on` what the operator noted when the answer warned.
    """

    answer: CheckAnswer
    source: str
    as_of: str = ""
    reason_to_go_on: str = ""
