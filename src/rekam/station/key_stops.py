"""The office's words on people whose keys it stopped, as a station takes them: `KeyStops`.

The slot and the signing key go, whoever is signed in with it is signed out, and nothing more is saved with it; what
was saved stays and is sent, a sitting that was open is offered to whoever signs in next (docs/adr/0055).
"""

from collections.abc import Callable
from datetime import UTC, datetime

from rekam.exchange.key_requests import KeyRequestRemote
from rekam.exchange.key_stop import KeyStop, KeyStopUnproved
from rekam.station.store import Identity
from rekam.station.unlock import Operators

__all__ = ["KeyStops"]


class KeyStops:
    """Of one installation. `ended` is told the subject whose key signs nothing any more, once that is durable."""

    def __init__(self, operators: Operators, identity: Identity, ended: Callable[[str], object]) -> None:
        self._operators = operators
        self._identity = identity
        self._ended = ended

    def take(self, word: bytes) -> str | None:
        """The office's word, by whichever way it came; the name of who is stopped, None where that changed nothing.
        Raises `KeyStopUnproved`.
        """
        here = self._identity
        stop = KeyStop.read(word, here.office_certificate.signing)
        if (stop.station, stop.epoch) != (str(here.station), here.epoch):
            raise KeyStopUnproved(reason=f"it is for {stop.station}/{stop.epoch}")
        at = datetime.fromtimestamp(stop.at_ms / 1000, UTC).isoformat(timespec="seconds")
        name = self._operators.stop(stop.subject, by=here.office_name, at=at)
        if name is not None:
            self._ended(stop.subject)
        return name

    def bring(self, remote: KeyRequestRemote) -> int:
        """One round with the office; how many were stopped. Raises what the remote raises, `KeyStopUnproved`."""
        return sum(self.take(word) is not None for word in remote.stops())
