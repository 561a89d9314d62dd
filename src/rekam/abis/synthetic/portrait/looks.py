"""What a drawn person looks like: drawn once from the seed, the same on every picture."""

from dataclasses import dataclass
from typing import Literal

import numpy as np

from rekam.abis.synthetic.portrait import palette
from rekam.abis.synthetic.portrait.canvas import Colour, shade

Hair = Literal["short", "side parting", "long", "tied back", "headscarf"]


@dataclass(frozen=True)
class Looks:
    """Colours, and lengths in pixels of a picture 480 wide; the nearer `age` is to 1, the older."""

    woman: bool
    age: float
    skin: Colour
    hair_colour: Colour
    hair: Hair
    cloth: Colour
    scarf: Colour
    patterned: bool
    half_width: float
    jaw: float
    chin: float
    eye_distance: float
    eye_width: float
    eye_height: float
    eye_slant: float
    brow_thickness: float
    brow_lift: float
    nose_width: float
    nose_length: float
    mouth_width: float
    lip: float
    smile: float
    moustache: bool


def draw_looks(rng: np.random.Generator, *, birth_year: int, woman: bool) -> Looks:
    """Looks of a grown Indonesian woman or man born about `birth_year`."""
    age = float(np.clip((1990 - birth_year) / 45, 0, 1))
    tone = float(rng.uniform(0, len(palette.SKINS) - 1))
    below, share = palette.SKINS[int(tone)], tone - int(tone)
    above = palette.SKINS[min(int(tone) + 1, len(palette.SKINS) - 1)]
    skin = tuple(a + (b - a) * share for a, b in zip(below, above, strict=True))
    grey = float(np.clip(age * 1.3 - 0.45 + rng.normal(0, 0.12), 0, 0.85))
    hair_colour = tuple(
        h + (g - h) * grey for h, g in zip(palette.pick(rng, palette.HAIRS), (190, 188, 186), strict=True)
    )
    styles: list[Hair] = ["long", "tied back", "headscarf"] if woman else ["short", "side parting"]
    shares = [0.25, 0.2, 0.55] if woman else [0.5, 0.5]
    return Looks(
        woman=woman,
        age=age,
        skin=skin,  # type: ignore[arg-type] # three in, three out
        hair_colour=hair_colour,  # type: ignore[arg-type] # three in, three out
        hair=styles[int(rng.choice(len(styles), p=shares))],
        cloth=palette.pick(rng, palette.CLOTHS),
        scarf=shade(palette.pick(rng, palette.SCARVES), float(rng.uniform(0.92, 1.1))),
        patterned=bool(rng.random() < 0.4),
        half_width=float(rng.uniform(82, 90) + (0 if woman else 3)),
        jaw=float(rng.uniform(0.80, 0.90) + (0 if woman else 0.06)),
        chin=float(rng.uniform(392, 404) + (0 if woman else 4)),
        eye_distance=float(rng.uniform(37, 42)),
        eye_width=float(rng.uniform(19, 23)),
        eye_height=float(rng.uniform(7.5, 10.5)),
        eye_slant=float(rng.uniform(-0.5, 3.5)),
        brow_thickness=float(rng.uniform(3.2, 5.0) + (0 if woman else 2.0)),
        brow_lift=float(rng.uniform(26, 31)),
        nose_width=float(rng.uniform(17, 23) + (0 if woman else 2)),
        nose_length=float(rng.uniform(50, 58)),
        mouth_width=float(rng.uniform(27, 34)),
        lip=float(rng.uniform(6.5, 9.5)),
        smile=float(rng.uniform(0.5, 4.5)),
        moustache=bool(not woman and rng.random() < 0.2),
    )
