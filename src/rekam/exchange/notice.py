"""An official message as places that follow the feed keep it: `HeldNotice`."""

from dataclasses import dataclass
from datetime import datetime

__all__ = ["HeldNotice"]


@dataclass(frozen=True)
class HeldNotice:
    """One notice: the centre's number and time, text and what to do, in both languages."""

    number: int
    at: datetime
    text_id: str
    text_en: str
    todo_id: str
    todo_en: str
