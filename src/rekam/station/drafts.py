"""Half-done sittings, kept at every change: a power cut costs at most the capture at hand (journey step 2)."""

import json
from typing import Any, Final

from rekam.enrolment.errors import RekamError
from rekam.enrolment.sample import Slot
from rekam.station.draft_rows import capture_of, capture_row, sitting_of, state_of
from rekam.station.sitting import Capture, Sitting
from rekam.station.store import StationStore

__all__ = ["Drafts", "NothingCapturedYet", "UnknownSitting"]


_CAPTURE_HEAD: Final = "sitting_id, slot, media_type, quality, reasons, attempts, device, flags, x'', NULL, NULL, NULL"


class UnknownSitting(RekamError):
    """There is no open sitting {sitting_id} at this station: it was saved or closed. Nothing was changed.
    Look for the resident in the list of recordings, or begin a new sitting.
    """


class NothingCapturedYet(RekamError):
    """There is no image of {slot} in this sitting yet. Nothing was changed. Capture it first."""


class Drafts:
    """The open sittings of this station, whoever began them."""

    def __init__(self, store: StationStore) -> None:
        self._store = store

    def begin(self, sitting: Sitting) -> None:
        """A new sitting, durable when it returns."""
        head = (sitting.sitting_id, sitting.nik, sitting.opened_by, sitting.opened_at, state_of(sitting))
        with self._store.tx() as tx:
            tx.execute("INSERT INTO draft VALUES (?, ?, ?, ?, ?)", head)

    def keep(self, sitting: Sitting, *changed: Capture) -> None:
        """Durable when it returns: the state, and the captures that changed. Images are written once each.

        Raises `UnknownSitting` where it was saved or closed meanwhile: what is sealed never comes back as a draft.
        """
        with self._store.tx() as tx:
            tx.execute("UPDATE draft SET state = ? WHERE sitting_id = ?", (state_of(sitting), sitting.sitting_id))
            if not tx.changes():
                raise UnknownSitting(sitting_id=sitting.sitting_id)
            for capture in changed:
                tx.execute(
                    "INSERT OR REPLACE INTO draft_capture VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
                    capture_row(sitting.sitting_id, capture),
                )
            if sitting.exceptions:
                excepted = json.dumps([str(slot) for slot in sitting.exceptions])
                tx.execute(
                    "DELETE FROM draft_capture WHERE sitting_id = ? AND slot IN (SELECT value FROM json_each(?))",
                    (sitting.sitting_id, excepted),
                )

    def find(self, sitting_id: str) -> Sitting:
        """Raises `UnknownSitting`."""
        row = self._store.row("SELECT * FROM draft WHERE sitting_id = ?", (sitting_id,))
        if row is None:
            raise UnknownSitting(sitting_id=sitting_id)
        captures = self._store.rows("SELECT * FROM draft_capture WHERE sitting_id = ?", (sitting_id,))
        return sitting_of(row, captures)

    def capture(self, sitting_id: str, slot: Slot) -> Capture:
        """One image, without reading the others; raises `UnknownSitting`, `NothingCapturedYet`."""
        row = self._store.row("SELECT * FROM draft_capture WHERE sitting_id = ? AND slot = ?", (sitting_id, str(slot)))
        if row is None:
            self.find(sitting_id)
            raise NothingCapturedYet(slot=slot)
        return capture_of(row)

    def count(self) -> int:
        return int((self._store.row("SELECT count(*) FROM draft") or (0,))[0])

    def open_sittings(self) -> list[Sitting]:
        """Oldest first."""
        ids = self._store.rows("SELECT sitting_id FROM draft ORDER BY opened_at, sitting_id")
        return [self.find(sitting_id) for (sitting_id,) in ids]

    def heads(self) -> list[Sitting]:
        """As `open_sittings`, with empty images and without templates: enough to list them, and nothing is read."""
        captures: dict[str, list[tuple[Any, ...]]] = {}
        for row in self._store.rows(f"SELECT {_CAPTURE_HEAD} FROM draft_capture"):  # noqa: S608  # ours
            captures.setdefault(row[0], []).append(row)
        rows = self._store.rows("SELECT * FROM draft ORDER BY opened_at, sitting_id")
        return [sitting_of(row, captures.get(row[0], [])) for row in rows]

    def open_of(self, nik: str) -> Sitting | None:
        """The half-done sitting of this resident, if there is one: it is taken up again, not begun anew."""
        row = self._store.row("SELECT sitting_id FROM draft WHERE nik = ?", (nik,))
        return self.find(row[0]) if row else None

    def is_open(self, sitting_id: str) -> bool:
        return self._store.row("SELECT 1 FROM draft WHERE sitting_id = ?", (sitting_id,)) is not None

    def was_abandoned(self, sitting_id: str) -> bool:
        """Whether it ended without a recording."""
        return self._store.row("SELECT 1 FROM abandoned WHERE sitting_id = ?", (sitting_id,)) is not None

    def abandon(self, sitting_id: str, *, operator: str, at: str, reason: str) -> None:
        """Ends a sitting without a recording; the reason stays, the images go."""
        sitting = self.find(sitting_id)
        with self._store.tx() as tx:
            ended = (sitting_id, sitting.nik, operator, at, reason, sitting.opened_at)
            tx.execute("INSERT INTO abandoned VALUES (?, ?, ?, ?, ?, ?)", ended)
            remove(tx, sitting_id)


def remove(tx: Any, sitting_id: str) -> None:
    """Part of a transaction that puts something else in the draft's place."""
    tx.execute("DELETE FROM draft WHERE sitting_id = ?", (sitting_id,))
