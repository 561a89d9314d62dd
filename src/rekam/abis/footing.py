"""What a curve stands on: the extractor's version, and what the comparison says of a few people who do not exist.

A curve read with another comparison's scores calls strangers one person or a person strangers. So a curve keeps this
beside it, and a test asks whether it is still true.
"""

from typing import Any

from rekam.abis.curves import IRIS
from rekam.abis.finger import template as classical
from rekam.abis.finger.compare import compare as compare_fingers
from rekam.abis.finger.cylinders import prepare
from rekam.abis.finger.leader import parameters as leader
from rekam.abis.iris import template as iris
from rekam.abis.iris.compare import compare as compare_irises
from rekam.abis.synthetic.templates import TemplatePerson

__all__ = ["footing"]

_PEOPLE = (1, 2, 3)
_VERSIONS = {
    "finger/rekam-classical": classical.EXTRACTOR_VERSION,
    "finger/leader": leader.EXTRACTOR_VERSION,
    IRIS: iris.EXTRACTOR_VERSION,
}


def footing(kind: str) -> dict[str, Any]:
    """For a kind of template as `curves.json` names it: `extractor_version`, and `scores` of each of three people's
    first impressions with every second one, six digits.
    """
    if kind == IRIS:
        eyes = [[TemplatePerson(seed).iris("iris-1", moment) for seed in _PEOPLE] for moment in (0, 1)]
        scores = [compare_irises(first, second).distance for first in eyes[0] for second in eyes[1]]
    else:
        prints = [[prepare(TemplatePerson(seed).finger("finger-2", moment)) for seed in _PEOPLE] for moment in (0, 1)]
        scores = [compare_fingers(first, second) for first in prints[0] for second in prints[1]]
    return {"extractor_version": _VERSIONS[kind], "scores": [round(score, 6) for score in scores]}
