"""The slip with a queue number, for a receipt printer 80 mm wide: `render_slip`."""

from dataclasses import asdict, dataclass
from datetime import datetime
from pathlib import Path

from rekam.documents.typesetting import Sheet

__all__ = ["Slip", "render_slip"]


@dataclass(frozen=True)
class Slip:
    """What stands on it, in the words that are printed. It names nobody. `priority`, `wait` and `copy`, the
    mark of a further one, may be empty; `at` is
    the moment (ISO, aware) that the PDF carries.
    """

    title: str
    number: str
    service: str
    priority: str
    counter: str
    day: str
    taken_at: str
    wait: str
    advice: str
    at: str
    copy: str = ""


def render_slip(slip: Slip, *, fonts: Path) -> bytes:
    """PDF, one page of 72 mm (what such a printer reaches) by as much as it needs. Raises FontsMissing, PaperNotSet."""
    return Sheet("slip", asdict(slip), {}, at=datetime.fromisoformat(slip.at)).pdf(fonts)
