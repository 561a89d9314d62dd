"""Signing in at a station: a PIN opens the operator's slot, the slot opens the store (journey step 1).

`operators.cbor` lies beside the store. Each slot holds the store's key and the operator's own signing key, so no
operator's PIN opens another's key, and a stolen disk without a PIN opens nothing.
"""

from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from typing import Final

from rekam.enrolment.errors import RekamError
from rekam.station.staff_file import Entry, StaffFile, ended
from rekam.storage.whole_file import write_whole
from rekam.trust import cbor
from rekam.trust.clock import Clock
from rekam.trust.keys import SigningKey
from rekam.trust.pin import DEFAULT_COST, Cost, PinSlot, WrongPin, create_slot, open_slot

__all__ = [
    "LastSupervisor",
    "LockedOut",
    "NotASupervisor",
    "NotCertifiedYet",
    "Operator",
    "OperatorBarred",
    "Operators",
    "PinTooSimple",
    "Standing",
    "TooManyAttempts",
    "UnknownOperator",
    "Unlocked",
    "require_good_pin",
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
    Wait {seconds} seconds. Who forgot the PIN asks the supervisor to request a new one under Sistem, Petugas.
    """


class LockedOut(RekamError):
    """{operator} is locked after {wrong} wrong PINs. Unsent recordings are safe and sending goes on.
    Ask a supervisor to sign in and to unlock this name under Sistem, Petugas.
    """


class NotASupervisor(RekamError):
    """{operator} is not a supervisor at this station. Nothing was changed.
    Ask a supervisor to confirm with their own PIN.
    """


class OperatorBarred(RekamError):
    """{operator} no longer works at this station, so this name opens nothing. Unsent recordings are safe.
    Choose your own name from the list.
    """


class NotCertifiedYet(RekamError):
    """The office has not certified the key of {operator} yet, so this name opens nothing. Unsent recordings are safe.
    The supervisor sees under Sistem, Petugas how far it is.
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

    @property
    def supervises(self) -> bool:
        """Whether they confirm exceptions, close days and look after the staff."""
        return self.role == "supervisor"


@dataclass(frozen=True)
class Standing:
    """How an operator stands: wrong PINs in a row, whether locked out by them, whether there is a slot to open, when
    and by whom barred ("" for not), whether that was the office, why the office refused a new key ("" for not).
    """

    operator: Operator
    wrong: int
    locked: bool
    usable: bool = True
    refused: str = ""
    barred_by: str = ""
    barred_at: str = ""
    stopped: bool = False


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
        self.file = StaffFile(path)
        self._pepper = pepper
        self._cost = cost
        self._attempts_path = path.with_suffix(".attempts")
        self._clock = clock
        self._blocked_since: dict[str, int] = {}

    def listed(self) -> list[Operator]:
        """Those who may sign in."""
        return [standing.operator for standing in self.standings() if standing.usable]

    def name_of(self, subject: str) -> str:
        """As papers name whoever was ever added here; of anybody else the id."""
        return str(self.file.read().get(subject, {}).get("name", subject))

    def standings(self) -> list[Standing]:
        """Everybody who was ever added here."""
        attempts = self._attempts()
        return [
            Standing(
                Operator(subject, entry["name"], entry["role"]),
                wrong := attempts.get(subject, 0),
                _locked(entry, wrong),
                "slot" in entry,
                entry.get("refused", ""),
                barred_by=entry.get("barred", ("", ""))[0],
                barred_at=entry.get("barred", ("", ""))[1],
                stopped=entry.get("stopped", False),
            )
            for subject, entry in sorted(self.file.read().items())
        ]

    def forgive(self, subject: str) -> None:
        """A supervisor unlocks this name: its wrong PINs are forgotten. Raises `UnknownOperator`."""
        with self.file.one_at_a_time:
            self._entry(subject)
            self._count(subject, 0)

    def forget_guesses(self, subject: str) -> None:
        """The PIN that was guessed at is not this name's any more."""
        with self.file.one_at_a_time:
            self._count(subject, 0)

    def bar(self, subject: str, *, by: str, at: str) -> None:
        """Who left opens nothing any more: slot and signing key go, the name stays for the records; a request for a
        new key is taken back. Raises `LastSupervisor`, `UnknownOperator`.
        """
        with self.file.one_at_a_time:
            entry = self._entry(subject)
            supervisors = [one for one in self.listed() if one.supervises]
            if entry["role"] == "supervisor" and len(supervisors) == 1:
                raise LastSupervisor(operator=entry["name"])
            self.file.put(subject, _left(entry, by, at))

    def stop(self, subject: str, *, by: str, at: str) -> str | None:
        """As `bar`, by the office's word, also of the last supervisor: the name of who was stopped, None where nobody
        of that subject may sign in or waits for a key.
        """
        with self.file.one_at_a_time:
            entry = self.file.read().get(subject)
            if entry is None or "barred" in entry:
                return None
            self.file.put(subject, _left(entry, by, at) | {"stopped": True})
            return str(entry["name"])

    def change_pin(self, subject: str, pin: str, wanted: str) -> None:
        """A PIN of one's own choice; the signing key stays. Raises what `sign_in` raises, and `PinTooSimple`."""
        if wanted == pin or _too_simple(wanted):
            raise PinTooSimple
        with self.file.one_at_a_time:
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
        with self.file.one_at_a_time:
            before = self.file.read().get(operator.subject, {})
            slot = self.closed_slot(pin, signing, store_key)
            entry = {"name": operator.name, "role": operator.role, "chain": list(chain), "slot": slot}
            self.file.put(operator.subject, {**before, **entry})

    def closed_slot(self, pin: str, signing: SigningKey, store_key: bytes) -> Entry:
        """A slot that only this PIN opens, as the file keeps it."""
        secret = cbor.encode({"store": store_key, "signing": signing.to_bytes()})
        return create_slot(pin, secret, cost=self._cost, pepper=self._pepper).to_map()

    def sign_in(self, subject: str, pin: str) -> Unlocked:
        """Raises `UnknownOperator`, `OperatorBarred`, `TooManyAttempts`, `LockedOut`, `WrongPin`."""
        with self.file.one_at_a_time:
            return self._try(subject, pin)

    def _try(self, subject: str, pin: str) -> Unlocked:
        entry = self._entry(subject)
        wrong = self._attempts().get(subject, 0)
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

    def _entry(self, subject: str) -> Entry:
        entry = self.file.read().get(subject)
        if entry is None:
            raise UnknownOperator(operator=subject)
        if "barred" in entry:
            raise OperatorBarred(operator=entry["name"])
        if "slot" not in entry:
            raise NotCertifiedYet(operator=entry["name"])
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
        write_whole(self._attempts_path, cbor.encode({**self._attempts(), subject: wrong}))

    def _attempts(self) -> dict[str, int]:
        path = self._attempts_path
        found: dict[str, int] = cbor.decode(path.read_bytes()) if path.exists() else {}
        return found


def _left(entry: Entry, by: str, at: str) -> Entry:
    kept = {name: value for name, value in entry.items() if name not in {"slot", "asked"}}
    if "asked" in entry:
        asked = {name: value for name, value in entry["asked"].items() if name != "slot"}
        kept["asked"] = asked | {"withdrawn": True}
    return kept | (ended(entry, "left") if entry["chain"] else {}) | {"barred": [by, at]}


def _locked(entry: Entry, wrong: int) -> bool:
    return entry["role"] != "supervisor" and wrong >= _LOCKED_AFTER


def require_good_pin(pin: str, again: str) -> None:
    """Raises `PinTooSimple`."""
    if pin != again or _too_simple(pin):
        raise PinTooSimple


def _too_simple(pin: str) -> bool:
    if not (pin.isascii() and pin.isdigit() and len(pin) in _PIN_LENGTH):
        return True
    steps = {int(after) - int(before) for before, after in pairwise(pin)}
    return steps in ({0}, {1}, {-1})
