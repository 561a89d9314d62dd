import json

import pytest

from rekam.abis.curves import FILE
from rekam.abis.footing import footing

CURVES = json.loads(FILE.read_text("utf-8"))


@pytest.mark.parametrize("kind", sorted(CURVES))
def test_each_curve_was_fitted_to_the_extractor_and_the_comparison_that_are_here(kind):
    stands_on, fitted_to = footing(kind), CURVES[kind]["fitted"]["footing"]
    again = "fit it anew: python bench/abis_calibration.py SETS --only KIND --write"
    assert stands_on["extractor_version"] == fitted_to["extractor_version"], again
    assert stands_on["scores"] == pytest.approx(fitted_to["scores"], abs=2e-6), again


def test_the_scores_tell_people_apart():
    scores = footing("finger/leader")["scores"]
    own, strangers = scores[0::4], [score for place, score in enumerate(scores) if place % 4]
    assert min(own) > 3 * max(strangers)
