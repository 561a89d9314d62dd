"""What can go wrong with one recording, on purpose."""

from typing import Literal

Flaw = Literal["dry", "partial", "blur"]
"""A bad attempt: of a finger dry skin, partial contact or movement; of an eye glare from a dry
surface, a nearly closed lid or movement."""
