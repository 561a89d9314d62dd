"""Every constant of the LEADER extractor, with its source.

R. Cappelli, "LEADER: Lightweight End-to-end Attention-gated Dual Encoder-decodeR for robust fingerprint minutiae
extraction", 2025; weights from the PyPI package `pyfing` 0.7.3 (MIT). On which images they were trained is not
documented.
"""

PACKAGE = "pyfing"
WEIGHTS_FILE = "pyfing/models/LEADER.weights.h5"
WEIGHTS_SHA256 = "0cbf12af936482d10ba54b23f40a9b192ab767df2f81bc96c5954585735fefe6"

EXTRACTOR = "leader"
EXTRACTOR_VERSION = 1  # rises with every change that may change a template
CONVERTER_VERSION = 2  # rises with every change of the graph that convert.py makes

# --- the network (pyfing 0.7.3, minutiae_end_to_end.py) -----------------------------------------------------
SIDE_MULTIPLE = 32  # five halvings of the picture
NORM_EPSILON = 1e-3  # Keras' LayerNormalization
SUPPRESSION_WINDOW = 7  # pixels; one minutia stands in it
ENDING_LEAST = 0.5  # of the map of kinds: an ending, otherwise a bifurcation

SURROUNDINGS = 9  # features around a minutia that decide its direction and kind

# --- what is given to it and taken of its answer ---------------------------------------------------------------
MARGIN = 16  # pixels around the foreground
LARGEST_PICTURE = 1_000_000  # pixels at 500 dpi, 50 x 50 mm; a thumb rolled from nail to nail takes 40 x 38 mm
LIKELIHOOD_LEAST = 0.2  # chosen on fvc2004: mean EER 1.09 % (ADR 0014); the author's default of 0.6 gave 2.05 %
CERTAIN = 0.6  # so likely are those that count for the quality of a print; the author's default
