"""Which residents have which sounds in their names: `NameIndex`, three tables beside the extract (ADR 0041)."""

import json
from collections.abc import Callable, Iterable, Mapping
from typing import Any, Final

from rekam.station.lookup.closeness import edits, keys, tolerated
from rekam.station.lookup.spelling import sound, words
from rekam.station.store import StationStore

__all__ = ["EDITION", "NameIndex"]

EDITION: Final = 1
"""Of the spelling rules: raise it with every change there, and each station makes its index anew by itself."""
_SETTING: Final = "lookup-edition"
_OTHER: Final = "(edition < ?1 OR edition > ?1)"
"""Found by the index, where ``<>`` reads every row."""
_PIECE: Final = 2_000
_MOST_BEARERS: Final = 20_000
"""So many bearers of sounds are gone through for one question; rarer sounds come first."""
_BEGINNING: Final = 3
_MOST_SOUNDS: Final = 200

Told = Callable[[int, int], object]
"""Is told how many residents are done, and of how many."""


class NameIndex:
    """Says who might be meant; who fits best is `ranking`'s. The extract stays right whatever becomes of the index."""

    def __init__(self, store: StationStore) -> None:
        self._store = store
        self._complete = False

    def missing(self) -> int:
        """Residents who cannot be found by name yet."""
        if self._complete:
            return 0
        return int(self._store.rows(f"SELECT count(*) FROM resident WHERE {_OTHER}", (EDITION,))[0][0])  # noqa: S608

    def forget(self, people: Iterable[tuple[str, str]]) -> None:
        """Part of a transaction that loads residents; these, given as (NIK, name until now), have another name now."""
        self._complete = False
        with self._store.tx() as tx:
            for number, heard in ((int(nik), heard) for nik, name in people for heard in _sounds(name)):
                known = self._known([heard]).get(heard)
                tx.execute("DELETE FROM name_bearer WHERE nik = ? AND sound = ?", (number, known))
                tx.execute("UPDATE name_sound SET people = people - ? WHERE id = ?", (tx.changes(), known))

    def catch_up(self, told: Told = lambda _done, _all: None, *, stop: Callable[[], bool] = lambda: False) -> int:
        """Take in everybody who is missing; a cut costs the piece at hand. Returns how many were taken in."""
        self._begin_edition()
        every, done = self.missing(), 0
        while not stop():
            taken = self._piece()
            done += taken
            if not taken:
                self._complete = True
                break
            told(done, every)
        return done

    def _begin_edition(self) -> None:
        edition = str(EDITION).encode()
        if self._store.setting(_SETTING) != edition:
            with self._store.tx() as tx:
                for table in ("name_bearer", "name_key", "name_sound"):
                    tx.execute(f"DELETE FROM {table}")  # noqa: S608  # our own three
                self._store.put_setting(_SETTING, edition)

    def _piece(self) -> int:
        with self._store.tx() as tx:
            people = self._store.rows(
                f"SELECT nik, name FROM resident WHERE {_OTHER} LIMIT ?2",  # noqa: S608  # ours
                (EDITION, _PIECE),
            )
            heard = {int(nik): _sounds(name) for nik, name in people}
            ids = self._ids(tx, {each for sounds in heard.values() for each in sounds})
            bearers = sorted((ids[each], nik) for nik, sounds in heard.items() for each in sounds)
            before: dict[int, int] = {}
            for each, _nik in bearers:
                before[each] = before.get(each, 0) + 1
            tx.executemany("INSERT OR IGNORE INTO name_bearer VALUES (?, ?)", bearers)
            tx.executemany(
                "UPDATE name_sound SET people = people + ? WHERE id = ?", [(n, i) for i, n in before.items()]
            )
            tx.executemany("UPDATE resident SET edition = ? WHERE nik = ?", [(EDITION, nik) for nik, _name in people])
        return len(people)

    def _ids(self, tx: Any, sounds: set[str]) -> dict[str, int]:
        known = self._known(sounds)
        for each in sorted(sounds - set(known)):
            tx.execute("INSERT INTO name_sound (sound) VALUES (?)", (each,))
            known[each] = tx.last_insert_rowid()
            tx.executemany("INSERT INTO name_key VALUES (?, ?)", [(key, known[each]) for key in sorted(keys(each))])
        return known

    def _known(self, sounds: Iterable[str]) -> dict[str, int]:
        rows = self._store.rows(
            "SELECT sound, id FROM name_sound WHERE sound IN (SELECT value FROM json_each(?))", (json.dumps([*sounds]),)
        )
        return dict(rows)

    def alike(self, heard: str) -> dict[str, float]:
        """Sounds of the extract that `heard` may stand for, with how well: 1 the same, less for the beginning of a
        longer one and for each slip.
        """
        rows = self._store.rows(
            "SELECT DISTINCT sound FROM name_sound JOIN (SELECT sound AS id FROM name_key WHERE key IN"
            " (SELECT value FROM json_each(?))) USING (id)",
            (json.dumps(sorted(keys(heard))),),
        )
        found: dict[str, float] = {}
        for (known,) in rows:
            slips = edits(heard, known)
            if slips <= tolerated(min(heard, known, key=len)):
                found[known] = 1 - 0.2 * slips
        if len(heard) >= _BEGINNING:
            rows = self._store.rows(
                "SELECT sound FROM name_sound WHERE sound > ? AND sound < ? ORDER BY people DESC LIMIT ?",
                (heard, heard + "\U0010ffff", _MOST_SOUNDS),
            )
            found |= {known: max(0.75, found.get(known, 0)) for (known,) in rows}
        return found

    def halves(self, heard: str) -> list[tuple[str, str]]:
        """Two sounds of the extract that make `heard` together: NURHIDAYAT as NUR and HIDAYAT."""
        cuts = [(heard[:at], heard[at:]) for at in range(2, len(heard) - 1)]
        known = self._known({part for cut in cuts for part in cut}) if cuts else {}
        return [cut for cut in cuts if cut[0] in known and cut[1] in known]

    def bearers(self, wanted: list[Mapping[str, float]], *, limit: int) -> list[str]:
        """NIKs of those whose names have the most of `wanted` (for each word asked: its sounds and how well each fits),
        best first. Of sounds that very many have, only what rarer ones leave room for is gone through.
        """
        weights = self._weights(wanted)
        rows = self._store.rows(
            "SELECT nik FROM json_each(?) AS asked JOIN name_bearer ON name_bearer.sound = asked.value ->> 0"
            " GROUP BY nik ORDER BY sum(asked.value ->> 1) DESC, nik LIMIT ?",
            (json.dumps(weights), limit),
        )
        return [f"{nik:016d}" for (nik,) in rows]

    def _weights(self, wanted: list[Mapping[str, float]]) -> list[tuple[int, float]]:
        """(sound, weight) of the rarest words asked for, until there are enough bearers."""
        counted = []
        for sounds in wanted:
            rows = self._store.rows(
                "SELECT id, sound, people FROM name_sound WHERE sound IN (SELECT value FROM json_each(?))",
                (json.dumps([*sounds]),),
            )
            counted.append((sum(people for _, _, people in rows), [(i, sounds[known]) for i, known, _ in rows]))
        weights: dict[int, float] = {}
        room = _MOST_BEARERS
        for people, asked in sorted((each for each in counted if each[1]), key=lambda each: each[0]):
            if weights and people > room:
                break
            room -= people
            for each, weight in asked:
                weights[each] = max(weight, weights.get(each, 0))
        return sorted(weights.items())


def _sounds(name: str) -> set[str]:
    return {heard for word in words(name) if (heard := sound(word))}
