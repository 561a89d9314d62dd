"""Keyed hashes of a NIK, one key and one purpose for each reader (DESIGN section 9): `NikHashes`."""

from dataclasses import dataclass, field
from datetime import date

from rekam.trust.at_rest import keyed_hash

__all__ = ["NikHashes"]


@dataclass(frozen=True)
class NikHashes:
    """Three keys, 32 bytes each: the registry's own, the portal's, and the one that stations share for the check.

    Whoever holds one key can try all NIKs against that reader's hashes and no other's.
    """

    registry_key: bytes = field(repr=False)
    portal_key: bytes = field(repr=False)
    check_key: bytes = field(repr=False)

    def registry(self, nik: str) -> bytes:
        """Names a person in the centre's tables."""
        return keyed_hash(self.registry_key, "centre-nik", nik)

    def portal(self, nik: str, birth_date: date) -> bytes:
        """Finds a status by NIK and birth date."""
        return keyed_hash(self.portal_key, "portal-status", f"{nik}/{birth_date.isoformat()}")

    def check(self, nik: str) -> bytes:
        """What the offline filter and the feed say of somebody who is recorded."""
        return keyed_hash(self.check_key, "filter", nik)
