"""Every tuning constant of a print's quality, its reasons and what is refused, with its source.

"measured" means: fitted on fvc2004 (320 prints of 40 fingers, four sets) by bench/finger_quality.py, cross-validated by
finger; fvc2002 served as a check only. "looked at" means: set between the real prints of both, which must not be
named, and the synthetic flaws, which must.
"""

# --- inverted: the ground is as dark as the finger's dark end (looked at) -----------------------------------------
INVERTED_GROUND_SHARE = 0.06  # of the picture; with less ground nothing can be told
INVERTED_SPAN = 25.0  # grey levels between the finger's dark and light ends
INVERTED_LEVEL = 0.12

# --- several fingers ----------------------------------------------------------------------------------------------
WIDEST_FINGER_MM = 30.0  # the broadest rolled thumb is 1.5 inches, a plain one under 1 (ANSI/NIST-ITL, FGP)
LONGEST_FINGER_MM = 60.0  # end joint and the next one
OTHER_FINGER_SHARE = 0.15  # of the larger one's foreground
OTHER_FINGER_RIDGES = 0.25
OTHER_FINGER_MM2 = 9.0
OTHER_JOINT_OVERLAP = 0.5  # of its columns

# --- declared resolution: pixels between ridges at 500 dpi -----------------------------------------------------------
LIKELY_RIDGES = 0.35  # share of clear ridges from which the spacing is believed
LIKELY_PERIODS = (4.9, 14.2)
USUAL_PERIODS = (6.0, 13.0)  # of the picture rescaled

# --- quality: logistic curve over four measures (measured) ------------------------------------------------------------
FULL_AREA_MM2 = 200.0  # measures count no further from here on
FULL_SHARE = 0.95
FULL_MINUTIAE = 24.0
FULL_CONTRAST = 40.0
QUALITY_WEIGHTS = (0.75, 4.74, 2.43, 1.25)  # ln area, share, ln minutiae, ln contrast
QUALITY_BASE = -0.68
QUALITY_BEST = (0.0, FULL_SHARE, 0.0, 0.0)
# a part of a finger may match this time and share no ground with the next print: the sets above, where most prints
# show the same middle, cannot tell
LIMITS = {"inverted": 50, "several-fingers": 30, "small-area": 65, "partial": 65}
SOUND = 97  # from this quality on nothing is held against a print but its limits

# --- reasons (looked at) ----------------------------------------------------------------------------------------------
FEW_MINUTIAE = 14
SMALL_AREA_MM2 = 70.0
UNCLEAR_SHARE = 0.5
SPOILED_SHARE = 0.72  # of clear ridges: with more, a dark or soft print does no harm
LOW_CONTRAST = 18.0  # grey levels
DRY_DARK = 0.32
DRY_CONTINUITY = 0.5
WET_DARK = 0.6
LIGHT_DARK = 0.33
LIGHT_CONTRAST = 40.0
SMUDGED_SHARPNESS = 0.56
SMUDGED_CONTINUITY = 0.56
PARTIAL_BREADTH_MM = 9.6
PARTIAL_LENGTH_MM = 12.5
CUT_SHARE = 0.3  # of a side of the print's box that lies on the picture's edge
FREE_MM = 2.5
WHOLE_BREADTH_MM = 11.0  # a print so broad or long is whole but for the side that is cut
WHOLE_LENGTH_MM = 14.0
