"""New keys that wait for the office's certificate: whom a station asks for, and what waits: `KeyRequests`.

The key pair is made here and lies in a slot under the new PIN that nothing opens until the office's answer is here
(`key_answers`). Slot, request and outcome lie in one entry of `operators.cbor`, so each step is there whole or not at
all (docs/adr/0048). A supervisor asks; for a new supervisor, any operator may: whoever is signed in holds the key of
the store, and can put it into the new slot (docs/adr/0051).
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Final, cast

from rekam.enrolment.errors import RekamError
from rekam.exchange.key_request import LONGEST_NAME, KeyRequest, Role, Why, digest_of, sign_key_request
from rekam.station.staff_file import Entry
from rekam.station.store import Identity
from rekam.station.unlock import OperatorBarred, Operators, UnknownOperator, Unlocked
from rekam.trust.certificates import verify_chain
from rekam.trust.keys import SigningKey
from rekam.trust.pairing import LETTERS
from rekam.trust.random import Random
from rekam.trust.spoken_code import spoken_code

__all__ = [
    "AlreadySupervisor",
    "Asked",
    "KeyRequests",
    "NameUnusable",
    "NoSuchKeyRequest",
    "OnlySupervisorsAsk",
    "OwnPinForgotten",
]

_SUFFIX: Final = 4


class NameUnusable(RekamError):
    """A new operator needs a name of up to 80 letters that nobody at this station has yet. Nothing was changed.
    Write the full name; add an initial where two people share it.
    """


class OwnPinForgotten(RekamError):
    """Nobody asks for a new key of their own. Nothing was changed. Change your PIN below; who forgot it has somebody
    else ask: a supervisor, or for the only supervisor any operator.
    """


class OnlySupervisorsAsk(RekamError):
    """For an operator's key a supervisor asks. Nothing was changed. Have a supervisor sign in; where none is left, ask
    the office for a new supervisor first.
    """


class AlreadySupervisor(RekamError):
    """{operator} is a supervisor already. Nothing was changed. Who forgot the PIN asks for a new one."""


class NoSuchKeyRequest(RekamError):
    """This answer belongs to no request that waits at this station. Nothing was changed. The request was withdrawn or
    made anew since, this disk was set back, or the answer is another station's. Look at the list of requests; if the
    name is not on it, ask for a new key.
    """


@dataclass(frozen=True)
class Asked:
    """One request that waits. `digest` is its SHA-256 in hex, `letters` what is read out to the office, `heard` whether
    the office has it for certain, `trouble` what the office said against it over the line; `alone`: no supervisor
    asked.
    """

    digest: str
    subject: str
    name: str
    role: str
    why: Why
    data: bytes
    by: str
    alone: bool
    at: str
    heard: bool
    withdrawn: bool
    trouble: RekamError | None = None

    @property
    def letters(self) -> str:
        return spoken_code(self.data)


class KeyRequests:
    """Of one installation, whose `identity` its requests name. `trouble` is what the office last said, by digest."""

    def __init__(self, operators: Operators, identity: Identity, random: Random, now: Callable[[], datetime]) -> None:
        self._operators = operators
        self._file = operators.file
        self._identity = identity
        self._random = random
        self._now = now
        self.trouble: dict[str, RekamError] = {}

    def ask_new(self, name: str, pin: str, by: Unlocked, role: Role = "operator") -> Asked:
        """Somebody who works here from now on, under a PIN that they typed themselves. Raises `NameUnusable`,
        `OnlySupervisorsAsk`.
        """
        plain = " ".join(name.split())
        with self._file.one_at_a_time:
            known = self._file.read()
            names = {entry["name"].casefold() for entry in known.values() if "barred" not in entry}
            if not plain or len(plain) > LONGEST_NAME or not plain.isprintable() or plain.casefold() in names:
                raise NameUnusable
            subject = f"{self._identity.station}-{self._suffix()}"
            return self._ask(subject, {"name": plain, "role": role, "chain": []}, role, "new", pin, by)

    def ask_forgotten(self, subject: str, pin: str, by: Unlocked) -> Asked:
        """A new key for somebody who forgot the PIN of the old one, which works on until the office has certified the
        new one. A request that waits for the same person is replaced. Raises `UnknownOperator`, `OperatorBarred`,
        `OwnPinForgotten`, `OnlySupervisorsAsk`.
        """
        if subject == by.operator.subject:
            raise OwnPinForgotten
        with self._file.one_at_a_time:
            entry = self._present(subject)
            role = cast("Role", entry["role"])
            return self._ask(subject, entry, role, "forgotten" if entry["chain"] else "new", pin, by)

    def ask_appointed(self, subject: str, pin: str, by: Unlocked) -> Asked:
        """An operator of this station as its supervisor, with a new key under a new PIN; until the office has certified
        it, the old key works on and so does the old role. Raises as `ask_forgotten`, and `AlreadySupervisor`.
        """
        with self._file.one_at_a_time:
            entry = self._present(subject)
            if entry["role"] == "supervisor":
                raise AlreadySupervisor(operator=entry["name"])
            if not entry["chain"]:
                raise UnknownOperator(operator=entry["name"])
            return self._ask(subject, entry, "supervisor", "appointed", pin, by)

    def waiting(self) -> list[Asked]:
        """Those that no answer has ended, oldest first."""
        found = [self._asked(subject, entry) for subject, entry in self._file.read().items() if "asked" in entry]
        return sorted(found, key=lambda one: one.at)

    def find(self, subject: str) -> Asked:
        """Raises `NoSuchKeyRequest`."""
        entry = self._file.read().get(subject, {})
        if "asked" not in entry:
            raise NoSuchKeyRequest
        return self._asked(subject, entry)

    def withdraw(self, subject: str) -> None:
        """The new key goes at once and can never be used; the office is told when there is a line. Raises
        `NoSuchKeyRequest`.
        """
        with self._file.one_at_a_time:
            asked = self.find(subject)
            entry = self._file.read()[subject]
            if asked.withdrawn:
                return
            kept = {name: value for name, value in entry["asked"].items() if name != "slot"}
            self._file.put(subject, {**entry, "asked": {**kept, "withdrawn": True}})

    def dismiss(self, subject: str) -> None:
        """The office's no was read: a name that never came to be one goes from the list."""
        with self._file.one_at_a_time:
            entry = self._file.read().get(subject, {})
            if "refused" not in entry or "asked" in entry:
                return
            if entry["chain"]:
                self._file.put(subject, {name: value for name, value in entry.items() if name != "refused"})
            else:
                self._file.remove(subject)

    def heard(self, asked: Asked) -> None:
        """The office has it for certain, and nobody has decided yet."""
        with self._file.one_at_a_time:
            entry = self._file.read().get(asked.subject, {})
            if "asked" in entry and entry["asked"]["data"] == asked.data and not entry["asked"]["heard"]:
                self._file.put(asked.subject, {**entry, "asked": {**entry["asked"], "heard": True}})

    def _present(self, subject: str) -> Entry:
        entry = self._file.read().get(subject)
        if entry is None:
            raise UnknownOperator(operator=subject)
        if "barred" in entry:
            raise OperatorBarred(operator=entry["name"])
        return entry

    def _ask(self, subject: str, entry: Entry, role: Role, why: Why, pin: str, by: Unlocked) -> Asked:
        alone = by.operator.role != "supervisor"
        if alone and role != "supervisor":
            raise OnlySupervisorsAsk
        signing = SigningKey.generate(self._random)
        request = KeyRequest(
            station=str(self._identity.station),
            epoch=self._identity.epoch,
            subject=subject,
            name=entry["name"],
            role=role,
            why=why,
            key=signing.public,
            ends=b"" if why == "new" else verify_chain(entry["chain"], self._identity.root)[0].signing.key_id,
        )
        asked = {
            "data": sign_key_request(request, signing, by.signing, by.chain[0], by.operator.role),
            "role": role,
            "why": why,
            "key": signing.public.to_bytes(),
            "slot": self._operators.closed_slot(pin, signing, by.store_key),
            "by": by.operator.name,
            "alone": alone,
            "at": self._now().isoformat(timespec="seconds"),
            "heard": False,
            "withdrawn": False,
        }
        kept = {name: value for name, value in entry.items() if name != "refused"}
        self._file.put(subject, {**kept, "asked": asked})
        return self.find(subject)

    def _asked(self, subject: str, entry: Entry) -> Asked:
        asked = entry["asked"]
        digest = digest_of(asked["data"]).hex()
        return Asked(
            digest=digest,
            subject=subject,
            name=entry["name"],
            role=asked["role"],
            why=asked["why"],
            data=asked["data"],
            by=asked["by"],
            alone=asked["alone"],
            at=asked["at"],
            heard=asked["heard"],
            withdrawn=asked["withdrawn"],
            trouble=self.trouble.get(digest),
        )

    def _suffix(self) -> str:
        """Of random letters: a station that was set back gives no name's number to somebody else."""
        return "".join(LETTERS[each % len(LETTERS)] for each in self._random.bytes(_SUFFIX))
