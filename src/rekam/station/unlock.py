"""Signing in at a station: a PIN opens the operator's slot, the slot opens the store (journey step 1).

`operators.cbor` lies beside the store. Each slot holds the store's key and the operator's own signing key, so no
operator's PIN opens another's key, and a stolen disk without a PIN opens nothing.
"""

import threading
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from typing import Any, Final

from rekam.enrolment.errors import RekamError
from rekam.storage.whole_file import write_whole
from rekam.trust import cbor
from rekam.trust.clock import Clock
from rekam.trust.keys import SigningKey
from rekam.trust.pin import DEFAULT_COST, Cost, PinSlot, WrongPin, create_slot, open_slot

__all__ = [
    "LastSupervisor",
    "LockedOut",
    "Operator",
    "OperatorBarred",
    "Operators",
    "PinTooSimple",
    "Standing",
    "TooManyAttempts",
    "UnknownOperator",
    "Unlocked",
]

_FREE_ATTEMPTS: Final = 3
_LONGEST_WAIT_S: Final = 900
_LOCKED_AFTER: Final = 10
"""Wrong PINs in a row after which an operator needs a supervisor. A supervisor only waits: nobody may lock both out."""
_PIN_LENGTH: Final = range(6, 13)


class UnknownOperator(RekamError):
    """There is no operator '{operator}' at this station. Nothing was changed. Choose your name from the list."""


class TooManyAttempts(RekamError):
    """Too many wrong PINs for {operator}. Unsent recordings are safe and sending goes on.
    Wait {seconds} seconds, or ask the supervisor to set a new PIN.
    """


class LockedOut(RekamError):
    """{operator} is locked after {wrong} wrong PINs. Unsent recordings are safe and sending goes on.
    Ask a supervisor to sign in and to unlock this name under Sistem, Petugas.
    """


class OperatorBarred(RekamError):
    """{operator} no longer works at this station, so this name opens nothing. Unsent recordings are safe.
    Choose your own name from the list.
    """


class PinTooSimple(RekamError):
    """That PIN cannot be used. Nothing was changed. Choose 6 to 12 digits, not all the same and not in a row, and other
    ones than before; type them twice alike.
    """


class LastSupervisor(RekamError):
    """{operator} is the last supervisor of this station. Nothing was changed.
    Have another supervisor certified first.
    """


@dataclass(frozen=True)
class Operator:
    """One who may sign in here. `role` is ``operator`` or ``supervisor``."""

    subject: str
    name: str
    role: str


@dataclass(frozen=True)
class Standing:
    """How an operator stands: wrong PINs in a row, whether locked out by them, when and by whom barred ("" for not)."""

    operator: Operator
    wrong: int
    locked: bool
    barred_by: str = ""
    barred_at: str = ""


@dataclass(frozen=True)
class Unlocked:
    """What a right PIN gives: the operator with the own signing key, and the key of the store."""

    operator: Operator
    signing: SigningKey
    chain: tuple[bytes, ...]
    store_key: bytes


class Operators:
    """The slots of one station. Wrong PINs are counted durably before the answer is given; the wait grows
    from the fourth on and restarts with each process, so that pulling the plug shortens nothing.
    """

    def __init__(self, path: Path, clock: Clock, *, pepper: bytes = b"", cost: Cost = DEFAULT_COST) -> None:
        """`pepper` comes from the station's key file: without it the slots do not open, whatever the PIN."""
        self._path = path
        self._pepper = pepper
        self._cost = cost
        self._attempts_path = path.with_suffix(".attempts")
        self._clock = clock
        self._blocked_since: dict[str, int] = {}
        self._one_at_a_time = threading.Lock()  # else guesses sent together would be counted as one

    def listed(self) -> list[Operator]:
        """Those who may sign in."""
        return [standing.operator for standing in self.standings() if not standing.barred_at]

    def standings(self) -> list[Standing]:
        """Everybody who was ever added here."""
        attempts = self._load(self._attempts_path)
        return [
            Standing(
                Operator(subject, entry["name"], entry["role"]),
                wrong := int(attempts.get(subject, 0)),
                _locked(entry, wrong),
                *entry.get("barred", ("", "")),
            )
            for subject, entry in sorted(self._read().items())
        ]

    def forgive(self, subject: str) -> None:
        """A supervisor unlocks this name: its wrong PINs are forgotten. Raises `UnknownOperator`."""
        with self._one_at_a_time:
            self._entry(subject)
            self._count(subject, 0)

    def bar(self, subject: str, *, by: str, at: str) -> None:
        """Who left opens nothing any more: slot and signing key go, the name stays for the records. Raises
        `LastSupervisor`, `UnknownOperator`.
        """
        with self._one_at_a_time:
            entry = self._entry(subject)
            supervisors = [one for one in self.listed() if one.role == "supervisor"]
            if entry["role"] == "supervisor" and len(supervisors) == 1:
                raise LastSupervisor(operator=entry["name"])
            kept = {name: value for name, value in entry.items() if name != "slot"} | {"barred": [by, at]}
            write_whole(self._path, cbor.encode({**self._read(), subject: kept}))

    def change_pin(self, subject: str, pin: str, wanted: str) -> None:
        """A PIN of one's own choice; the signing key stays. Raises what `sign_in` raises, and `PinTooSimple`."""
        if wanted == pin or _too_simple(wanted):
            raise PinTooSimple
        with self._one_at_a_time:
            known = self._try(subject, pin)
            self.add(known.operator, wanted, known.signing, known.chain, known.store_key)

    def add(
        self,
        operator: Operator,
        pin: str,
        signing: SigningKey,
        chain: tuple[bytes, ...],
        store_key: bytes,
    ) -> None:
        """A new slot, or a new PIN for a known operator."""
        secret = cbor.encode({"store": store_key, "signing": signing.to_bytes()})
        slot = create_slot(pin, secret, cost=self._cost, pepper=self._pepper)
        entry = {"name": operator.name, "role": operator.role, "chain": list(chain), "slot": slot.to_map()}
        write_whole(self._path, cbor.encode({**self._read(), operator.subject: entry}))

    def sign_in(self, subject: str, pin: str) -> Unlocked:
        """Raises `UnknownOperator`, `OperatorBarred`, `TooManyAttempts`, `LockedOut`, `WrongPin`."""
        with self._one_at_a_time:
            return self._try(subject, pin)

    def _try(self, subject: str, pin: str) -> Unlocked:
        entry = self._entry(subject)
        attempts = self._load(self._attempts_path)
        wrong = int(attempts.get(subject, 0))
        if _locked(entry, wrong):
            raise LockedOut(operator=entry["name"], wrong=wrong)
        self._require_patience(subject, wrong)
        # counted before it is tried: a process that is killed in between has spent the attempt
        self._count(subject, wrong + 1)
        try:
            secret = cbor.decode(open_slot(PinSlot.from_map(entry["slot"]), pin, pepper=self._pepper))
        except WrongPin:
            self._blocked_since[subject] = self._clock.stamp().monotonic_ns
            raise
        self._count(subject, 0)
        operator = Operator(subject, entry["name"], entry["role"])
        return Unlocked(operator, SigningKey(secret["signing"]), tuple(entry["chain"]), secret["store"])

    def _entry(self, subject: str) -> dict[str, Any]:
        entry: dict[str, Any] | None = self._read().get(subject)
        if entry is None:
            raise UnknownOperator(operator=subject)
        if "slot" not in entry:
            raise OperatorBarred(operator=entry["name"])
        return entry

    def _require_patience(self, subject: str, wrong: int) -> None:
        if wrong < _FREE_ATTEMPTS:
            return
        wait = min(_LONGEST_WAIT_S, 5 * 2 ** (wrong - _FREE_ATTEMPTS))
        now = self._clock.stamp().monotonic_ns
        since = self._blocked_since.setdefault(subject, now)
        left = wait - (now - since) // 1_000_000_000
        if left > 0:
            raise TooManyAttempts(operator=subject, seconds=left)

    def _count(self, subject: str, wrong: int) -> None:
        write_whole(self._attempts_path, cbor.encode({**self._load(self._attempts_path), subject: wrong}))

    def _read(self) -> dict[str, Any]:
        return self._load(self._path)

    @staticmethod
    def _load(path: Path) -> dict[str, Any]:
        found: dict[str, Any] = cbor.decode(path.read_bytes()) if path.exists() else {}
        return found


def _locked(entry: dict[str, Any], wrong: int) -> bool:
    return entry["role"] != "supervisor" and wrong >= _LOCKED_AFTER


def _too_simple(pin: str) -> bool:
    if not (pin.isascii() and pin.isdigit() and len(pin) in _PIN_LENGTH):
        return True
    steps = {int(after) - int(before) for before, after in pairwise(pin)}
    return steps in ({0}, {1}, {-1})
