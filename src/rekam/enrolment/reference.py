"""The code lists and the region table that are in force at a place: `Reference`."""

from dataclasses import dataclass
from functools import cache

from rekam.enrolment.codes import CodeLists, packaged_codes
from rekam.enrolment.regions import Regions

__all__ = ["Reference", "packaged_reference"]


@dataclass(frozen=True)
class Reference:
    """What coded fields mean. What came with the program (`packaged_reference`) until something newer came down."""

    codes: CodeLists
    regions: Regions


@cache
def packaged_reference() -> Reference:
    """As the program came."""
    return Reference(packaged_codes(), Regions.load())
