"""New keys that wait for the office's certificate: a new operator's, or of one who forgot the PIN: `KeyRequests`.

The key pair is made here and lies in a slot under the new PIN that nothing opens until the office's answer is here.
Slot, request and outcome lie in one entry of `operators.cbor`, so each step is there whole or not at all
(docs/adr/0048).
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Final, cast

from rekam.enrolment.errors import RekamError
from rekam.exchange.key_request import (
    LONGEST_NAME,
    KeyAnswer,
    KeyAnswerUnreadable,
    KeyRequest,
    Outcome,
    Role,
    Why,
    digest_of,
    sign_key_request,
)
from rekam.exchange.key_requests import KeyRequestRemote
from rekam.station.staff_file import Entry
from rekam.station.store import Identity
from rekam.station.unlock import OperatorBarred, Operators, UnknownOperator, Unlocked
from rekam.trust.certificates import verify_chain
from rekam.trust.keys import SigningKey
from rekam.trust.pairing import LETTERS
from rekam.trust.random import Random
from rekam.trust.spoken_code import spoken_code

__all__ = ["CROSSED", "Answered", "Asked", "KeyRequests", "NameUnusable", "NoSuchKeyRequest", "OwnPinForgotten"]

_SUFFIX: Final = 4
CROSSED: Final = "crossed"
"""Stands for a refusal where a request was withdrawn here and certified there."""


class NameUnusable(RekamError):
    """A new operator needs a name of up to 80 letters that nobody at this station has yet. Nothing was changed.
    Write the full name; add an initial where two people share it.
    """


class OwnPinForgotten(RekamError):
    """Nobody asks for a new key of their own. Nothing was changed. Change your PIN below; who forgot it asks another
    supervisor.
    """


class NoSuchKeyRequest(RekamError):
    """This answer belongs to no request that waits at this station. Nothing was changed. The request was withdrawn or
    made anew since, this disk was set back, or the answer is another station's. Look at the list of requests; if the
    name is not on it, ask for a new key.
    """


@dataclass(frozen=True)
class Asked:
    """One request that waits. `digest` is its SHA-256 in hex, `letters` what is read out to the office, `heard` whether
    the office has it for certain, `trouble` what the office said against it over the line.
    """

    digest: str
    subject: str
    name: str
    role: str
    why: Why
    data: bytes
    by: str
    at: str
    heard: bool
    withdrawn: bool
    trouble: RekamError | None = None

    @property
    def letters(self) -> str:
        return spoken_code(self.data)


@dataclass(frozen=True)
class Answered:
    """What an answer did: for whom, and how it ended."""

    name: str
    outcome: Outcome
    reason: str = ""


class KeyRequests:
    """`ended` is told the subject whose old key signs nothing any more."""

    def __init__(
        self,
        operators: Operators,
        identity: Identity,
        random: Random,
        now: Callable[[], datetime],
        ended: Callable[[str], object] = lambda _subject: None,
    ) -> None:
        self._operators = operators
        self._file = operators.file
        self._identity = identity
        self._random = random
        self._now = now
        self._ended = ended
        self._trouble: dict[str, RekamError] = {}

    def ask_new(self, name: str, pin: str, supervisor: Unlocked) -> Asked:
        """Somebody who works here from now on, under a PIN that they typed themselves. Raises `NameUnusable`."""
        plain = " ".join(name.split())
        with self._file.one_at_a_time:
            known = self._file.read()
            names = {entry["name"].casefold() for entry in known.values() if "barred" not in entry}
            if not plain or len(plain) > LONGEST_NAME or not plain.isprintable() or plain.casefold() in names:
                raise NameUnusable
            subject = f"{self._identity.station}-{self._suffix()}"
            return self._ask(subject, {"name": plain, "role": "operator", "chain": []}, "new", pin, supervisor)

    def ask_forgotten(self, subject: str, pin: str, supervisor: Unlocked) -> Asked:
        """A new key for somebody who forgot the PIN of the old one, which works on until the office has certified the
        new one. A request that waits for the same person is replaced. Raises `UnknownOperator`, `OperatorBarred`.
        """
        if subject == supervisor.operator.subject:
            raise OwnPinForgotten
        with self._file.one_at_a_time:
            entry = self._file.read().get(subject)
            if entry is None:
                raise UnknownOperator(operator=subject)
            if "barred" in entry:
                raise OperatorBarred(operator=entry["name"])
            return self._ask(subject, entry, "forgotten" if entry["chain"] else "new", pin, supervisor)

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

    def take(self, answer: bytes) -> Answered:
        """The office's word, by whichever way it came; again changes nothing.

        Raises `KeyAnswerUnreadable`, `NoSuchKeyRequest`, and what `verify_chain` raises.
        """
        here = self._identity
        said = KeyAnswer.read(answer, here.office_certificate.signing)
        if (said.station, said.epoch) != (str(here.station), here.epoch):
            raise NoSuchKeyRequest
        with self._file.one_at_a_time:
            for subject, entry in self._file.read().items():
                if "asked" in entry and digest_of(entry["asked"]["data"]) == said.request:
                    return self._end(subject, entry, said)
                if entry.get("answered") == said.request:
                    return Answered(entry["name"], said.outcome, said.reason)
        raise NoSuchKeyRequest

    def bring(self, remote: KeyRequestRemote) -> int:
        """One round with the office: every request handed over again, every answer taken; how many ended. Where several
        fail, the last one's error is raised after all were tried.
        """
        ended, problem = 0, None
        for asked in self.waiting():
            try:
                digest = bytes.fromhex(asked.digest)
                answer = remote.withdraw(digest) if asked.withdrawn else remote.ask(asked.data)
                self._trouble.pop(asked.digest, None)
                if answer is None:
                    self._heard(asked)
                else:
                    self.take(answer)
                    ended += 1
            except RekamError as error:
                self._trouble[asked.digest] = error
                problem = error
        if problem is not None and not ended:
            raise problem
        return ended

    def _ask(self, subject: str, entry: Entry, why: Why, pin: str, supervisor: Unlocked) -> Asked:
        signing = SigningKey.generate(self._random)
        request = KeyRequest(
            station=str(self._identity.station),
            epoch=self._identity.epoch,
            subject=subject,
            name=entry["name"],
            role=cast("Role", entry["role"]),
            why=why,
            key=signing.public,
            ends=verify_chain(entry["chain"], self._identity.root)[0].signing.key_id if why == "forgotten" else b"",
        )
        data = sign_key_request(request, signing, supervisor.signing, supervisor.chain[0])
        asked = {
            "data": data,
            "why": why,
            "key": signing.public.to_bytes(),
            "slot": self._operators.closed_slot(pin, signing, supervisor.store_key),
            "by": supervisor.operator.name,
            "at": self._now().isoformat(timespec="seconds"),
            "heard": False,
            "withdrawn": False,
        }
        kept = {name: value for name, value in entry.items() if name != "refused"}
        self._file.put(subject, {**kept, "asked": asked})
        return self.find(subject)

    def _end(self, subject: str, entry: Entry, said: KeyAnswer) -> Answered:
        """In one write: the new slot and its certificates in the place of the old ones, or the reason why not."""
        asked = entry["asked"]
        kept = {name: value for name, value in entry.items() if name not in {"asked", "refused"}}
        kept["answered"] = said.request
        answered = Answered(entry["name"], said.outcome, said.reason)
        if said.outcome == "issued":
            chain = self._certified(subject, entry, said)
            if "slot" in asked:
                self._file.put(subject, {**kept, "chain": list(chain), "slot": asked["slot"]})
            else:  # withdrawn here, certified there: the old key has ended all the same, and nobody has the new one
                gone = {name: value for name, value in kept.items() if name != "slot"}
                self._file.put(subject, {**gone, "chain": list(chain), "refused": "crossed"})
            self._operators.forget_guesses(subject)
            self._ended(subject)
        elif said.outcome == "refused":
            self._file.put(subject, {**kept, "refused": said.reason or "refused"})
        elif entry["chain"]:
            self._file.put(subject, kept)
        else:
            self._file.remove(subject)
        return answered

    def _certified(self, subject: str, entry: Entry, said: KeyAnswer) -> tuple[bytes, ...]:
        chain = (said.certificate, *self._identity.chain[1:])
        leaf = verify_chain(chain, self._identity.root)[0]
        if (leaf.subject, leaf.kind, leaf.signing.to_bytes()) != (subject, entry["role"], entry["asked"]["key"]):
            raise KeyAnswerUnreadable(reason="its certificate is another key's")
        return chain

    def _asked(self, subject: str, entry: Entry) -> Asked:
        asked = entry["asked"]
        digest = digest_of(asked["data"]).hex()
        return Asked(
            digest,
            subject,
            entry["name"],
            entry["role"],
            asked["why"],
            asked["data"],
            asked["by"],
            asked["at"],
            asked["heard"],
            asked["withdrawn"],
            self._trouble.get(digest),
        )

    def _heard(self, asked: Asked) -> None:
        with self._file.one_at_a_time:
            entry = self._file.read().get(asked.subject, {})
            if "asked" in entry and entry["asked"]["data"] == asked.data and not entry["asked"]["heard"]:
                self._file.put(asked.subject, {**entry, "asked": {**entry["asked"], "heard": True}})

    def _suffix(self) -> str:
        """Of random letters: a station that was set back gives no name's number to somebody else."""
        return "".join(LETTERS[each % len(LETTERS)] for each in self._random.bytes(_SUFFIX))
