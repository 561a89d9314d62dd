"""Every tuning constant of the iris code and its comparison, with its source; filters in pixels of the strip.

"Measured" means chosen on the people with odd numbers of MMU1 and CASIA-Iris-Interval; ADR 0018 has the alternatives.
"""

from typing import Final

# --- code -----------------------------------------------------------------------------------------------------------
CODE_BITS: Final = 2048
"""Daugman 2004."""
CODE_COLUMNS: Final = 128
"""Bits round the iris, 2.8 degrees each; two words a plane. Twice as many, with half the filters, were worse."""
CODE_PLANES: Final = CODE_BITS // CODE_COLUMNS
"""Bits at each angle: two phase bits of each filter."""
FILTER_ROWS: Final = (5.0, 14.0, 24.0, 36.0)
"""Strip rows of the filters' centres: the outer third is where lids lie and where the texture is poorest (measured)."""
FILTER_ROW_SPREAD: Final = 3.5
"""Radial standard deviation of a filter, strip rows (measured: more blurs, less is noise)."""
FILTER_WAVES: Final = (15.0, 28.0)
"""Wave lengths along the strip, columns of 512, each at every row: 10.5 and 20 degrees (measured)."""
FILTER_COLUMN_SPREAD: Final = 0.21
"""Standard deviation along the strip in wave lengths: a band of more than two octaves (measured)."""
FRAGILE_SHARE: Final = 0.12
"""Bits whose response is among the weakest share flip by chance and are masked (Hollingsworth, Bowyer, Flynn 2009)."""
LEAST_SUPPORT: Final = 0.6
"""Share of a filter's weight that must lie on visible iris for its bits to count (measured)."""

# --- comparison -----------------------------------------------------------------------------------------------------
LEAST_COMMON_BITS: Final = 128
"""Pairs that share fewer bits are not compared."""
TYPICAL_COMMON_BITS: Final = 911
"""The count at which normalisation changes nothing; Daugman 2007 found 911 of 2048 typical. MMU1 has 1,250 here, hence
distances below 0; only the scale depends on this, not the order."""
WIDEST_TURN: Final = 45.0
"""Degrees of head tilt searched to either side; nearly all of MMU1 is within 25, one eye is at 42-59."""
SECTORS: Final = 8
"""Parts of the ring that may turn on their own, 45 degrees each (measured: half as wide agree too often by chance)."""
SECTOR_SLACK: Final = 2
"""Columns by which a sector may turn away from the whole, either way: 5.6 degrees (measured)."""
SECTOR_LOSS: Final = 2
"""Bits of agreement that each such column costs: nothing much (0 to 6 measured the same), but it settles the tilt."""
