"""The office's answers about new keys, as a station takes them: slot and certificates change at once: `KeyAnswers`."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from rekam.enrolment.errors import RekamError
from rekam.exchange.key_request import KeyAnswer, KeyAnswerUnreadable, Outcome, digest_of
from rekam.exchange.key_requests import KeyRequestRemote
from rekam.station.key_requests import KeyRequests, NoSuchKeyRequest
from rekam.station.staff_file import Entry, ended
from rekam.station.store import Identity
from rekam.station.unlock import Operators
from rekam.trust.certificates import Certificate, verify_chain

__all__ = ["CROSSED", "Answered", "KeyAnswers"]

CROSSED: Final = "crossed"
"""Stands for a refusal where a request was withdrawn here and certified there."""


@dataclass(frozen=True)
class Answered:
    """What an answer did: for whom, and how it ended."""

    name: str
    outcome: Outcome
    reason: str = ""


class KeyAnswers:
    """`replaced` is told the subject whose old key signs nothing any more, once that is durable."""

    def __init__(
        self,
        operators: Operators,
        requests: KeyRequests,
        identity: Identity,
        replaced: Callable[[str], object] = lambda _subject: None,
    ) -> None:
        self._operators = operators
        self._file = operators.file
        self._requests = requests
        self._identity = identity
        self._replaced = replaced

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
        for asked in self._requests.waiting():
            try:
                digest = bytes.fromhex(asked.digest)
                answer = remote.withdraw(digest) if asked.withdrawn else remote.ask(asked.data)
                self._requests.trouble.pop(asked.digest, None)
                if answer is None:
                    self._requests.heard(asked)
                else:
                    self.take(answer)
                    ended += 1
            except RekamError as error:
                self._requests.trouble[asked.digest] = error
                problem = error
        if problem is not None and not ended:
            raise problem
        return ended

    def _end(self, subject: str, entry: Entry, said: KeyAnswer) -> Answered:
        """In one write: the new slot and its certificates in the place of the old ones, or the reason why not."""
        kept = {name: value for name, value in entry.items() if name not in {"asked", "refused"}}
        kept["answered"] = said.request
        if said.outcome == "issued":
            leaf, chain = self._certified(subject, entry, said)
            if entry["chain"]:
                kept |= ended(entry, "replaced")
            kept |= {"role": leaf.kind, "chain": list(chain)}
            slot = entry["asked"].get("slot")
            if slot is not None:
                kept["slot"] = slot
            else:  # withdrawn here, certified there: the old key has ended all the same, and nobody has the new one
                kept.pop("slot", None)
                kept["refused"] = CROSSED
            self._file.put(subject, kept)
            self._operators.forget_guesses(subject)
            self._replaced(subject)
        elif said.outcome == "refused":
            self._file.put(subject, {**kept, "refused": said.reason or "refused"})
        elif entry["chain"]:
            self._file.put(subject, kept)
        else:
            self._file.remove(subject)
        return Answered(entry["name"], said.outcome, said.reason)

    def _certified(self, subject: str, entry: Entry, said: KeyAnswer) -> tuple[Certificate, tuple[bytes, ...]]:
        """The role is the certificate's, and only what was asked for."""
        chain = (said.certificate, *self._identity.chain[1:])
        leaf = verify_chain(chain, self._identity.root)[0]
        asked = entry["asked"]
        if (leaf.subject, leaf.kind, leaf.signing.to_bytes()) != (subject, asked["role"], asked["key"]):
            raise KeyAnswerUnreadable(reason="its certificate is another key's")
        return leaf, chain
