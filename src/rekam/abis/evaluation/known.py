"""What is known of public sets: what other systems reach on them, and which of ours were tuned on them (known.json).

Peers were measured by this project on the same images and the same pairs.
"""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from fnmatch import fnmatchcase
from functools import cache
from pathlib import Path
from typing import Any


@dataclass(frozen=True, slots=True)
class Peer:
    """Another system's rates on a set; `fnmr` at FMR 1e-3."""

    system: str
    set: str
    eer: float
    fnmr: float


@dataclass(frozen=True, slots=True)
class Provenance:
    """What a set is and what it was used for; `odd_tuned`: constants were chosen on its people with odd numbers."""

    sets: str
    what: str
    use: str
    tuned: bool
    odd_tuned: bool = False


UNKNOWN = Provenance(
    "*", "not one of the public sets this engine was made with", "reported; never tuned on", tuned=False
)


def peers_on(set_name: str) -> Sequence[Peer]:
    """Every other system measured on this set."""
    return [peer for peer in (Peer(**told) for told in _known()["peers"]) if peer.set == set_name]


def systems() -> Sequence[str]:
    """Every other system, in a fixed order."""
    return list(dict.fromkeys(peer["system"] for peer in _known()["peers"]))


def provenance_of(set_name: str) -> Provenance:
    """By the set's name."""
    told = (Provenance(**each) for each in _known()["provenance"])
    return next((each for each in told if fnmatchcase(set_name, each.sets)), UNKNOWN)


@cache
def _known() -> Any:
    return json.loads((Path(__file__).parent / "known.json").read_text("utf-8"))
