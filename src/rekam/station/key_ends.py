"""Keys of people at this station that sign nothing any more, and the station's word on each to the office: `KeyEnds`.

That a key ended stands in `operators.cbor` first, in the write that ends it; the word follows in the store, with the
head of the chain of packets at that moment. A crash in between moves the head at most over recordings that others
confirmed: the ended key's slot is gone.
"""

from collections.abc import Sequence
from typing import Final

import structlog

from rekam.enrolment.errors import RekamError
from rekam.exchange.key_end import KeyEnd, sign_key_end
from rekam.exchange.key_requests import KeyRequestRemote
from rekam.station.staff_file import StaffFile
from rekam.station.store import Identity, StationStore
from rekam.station.unlock import Unlocked
from rekam.trust.certificates import verify_chain

__all__ = ["KeyEnds", "KeyHasEnded", "require_living"]

_CARRIED: Final = 64
"""Words on one stick: the newest."""
_log = structlog.get_logger("rekam.station")


class KeyHasEnded(RekamError):
    """The key of {operator} was replaced or ended while this sitting was open, so nothing is saved with it. The sitting
    is kept. Sign in with the new PIN, or have a colleague sign in, open the sitting again and save it.
    """


class KeyEnds:
    """Of one installation, whose `identity` signs. Safe to repeat: the first word on a key stands."""

    def __init__(self, store: StationStore, identity: Identity) -> None:
        self._store = store
        self._identity = identity
        self._brought: set[bytes] = set()

    def gather(self, file: StaffFile) -> int:
        """Give the word on every key that `file` says ended; how many are new."""
        before = {key for (key,) in self._store.rows("SELECT key FROM key_end")}
        with file.one_at_a_time:
            listed = [end for entry in file.read().values() for end in entry.get("ends", ())]
        return sum(self._speak(chain, why, before) for chain, why in listed)

    def words(self) -> list[bytes]:
        """Those that the office may lack, for a stick; the newest, oldest first."""
        rows = self._store.rows("SELECT word FROM key_end WHERE NOT told ORDER BY rowid DESC LIMIT ?", (_CARRIED,))
        return [bytes(word) for (word,) in reversed(rows)]

    def bring(self, remote: KeyRequestRemote) -> int:
        """Tell the office every word, each once since this process began: one that was set back hears them again.
        Raises what the remote raises; the rest comes next time.
        """
        rows = [(bytes(key), bytes(word)) for key, word in self._store.rows("SELECT key, word FROM key_end")]
        waiting = [(key, word) for key, word in rows if key not in self._brought]
        for key, word in waiting:
            remote.ended(word)
            self._brought.add(key)
            with self._store.tx() as tx:
                tx.execute("UPDATE key_end SET told = 1 WHERE key = ? AND NOT told", (key,))
        return len(waiting)

    def _speak(self, chain: Sequence[bytes], why: str, before: set[bytes]) -> bool:
        here = self._identity
        try:
            key = verify_chain(chain, here.root)[0].signing.key_id
        except RekamError as error:  # somebody changed the file; such a key confirms nothing anywhere
            _log.warning("an ended key has no certificate", code=error.code)
            return False
        if key in before:
            return False
        before.add(key)
        with self._store.tx() as tx:  # no recording is saved meanwhile: what follows is refused this key
            ((epoch, sequence, packet),) = self._store.rows("SELECT epoch, sequence, packet FROM chain_head")
            head = bytes(packet) if sequence else b""
            end = KeyEnd(str(here.station), epoch, chain[0], "left" if why == "left" else "replaced", sequence, head)
            word = sign_key_end(end, here.signing, here.chain[0])
            tx.execute("INSERT OR IGNORE INTO key_end (key, word) VALUES (?, ?)", (key, word))
            return bool(tx.changes())


def require_living(store: StationStore, *people: Unlocked | None) -> None:
    """Raises `KeyHasEnded`. To be asked in the transaction that saves."""
    for who in people:
        if who and store.row("SELECT 1 FROM key_end WHERE key = ?", (who.signing.public.key_id,)):
            raise KeyHasEnded(operator=who.operator.name)
