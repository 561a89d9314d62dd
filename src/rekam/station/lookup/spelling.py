"""Names as they sound, whatever the spelling: `sound`, `words`.

Indonesian names stand in the register in the spelling of their year: the spellings of 1901 (Van Ophuijsen: oe, dj, tj,
sj, ch, j) and 1972 (EYD: u, j, c, sy, kh, y) live side by side, and at the counter people add variants of their own.
Two spellings that are said alike must give one sound; that two different names give one sound, too, costs a line in a
list that an operator reads anyway.
"""

import re
import unicodedata
from functools import lru_cache
from typing import Final

__all__ = ["MUHAMMAD", "sound", "words"]

_APOSTROPHES: Final = str.maketrans("", "", "'\"`´’‘ʼʿʾ“”")
_RULES: Final = tuple(
    (re.compile(pattern), put)
    for pattern, put in (
        (r"^CHR", "KR"),  # Christina, Kristina
        (r"[CK]H", "H"),  # Achmad, Akhmad, Ahmad
        (r"OE|OU", "U"),  # Soekarno
        (r"DJ", "J"),  # Djoko
        (r"TJ", "C"),  # Tjahjo
        (r"PH|[FVP]", "P"),  # Arief, Arip; Novi, Nopi
        (r"[SCZ]J|SY|Z", "S"),  # Sjarief, Syarif; Aziz, Asis
        (r"Q|CK", "K"),
        (r"X", "KS"),
        (r"(?<=[BDGJKST])H|(?<=^R)H", ""),  # Dhani, Yudha, Thomas, Shinta, Rhoma; not Nurhidayat
        (r"(?<=.)H$", ""),  # Aisyah, Aisya
        (r"J", "Y"),  # the j of 1901 is today's y, today's j was dj: one sound for all
        (r"Y(?![AEIOU])|(?<=[BCDGHKLMNPRST])Y", "I"),  # Henny, Rudy; Sofyan, Sofian
        (r"AE|EI", "AI"),  # Zaenal, Zainal
        (r"IE", "I"),  # Arief
        (r"O", "U"),  # Mochamad, Muhamad
        (r"UW", "U"),  # Suwarno, Suarno
        (r"(.)\1+", r"\1"),  # Muhammad
    )
)
MUHAMMAD: Final = "MUHAMAD"
_SHORT: Final = {
    **dict.fromkeys(("M", "MH", "MD", "MHD", "MHMD", "MUH", "MOH", "MOCH", "MUCH", "MUHD", "MOHD"), MUHAMMAD),
    **dict.fromkeys(("MUHAMED", "MUHAMET", "MUHAMAT", "MUHAMUD", "MUHAMADI"), MUHAMMAD),
    "ABD": "ABDUL",
    "ST": "SITI",
    "STI": "SITI",
}
"""What stands for a longer name; the keys are written short forms, or sounds."""
_TITLES: Final = frozenset({"H", "HJ", "HAJI", "HAJAH", "HAJJAH", "DR", "DRA", "DRS", "IR", "ALM", "BPK", "IBU", "SDR"})
"""In front of a name, and not part of it; KK have none since 2022 (Permendagri 73/2022)."""


@lru_cache(maxsize=65536)
def sound(word: str) -> str:
    """One word of a name as it sounds: capitals without doubles, ``SOEHARTO`` and ``Suharto`` as ``SUHARTU``.

    Of scripts that are not Latin only the case is levelled. Empty where nothing of `word` is said.
    """
    plain = "".join(c for c in unicodedata.normalize("NFKD", word.upper()) if c.isalnum())
    if not plain.isascii():
        return plain
    if plain in _SHORT:
        return _SHORT[plain]
    for pattern, put in _RULES:
        plain = pattern.sub(put, plain)
    return _SHORT.get(plain, plain)


def words(name: str) -> list[str]:
    """The written words of a name in capitals, without apostrophes, titles in front and punctuation."""
    plain = unicodedata.normalize("NFKC", name).upper().translate(_APOSTROPHES)
    found = [word for word in re.split(r"[\W_]+", plain) if word]
    while len(found) > 1 and found[0] in _TITLES:
        del found[0]
    return found
