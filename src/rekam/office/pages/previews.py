"""What officials look at before it is brought in, and how far reading a file and bringing it in are: `Previews`."""

import hashlib
import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Any, Final, Literal

import structlog

from rekam.enrolment.errors import RekamError
from rekam.office.corrections import Brought, Source, Wanted
from rekam.office.proposal import Proposal, WantedOf
from rekam.trust.random import SystemRandom

__all__ = ["SHOWN", "Preview", "Previews"]

_KEPT: Final = 20
SHOWN: Final = 200
"""As many changes as a page shows."""
_KEPT_ROWS: Final = 200_000
"""Of all previews together; beyond it the oldest go. They hold biodata and are never written anywhere."""
_AT_ONCE_S: Final = 0.5
"""What is done sooner shows no progress: a page that flashes by tells nobody anything."""
_log = structlog.get_logger("rekam.office")

Told = Callable[[int, int], object]
"""Hears how many residents are done, of how many."""
Read = Callable[[bytes, Told], Proposal]
Bring = Callable[[Sequence[Wanted], str, Source, Told], Brought]


@dataclass(frozen=True)
class Preview:
    """What one official looks at. While a thread is at it, what it is `doing`, with `done` of `total` residents (0
    before that is known); then the `proposal` that was read, or the `problem` that ended it; then what was `brought`,
    with no more changes of the `total` than a page shows: the others are in, and let go.
    """

    person: str
    source: Source
    doing: Literal["read", "bring"] | None = None
    done: int = 0
    total: int = 0
    proposal: Proposal | None = None
    brought: Brought | None = None
    problem: RekamError | None = None
    digest: bytes = b""


class Previews:
    """In memory alone: after a restart a file is read again, and what was being brought in is not in at all. Safe for
    threads.
    """

    def __init__(self, read: Read, bring: Bring) -> None:
        self._read = read
        self._bring = bring
        self._held: dict[str, Preview] = {}
        self._lock = threading.Lock()

    def of(self, token: str, person: str) -> Preview | None:
        """None where there is none, or somebody else's."""
        found = self._held.get(token)
        return found if found is not None and found.person == person else None

    def under_way(self, person: str) -> list[str]:
        """The tokens of what a thread is at for this official, for who left the page and comes back."""
        return [token for token, held in [*self._held.items()] if held.person == person and held.doing]

    def keep(self, proposal: Proposal, source: Source, person: str) -> str:
        """What was looked up already; its token."""
        with self._lock:
            return self._put(Preview(person, source, proposal=proposal))

    def read(self, data: bytes, person: str) -> str:
        """Begin to read a file; the token of it, also where a second press sends the same file meanwhile."""
        digest = hashlib.sha256(data).digest()
        with self._lock:  # two presses in one instant: the second finds what the first put
            for token, held in self._held.items():
                if held.doing == "read" and (held.person, held.digest) == (person, digest):
                    return token
            token = self._put(Preview(person, "file", doing="read", digest=digest))
        self._start(token, lambda told: {"proposal": self._read(data, told)})
        return token

    def bring(self, token: str, person: str) -> None:
        """Begin to bring in what was looked at: once, however often it is pressed; again only after a trouble."""
        with self._lock:
            found = self.of(token, person)
            if found is None or found.doing or found.brought or found.proposal is None:
                return
            proposal, wanted = found.proposal, WantedOf(found.proposal.changes)
            self._held[token] = replace(found, doing="bring", done=0, total=len(wanted), problem=None)
        brief = replace(proposal, changes=proposal.changes[:SHOWN])
        self._start(token, lambda told: {"brought": self._bring(wanted, person, found.source, told), "proposal": brief})

    def _start(self, token: str, work: Callable[[Told], dict[str, Any]]) -> None:
        thread = threading.Thread(target=self._run, args=(token, work), name="residents", daemon=True)
        thread.start()
        thread.join(_AT_ONCE_S)

    def _run(self, token: str, work: Callable[[Told], dict[str, Any]]) -> None:
        try:
            ended = work(lambda done, total: self._note(token, done=done, total=total))
        except RekamError as problem:
            ended = {"problem": problem}
        except Exception as error:  # noqa: BLE001 - whatever the database raises, the page must tell that it ended
            _log.error("residents not brought in", error=type(error).__qualname__)
            ended = {"problem": RekamError()}
        self._note(token, doing=None, **ended)

    def _note(self, token: str, **changes: Any) -> None:
        with self._lock:
            if token in self._held:
                self._held[token] = replace(self._held[token], **changes)

    def _put(self, preview: Preview) -> str:
        """Under the lock."""
        token = SystemRandom().bytes(12).hex()
        self._held[token] = preview
        idle = [each for each, held in self._held.items() if each != token and held.doing is None]
        while idle and (len(self._held) > _KEPT or sum(map(_rows, self._held.values())) > _KEPT_ROWS):
            del self._held[idle.pop(0)]
        return token


def _rows(preview: Preview) -> int:
    return len(preview.proposal.changes) + len(preview.proposal.refused) if preview.proposal else 0
