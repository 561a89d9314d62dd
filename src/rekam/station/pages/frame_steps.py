"""One press of a button beside the photo's frame: `moved_frame`. The page's script takes the very same steps."""

from enum import StrEnum
from typing import Final

from rekam.web.i18n import N_

__all__ = ["FRAME_STEP", "MOVES", "Move", "moved_frame"]


class Move(StrEnum):
    """What a button does with the frame."""

    LEFT = "left"
    RIGHT = "right"
    UP = "up"
    DOWN = "down"
    WIDER = "wider"
    CLOSER = "closer"


FRAME_STEP: Final = 0.03
"""Share of the frame's height by which it moves, or grows, at one press."""
MOVES: Final = (
    (Move.LEFT, "←", N_("Geser bingkai ke kiri")),
    (Move.UP, "↑", N_("Geser bingkai ke atas")),
    (Move.DOWN, "↓", N_("Geser bingkai ke bawah")),
    (Move.RIGHT, "→", N_("Geser bingkai ke kanan")),
    (Move.WIDER, "−", N_("Perkecil wajah")),
    (Move.CLOSER, "+", N_("Perbesar wajah")),
)
"""(what it does, its sign, its words) of each button."""
_ASPECT: Final = 3 / 4


_WAYS: Final = {
    Move.LEFT: (-1, 0, 0),
    Move.RIGHT: (1, 0, 0),
    Move.UP: (0, -1, 0),
    Move.DOWN: (0, 1, 0),
    Move.WIDER: (-_ASPECT / 2, -1 / 2, 1),
    Move.CLOSER: (_ASPECT / 2, 1 / 2, -1),
}
"""Steps of the upper left corner to the right and down, and of the height."""


def moved_frame(x: float, y: float, height: float, move: Move | None) -> tuple[float, float, float]:
    """(x, y, height) after one step; a wider and a closer frame keep their middle."""
    if move is None:
        return x, y, height
    right, down, taller = (FRAME_STEP * height * share for share in _WAYS[move])
    return x + right, y + down, height + taller
