"""Every tuning constant of an iris image's quality: (value of 0, value of 1) of each component, with its source.

"Measured" means chosen on MMU1 (Multimedia University, 450 images).
"""

from typing import Final

QUALITY_VISIBLE: Final = (0.35, 0.8)
"""Visible share of the iris; ISO/IEC 29794-6 recommends 70 %."""
QUALITY_SHARPNESS: Final = (6.0, 14.0)
"""Iris radius over the width of the pupil's edge: 17-27 on MMU1, 10 after a blur of 2 source pixels, 8 after 3."""
QUALITY_LIMBUS_CONTRAST: Final = (4.0, 8.0)
"""Mean clipped contrast round the limbus (measured)."""
QUALITY_DROP: Final = (10.0, 30.0)
"""Grey levels between iris and pupil (measured)."""
QUALITY_INSIDE: Final = (0.7, 0.98)
"""Share of the limbus inside the image."""
QUALITY_DILATED: Final = (-0.78, -0.62)
"""Minus the ratio of pupil to iris; ISO/IEC 29794-6: at most 0.7."""
QUALITY_CONSTRICTED: Final = (0.14, 0.2)
"""Ratio of pupil to iris; ISO/IEC 29794-6: at least 0.2."""
QUALITY_RADIUS: Final = (25.0, 45.0)
"""Limbus radius in source pixels; an LG IrisAccess 2200 at 320x240 gives 50-60."""
QUALITY_REASON_LIMIT: Final = 0.6
"""A component below this is named as a reason."""
