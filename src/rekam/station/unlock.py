"""Signing in at a station: a PIN opens the operator's slot, the slot opens the store (journey step 1).

`operators.cbor` lies beside the store. Each slot holds the store's key and the operator's own signing key, so no
operator's PIN opens another's key, and a stolen disk without a PIN opens nothing.
"""

from dataclasses import dataclass
from pathlib import Path
from typing import Final

from rekam.enrolment.errors import RekamError
from rekam.station.pin_choice import require_good_pin
from rekam.station.pin_guesses import PinGuesses
from rekam.station.staff_file import Entry, StaffFile, ended
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
    "Standing",
    "UnknownOperator",
    "Unlocked",
]

_LOCKED_AFTER: Final = 10
"""Wrong PINs in a row after which an operator needs a supervisor. A supervisor only waits: nobody may lock both out."""


class UnknownOperator(RekamError):
    """There is no operator '{operator}' at this station. Nothing was changed. Choose your name from the list."""


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
    """The slots of one station; wrong PINs are counted beside them (`PinGuesses`)."""

    def __init__(self, path: Path, clock: Clock, *, pepper: bytes = b"", cost: Cost = DEFAULT_COST) -> None:
        """`pepper` comes from the station's key file: without it the slots do not open, whatever the PIN."""
        self.file = StaffFile(path)
        self._pepper = pepper
        self._cost = cost
        self._guesses = PinGuesses(path.with_suffix(".attempts"), clock)

    def listed(self) -> list[Operator]:
        """Those who may sign in."""
        return [standing.operator for standing in self.standings() if standing.usable]

    def name_of(self, subject: str) -> str:
        """As papers name whoever was ever added here; of anybody else the id."""
        return str(self.file.read().get(subject, {}).get("name", subject))

    def standings(self) -> list[Standing]:
        """Everybody who was ever added here."""
        attempts = self._guesses.counts()
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
            self._guesses.forget(subject)

    def forget_guesses(self, subject: str) -> None:
        """The PIN that was guessed at is not this name's any more."""
        with self.file.one_at_a_time:
            self._guesses.forget(subject)

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
        require_good_pin(wanted, wanted, before=pin)
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
        wrong = self._guesses.of(subject)
        if _locked(entry, wrong):
            raise LockedOut(operator=entry["name"], wrong=wrong)
        self._guesses.spend(subject)
        try:
            secret = cbor.decode(open_slot(PinSlot.from_map(entry["slot"]), pin, pepper=self._pepper))
        except WrongPin:
            self._guesses.was_wrong(subject)
            raise
        self._guesses.forget(subject)
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


def _left(entry: Entry, by: str, at: str) -> Entry:
    kept = {name: value for name, value in entry.items() if name not in {"slot", "asked"}}
    if "asked" in entry:
        asked = {name: value for name, value in entry["asked"].items() if name != "slot"}
        kept["asked"] = asked | {"withdrawn": True}
    return kept | (ended(entry, "left") if entry["chain"] else {}) | {"barred": [by, at]}


def _locked(entry: Entry, wrong: int) -> bool:
    return entry["role"] != "supervisor" and wrong >= _LOCKED_AFTER
