"""Every tuning constant of the finger comparison, with its source.

Lengths are pixels at 500 dpi (1 px = 0.0508 mm); directions and turns are units of 360/256 degrees, as templates keep
them. "measured" means: chosen on FVC2004 set B, db1 to db4, with the minutiae of three extractors (our own, LEADER, a
vendor's ISO records), by the mean FNMR over FMR 0.1 to 5 % of scores cross-validated by set (ADR 0015).

The compiled kernels hold these numbers, and numba's cache does not see a change in this file: after one, remove the
`__pycache__` folder beside it.
"""

from math import pi

# --- minutia cylinder codes (Cappelli, Ferrara & Maltoni 2010, table 2) ------------------------------------------
CYLINDER_RADIUS = 70.0
CYLINDER_RINGS = 4  # of a hexagonal lattice round its middle: 61 cells, one word (measured: 256 cells gain nothing)
CYLINDER_SECTIONS = 6
SIGMA_S = 28 / 3
SIGMA_D = 2 * pi / 9
MU_PSI = 0.005
HULL_OFFSET = 50.0
LEAST_VALID_CELLS = 0.75
LEAST_NEIGHBOURS = 2
LEAST_MATCHABLE_CELLS = 0.5

# --- candidate pairs -----------------------------------------------------------------------------------------------
TURN_LIMIT = 53  # 75 degrees: prints turned by 60 whose minutiae's directions are 15 off (measured: 180 gain nothing)
LEAST_PAIRS = 2  # fewer cannot agree with one another
LEAST_MINUTIAE = 4
LIKELIEST = 120  # pairs ranked; one-to-one pairs are taken out of these
CANDIDATES = 20  # measured: 16 to 32 do alike

# --- agreement of two pairs, and relaxation (the same paper, section 4.3, with weights that cost no exponential) -----
AGREEING_TURN = 21.0  # of the two pairs' turns
AGREEING_LENGTH = 8.0  # of the distance between the two minutiae in both prints ...
AGREEING_STRETCH = 0.08  # ... and as a share of it: skin stretches
AGREEING_BEARING = 0.4  # sine of the angle between both distances after the turn
RELAXATION_STEPS = 5
RELAXATION_WEIGHT = 0.5
SCORED_LEAST = 4  # paper, equation 21
SCORED_MOST = 12
SCORED_MU = 20.0
SCORED_TAU = 2 / 5

# --- alignment of the whole prints (measured) -----------------------------------------------------------------------
ROUGH_REACH = 28.0
FINE_REACH = 18.0
REACH_TURN = 32
TURN_COST = 0.5
STRETCH_PRIOR = 2000.0  # px2: how strongly the affine map is held to the rigid one
STRETCH_MOST = 1.5  # an affine map that changes areas by more is no finger's

# --- evidence (measured) ----------------------------------------------------------------------------------------------
DISTORTION_SIGMA = 45.0  # how far a local shift of the skin reaches
DISTORTION_PRIOR = 1.0  # matched minutiae's worth of belief that there is none
RESIDUAL_SIGMA = 5.0  # what is left after it
RESIDUAL_TURN_SIGMA = 14.0
LEAST_RELAXED = 0.005  # so much and so few are found in any two prints
LEAST_MATCHED = 0.5
LEAST_POSSIBLE = 16.0  # a few minutiae that all match may do so by chance
EVIDENCE_WEIGHTS = (3.2, 3.8)  # of `evidence.figures`: logistic regression, genuine and impostor pairs alike
EVIDENCE_BIAS = -2.5
SCORE_SPREAD = (
    4.0  # the score is the logistic of the evidence over this, so that good pairs stay apart from one another
)
