"""People who do not exist as templates alone, thousands of times faster than by images: for galleries of many people.

Minutiae lie along the ridges of a pattern (`pattern`), an iris is a correlated random field; second impressions move,
bend, lose and add. How like real ones their scores are: docs/adr/0019.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from rekam.abis.finger.template import DIRECTION_UNIT, FingerTemplate
from rekam.abis.iris import code_parameters as code
from rekam.abis.iris.circle import Circle
from rekam.abis.iris.segmentation_parameters import STRIP_COLUMNS
from rekam.abis.iris.template import IrisTemplate
from rekam.abis.slots import Modality, modality_of
from rekam.abis.synthetic import template_parameters as p
from rekam.abis.synthetic.pattern import Pattern, draw_pattern
from rekam.abis.synthetic.streams import stream
from rekam.abis.template_set import TemplateSet

Floats = NDArray[np.float64]


@dataclass(frozen=True)
class TemplatePerson:
    """Equal seeds are the same person. Impression 0 is the first recording; each further number is another moment."""

    seed: int

    def recording(self, slots: tuple[str, ...], impression: int = 0) -> TemplateSet:
        """The templates of `slots`. Raises `UnknownSlot`."""
        return TemplateSet(
            {
                slot: self.iris(slot, impression)
                if modality_of(slot) is Modality.IRIS
                else self.finger(slot, impression)
                for slot in slots
            }
        )

    def finger(self, slot: str, impression: int = 0) -> FingerTemplate:
        """One impression of a finger, about 0.5 ms."""
        place, direction, kind = _minutiae(stream(self.seed, slot), int(slot.removeprefix("finger-")))
        return _pressed(stream(self.seed, slot, "impression", impression), place, direction, kind)

    def iris(self, slot: str, impression: int = 0) -> IrisTemplate:
        """One image's template of an eye."""
        field = _field(stream(self.seed, slot))
        rng = stream(self.seed, slot, "impression", impression)
        poor = float(rng.beta(*p.POOR_IRISES))
        seen = field + _between(p.NOISE, poor) * _field(rng)
        fragile = np.abs(seen) < np.quantile(np.abs(seen), code.FRAGILE_SHARE)
        bits, mask = seen > 0, ~(fragile | _lids(rng))
        tilt = round(rng.normal(0, p.HEAD_COLUMNS))
        packed = [np.packbits(np.roll(each, tilt, axis=1).ravel(), bitorder="little") for each in (bits & mask, mask)]
        return IrisTemplate(
            packed[0], packed[1], round(100 - 55 * poor), (), Circle(160, 120, 22), Circle(160, 120, 55)
        )


def _minutiae(rng: np.random.Generator, position: int) -> tuple[NDArray[np.complex128], Floats, NDArray[np.uint8]]:
    """A finger's minutiae: complex places from its centre (x right, y up), directions in radians, kinds."""
    wanted = max(round(rng.normal(*p.MINUTIAE)), 25)
    pattern = draw_pattern(rng, position)
    radius, angle = np.sqrt(rng.random(6 * wanted)), rng.uniform(0, 2 * np.pi, 6 * wanted)
    tried = radius * (p.REACH[0] * np.cos(angle) + 1j * p.REACH[1] * np.sin(angle))
    place = np.empty(wanted, np.complex128)
    count = 0
    for one in tried:
        if count < wanted and (np.abs(place[:count] - one) >= p.LEAST_SPACING).all():
            place[count], count = one, count + 1
    place = place[:count]
    # a ridge may end either way along itself
    direction = _ridge_directions(pattern, place) + np.pi * rng.integers(0, 2, count)
    return place, direction, rng.integers(1, 3, count).astype(np.uint8)


def _ridge_directions(pattern: Pattern, place: NDArray[np.complex128]) -> Floats:
    """As `pattern.ridge_directions`, at single places and without its random bends."""
    if pattern.kind == "arch":
        return np.arctan(-np.sin(np.pi * place.real / (2 * p.REACH[0])))
    directions = np.zeros(len(place))
    for points, sign in ((pattern.cores, 0.5), (pattern.deltas, -0.5)):
        for point in points:
            directions += sign * np.angle(place - point)
    return directions


def _pressed(
    rng: np.random.Generator, place: NDArray[np.complex128], direction: Floats, kind: NDArray[np.uint8]
) -> FingerTemplate:
    poor = float(rng.beta(*p.POOR_FINGERS))
    kept = rng.random(len(place)) >= _between(p.LOST, poor)
    place, direction, kind = place[kept], direction[kept], kind[kept]
    added = rng.poisson(_between(p.SPURIOUS, poor) * len(place))
    radius, angle = np.sqrt(rng.random(added)), rng.uniform(0, 2 * np.pi, added)
    place = np.append(place, radius * (p.REACH[0] * np.cos(angle) + 1j * p.REACH[1] * np.sin(angle)))
    direction = np.append(direction, rng.uniform(0, 2 * np.pi, added))
    kind = np.append(kind, rng.integers(1, 3, added)).astype(np.uint8)
    waves = [rng.normal(0, p.BEND) * np.sin(place.real / 90 + rng.uniform(0, 6.3)) for _ in range(2)]
    waves += [rng.normal(0, p.BEND) * np.sin(place.imag / 90 + rng.uniform(0, 6.3)) for _ in range(2)]
    jitter = rng.normal(0, _between(p.JITTER, poor), (2, len(place)))
    turn = np.radians(rng.normal(0, p.TURN_DEGREES))
    moved = place + waves[0] + waves[2] + jitter[0] + 1j * (waves[1] + waves[3] + jitter[1])
    moved = moved * np.exp(1j * turn) * (1 + rng.normal(0, p.STRETCH)) + complex(*rng.normal(0, p.SHIFT, 2))
    direction = direction + turn + rng.normal(0, _between(p.DIRECTION_JITTER, poor), len(place))
    shown = (moved.real / p.SHOWN[0]) ** 2 + (moved.imag / p.SHOWN[1]) ** 2 < 1
    moved, direction, kind = moved[shown], direction[shown], kind[shown]
    return FingerTemplate(
        x=np.clip(np.rint(p.WIDTH / 2 + moved.real), 0, p.WIDTH - 1).astype(np.int16),
        y=np.clip(np.rint(p.HEIGHT / 2 - moved.imag), 0, p.HEIGHT - 1).astype(np.int16),
        direction=(np.rint(direction / DIRECTION_UNIT).astype(np.int64) % 256).astype(np.uint8),
        kind=kind,
        quality_of=np.full(len(kind), round(95 - 50 * poor), np.uint8),
        width=p.WIDTH,
        height=p.HEIGHT,
        quality=round(100 - 45 * poor),
    )


def _field(rng: np.random.Generator) -> Floats:
    """What Gabor filters see of noise: a normal field over the code's planes and columns, variance 1.

    Bands as wide as the filters', alike from row to row.
    """
    shape = (len(code.FILTER_WAVES), len(code.FILTER_ROWS), code.CODE_COLUMNS)
    noise = rng.normal(size=shape) + 1j * rng.normal(size=shape)
    for row in range(1, shape[1]):
        noise[:, row] = p.ROW_LIKENESS * noise[:, row - 1] + (1 - p.ROW_LIKENESS**2) ** 0.5 * noise[:, row]
    waves = np.array(code.FILTER_WAVES) * code.CODE_COLUMNS / STRIP_COLUMNS
    frequency = np.fft.fftfreq(code.CODE_COLUMNS)
    band = np.exp(-2 * (np.pi * code.FILTER_COLUMN_SPREAD * (waves[:, None] * frequency - 1)) ** 2)
    band *= code.CODE_COLUMNS / np.sqrt((band**2).sum(axis=1, keepdims=True))
    seen = np.fft.ifft(noise * band[:, None], axis=2)
    return np.stack([seen.real, seen.imag], axis=2).reshape(code.CODE_PLANES, code.CODE_COLUMNS)


def _lids(rng: np.random.Generator) -> NDArray[np.bool_]:
    """What the upper lid and the lower hide of the outer rows."""
    hidden = np.zeros((len(code.FILTER_WAVES), len(code.FILTER_ROWS), 2, code.CODE_COLUMNS), np.bool_)
    for middle in (code.CODE_COLUMNS // 4, 3 * code.CODE_COLUMNS // 4):
        half = int(rng.integers(*p.LID_COLUMNS)) // 2
        hidden[:, len(code.FILTER_ROWS) // 2 :, :, middle - half : middle + half] = True
    return hidden.reshape(code.CODE_PLANES, code.CODE_COLUMNS)


def _between(ends: tuple[float, float], share: float) -> float:
    return ends[0] + share * (ends[1] - ends[0])
