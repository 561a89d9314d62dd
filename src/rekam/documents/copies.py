"""The mark that every copy after the first bears, in words: `copy_mark`."""

from datetime import timezone

from rekam.documents.dates import moment
from rekam.documents.papers import Copy

__all__ = ["copy_mark"]


def copy_mark(copy: Copy | None, zone: timezone) -> dict[str, str] | None:
    """Facts for a template: ``title`` (``SALINAN ke-2``) and ``told`` (when, by whom, why); None for a first copy."""
    if copy is None:
        return None
    told = f"Dicetak ulang {moment(copy.at, zone)} oleh {copy.by}. Alasan: {copy.reason}."
    return {"title": f"SALINAN ke-{copy.nth}", "told": told}
