"""The station as its pages, its API and its command line use it: `Station`."""

import tempfile
import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import timedelta
from functools import partial
from pathlib import Path
from typing import BinaryIO, cast

import structlog

from rekam.enrolment.biodata import Biodata
from rekam.enrolment.check import CheckAdvice
from rekam.enrolment.eligibility import may_be_recorded
from rekam.enrolment.errors import RekamError
from rekam.enrolment.sample import ExceptionReason, Modality, Slot
from rekam.enrolment.zones import zone_of_region
from rekam.exchange.account_desk import AccountDesk
from rekam.exchange.account_http import AccountRemote
from rekam.exchange.account_round import AccountSender, account_rounds
from rekam.exchange.downloads import Downloads
from rekam.exchange.filter_shelf import FilterShelf
from rekam.exchange.lanes import Lanes, one_lane
from rekam.exchange.master import MasterData
from rekam.exchange.purge_rounds import purge_rounds
from rekam.exchange.purging import STATION_RETENTION, Purger
from rekam.exchange.remembered import RememberSource
from rekam.exchange.remote import Remote
from rekam.exchange.scrubbing import scrubbing
from rekam.station.already_recorded import AlreadyRecorded
from rekam.station.announced import StationAnnounced
from rekam.station.capture import FORCE_AFTER, Judged, TooEarlyToForce, take
from rekam.station.devices.port import Captured, Device
from rekam.station.drafts import Drafts
from rekam.station.ledger import StationLedger
from rekam.station.legal_time import kept_anchor
from rekam.station.notices import Notices
from rekam.station.own_past import OwnPast
from rekam.station.papers import Papers
from rekam.station.purging import StationPurgeStore
from rekam.station.recordings import Recording, Recordings
from rekam.station.residents import Residents
from rekam.station.saving import Saving
from rekam.station.scrub import StationScrubBook
from rekam.station.second_recording import SecondRecording
from rekam.station.sending import Line
from rekam.station.shot import single
from rekam.station.sitting import Sitting, Step, StepState
from rekam.station.sizes import Sizes
from rekam.station.store import Identity, StationStore
from rekam.station.unlock import Operators, Unlocked
from rekam.storage.blobs import BlobStore
from rekam.storage.disk import Disk
from rekam.storage.scrub import Scrubber
from rekam.trust.clock import Clock, LegalClock
from rekam.trust.random import Random, SystemRandom

__all__ = ["NotASupervisor", "NotYetRecordable", "Ports", "Station", "StationLocked"]


log = structlog.get_logger()


class StationLocked(RekamError):
    """Nobody has signed in since this station was started, so its store is closed. Unsent recordings are safe.
    Sign in with your PIN; sending then goes on by itself.
    """


class NotASupervisor(RekamError):
    """{operator} is not a supervisor at this station. Nothing was changed.
    Ask a supervisor to confirm with their own PIN.
    """


class NotYetRecordable(RekamError):
    """{name} is younger than 16 and not married, so there is nothing to record yet. Nothing was changed.
    Ask the family to come back after the sixteenth birthday.
    """


@dataclass(frozen=True)
class Ports:
    """What the station stands on. `connect` makes the remote of its office once the identity is known; `fonts` is
    the folder of Inter's TTF files; `portal` is the public website's address that proofs name, empty for none;
    `pause_s` is how often the line looks for work, `lanes` how it runs its uploads; `retention` is how long a copy
    stays after the centre accepted it, None for ever; `scratch` opens an unnamed file for ciphertext, None for one in
    `folder`; `report` makes the way by which accounts reach the office, None where there is none.
    """

    folder: Path
    disk: Disk
    clock: Clock
    device: Device
    connect: Callable[[Identity], Remote]
    fonts: Path
    portal: str = ""
    pepper: bytes = b""
    reserve_bytes: int = 0
    pause_s: float = 2.0
    retention: timedelta | None = STATION_RETENTION
    lanes: Lanes = one_lane
    report: Callable[[Identity], AccountRemote] | None = None
    random: Random = field(default_factory=SystemRandom)
    scratch: Callable[[], BinaryIO] | None = None
    remembers: Callable[[Identity], RememberSource] | None = None


class Opened:
    """Everything that exists only while the store is open."""

    def __init__(self, ports: Ports, store: StationStore) -> None:
        self.store = store
        self.identity = store.identity()
        self.legal = LegalClock(ports.clock, kept_anchor(store))
        self.blobs = BlobStore(ports.folder / "packets", ports.disk, reserve_bytes=ports.reserve_bytes)
        self.drafts = Drafts(store)
        self.recordings = Recordings(store)
        self.residents = Residents(store)
        self.notices = Notices(store)
        self.parts = BlobStore(ports.folder / "parts", ports.disk, reserve_bytes=ports.reserve_bytes)
        centre = self.identity.centre_certificate.signing
        self.filter = FilterShelf(StationAnnounced(store), self.parts, centre, self.identity.office)
        self.master = MasterData(StationAnnounced(store), self.parts, self.identity.office)
        self.check = AlreadyRecorded(store, self.recordings, self.filter)
        self.second = SecondRecording(store)
        self.papers = Papers(store, self.recordings, self.legal, ports.fonts, self.master, ports.portal)
        self.sizes = Sizes(self.master)
        scratch = ports.scratch or partial(_unnamed_file, ports.folder)
        self.saving = Saving(
            store, self.blobs, self.drafts, self.recordings, ports.clock, self.legal, ports.random, scratch, self.sizes
        )
        self.scrub_book = StationScrubBook(store)
        self.scrubber = Scrubber(self.blobs, self.scrub_book.held, self.scrub_book)
        self.scrub = scrubbing(self.scrubber)
        self.purger = Purger(
            StationPurgeStore(store, self.legal),
            self.blobs,
            self.identity.centre_certificate.signing,
            retention=lambda: self.master.policy().retention or ports.retention,
        )
        self.accounts = AccountDesk(
            str(self.identity.station),
            "station",
            StationLedger(store),
            self.blobs,
            key=self.identity.signing,
            chain=self.identity.chain,
            root=self.identity.root,
            now_ms=lambda: ports.clock.stamp().wall_ms,
        )
        self.office_accounts = ports.report(self.identity) if ports.report else None
        sender = AccountSender(self.accounts, self.office_accounts, ports.clock) if self.office_accounts else None
        self.accounting = account_rounds(sender) if sender else None
        self.purging = purge_rounds(self.purger, self.legal.now)
        remote = ports.connect(self.identity)
        self.downloads = Downloads(
            (*self.master.shelves, self.filter), self.parts, remote, ports.clock, stop=lambda: self.line.stopping
        )
        self.past = OwnPast(store, ports.remembers(self.identity) if ports.remembers else None, ports.random)
        self.line = Line(
            store,
            self.blobs,
            remote,
            self.legal,
            downloads=self.downloads,
            pause_s=ports.pause_s,
            lanes=ports.lanes,
            clock=ports.clock,
            first=self.past.ask,
        )


class Station:
    """One station. Locked until somebody signs in; thread-safe; every change is durable when a method returns."""

    def __init__(self, ports: Ports) -> None:
        self.ports = ports
        self.operators = Operators(ports.folder / "operators.cbor", ports.clock, pepper=ports.pepper)
        self._opened: Opened | None = None
        self._lock = threading.RLock()

    @property
    def is_open(self) -> bool:
        return self._opened is not None

    @property
    def here(self) -> Opened:
        """Raises `StationLocked` before the first sign-in."""
        if self._opened is None:
            raise StationLocked
        return self._opened

    def sign_in(self, operator: str, pin: str) -> Unlocked:
        """Raises `UnknownOperator`, `WrongPin`, `TooManyAttempts`. The first one opens the store and starts sending."""
        unlocked = self.operators.sign_in(operator, pin)
        with self._lock:
            if self._opened is None:
                opened = Opened(self.ports, StationStore.open(self.ports.folder / "station.db", unlocked.store_key))
                opened.line.start()
                opened.scrub.start()
                opened.purging.start()
                if opened.accounting:
                    opened.accounting.start()
                self._opened = opened
        return unlocked

    def close(self) -> None:
        """Stops sending and closes the store; everything is safe at any moment anyway."""
        with self._lock:
            if self._opened is not None:
                self._opened.line.stop()
                self._opened.scrub.stop()
                self._opened.purging.stop()
                if self._opened.accounting:
                    self._opened.accounting.stop()
                self._opened.store.close()
                self._opened = None

    def ask(self, nik: str) -> CheckAdvice:
        """Already recorded? Never refuses, never needs a network."""
        return self.here.check.ask(nik)

    def open_sitting(self, nik: str, operator: Unlocked) -> Sitting:
        """Begins a sitting, or takes up this resident's half-done one. Raises `NotInExtract`, `NotYetRecordable`,
        `DiskReserveReached`.
        """
        here = self.here
        here.past.require()
        biodata = here.residents.find(nik)
        self._require_recordable(biodata)
        with self._lock:
            known = here.drafts.open_of(biodata.nik)
            if known is not None:
                return known
            here.saving.check_room()
            sitting = Sitting.open(
                biodata, here.check.ask(biodata.nik), operator=operator.operator.subject, at=self._now()
            )
            here.drafts.begin(sitting)
        return sitting

    def sitting(self, sitting_id: str) -> Sitting:
        return self.here.drafts.find(sitting_id)

    def confirm_biodata(self, sitting_id: str) -> Sitting:
        return self._change(sitting_id, Sitting.confirm_biodata)

    def capture(self, sitting_id: str, slot: Slot, *, forced: bool = False) -> tuple[Sitting, Judged]:
        """One attempt with the device. Raises `NothingCaptured`, an `AbisError`, `TooEarlyToForce`."""
        return self._take(sitting_id, single(self.ports.device, self.sitting(sitting_id), slot), forced=forced)

    def upload(
        self, sitting_id: str, slot: Slot, image: bytes, media_type: str, *, forced: bool = False
    ) -> tuple[Sitting, Judged]:
        """One attempt with a file, a camera or a pad in the browser."""
        return self._take(sitting_id, Captured(slot, image, media_type, "browser"), forced=forced)

    def _take(self, sitting_id: str, captured: Captured, *, forced: bool) -> tuple[Sitting, Judged]:
        here = self.here
        here.blobs.check_reserve(len(captured.image))
        with self._lock:
            sitting = self.sitting(sitting_id)
            try:
                here.sizes.check_sample(sitting, captured.slot, captured.image)
                changed, capture, judged = take(sitting, captured, forced=forced)
            except TooEarlyToForce:
                raise
            except RekamError:
                here.drafts.keep(sitting.with_attempt(captured.slot))
                raise
            changed = self._searched(changed, captured.slot)
            here.drafts.keep(changed, changed=capture)
        return changed, judged

    def keep_best(self, sitting_id: str, slot: Slot) -> Sitting:
        """The best attempt so far counts although it is weak. Raises `NothingCapturedYet`, `TooEarlyToForce`."""
        best = self.here.drafts.capture(sitting_id, slot)
        if best.attempts < FORCE_AFTER:
            raise TooEarlyToForce(slot=slot, attempts=best.attempts, needed=FORCE_AFTER)
        return self._change(sitting_id, lambda sitting: self._searched(sitting.keep_best(slot), slot), slot)

    def except_slot(self, sitting_id: str, slot: Slot, reason: ExceptionReason, supervisor: str, pin: str) -> Sitting:
        """The slot stays empty; a supervisor confirms with the own PIN. Raises `NotASupervisor`, `WrongPin`."""
        self.supervisor(supervisor, pin)
        return self._change(
            sitting_id, lambda sitting: self._searched(sitting.with_exception(slot, reason, supervisor), slot)
        )

    def supervisor(self, supervisor: str, pin: str) -> Unlocked:
        """The supervisor behind a PIN."""
        unlocked = self.operators.sign_in(supervisor, pin)
        if unlocked.operator.role != "supervisor":
            raise NotASupervisor(operator=supervisor)
        return unlocked

    def go_on(self, sitting_id: str, reason: str) -> Sitting:
        return self._change(sitting_id, lambda sitting: sitting.go_on(reason))

    def save(
        self, sitting_id: str, operator: Unlocked, *, supervisor: Unlocked | None = None, consent: bool
    ) -> Recording:
        """Durable when it returns; a second save of the same sitting gives the same recording."""
        here = self.here
        here.past.require()
        with self._lock:  # not while a capture of the same sitting is being judged
            recording = here.saving.save(sitting_id, operator, supervisor, consent=consent)
        here.line.wake()
        return recording

    def abandon(self, sitting_id: str, operator: Unlocked, reason: str) -> None:
        with self._lock:
            self.here.drafts.abandon(sitting_id, operator=operator.operator.subject, at=self._now(), reason=reason)

    def _change(self, sitting_id: str, change: Callable[[Sitting], Sitting], captured: Slot | None = None) -> Sitting:
        with self._lock:
            changed = change(self.sitting(sitting_id))
            self.here.drafts.keep(changed, changed=changed.captures[captured] if captured else None)
        return changed

    def _searched(self, sitting: Sitting, slot: Slot) -> Sitting:
        """The sitting with a warning of a second recording, once what was just filled completes its step."""
        return sitting.warned(self.here.second.numbers(sitting)) if _worth_searching(sitting, slot) else sitting

    def _require_recordable(self, biodata: Biodata) -> None:
        today = self.here.legal.now().at.astimezone(zone_of_region(self.here.identity.station)).date()
        if not may_be_recorded(biodata.birth_date, biodata.ever_married, today, biodata.itap_until):
            raise NotYetRecordable(name=biodata.name)

    def _now(self) -> str:
        return self.here.legal.now().at.isoformat(timespec="seconds")


def _unnamed_file(folder: Path) -> BinaryIO:
    return cast("BinaryIO", tempfile.TemporaryFile(dir=folder))


def _worth_searching(sitting: Sitting, slot: Slot) -> bool:
    """Once all fingers, or both eyes, are there: a search for every single capture would say no more."""
    steps = sitting.steps()
    done = {Modality.FINGER: Step.FINGERS, Modality.IRIS: Step.IRISES}.get(slot.modality)
    return done is not None and steps[done] is StepState.DONE
