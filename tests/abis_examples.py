"""Templates made without images: random minutiae and iris bits, and another impression of the same."""

import numpy as np

from rekam.abis.finger.template import FingerTemplate
from rekam.abis.iris.circle import Circle
from rekam.abis.iris.template import IrisTemplate
from rekam.abis.template_set import TemplateSet

MINUTIAE = 40


def random_finger(seed: int) -> FingerTemplate:
    draw = np.random.default_rng([1, seed])
    return FingerTemplate(
        x=draw.integers(40, 340, MINUTIAE).astype(np.int16),
        y=draw.integers(40, 440, MINUTIAE).astype(np.int16),
        direction=draw.integers(0, 256, MINUTIAE).astype(np.uint8),
        kind=draw.integers(1, 3, MINUTIAE).astype(np.uint8),
        quality_of=np.full(MINUTIAE, 70, np.uint8),
        width=380,
        height=480,
        quality=70,
    )


def random_iris(seed: int) -> IrisTemplate:
    draw = np.random.default_rng([2, seed])
    # runs of equal bits, as in true codes: with independent bits no rotation would ever come near a match
    code = np.packbits(
        np.repeat(draw.integers(0, 2, (8, 32)), 8, axis=1).reshape(-1).astype(np.uint8), bitorder="little"
    )
    return IrisTemplate(code, np.full(256, 255, np.uint8), 80, (), Circle(160, 120, 20), Circle(160, 120, 55))


def another_finger(template: FingerTemplate, seed: int) -> FingerTemplate:
    """The same finger, each minutia moved a little and every eighth lost."""
    draw = np.random.default_rng([3, seed])
    kept = np.arange(len(template)) % 8 != seed % 8
    return FingerTemplate(
        x=(template.x + draw.integers(-2, 3, len(template)))[kept].astype(np.int16),
        y=(template.y + draw.integers(-2, 3, len(template)))[kept].astype(np.int16),
        direction=(template.direction + draw.integers(-4, 5, len(template)))[kept].astype(np.uint8),
        kind=template.kind[kept],
        quality_of=template.quality_of[kept],
        width=380,
        height=480,
        quality=65,
    )


def another_iris(template: IrisTemplate, seed: int) -> IrisTemplate:
    """The same iris with a tenth of its bits changed."""
    draw = np.random.default_rng([4, seed])
    noise = np.packbits((draw.random(2048) < 0.1).astype(np.uint8))
    return IrisTemplate(template.code ^ noise, template.mask, 75, (), template.pupil, template.limbus)


def random_person(seed: int, fingers: tuple[int, ...] = (2, 7), irises: tuple[int, ...] = (1, 2)) -> TemplateSet:
    templates = {f"finger-{position}": random_finger(100 * seed + position) for position in fingers}
    return TemplateSet(templates | {f"iris-{side}": random_iris(100 * seed + side) for side in irises})


def another_recording(person: TemplateSet, seed: int) -> TemplateSet:
    return TemplateSet(
        {
            slot: another_finger(template, seed)
            if isinstance(template, FingerTemplate)
            else another_iris(template, seed)
            for slot, template in person.items()
        }
    )


def person_id(number: int) -> bytes:
    return number.to_bytes(16, "big")
