"""The station as its pages, its API and its command line use it: `Station`."""

import threading
from collections.abc import Callable
from datetime import date

from rekam.enrolment.check import CheckAdvice
from rekam.enrolment.errors import RekamError
from rekam.exchange.key_requests import key_request_rounds
from rekam.exchange.rounds import Background, Rounds, stop_together
from rekam.station.background import background
from rekam.station.certified_role import OperatorUncertified, certified
from rekam.station.day_end.day_end import Spoken
from rekam.station.engine_start import EngineStart
from rekam.station.key_answers import KeyAnswers
from rekam.station.key_requests import KeyRequests
from rekam.station.key_stops import KeyStops
from rekam.station.opened import Opened
from rekam.station.ports import Ports
from rekam.station.sittings import Sittings
from rekam.station.store import StationStore
from rekam.station.unlock import NotASupervisor, Operators, Unlocked

__all__ = ["Station", "StationLocked"]


class StationLocked(RekamError):
    """Nobody has signed in since this station was started, so its store is closed. Unsent recordings are safe.
    Sign in with your PIN; sending then goes on by itself.
    """


class Station:
    """One station. Locked until somebody signs in; thread-safe; every change is durable when a method returns.

    What is asked of it once it is open lies in `here`, what happens at the counter in `sittings`. `key_ended` is told
    whose old key signs nothing any more.
    """

    def __init__(self, ports: Ports) -> None:
        self.ports = ports
        self.operators = Operators(ports.folder / "operators.cbor", ports.clock, pepper=ports.pepper)
        self.engine = EngineStart()
        self._opened: Opened | None = None
        self._keys: KeyRequests | None = None
        self._answers: KeyAnswers | None = None
        self._key_rounds: Rounds | None = None
        self._asks, self._answered, self._told = 0, 0, threading.Condition()
        self.key_ended: Callable[[str], object] = lambda _subject: None
        self._running: tuple[Background, ...] = ()
        self._lock = threading.RLock()
        self.sittings = Sittings(lambda: self.here, ports.device, self.supervisor, self._lock)

    @property
    def is_open(self) -> bool:
        return self._opened is not None

    @property
    def here(self) -> Opened:
        """Raises `StationLocked` before the first sign-in."""
        if self._opened is None:
            raise StationLocked
        return self._opened

    @property
    def keys(self) -> KeyRequests:
        """New keys that wait for the office. Raises `StationLocked`."""
        if self._keys is None:
            raise StationLocked
        return self._keys

    @property
    def key_answers(self) -> KeyAnswers:
        """What the office answers to them. Raises `StationLocked`."""
        if self._answers is None:
            raise StationLocked
        return self._answers

    def ask_office(self, wait_s: float) -> None:
        """Requests for keys are handed over and answers taken now, in the background; returns when that is done, at the
        latest after `wait_s`. A round that was under way already may have asked too early: it is not counted.
        """
        if not self._key_rounds:
            return
        with self._told:
            self._asks += 1
            wanted = self._asks
        self._key_rounds.wake()
        with self._told:
            self._told.wait_for(lambda: self._answered >= wanted, wait_s)

    def _bring_keys(self) -> int:
        asks = self._asks
        try:
            here, done, problem = self.here, 0, None
            if here.key_remote is None:
                return 0
            for deed in (self._stops.bring, self.key_answers.bring, here.key_ends.bring):
                try:  # what the office refuses of one keeps none of the others back
                    done += deed(here.key_remote)
                except RekamError as error:
                    problem = error
            if problem is not None:
                raise problem
            return done
        finally:
            with self._told:
                self._answered = asks
                self._told.notify_all()

    def sign_in(self, operator: str, pin: str) -> Unlocked:
        """Raises `UnknownOperator`, `WrongPin`, `TooManyAttempts`, `OperatorUncertified`. The first one opens the store
        and starts sending.
        """
        unlocked = self.operators.sign_in(operator, pin)
        with self._lock:
            if self._opened is None:
                store = StationStore.open(self.ports.folder / "station.db", unlocked.store_key)
                try:
                    certified(unlocked, store.identity().root)
                except OperatorUncertified:
                    store.close()
                    raise
                opened = Opened(self.ports, store, self.operators.name_of)
                opened.key_ends.gather(self.operators.file)
                self._keys = KeyRequests(
                    self.operators, opened.identity, self.ports.random, lambda: opened.legal.now().at
                )
                self._answers = KeyAnswers(self.operators, self._keys, opened.identity, self._key_replaced)
                self._key_rounds = key_request_rounds(self._bring_keys)
                self._running = (*background(self.ports, opened), self._key_rounds)
                self._opened = opened
                for each in self._running:
                    each.start()
        return certified(unlocked, self.here.identity.root)

    @property
    def _stops(self) -> KeyStops:
        return KeyStops(self.operators, self.here.identity, self._key_replaced)

    def take_stop(self, word: bytes) -> str | None:
        """The office stops somebody's keys here. See `KeyStops.take`."""
        return self._stops.take(word)

    def _key_replaced(self, subject: str) -> None:
        self.key_ended(subject)  # whoever listens may have come later than the opening
        self.here.key_ends.gather(self.operators.file)

    def bar(self, subject: str, *, by: str) -> None:
        """Who left signs in no more, and the office hears after which recording. See `Operators.bar`."""
        self.operators.bar(subject, by=by, at=self.here.legal.now().at.isoformat(timespec="seconds"))
        self.here.key_ends.gather(self.operators.file)

    def close(self) -> None:
        """Stops sending and closes the store; everything is safe at any moment anyway."""
        with self._lock:
            if self._opened is not None:
                stop_together(self._running)
                self._opened.store.close()
                self._opened = self._keys = self._answers = self._key_rounds = None

    def supervisor(self, supervisor: str, pin: str) -> Unlocked:
        """The supervisor behind a PIN. Raises `NotASupervisor`, and what `sign_in` of the operators raises."""
        unlocked = certified(self.operators.sign_in(supervisor, pin), self.here.identity.root)
        if not unlocked.operator.supervises:
            raise NotASupervisor(operator=supervisor)
        return unlocked

    def close_day(self, day: date, supervisor: Unlocked) -> Spoken:
        """Under the lock of the sittings, so that nothing is saved on a day while it is counted. See `DayEnd.close`."""
        with self._lock:
            return self.here.day_end.close(day, supervisor)

    def ask(self, nik: str) -> CheckAdvice:
        """Already recorded? Never refuses, never needs a network."""
        return self.here.check.ask(nik)
