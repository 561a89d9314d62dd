"""What must never lie on a disk: other bytes than were sealed, and anything readable of a resident."""

import hashlib
from typing import TYPE_CHECKING, Final

from rekam.drill.simulate.cast import MARK

if TYPE_CHECKING:
    from rekam.drill.simulate.country import Country

__all__ = ["as_sealed", "nothing_readable"]

_SECRETS: Final = (MARK.encode(), b"jari rahasia", b"foto rahasia")
"""In every resident's address, every finger, every photo."""


def as_sealed(country: "Country") -> int:
    """7: every finished packet, wherever it lies, has the bytes that its name says."""
    looked = 0
    for machine in country.machines:
        for path, inode in machine.disk.files_now.items():
            folder, _, name = path.rpartition("/")
            if len(name) == 64 and "/packets/" in folder and "/partial" not in folder and "/damaged" not in folder:
                looked += 1
                if hashlib.sha256(inode.data).hexdigest() != name:
                    country.world.violated(7, f"{machine.name} holds other bytes as {name[:8]}")
    return looked


def nothing_readable(country: "Country") -> int:
    """16: no disk and no database holds a resident's data or a key in the clear."""
    keys = (country.cast.store_key, country.cast.data.to_bytes(), country.cast.centre.key.to_bytes())
    wanted = (*_SECRETS, *keys)
    looked = 0
    for place in country.places:
        country.world.exercise(16)
        for name, data in place.everything_stored():
            looked += 1
            if any(secret in data for secret in wanted):
                country.world.violated(16, f"{place.name}: {name} shows what it must not")
    return looked
