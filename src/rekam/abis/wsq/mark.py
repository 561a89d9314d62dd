"""What every WSQ file begins with, for whoever must only tell one (WSQ specification 3.1, marker SOI)."""

from typing import Final

__all__ = ["START"]

START: Final = b"\xff\xa0"
