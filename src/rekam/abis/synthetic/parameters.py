"""Every constant of the synthetic people, with its source.

"Looked at" means: chosen by eye against FVC2002 and MMU1 images, then confirmed by the scores of
our own comparators on the result.
"""

# Fingers: the canvas on which a whole finger grows, and the image a 500 dpi scanner gives.
CANVAS = (464, 352)
FINGER_SHAPE = (400, 300)
FINGER_DPI = 500.0

# Natural class frequencies: Wilson, Candela & Watson, "Neural network fingerprint classification"
# (1993): arch 3.7 %, tented 2.9 %, left loop 33.8 %, right loop 31.7 %, whorl 27.9 %.
CLASS_SHARES = {"arch": 0.037, "tented arch": 0.029, "loop": 0.655, "whorl": 0.279}
ULNAR_SHARE = 0.95  # loops open to the little finger in about 95 % (Handbook of Fingerprint Recognition, 2nd ed.)

# Direction field: radians; looked at.
TIP_BEND = 0.75
DIRECTION_NOISE = 0.10
ANGLE_BEND = 0.16
LOOP_LEGS, WHORL_LEGS, LEGS_REACH = 0.75, 0.3, 120.0

# Ridge period at 500 dpi: mean about 9 px, 7 to 11 px over fingers (Handbook, section 3.3).
PERIOD_RANGE = (6.5, 12.0)
PERIOD_STEPS = 12
PERIOD_MEAN = (8.3, 9.8)
PERIOD_NOISE = 0.45

# Growth: Gabor kernels by direction and period; widths as shares of the period.
DIRECTION_STEPS = 64
KERNEL_RADIUS = 9
SIGMA_ACROSS = 0.36
SIGMA_ALONG = 0.62
GROWTH_STEPS = 14
GROWTH_GAIN = 2.0

# Impressions: standard deviations over placings, in degrees, shares of a ridge's height, pixels.
# Looked at; placing within 15 degrees is what the Handbook's SFinGe chapter takes.
ROTATION_DEGREES = 6.5
PRESSURE_NOISE = 0.22
DRY_PRESSURE, DRY_SKIN = 0.65, 2.2
WET_PRESSURE = 1.15
LIGHT_PRESSURE, LIGHT_SHRINKING, LIGHT_FAINTNESS = 0.8, 0.2, 0.3
OFF_CENTRE_PIXELS = 150.0
FAINTNESS = 0.9
WEAR, WORN_GRAIN = 0.85, 0.5
BESIDE_PIXELS = 30.0
TIP_SHRINKING, TIP_CENTRE = (0.55, 0.65), -60.0
PRESSURE_UNEVEN = 0.25
PULL_PIXELS = 2.6
PULL_SCALE = 110.0
SCRATCHES = 2.0
INK_STEEPNESS = 4.0
OPTICS_SIGMA = 0.8
SENSOR_NOISE = 4.0

# Eyes: picture size of common scanners (MMU1, LG IrisAccess 2200); texture rows and columns.
EYE_SHAPE = (240, 320)
TEXTURE = (64, 512)
# (rows, columns, share) of each band of fibres; looked at, then set by the scores.
TEXTURE_BANDS = ((14.0, 16.0, 0.7), (9.0, 6.0, 1.0), (5.0, 2.6, 0.7), (2.0, 1.2, 0.25))
CRYPTS = (8, 26)
TEXTURE_CONTRAST = 13.0
TEXTURE_CHANGE = 0.45
SHEET_BEND = 0.25
# Pupil against iris radius in near-infrared light: ISO/IEC 29794-6 wants 0.2 to 0.7.
PUPIL_RATIO = (0.34, 0.52)
PUPIL_LEVEL = 22.0
LASH_LEVEL = 48.0
TILT_DEGREES = 2.5
EYE_BLUR = (0.6, 1.1)
EYE_NOISE = 4.0

# Signature pads give about this shape.
SIGNATURE_SHAPE = (240, 600)
