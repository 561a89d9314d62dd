"""What can go wrong with one recording, on purpose."""

from typing import Literal

Flaw = Literal["dry", "partial", "blur"]
"""A bad attempt: of a finger dry skin, partial contact or movement; of an eye glare from a dry
surface, a nearly closed lid or movement."""

FingerFlaw = Literal[
    "dry", "wet", "light", "partial", "tip", "off-centre", "blur", "faint", "worn", "several", "inverted"
]
"""A bad attempt of a finger: dry or wet skin, light pressure, its side only, its tip only, beside the middle of the
glass, moved, faint all over, worn smooth, another finger beside it, or a scanner that gives light ridges."""
