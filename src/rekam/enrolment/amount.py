"""An amount of bytes as people say it: `Amount`, a fact for sentences."""

from typing import Final

__all__ = ["Amount"]

_MEGA: Final = 1_000_000


class Amount(int):
    """Bytes; ``8,4 MB`` in Indonesian, ``8.4 MB`` in English, below a tenth of that ``12 kB``."""

    def words(self, lang: str) -> str:
        """See `rekam.enrolment.errors.Spoken`."""
        if self < _MEGA // 10:
            return f"{max(1, round(self / 1000))} kB"
        told = f"{self / _MEGA:.1f} MB"
        return told.replace(".", ",") if lang == "id" else told

    def __str__(self) -> str:
        return self.words("en")
