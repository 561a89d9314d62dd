"""How the words on days reach the office: it says how far it knows them, the station brings what follows."""

from collections.abc import Callable, Sequence
from typing import Annotated, Final, Protocol

from fastapi import APIRouter, Depends, Response

from rekam.exchange.admission import MaySend
from rekam.exchange.day_word import MEDIA_TYPE, NO_WORD, DayWord, DayWordUnproved, digest_of, read_day_word
from rekam.exchange.http_serving import LONG, Authenticator, problem_route, read_body
from rekam.exchange.rounds import Pauses, Rounds, told
from rekam.exchange.signed_http import SignedHttp
from rekam.trust.keys import VerifyKey
from rekam.trust.requests import SignedRequest

__all__ = [
    "DayWordDesk",
    "DayWordRemote",
    "DayWordStore",
    "HttpDayWords",
    "InMemoryDayWords",
    "bring_day_words",
    "day_word_rounds",
    "day_words_router",
]

_PATH: Final = "/exchange/day-words"


class DayWordStore(Protocol):
    """The words that an office holds. Adapters: `InMemoryDayWords`, the office's own."""

    def last(self, station: str, epoch: int) -> tuple[int, bytes]:
        """Number and digest of the newest word of this installation; 0 and `NO_WORD` before the first."""

    def find(self, station: str, epoch: int, n: int) -> bytes | None:
        """Word `n` of this installation as it was signed, None where it is not held."""

    def put(self, word: DayWord, data: bytes) -> None:
        """Keep a word that follows the last one; one that came a moment earlier by another way stays."""


class InMemoryDayWords:
    """`DayWordStore` in memory, for simulations and tests."""

    def __init__(self) -> None:
        self.kept: list[tuple[DayWord, bytes]] = []

    def last(self, station: str, epoch: int) -> tuple[int, bytes]:
        of = [(word.n, digest_of(data)) for word, data in self.kept if (word.station, word.epoch) == (station, epoch)]
        return max(of, default=(0, NO_WORD))

    def find(self, station: str, epoch: int, n: int) -> bytes | None:
        asked = (station, epoch, n)
        return next((data for word, data in self.kept if (word.station, word.epoch, word.n) == asked), None)

    def put(self, word: DayWord, data: bytes) -> None:
        if self.find(word.station, word.epoch, word.n) is None:
            self.kept.append((word, data))


class DayWordRemote(Protocol):
    """The office, as far as words on days go. Adapters: `DayWordDesk.of` in one process, `HttpDayWords`."""

    def last(self) -> int:
        """The number of the newest word that it holds of the one who asks."""

    def bring(self, data: bytes) -> None:
        """Hand over the next word; one that is known changes nothing. Raises `DayWordUnproved`."""


class DayWordDesk:
    """The office's side. A station brings its own words, in their order."""

    def __init__(self, store: DayWordStore, root: VerifyKey) -> None:
        self.store = store
        self._root = root

    def take(self, data: bytes, station: str) -> None:
        """Raises `DayWordUnproved`, also for a word of another station, for one that does not follow the last, and for
        another word under a number that is taken.
        """
        word = read_day_word(data, self._root)
        if word.station != station:
            raise DayWordUnproved(station=word.station, reason=f"brought by {station}")
        n, digest = self.store.last(word.station, word.epoch)
        if word.n <= n:
            if self.store.find(word.station, word.epoch, word.n) != data:
                raise DayWordUnproved(station=word.station, reason=f"another word has number {word.n}")
            return
        if word.n != n + 1 or word.previous != digest:
            raise DayWordUnproved(station=word.station, reason=f"word {word.n} does not follow word {n}")
        self.store.put(word, data)


def day_words_router(
    desk: DayWordDesk, *, place: str, root: VerifyKey, may_ask: MaySend, still: MaySend = lambda _request: None
) -> APIRouter:
    """For signed requests of stations, whom `may_ask` lets in; `still` refuses withdrawn keys."""
    router = APIRouter(route_class=problem_route(place))
    authenticate = Authenticator(root, still)

    @router.get(_PATH)
    def last(request: Annotated[SignedRequest, Depends(authenticate)]) -> Response:
        may_ask(request)
        n, _ = desk.store.last(request.signer.subject, request.signer.epoch)
        return Response(n.to_bytes(8, "big"), media_type=MEDIA_TYPE)

    @router.post(_PATH, status_code=204, dependencies=[LONG])
    def take(
        request: Annotated[SignedRequest, Depends(authenticate)], body: Annotated[bytes, Depends(read_body)]
    ) -> None:
        may_ask(request)
        desk.take(body, request.signer.subject)

    return router


class HttpDayWords:
    """`DayWordRemote` over HTTP."""

    def __init__(self, http: SignedHttp) -> None:
        self._http = http

    def last(self) -> int:
        """See `DayWordRemote`."""
        return int.from_bytes(self._http.content(self._http.send("GET", _PATH), MEDIA_TYPE)[:8], "big")

    def bring(self, data: bytes) -> None:
        """See `DayWordRemote`."""
        self._http.send("POST", _PATH, data, {"content-type": MEDIA_TYPE})


def bring_day_words(
    after: Callable[[int], Sequence[bytes]],
    newest: Callable[[], int],
    remote: DayWordRemote,
    known: Callable[[int], None] = lambda _n: None,
) -> int:
    """One round: what the office lacks, also one that was set back; returns how many words were brought. `known` is
    told how far the office knows them, so that a courier's stick need not carry them again.
    """
    if not newest():
        return 0
    last = remote.last()
    known(last)
    waiting = after(last)
    for n, data in enumerate(waiting, last + 1):
        remote.bring(data)
        known(n)
    return len(waiting)


def day_word_rounds(once: Callable[[], int], *, period_s: float = 120.0) -> Rounds:
    """Rounds to be started and stopped with the station."""
    return Rounds("day words", told(once), Pauses(period_s, 900.0))
