"""The two hands as the finger step draws them: where each finger lies, palms down, as the resident sees them."""

from dataclasses import dataclass
from typing import Final

__all__ = ["FINGERS", "PALMS", "Finger"]

_WIDTH: Final = 400
_LEFT: Final = (  # position, x, y, width, height, turn in degrees
    (10, 10, 74, 23, 64, -16),
    (9, 36, 40, 24, 86, -6),
    (8, 66, 26, 25, 96, 0),
    (7, 95, 38, 24, 88, 6),
    (6, 128, 102, 25, 62, 38),
)
_LEFT_PALM: Final = (32, 116, 86, 76)


@dataclass(frozen=True)
class Finger:
    """A rounded bar in a drawing of 400 x 200 units, turned about its lower end."""

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
