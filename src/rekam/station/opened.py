"""What is built from what once the store is open, in which order: `Opened`."""

import tempfile
from functools import partial
from pathlib import Path
from typing import BinaryIO, cast

from rekam.exchange.account_desk import AccountDesk
from rekam.exchange.announced import OnceARound
from rekam.exchange.downloads import Downloads
from rekam.exchange.filter_shelf import FilterShelf
from rekam.exchange.master import MasterData
from rekam.exchange.purging import Purger
from rekam.station.already_recorded import AlreadyRecorded
from rekam.station.announced import StationAnnounced
from rekam.station.day.letters import CounterLetters
from rekam.station.day.plan import Plans
from rekam.station.day.queue import Queue
from rekam.station.day_end.day_end import DayEnd
from rekam.station.drafts import Drafts
from rekam.station.family import Family
from rekam.station.hands import Hands
from rekam.station.languages import Languages
from rekam.station.ledger import StationLedger
from rekam.station.legal_time import kept_anchor, legal_day
from rekam.station.letters import Letters
from rekam.station.lookup.codes import Codes
from rekam.station.lookup.lookup import Lookup
from rekam.station.notices import Notices
from rekam.station.outing.expected import ExpectedList
from rekam.station.outing.outings import Outings
from rekam.station.own_past import OwnPast
from rekam.station.papers import Papers
from rekam.station.ports import Ports
from rekam.station.printing.queue import PrintQueue
from rekam.station.printing.settings import ChosenPrinter
from rekam.station.printing.slips import Slips
from rekam.station.purging import StationPurgeStore
from rekam.station.recordings import Recordings
from rekam.station.referral.paper import ReferralPapers
from rekam.station.referral.referrals import Referrals
from rekam.station.residents import Residents
from rekam.station.saving import Saving
from rekam.station.scrub import StationScrubBook
from rekam.station.second_recording import SecondRecording
from rekam.station.sending import Line
from rekam.station.sizes import Sizes
from rekam.station.store import StationStore
from rekam.station.unsaved import put_unsaved_aside
from rekam.storage.blobs import BlobStore
from rekam.storage.scrub import Scrubber
from rekam.trust.clock import LegalClock

__all__ = ["Opened"]


class Opened:
    """Everything that exists only while the store is open. Nothing of it runs yet (see `background`)."""

    def __init__(self, ports: Ports, store: StationStore) -> None:
        self.store = store
        self.identity = store.identity()
        centre = self.identity.centre_certificate.signing
        self.legal = LegalClock(ports.clock, kept_anchor(store))
        self.blobs = BlobStore(ports.folder / "packets", ports.disk, reserve_bytes=ports.reserve_bytes)
        self.unsaved = put_unsaved_aside(store, self.blobs)
        self.parts = BlobStore(ports.folder / "parts", ports.disk, reserve_bytes=ports.reserve_bytes)
        self.drafts = Drafts(store)
        self.recordings = Recordings(store)
        announced = OnceARound(StationAnnounced(store))
        self.filter = FilterShelf(announced, self.parts, centre, self.identity.office, scope=ports.check_scope)
        self.master = MasterData(announced, self.parts, self.identity.office)
        self.sizes = Sizes(self.master)
        scratch = ports.scratch or partial(_unnamed_file, ports.folder)
        self.saving = Saving(
            store, self.blobs, self.drafts, self.recordings, ports.clock, self.legal, ports.random, scratch, self.sizes
        )
        self.scrub_book = StationScrubBook(store)
        self.scrubber = Scrubber(self.blobs, self.scrub_book.held, self.scrub_book)
        self.past = OwnPast(store, ports.remembers(self.identity) if ports.remembers else None, ports.random)
        self.purger = Purger(
            StationPurgeStore(store, self.legal),
            self.blobs,
            centre,
            retention=lambda: self.master.policy().retention or ports.retention,
            log_doubted=self.past.log_doubted,
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
        remote = ports.connect(self.identity)
        self.downloads = Downloads(
            (*self.master.shelves, self.filter),
            self.parts,
            remote,
            ports.clock,
            stop=lambda: self.line.stopping,
            announced=announced,
        )
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
        # what pages ask besides: each needs only what stands above, none another; in the order of the alphabet
        self.check = AlreadyRecorded(store, self.recordings, self.filter)
        self.day_end = DayEnd(store, self.legal)
        self.day_word_desk = ports.day_words(self.identity) if ports.day_words else None
        self.expected = ExpectedList(store, self.check.ask, self._edition)
        self.hands = Hands(store, self.legal)
        self.key_remote = ports.operator_keys(self.identity) if ports.operator_keys else None
        self.languages = Languages(store)
        self.notices = Notices(store, self.legal)
        self.letters = Letters(store, self.identity.office)
        self.letter_desk = ports.letters(self.identity) if ports.letters else None
        self.outings = Outings(store, self.legal, self.master)
        self.papers = Papers(
            store,
            self.recordings,
            self.legal,
            ports.fonts,
            self.master,
            self.letters,
            ports.portal,
            require=self.past.require,
        )
        self.plans = Plans(store)
        self.printer = ChosenPrinter(store, ports.make_printer, ports.printer_certificate, ports.printer)
        self.printing = PrintQueue(store, self.printer, lambda: self.legal.now().at)
        self.slips = Slips(self.printing)
        self.counter_letters = CounterLetters(store)
        self.queue = Queue(store, self.legal, self.counter_letters)
        self.residents = Residents(store)
        self.referrals = Referrals(store, self.legal, self.residents, self.past.require)
        self.referral_papers = ReferralPapers(store, self.legal, ports.fonts, self.master.reference)
        self.family = Family(self.residents, self.check.ask, lambda: legal_day(self.legal, self.identity.station))
        self.lookup = Lookup(self.residents)
        self.codes = Codes(self.residents, self.recordings, self.referrals, self.identity.station)
        self.second = SecondRecording(store, ports.each)

    def _edition(self) -> str:
        """Which edition of the offline check is here; empty where there is none."""
        known = self.filter.state()
        return f"{known.edition}.{known.delta}" if known else ""


def _unnamed_file(folder: Path) -> BinaryIO:
    return cast("BinaryIO", tempfile.TemporaryFile(dir=folder))
