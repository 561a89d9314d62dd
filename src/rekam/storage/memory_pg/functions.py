"""What SQLite is taught so that PostgreSQL's statements mean the same: times, sequences, locks, arrays."""

import json
import uuid
from collections import defaultdict
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any, Final

import apsw

__all__ = ["Draws", "install", "moment_text", "value_of"]

_ARRAY = "array:"


class Draws:
    """What a statement draws beside its tables: times, numbers of sequences, uuids. A statement that is run again,
    because its transaction was put aside, draws the same again.
    """

    def __init__(self, random: Callable[[int], bytes]) -> None:
        self.begin(random)

    def begin(self, random: Callable[[int], bytes]) -> None:
        """Nothing was drawn yet."""
        self._random = random
        self._sequences: defaultdict[str, int] = defaultdict(int)
        self.now: datetime | None = None
        self._written: tuple[datetime | None, str] = None, ""
        self.drawn: list[Any] = []
        self.again: list[Any] | None = None

    def sequences(self) -> dict[str, int]:
        """The last number drawn of each."""
        return dict(self._sequences)

    def go_on_from(self, sequences: dict[str, int]) -> None:
        """These numbers were the last that were drawn."""
        self._sequences = defaultdict(int, sequences)

    def forget(self) -> None:
        """No statement is at work any more."""
        self.again = None

    def this_moment(self) -> str:
        """The time of the transaction; written once for as long as it stays the same."""
        at, text = self._written
        if at is not self.now and self.now is not None:
            text = moment_text(self.now)
            self._written = self.now, text
        return text

    def next_of(self, sequence: str) -> int:
        """The next number, gone for everybody else whatever becomes of the transaction."""

        def draw() -> int:
            self._sequences[sequence] += 1
            return self._sequences[sequence]

        return int(self._draw(draw))

    def uuid(self) -> str:
        """A version 4 uuid."""
        return str(self._draw(lambda: str(uuid.UUID(bytes=self._random(16), version=4))))

    def _draw(self, fresh: Callable[[], Any]) -> Any:
        if self.again is not None:
            return self.again.pop(0)
        self.drawn.append(fresh())
        return self.drawn[-1]


def install(db: apsw.Connection, draws: Draws, lock: Callable[[str, Any], None]) -> None:
    """Register every function on the connection; `lock` is told "advisory" or "shared", and the key."""

    def advisory_lock(key: Any) -> str:
        lock("advisory", key)
        return ""

    def shared_lock(key: Any) -> str:
        lock("shared", key)
        return ""

    drawing: dict[str, tuple[Callable[..., Any], int]] = {
        "now": (draws.this_moment, 0),
        "nextval": (draws.next_of, 1),
        "gen_random_uuid": (draws.uuid, 0),
        "advisory_lock": (advisory_lock, 1),
        "shared_lock": (shared_lock, 1),
    }
    for name, (function, arguments) in drawing.items():
        db.create_scalar_function(name, function, arguments)
    for name, (function, arguments) in _PURE.items():
        db.create_scalar_function(name, function, arguments, deterministic=True)


def moment_text(at: datetime) -> str:
    """A time as it is stored: UTC with microseconds, so that text sorts as time does."""
    return (at if at.tzinfo is UTC else at.astimezone(UTC)).isoformat(timespec="microseconds")


def value_of(cell: Any) -> Any:
    """What psycopg would give for a stored value."""
    if type(cell) is not str:
        return cell
    if len(cell) == 32 and cell.endswith("+00:00") and cell[4] == "-" and cell[10] == "T":
        return datetime.fromisoformat(cell)
    if cell.startswith(_ARRAY):
        return json.loads(cell.removeprefix(_ARRAY))
    return cell


def _plus_seconds(at: str, seconds: float) -> str:
    return moment_text(datetime.fromisoformat(at) + timedelta(seconds=float(seconds)))


def _epoch_of(at: str | None) -> float | None:
    return None if at is None else datetime.fromisoformat(at).timestamp()


_PURE: Final[dict[str, tuple[Callable[..., Any], int]]] = {
    "plus_seconds": (_plus_seconds, 2),
    "epoch_of": (_epoch_of, 1),
    "encode": (lambda data, _form: data.hex(), 2),
    "unhexed": (bytes.fromhex, 1),
    "as_array": (_ARRAY.__add__, 1),
    "starts_with": (str.startswith, 2),
    "pg_current_wal_flush_lsn": (lambda: 0, 0),
    "left": (lambda text, count: text[:count], 2),
    "greatest": (lambda *given: max((each for each in given if each is not None), default=None), -1),
}
