"""The extract of the population register that biodata is checked against: `Population`."""

from collections.abc import Callable, Iterable
from typing import Any

import cbor2
from psycopg import Connection

from rekam.centre.sql import QUERIES
from rekam.enrolment.biodata import Biodata
from rekam.trust.at_rest import DataKey

__all__ = ["Population"]


class Population:
    """Biodata by the keyed hash of the NIK, each row sealed under the data key."""

    def __init__(self, key: DataKey, hash_nik: Callable[[str], bytes]) -> None:
        self._key = key
        self._hash = hash_nik

    def find(self, row: Callable[..., Any], nik_hash: bytes | None) -> Biodata | None:
        """The register's biodata of that NIK, None where it has none. `row` runs one named query."""
        found = row("register_entry", nik_hash=nik_hash)
        if found is None or nik_hash is None:
            return None
        return Biodata.from_map(cbor2.loads(self._key.open(bytes(found[0]), b"register/" + nik_hash)))

    def load(self, connection: Connection[Any], people: Iterable[Biodata]) -> int:
        """Takes over an extract in one transaction; the newest entry of a NIK counts. Returns how many."""
        count = 0
        with connection.transaction():
            for person in people:
                nik_hash = self._hash(person.nik)
                sealed = self._key.seal(cbor2.dumps(person.to_map()), b"register/" + nik_hash)
                connection.execute(QUERIES.put_register_entry, {"nik_hash": nik_hash, "sealed": sealed})
                count += 1
        return count
