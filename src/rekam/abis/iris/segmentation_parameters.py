"""Every tuning constant of finding the iris, from the image to the strip and its mask, with its source.

Lengths are pixels of the *working image* (longer side 640 px, see ``working_image``) unless a name says otherwise;
brightness is in grey levels of 8 bits. "Measured" means chosen on MMU1 (Multimedia University, 450 images).
"""

from typing import Final

# --- working image --------------------------------------------------------------------------------------------------
MIN_SIDE: Final = 100
"""Shorter side of the smallest image worth looking at, source pixels; its iris would be some 40 px across."""
WORKING_SIDE: Final = 640
"""Longer side images are brought to: VGA as ISO/IEC 19794-6 recommends; 320x240 gains from doubling (measured)."""
CONTRAST_PERCENTILES: Final = (2.0, 90.0)
"""Percentiles of an image between which its contrast is taken."""
USUAL_CONTRAST: Final = 150.0
"""Images with less than this are stretched; MMU1 has 150-210, CASIA 130-200."""
MOST_GAIN: Final = 3.0
"""Most that they are stretched by: more shows nothing but noise."""
DARKEST_LEVEL: Final = 20.0
"""Where the dark end of a stretched image comes to lie."""
REFLECTION_SIZE: Final = 31
"""Thickest lamp reflection removed, px: two touching lamps of an LG IrisAccess at twice its size (measured)."""
REFLECTION_CONTRAST: Final = 45
"""A reflection stands out from its surroundings by this much (measured)."""
REFLECTION_CORE: Final = 90
"""Its brightest point stands out by this much; bright stroma does not (measured)."""
REFLECTION_LEVEL: Final = 0.75
"""Its brightest point reaches this share of the image's brightest half per cent; skin between lashes rarely does."""
REFLECTION_SPAN: Final = 140
"""Widest group of touching reflections, px: the ring of eight diodes of the CASIA camera; lit lids are wider."""
REFLECTION_REACHES: Final = (5, 11, 25)
"""Sides of the neighbourhoods that fill a reflection, in pixels of half the working image, nearest first."""
REFLECTION_KNOWN: Final = 0.15
"""Share of a neighbourhood that must be seen for a reflection to be filled from it."""

# --- coarse search for the eye (at a quarter of the working size) ---------------------------------------------------
COARSE: Final = 4
"""Working pixels to a pixel of the coarse search."""
COARSE_ANGLES: Final = 32
"""Rays to a circle in the coarse search."""
PUPIL_STRIDE: Final = 2
"""Centres are tried at every second pixel, then at each around the best."""
PUPIL_RADII: Final = (4, 34)
"""Pupil radii tried, coarse pixels: 16-136 px, a 2-9 mm pupil (ISO/IEC 29794-6) with the iris at 60-260 px radius."""
DARK_PERCENTILE: Final = 35.0
"""A pupil's centre lies among the darkest third of the image."""
PUPIL_CLIP: Final = 30.0
"""Contrast across one ray of the pupil's edge counts up to this: a complete faint circle beats half a strong brow."""
BEYOND_CLIP: Final = 0.03
"""Contrast still counts by this share of itself beyond a clip: of two circles on a strong edge the middle one wins."""
PUPIL_UNEVEN_WEIGHT: Final = 0.5
"""What an uneven inside costs: the pupil is flat, the iris with its pupil is not (measured)."""
DARKEST_PERCENTILE: Final = 1.0
"""The level that the darkest things of the image have."""
PUPIL_LIGHT_WEIGHT: Final = 0.15
"""What a candidate's centre loses for each grey level above the darkest: spots on skin are no pupils (measured)."""
PUPIL_CANDIDATES: Final = 8
"""Pupil candidates that get a limbus search."""
LIMBUS_STRIDE: Final = 3
"""Centres are tried at every third pixel, then at each around the best; the contour's window takes up the rest."""
EYES_TRIED: Final = 4
"""Candidates followed to the end while each leaves a doubt."""
LIMBUS_RADII: Final = (12, 70)
"""Limbus radii tried, coarse pixels."""
LIMBUS_CLIP: Final = 12.0
"""As PUPIL_CLIP, for the fainter edge between iris and sclera (measured)."""
PUPIL_TO_IRIS: Final = (0.14, 0.75)
"""Ratio of pupil to iris radius in living eyes; 0.2-0.7 in ISO/IEC 29794-6, with a margin for coarse radii."""
USUAL_RING: Final = 0.4
"""A ring narrower than this share of its radius counts for less: the collarette is often taken for the limbus."""
LIMBUS_SHIFT: Final = 0.2
"""The limbus' centre lies within this share of its radius from the pupil's centre (Daugman 2004: commonly 15 %)."""
LIMBUS_RAY_SINES: Final = (-1.0, 0.0, 0.3, 1.0)
"""Sines of the ray directions for which weights are given: up, sideways, slightly down, down."""
LIMBUS_RAY_WEIGHTS: Final = (0.15, 1.0, 1.0, 0.6)
"""Weights of those rays; lids cover the top and bottom (Daugman 2004 drops them)."""
LIMBUS_WEIGHT: Final = 1.5
"""What a grey level of limbus contrast counts against one of pupil contrast (measured)."""

# --- contours (at full working size) --------------------------------------------------------------------------------
CONTOUR_ANGLES: Final = 256
"""Points to a contour."""
PUPIL_WINDOW: Final = (0.65, 1.45)
"""Where the pupil's edge is sought, in radii of the coarse circle; its whole-number radius may be 2 px of 16 off."""
PUPIL_EDGE_CLIP: Final = 12.0
"""Gradient, grey levels a pixel, above which more edge is no better edge."""
PUPIL_HARMONICS: Final = 6
"""Harmonics kept of the pupil's contour; Daugman 2007 keeps 17 coefficients, that is 8 harmonics, on larger images."""
FIRST_HARMONICS: Final = 2
"""Harmonics of the pupil before the lids are known: an ellipse, that a lid's shadow bends less."""
FIRST_STIFFNESS: Final = 0.2
"""As PUPIL_STIFFNESS, for those."""
PUPIL_STIFFNESS: Final = 0.05
"""Pull of a harmonic towards the circle, against a full edge's pull of 1 a ray."""
LIMBUS_WINDOW: Final = (0.85, 1.15)
"""Where the limbus is sought, in radii of the coarse circle."""
LIMBUS_EDGE_CLIP: Final = 4.0
"""As PUPIL_EDGE_CLIP, for the soft edge to the sclera."""
LIMBUS_HARMONICS: Final = 2
"""Daugman 2007 keeps 5 coefficients, that is 2 harmonics, an ellipse; 3 and 6 were worse on both sets (ADR 0017)."""
LIMBUS_STIFFNESS: Final = 0.15
"""Lids hide half the limbus at times, so its harmonics are held more firmly."""

LEAST_RING: Final = 1.12
"""The limbus is sought beyond this many radii of the pupil, lest the pupil's own edge be taken for it."""
COVERED_TRUST: Final = 0.02
"""What an edge under a lid counts against one in view."""
BESIDE_STEP: Final = 7.0
"""Towards the iris from a contour's point, px: there it must look like iris, or the edge is a lash's or lid's."""
BESIDE_TOLERANCE: Final = 1.5
"""How far from the iris' level it may lie, in its spreads, to count e^-0.5."""
LID_MARGIN: Final = 0.04
"""Edges this near a lid, in radii of the limbus, are the lid's own."""

# --- strip (rubber sheet) -------------------------------------------------------------------------------------------
STRIP_ROWS: Final = 64
"""Rows from pupil to limbus; an iris ring is 50-120 working pixels wide."""
STRIP_COLUMNS: Final = 512
"""Columns round the iris."""

# --- lids (lengths in radii of the limbus, on a grid over its disc) --------------------------------------------------
LID_COLUMNS: Final = 49
"""Columns of the grid, from the limbus' left to its right."""
LID_ROWS: Final = 97
"""Rows of the grid."""
LID_REACH: Final = 1.4
"""How far above and below the limbus' centre it reaches."""
LID_HEIGHTS: Final = tuple(-1.2 + 0.04 * step for step in range(36))
"""Heights of an upper lid's middle, from above the limbus to below the pupil's middle; a lower lid's mirror them."""
LID_SLOPES: Final = tuple(0.1 * step for step in range(-6, 7))
"""Slopes: a tilted head or a slanting lid, up to 31 degrees."""
LID_BENDS: Final = (-0.1, 0.0, 0.1, 0.2, 0.3, 0.4, 0.55, 0.7)
"""Bends: the height that the lid loses one radius aside."""
LID_USUAL_BEND: Final = 0.25
"""What most lids have."""
LID_BEND_COST: Final = 20.0
"""What straying from it costs, a unit."""
LID_SLOPE_COST: Final = 10.0
"""What a slope costs, a unit."""
LID_DISC: Final = 0.97
"""The iris' disc within which pixels are asked."""
LID_SKIN: Final = (1.0, 1.4, 0.75)
"""The skin's sample lies between these distances from the middle, and above the last."""
LID_BESIDE: Final = 0.4
"""The iris' sample lies no higher or lower than this."""
LID_OFF_PUPIL: Final = 1.15
"""And at least this far out, in radii of the pupil."""
LID_GREY_SPREAD: Final = 7.0
"""Smoothing of the samples' histograms, grey levels."""
LID_FLOOR: Final = 0.15
"""Share of pixels that may have any grey level."""
LID_IRIS_SPREAD: Final = (8.0, 18.0)
"""Bounds of the standard deviation of the iris' sample, grey levels."""
LID_LASHES: Final = (0.15, 0.7)
"""Share of a lid that is lashes and shadow, darker than this share of the iris' level, if the sample shows none."""
LID_EVIDENCE: Final = 2.0
"""A pixel's evidence is bounded by this, natural logarithm of a likelihood ratio."""
LID_EDGE_CLIP: Final = 12.0
"""Grey levels a row of the grid at which an edge counts fully."""
LID_EDGE_WEIGHT: Final = 2.0
"""What such an edge counts, in pixels' evidence."""

# --- occlusion (on the strip) ---------------------------------------------------------------------------------------
LEVEL_HARMONICS: Final = 3
"""Harmonics of the smooth brightness of the iris round the strip: shadows of nose and brow (measured)."""
LEVEL_STIFFNESS: Final = 0.02
"""Pull of those harmonics to nought, so that lids do not bend the level."""
LEVEL_SPREAD: Final = (5.0, 14.0)
"""Bounds of the texture's standard deviation, grey levels."""
LEVEL_ROUNDS: Final = 6
"""Rounds of the robust fit (Tukey's biweight)."""
SIDE_COSINE: Final = 0.5
"""Columns within 60 degrees of the horizontal count fully towards the level."""
BELOW_SINE: Final = 0.8
"""Columns within 37 degrees of straight down count half, for their inner two thirds: the lower lid rarely rises."""
BELOW_TRUST: Final = 0.5
"""Weight of those."""
LID_TRUST: Final = 0.05
"""Weight of the columns at the lids: enough to settle the level where the sides are in shadow (measured)."""
LID_ABOVE: Final = 3.5
"""Standard deviations above the level: skin, sclera, reflections (measured)."""
LASH_BELOW: Final = 4.5
"""Standard deviations below the level: lashes, lid shadow (measured)."""
LASH_GAP: Final = (5, 11)
"""Gaps in the mask that are closed, rows by columns: iris seen between lashes is shaded by them (measured)."""
OCCLUSION_MARGIN: Final = (3, 5)
"""The mask grows by this, rows by columns."""

# --- is it an eye at all? (limits lie outside the range seen on 450 MMU1 and 2639 CASIA-Interval eyes) ---------------
LEAST_PUPIL_CONTRAST: Final = 15.0
"""Mean clipped contrast round the pupil, of PUPIL_CLIP; the faintest eye had 17.7."""
LEAST_LIMBUS_CONTRAST: Final = 5.0
"""Mean clipped contrast round the limbus, of LIMBUS_CLIP; the faintest eye had 6.5."""
LEAST_OUTLINE: Final = 1.1
"""Supported share of the pupil's contour plus that of the limbus; the least had 1.2, four in five blots have less."""
LEAST_PUPIL_DROP: Final = 15.0
"""The pupil is darker than the iris by this many grey levels; the faintest eye had 33."""
LEAST_PUPIL_CLARITY: Final = 2.9
"""That drop in standard deviations of the pupil's or the iris' texture, the rougher one's; 1500 eyes had 2.96 up."""
MOST_PUPIL_ROUGHNESS: Final = 0.3
"""Mean step between neighbouring pupil radii, per cent of the radius: blots wander; 1500 eyes had 0.28 at most."""
MOST_FLATTENING: Final = 0.3
"""1 - short over long axis of the pupil; an eye turned 45 degrees away has 0.29, a cat's pupil more."""
MOST_WEAK_POINTS: Final = 4
"""Of the eight below; 1 eye in 10 has one, the weakest of 400 had 4, a drawn cat 6, noise and ridges 4-7."""
WEAK_PUPIL_CONTRAST: Final = 20.0
"""The worst hundredth of MMU1 and CASIA (people with odd numbers), as are the next."""
WEAK_LIMBUS_CONTRAST: Final = 7.5
"""See above."""
WEAK_OUTLINE: Final = 1.35
"""See above."""
WEAK_DROP: Final = 45.0
"""See above."""
WEAK_CLARITY: Final = 5.0
"""See above."""
WEAK_ROUGHNESS: Final = 0.19
"""See above."""
WEAK_VISIBLE: Final = 0.55
"""See above."""
WEAK_REFLECTIONS: Final = 0.14
"""Share of the strip that lamps take; see above."""
LEAST_VISIBLE: Final = 0.3
"""Share of the strip that must show iris; the most covered of 1500 eyes had 0.48, a closing eye's lashes 0.25."""
