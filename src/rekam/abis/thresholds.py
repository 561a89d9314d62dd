"""Every constant of a decision, with its source. What a score says is no constant: it is fitted, see `curves`."""

from typing import Final

# --- one person's samples that fail together ------------------------------------------------------------------------
FINGERS_FAIL: Final = 0.01
HAND_FAILS: Final = 0.02
"""The shares of recordings in which all fingers, or all those of one hand, look like a stranger's: worn or wet fingers,
a bandage, samples spoilt on purpose. Assumed, not measured: no set here tells which prints were taken in one sitting.
Twice as much or half of one moves a floor by 0.7."""

IRISES_FAIL: Final = 0.01
"""The same for both eyes (contact lenses, glasses, closed lids). Measured where both eyes lie side by side: both look
like strangers' in 0 of 450 pairs of recordings (mmu1) and in 4 of 1,221 (CASIA-Interval), 0.24 % of all where
independent failures would give 0.02 %; the rest is assumed, for those sets were taken with care."""

# --- samples in other slots than those they are labelled with --------------------------------------------------------
EYES_SWAPPED: Final = 0.005
HANDS_SWAPPED: Final = 0.005
FINGERS_REORDERED: Final = 0.005
"""The shares of recordings with such an error; assumed, and deliberately on the high side of what a careful operator
does. Each is paid for in full: a likelihood ratio is multiplied by the share that its arrangement has, for reordered
fingers divided by the number of orders with as many displaced fingers. So accidental likeness in any of millions of
orders does not raise the rate of false matches by more than 1.5 %."""

# --- verdicts -------------------------------------------------------------------------------------------------------
SMALLEST_GALLERY: Final = 10
"""A search is never judged more leniently than one among so many: a single slot's best ratio then leads to experts,
not to a verdict."""

EXPERTS_FPIR: Final = 0.1
"""At most this share of first recordings goes to two experts, whatever slots are compared and however large the
gallery; with more than two slots it is far less (`prediction.predict` says how much)."""

MACHINE_FPIR: Final = 1e-6
"""The machine alone says DUPLICATE wrongly in at most one search in a million, however large the gallery."""
