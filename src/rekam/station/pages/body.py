"""The two hands as the finger step draws them: where each finger lies, palms down, as the resident sees them."""

from dataclasses import dataclass
from typing import Final

__all__ = ["FINGERS", "PALMS", "REACH", "Finger"]

_WIDTH: Final = 400
_LEFT: Final = (  # position, x, y, width, height, turn in degrees
    (10, 2, 74, 26, 66, -13),
    (9, 33, 40, 27, 88, -5),
    (8, 66, 26, 28, 98, 0),
    (7, 99, 38, 27, 90, 5),
    (6, 134, 108, 28, 58, 30),
)
_LEFT_PALM: Final = (24, 116, 106, 76)


REACH: Final = 4


@dataclass(frozen=True)
class Finger:
    """A rounded bar in a drawing of 400 x 200 units, turned about its lower end. What answers a press is wider: `REACH`
    to each side, so that neighbours meet and a finger's tip is enough.
    """

    position: int
    x: float
    y: float
    width: float
    height: float
    turn: float

    @property
    def mirrored(self) -> "Finger":
        """The same finger of the other hand."""
        position = self.position - 5 if self.position > 5 else self.position + 5
        return Finger(position, _WIDTH - self.x - self.width, self.y, self.width, self.height, -self.turn)

    @property
    def foot(self) -> tuple[float, float]:
        return self.x + self.width / 2, self.y + self.height


_LEFT_FINGERS: Final = tuple(Finger(*shape) for shape in _LEFT)
FINGERS: Final = (*_LEFT_FINGERS, *(finger.mirrored for finger in reversed(_LEFT_FINGERS)))
PALMS: Final = (_LEFT_PALM, (_WIDTH - _LEFT_PALM[0] - _LEFT_PALM[2], *_LEFT_PALM[1:]))
