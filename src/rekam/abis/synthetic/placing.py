"""How a finger is put on the glass, well or badly."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace

import numpy as np

from rekam.abis.synthetic import parameters as p
from rekam.abis.synthetic.flaw import FingerFlaw


@dataclass(frozen=True)
class Placing:
    """Where and how a finger touches: pixels, degrees (counter-clockwise), and shares of a ridge.

    relief: height of the ridges, 1 unworn. faintness: share of the contrast that is lost. beside: pixels between this
    finger and another one, 0 where it lies alone.
    """

    shift: tuple[float, float]
    rotation: float
    contact_centre: tuple[float, float]
    contact_radii: tuple[float, float]
    pressure: float
    dryness: float
    scratches: int
    relief: float = 1.0
    faintness: float = 0.0
    beside: float = 0.0


def draw_placing(rng: np.random.Generator, flaw: FingerFlaw | None, strength: float = 1.0) -> Placing:
    """A placing as an operator gets it, or one as bad as `strength` 0-1 says."""
    dx, dy = rng.normal(0, 9), rng.normal(0, 12)
    radii = (rng.uniform(118, 142), rng.uniform(160, 190))
    centre = (float(rng.normal(0, 8)), float(rng.normal(0, 12)))
    part = centre, radii
    if flaw == "partial":
        part = (
            (float(rng.choice([-1, 1]) * rng.uniform(60, 85)), float(rng.uniform(-90, 90))),
            (rng.uniform(75, 95), rng.uniform(85, 110)),
        )
    placing = Placing(
        shift=(float(dx), float(dy)),
        rotation=float(np.clip(rng.normal(0, p.ROTATION_DEGREES), -20, 20)),
        contact_centre=_between(centre, part[0], strength),
        contact_radii=_between(radii, part[1], strength),
        pressure=float(rng.normal(0, p.PRESSURE_NOISE)),
        dryness=float(rng.uniform(0.25, 0.6)),
        scratches=int(rng.poisson(p.SCRATCHES)),
    )
    return _spoiled(placing, flaw, strength) if flaw else placing


def _between(good: tuple[float, float], bad: tuple[float, float], strength: float) -> tuple[float, float]:
    return good[0] + strength * (bad[0] - good[0]), good[1] + strength * (bad[1] - good[1])


def _spoiled(placing: Placing, flaw: FingerFlaw, strength: float) -> Placing:
    """The placing with what the flaw does to skin and contact; partial contact and movement are drawn elsewhere."""
    spoil = _SPOILERS.get(flaw)
    return spoil(placing, strength) if spoil else placing


def _dry(placing: Placing, strength: float) -> Placing:
    dryness = placing.dryness + strength * (p.DRY_SKIN - placing.dryness)
    return replace(placing, pressure=placing.pressure - strength * p.DRY_PRESSURE, dryness=dryness)


def _wet(placing: Placing, strength: float) -> Placing:
    return replace(placing, pressure=placing.pressure + strength * p.WET_PRESSURE)


def _light(placing: Placing, strength: float) -> Placing:
    return replace(
        placing,
        pressure=-strength * p.LIGHT_PRESSURE,
        dryness=placing.dryness * (1 - 0.7 * strength),
        contact_radii=_shrunk(placing, p.LIGHT_SHRINKING * strength, p.LIGHT_SHRINKING * strength),
        faintness=strength * p.LIGHT_FAINTNESS,
    )


def _tip(placing: Placing, strength: float) -> Placing:
    radii = _shrunk(placing, p.TIP_SHRINKING[0] * strength, p.TIP_SHRINKING[1] * strength)
    return replace(placing, contact_radii=radii, contact_centre=(0, p.TIP_CENTRE))


def _shrunk(placing: Placing, across: float, along: float) -> tuple[float, float]:
    wide, high = placing.contact_radii
    return wide * (1 - across), high * (1 - along)


def _off_centre(placing: Placing, strength: float) -> Placing:
    x, y = placing.shift
    return replace(placing, shift=(x + strength * p.OFF_CENTRE_PIXELS * (1 if x >= 0 else -1), y))


def _faint(placing: Placing, strength: float) -> Placing:
    return replace(placing, faintness=strength * p.FAINTNESS)


def _worn(placing: Placing, strength: float) -> Placing:
    return replace(placing, relief=1 - strength * p.WEAR, dryness=placing.dryness + strength * p.WORN_GRAIN)


def _several(placing: Placing, _strength: float) -> Placing:
    return replace(placing, beside=p.BESIDE_PIXELS)


_SPOILERS: Mapping[FingerFlaw, Callable[[Placing, float], Placing]] = {
    "dry": _dry,
    "wet": _wet,
    "light": _light,
    "tip": _tip,
    "off-centre": _off_centre,
    "faint": _faint,
    "worn": _worn,
    "several": _several,
}
