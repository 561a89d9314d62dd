"""Every tuning constant of the iris code and its comparison, with its source; filters in pixels of the strip.

"Measured" means chosen on MMU1 (Multimedia University, 450 images).
"""

from typing import Final

CODE_BITS: Final = 2048
"""Daugman 2004."""
CODE_COLUMNS: Final = 256
"""Bits round the iris; 1.4 degrees each, so that whole-bit rotations miss the true one by 0.7 degrees at most."""
CODE_PLANES: Final = CODE_BITS // CODE_COLUMNS
"""Bits at each angle: two phase bits of each of four filters or radii."""
LEAST_COMMON_BITS: Final = 128
"""Pairs that share fewer bits are not compared."""
TYPICAL_COMMON_BITS: Final = 911
"""The count at which normalisation changes nothing; Daugman 2007 found 911 of 2048 typical. MMU1 has 1,250 here, hence
distances below 0; only the scale depends on this, not the order."""
FILTER_ROWS: Final = (5.0, 14.0, 24.0, 36.0)
"""Strip rows of the filters' centres: the outer third is where lids lie and where the texture is poorest (measured)."""
FILTER_ROW_SPREAD: Final = 3.5
"""Radial standard deviation of a filter, strip rows (measured: more blurs, less is noise)."""
FILTER_WAVE: Final = 31.0
"""Wave length along the strip, columns of 512: 22 degrees (measured: longer helps the EER, shorter FMR 1e-4)."""
FILTER_COLUMN_SPREAD: Final = 6.5
"""Standard deviation along the strip, columns: 0.21 wave lengths, a band of more than two octaves (measured)."""
FRAGILE_SHARE: Final = 0.12
"""Bits whose response is among the weakest share flip by chance and are masked (Hollingsworth, Bowyer, Flynn 2009)."""
LEAST_SUPPORT: Final = 0.6
"""Share of a filter's weight that must lie on visible iris for its bits to count (measured)."""
WIDEST_TURN: Final = 45.0
"""Degrees of head tilt searched to either side; nearly all of MMU1 is within 25, one eye is at 42-59."""
