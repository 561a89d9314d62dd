"""What is built from what once the store is open, in which order: `Opened`."""

import tempfile
from collections.abc import Callable, Collection
from functools import cached_property, partial
from pathlib import Path
from typing import BinaryIO, cast

from rekam.exchange.announced import OnceARound
from rekam.exchange.courier.lost_above import LostAbove
from rekam.exchange.downloads import Downloads
from rekam.exchange.filter_shelf import FilterShelf
from rekam.exchange.master import MasterData
from rekam.exchange.purging import Purger
from rekam.exchange.remote import Remote
from rekam.station.accounts import station_accounts
from rekam.station.already_recorded import AlreadyRecorded
from rekam.station.announced import StationAnnounced
from rekam.station.corrections import Corrections
from rekam.station.day.letters import CounterLetters
from rekam.station.day.plan import Plans
from rekam.station.day.queue import Queue
from rekam.station.day_end.day_end import DayEnd
from rekam.station.drafts import Drafts
from rekam.station.family import Family
from rekam.station.hands import Hands
from rekam.station.key_ends import KeyEnds
from rekam.station.languages import Languages
from rekam.station.legal_time import kept_anchor, legal_day
from rekam.station.letters import Letters
from rekam.station.lookup.codes import Codes
from rekam.station.lookup.lookup import Lookup
from rekam.station.lost_book import StationLostBook
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
from rekam.trust import roll_call
from rekam.trust.clock import LegalClock
from rekam.trust.keys import VerifyKey

__all__ = ["Opened"]


class Opened:
    """Everything that exists only while the store is open. Nothing of it runs yet (see `background`)."""

    def __init__(self, ports: Ports, store: StationStore, named: Callable[[str], str] = str) -> None:
        """`named` gives a name to whoever works or worked here."""
        self._ports = ports
        self._named = named
        self.store = store
        self.identity = identity = store.identity()
        self.legal = LegalClock(ports.clock, kept_anchor(store))
        # what is kept
        self.blobs, self.parts = self._blobs("packets"), self._blobs("parts")
        self.unsaved = put_unsaved_aside(store, self.blobs)
        self.drafts = Drafts(store)
        self.recordings = Recordings(store)
        self.residents = Residents(store)
        self.scrub_book = StationScrubBook(store)
        self.scrubber = Scrubber(self.blobs, self.scrub_book.held, self.scrub_book)
        # what the centre says
        announced = OnceARound(StationAnnounced(store))
        self.filter = FilterShelf(announced, self.parts, self._centre, identity.office, scope=ports.check_scope)
        self.master = MasterData(announced, self.parts, identity.office)
        self.sizes = Sizes(self.master)
        # its recordings: sealed, sent, let go
        self.saving = self._saving()
        self.past = OwnPast(store, ports.remembers(identity) if ports.remembers else None, ports.random)
        self.purger = self._purger()
        self.accounts = station_accounts(store, identity, self.blobs, ports.clock)
        self.office_accounts = ports.report(identity) if ports.report else None
        remote = ports.connect(identity)
        self.downloads = self._downloads(remote, announced)
        self.line = self._line(remote)
        # what pages ask besides: each needs only what stands above, none another; in the order of the alphabet
        self.check = AlreadyRecorded(store, self.recordings, self.filter)
        self.day_end = DayEnd(store, self.legal)
        self.day_word_desk = ports.day_words(identity) if ports.day_words else None
        self.expected = ExpectedList(store, self.check.ask_all, self._edition)
        self.hands = Hands(store, self.legal)
        self.key_remote = ports.operator_keys(identity) if ports.operator_keys else None
        self.languages = Languages(store)
        self.notices = Notices(store, self.legal)
        self.letters = Letters(store, identity.office)
        self.letter_desk = ports.letters(identity) if ports.letters else None
        self.outings = Outings(store, self.legal, self.master)
        self.papers = self._papers()
        self.plans = Plans(store)
        self.printer = ChosenPrinter(store, ports.make_printer, ports.printer_certificate, ports.printer)
        self.printing = PrintQueue(store, self.printer, lambda: self.legal.now().at)
        self.slips = Slips(self.printing)
        self.counter_letters = CounterLetters(store)
        self.queue = Queue(store, self.legal, self.counter_letters)
        self.referrals = Referrals(store, self.legal, self.residents, self.past.require)
        self.corrections = Corrections(
            store,
            self.residents,
            self.referrals,
            self.legal,
            ports.random,
            ports.corrections(self.identity) if ports.corrections else None,
        )
        self.referral_papers = ReferralPapers(store, self.legal, ports.fonts, self.master.reference, named)
        self.family = Family(
            self.residents, self.recordings, self.check.ask, lambda: legal_day(self.legal, identity.station)
        )
        self.lookup = Lookup(self.residents)
        self.codes = Codes(self.residents, self.recordings, self.referrals, identity.station)
        self.second = SecondRecording(store, ports.each)

    @cached_property
    def lost_above(self) -> LostAbove:
        """What sticks bring again."""
        office = self.identity.office_certificate.signing
        book = StationLostBook(self.store)
        return LostAbove(
            self.line.kept, self.blobs, lambda answer, asked: roll_call.verify(answer, asked, office), book
        )

    @cached_property
    def key_ends(self) -> KeyEnds:
        """The station's words on people's keys that ended."""
        return KeyEnds(self.store, self.identity)

    @property
    def _centre(self) -> VerifyKey:
        return self.identity.centre_certificate.signing

    def _blobs(self, name: str) -> BlobStore:
        return BlobStore(self._ports.folder / name, self._ports.disk, reserve_bytes=self._ports.reserve_bytes)

    def _saving(self) -> Saving:
        ports = self._ports
        return Saving(
            self.store,
            self.blobs,
            self.drafts,
            self.recordings,
            ports.clock,
            self.legal,
            ports.random,
            ports.scratch or partial(_unnamed_file, ports.folder),
            self.sizes,
            self.residents,
        )

    def _purger(self) -> Purger:
        return Purger(
            StationPurgeStore(self.store, self.legal),
            self.blobs,
            self._centre,
            retention=lambda: self.master.policy().retention or self._ports.retention,
            log_doubted=self.past.log_doubted,
        )

    def _downloads(self, remote: Remote, announced: OnceARound) -> Downloads:
        return Downloads(
            (*self.master.shelves, self.filter),
            self.parts,
            remote,
            self._ports.clock,
            stop=lambda: self.line.stopping,
            announced=announced,
        )

    def _line(self, remote: Remote) -> Line:
        return Line(
            self.store,
            self.blobs,
            remote,
            self.legal,
            downloads=self.downloads,
            pause_s=self._ports.pause_s,
            lanes=self._ports.lanes,
            clock=self._ports.clock,
            first=self.past.ask,
            found=self._found,
        )

    def _found(self, packet_ids: Collection[str]) -> None:
        self.lost_above.found(packet_ids)  # it stands on the line, which is made first

    def _papers(self) -> Papers:
        return Papers(
            self.store,
            self.recordings,
            self.legal,
            self._ports.fonts,
            self.master,
            self.letters,
            self._ports.portal,
            require=self.past.require,
            named=self._named,
        )

    def _edition(self) -> str:
        """Which edition of the offline check is here; empty where there is none."""
        known = self.filter.state()
        return f"{known.edition}.{known.delta}" if known else ""


def _unnamed_file(folder: Path) -> BinaryIO:
    return cast("BinaryIO", tempfile.TemporaryFile(dir=folder))
