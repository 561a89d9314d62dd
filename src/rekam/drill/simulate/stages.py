"""Cheap stages in the places of the biometric ones; list, verdicts and effects stay the product's."""

from collections import defaultdict
from collections.abc import Callable
from typing import Any, ClassVar

from psycopg import Connection

from rekam.abis.verdict import Verdict as Likeness
from rekam.centre.case import Case
from rekam.centre.pipeline import Stage
from rekam.centre.registry import Found, Rows
from rekam.centre.sql import QUERIES
from rekam.centre.vault import Vault
from rekam.centre.verdict import Effect, Pass, Verdict
from rekam.drill.simulate.counter import FINGER
from rekam.enrolment.status import Status

__all__ = ["PersonExtraction", "PersonGallery", "PersonQuality", "Slowly"]


class PersonExtraction:
    """The "template" is the scanner's text, which names the person."""

    name: ClassVar[str] = "extraction"
    alone: ClassVar[bool] = False
    failing: ClassVar[Status | None] = None

    def run(self, case: Case) -> Verdict:
        return Pass((case.keep("templates", case.read(str(FINGER))),))


class PersonQuality:
    """Always good enough."""

    name: ClassVar[str] = "quality"
    alone: ClassVar[bool] = False
    failing: ClassVar[Status | None] = None

    def run(self, case: Case) -> Verdict:
        del case
        return Pass()


class PersonGallery:
    """What `Uniqueness` asks of a `Registry`: an index over the committed gallery entries, built anew at each start."""

    def __init__(self, vault: Vault) -> None:
        self._vault = vault
        self._position = 0
        self._persons: defaultdict[bytes, list[tuple[str, bytes]]] = defaultdict(list)

    def refresh(self, rows_of: Rows) -> int:
        """Take in what was committed since."""
        rows = rows_of("gallery_since", position=self._position, edition="")
        for position, _, packet_id, nik_hash, blob in rows:
            template = self._vault.get(blob, f"gallery/{packet_id}")
            self._persons[template].append((packet_id, nik_hash))
            self._position = position
        return len(rows)

    def probe(self, case: Case) -> bytes:
        """The person."""
        return case.read("templates")

    def compare_with_own(self, case: Case, probe: bytes) -> Found | None:
        """The newest other record of the same NIK that stands, or any."""
        mine = {"nik_hash": case.facts.nik_hash}
        found = case.row("standing_of_nik", **mine) or case.row("open_of_nik", **mine)
        if found is None:
            return None
        same = found[1] in [packet_id for packet_id, _ in self._persons[probe]]
        return Found(found[1], 30.0 if same else -5.0, Likeness.DUPLICATE if same else Likeness.ADJUDICATE)

    def closest_other(self, case: Case, probe: bytes) -> Found | None:
        """The same person under another NIK; of every second person the machine is not sure."""
        sure = probe[-1] % 2 == 0
        for packet_id, nik_hash in self._persons[probe]:
            if nik_hash != case.facts.nik_hash and packet_id != case.packet_id:
                likeness = Likeness.DUPLICATE if sure else Likeness.ADJUDICATE
                return Found(packet_id, 25.0 if sure else 9.0, likeness)
        return None

    def enter(self, case: Case, templates: bytes) -> Effect:
        """The probe becomes part of the gallery when the stage commits."""
        blob = self._vault.put(templates, f"gallery/{case.packet_id}")
        row = {"packet_id": case.packet_id, "nik_hash": case.facts.nik_hash, "blob": blob}
        row["gallery_id"] = case.packet_id[:32]

        def commit(tx: Connection[Any]) -> None:
            tx.execute(QUERIES.add_to_gallery, row)

        return commit


class Slowly:
    """A stage during which time may pass: `pause` is called between the stage's work and its commit."""

    def __init__(self, inner: Stage, pause: Callable[[str], None]) -> None:
        self._inner, self._pause = inner, pause
        self.name, self.alone, self.failing = inner.name, inner.alone, inner.failing

    def run(self, case: Case) -> Verdict:
        """As the stage, some time later."""
        verdict = self._inner.run(case)
        self._pause(self.name)
        return verdict
