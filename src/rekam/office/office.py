"""The office put together from opened ports: `Office`."""

from collections.abc import Callable
from dataclasses import replace
from datetime import timezone
from functools import cache, partial
from typing import Final

from rekam.documents.code import DocumentKey
from rekam.enrolment.identifiers import OfficeId
from rekam.enrolment.status import Status
from rekam.enrolment.zones import zone_of_region
from rekam.exchange.account_desk import Accountant, AccountDesk
from rekam.exchange.announced import OnceARound
from rekam.exchange.courier.days import SealedDays
from rekam.exchange.courier.letters import LETTERS
from rekam.exchange.day_words import DayWordDesk
from rekam.exchange.extent import NO_EXTENT
from rekam.exchange.feed import office_feed
from rekam.exchange.filter_shelf import FilterShelf
from rekam.exchange.inbox import Arrival, Inbox
from rekam.exchange.log import check_logged
from rekam.exchange.master import MasterData
from rekam.exchange.parts import StoredParts
from rekam.exchange.pg.accounts import PgAccounts
from rekam.exchange.pg.announced import PgAnnounced
from rekam.exchange.pg.feed_sink import PgFeedSink
from rekam.exchange.pg.fences import PgFences
from rekam.exchange.pg.late_receipts import LateReceipts
from rekam.exchange.pg.outbox import Backlog, PgOutbox
from rekam.exchange.pg.purge import PgPurgeStore
from rekam.exchange.pg.register import EXCHANGE_TABLES, PgRegister, Transaction
from rekam.exchange.pg.scrub import PgScrubBook, held_by
from rekam.exchange.pg.statements import PgStatementOutbox
from rekam.exchange.pressure import Pressure
from rekam.exchange.purging import Purger
from rekam.exchange.remembered import Asked
from rekam.exchange.remote import LocalRemote
from rekam.exchange.witness import Cosigner
from rekam.office.blanks import BlankLedger
from rekam.office.card_ledger import OfficeCardLedger
from rekam.office.card_word import CardWord
from rekam.office.cards import Cards, Issuer
from rekam.office.correction_desk import CorrectionAnswers
from rekam.office.corrections import Corrections
from rekam.office.custody import take_into_custody
from rekam.office.day_rests import DayRests
from rekam.office.day_words import PgDayWords
from rekam.office.installations import Installations
from rekam.office.issuing import Issuing
from rekam.office.key_ends import KeyEnds
from rekam.office.key_stops import KeyStops
from rekam.office.keys import certified
from rekam.office.ledger import OfficeLedger
from rekam.office.legal_time import LegalDates
from rekam.office.letters import LetterRegister
from rekam.office.log_watch import LogWatch
from rekam.office.notices import HeldNotices
from rekam.office.operator_keys import OperatorKeys
from rekam.office.population import Population
from rekam.office.ports import Ports
from rekam.office.print_orders import PrintOrders
from rekam.office.recovery import Recoveries
from rekam.office.relay import OfficeRelay
from rekam.office.results import Results
from rekam.office.sql import QUERIES
from rekam.office.state import State
from rekam.office.station_setup import OfficeSetup, read_setup
from rekam.office.upward import Upward, Ways
from rekam.office.whereabouts import Whereabouts
from rekam.office.withdrawal import Withdrawals
from rekam.packet.parcel import open_parcel
from rekam.packet.signer import station_key
from rekam.storage.migrations import MigrationSet, migrate_postgres
from rekam.storage.pool import Pool
from rekam.storage.scrub import Scrubber
from rekam.trust.certificates import Certificate
from rekam.trust.receipts import Receipt
from rekam.web.staff.postgres import MIGRATIONS as STAFF_TABLES

__all__ = ["TABLES", "Office"]

TABLES: Final = (EXCHANGE_TABLES, STAFF_TABLES, MigrationSet.load("rekam.office"))


class Office:
    """Custody, relay, feed and cards over one database and one folder. Nothing of it runs yet (see `background`).

    Raises `ChainBroken` where a certificate of its ports is not proved by their root.
    """

    def __init__(self, ports: Ports) -> None:
        self._ports, self._keys = ports, ports.keys
        self.pool, self.root, self.clock = pool, root, clock = ports.pool, ports.root, ports.clock
        self.disk, self.folder, self.reserve = ports.disk, ports.folder, ports.reserve
        self.signing, self.chain = ports.keys.signing, tuple(ports.chain)
        self.certificate = certified(ports.chain, root, "office")
        self.centre = certified(ports.centre_chain, root, "centre")
        self.id = OfficeId(self.certificate.subject)
        # what is kept
        self.packets, self.parts = ports.blobs("packets"), ports.blobs("parts")
        self.outbox, self.statements = PgOutbox(pool), PgStatementOutbox(pool)
        self.scrub_book = PgScrubBook(pool)
        self.scrubber = Scrubber(self.packets, held_by(pool), self.scrub_book)
        self.purger = self._purger()
        self.fences = PgFences(pool)
        self.register = PgRegister(pool, self._taken_in)
        self.inbox = self._inbox()
        # what the centre says
        self.feed = office_feed(self.id)
        self.dates = LegalDates(pool, clock, self.zone)
        self.log_watch = self._log_watch()
        self.past = self.log_watch.past
        announced = OnceARound(PgAnnounced(pool))
        self.filter = FilterShelf(announced, self.parts, self.centre.signing, self.id)
        self.master = MasterData(announced, self.parts, self.id)
        self.notices = HeldNotices(pool)
        # cards
        self.blanks = BlankLedger(pool)
        orders = PrintOrders(self._keys.parcels, self.centre.signing, self._keys.data)
        self.cards = self._cards(orders)
        # its stations, and who works there
        self.withdrawals = Withdrawals(self.fences, self.id, self.signing, self.chain, self.dates)
        setup = cache(partial(read_setup, self.folder, self._keys.data))
        self.corrections = Corrections(pool, Population(setup, self._keys.data), self.dates, ports.random)
        self.correction_answers = CorrectionAnswers(self.corrections, signing=self.signing, parcels=self._keys.parcels)
        issuing = self._issuing(setup)
        ends = KeyEnds(pool, self.id, self.signing, self.chain, root, self.fences.fence_of, self.dates)
        stops = KeyStops(pool, self.id, self.signing, issuing, self.fences, self.dates)
        self.operator_keys = OperatorKeys(
            pool, issuing, self.fences.fence_of, self.signing, ends, stops, self.past.require
        )
        self.installations = Installations(pool, issuing, self.fences)
        self.recoveries = Recoveries(
            pool, issuing, self.withdrawals, self.fences, ports.random, may_give=self.past.require
        )
        self.letters = LetterRegister(pool, self.signing)
        self.whereabouts = Whereabouts(pool)
        self.days = PgDayWords(pool)
        self.day_rests = DayRests(pool, self.dates)
        self.day_words = DayWordDesk(self.days, root)
        # accounts, and the way to the centre
        self.accounts, self.centre_accounts = self._account_desk(), ports.accounts
        self.sink = PgFeedSink(pool, Results(orders, self.fences, LateReceipts(self.centre.signing)))
        self.upward = self._upward(announced)

    def _purger(self) -> Purger:
        copies = PgPurgeStore(self.pool, self._quarantined)
        return Purger(
            copies,
            self.packets,
            self.centre.signing,
            retention=self._ports.retention,
            log_doubted=self.doubts_log,
        )

    def _inbox(self) -> Inbox:
        return Inbox(
            self.packets,
            self.register,
            signer=self.signing,
            clock=self.clock,
            kind="custody",
            place=self.id,
            verify_sender=lambda station: station_key(station, self.root),
            pressure=Pressure(self.disk, self.folder, self.reserve, self.clock),
            book=self.scrub_book,
        )

    def _log_watch(self) -> LogWatch:
        signer = Cosigner(f"rekam/office/{self.id}", self.signing, self.dates.certain_s)
        return LogWatch(self.pool, self._ports.log, self.centre.signing, signer)

    def _cards(self, orders: PrintOrders) -> Cards:
        chain = self._ports.document_chain
        certified(chain, self.root, "document")
        document = DocumentKey(self._keys.document, chain[0])
        return Cards(
            self.pool,
            orders,
            self.blanks,
            self.dates,
            Issuer(self.id, self._ports.town, document, self._ports.fonts, self.master.reference),
            CardWord(self.id, self.signing, self.chain, self.dates),
            self.past.require,
        )

    def _issuing(self, setup: Callable[[], OfficeSetup | None]) -> Issuing:
        return Issuing(
            setup,
            self._ports.blobs("recovery"),
            self.fences,
            key=self.signing,
            chain=self.chain,
            centre_chain=self._ports.centre_chain,
            root=self.root,
            random=self._ports.random,
            corrected=self.correction_answers.told,
        )

    def _account_desk(self) -> AccountDesk:
        by = Accountant(self.id, "office", self.signing, self.chain, self.root, self.clock)
        return AccountDesk(
            by,
            OfficeLedger(self.pool, self.centre.signing),
            self.packets,
            PgAccounts(self.pool),
            OfficeCardLedger(self.pool, self.id),
        )

    def _upward(self, announced: OnceARound) -> Upward:
        return Upward(
            Ways(self._ports.remote, self._ports.statements),
            centre=self.centre.signing,
            clock=self.clock,
            lanes=self._ports.lanes,
            outbox=self.outbox,
            statements=self.statements,
            packets=self.packets,
            parts=self.parts,
            announced=announced,
            shelves=(*self.master.shelves, self.filter),
            feed=self.feed,
            sink=self.sink,
            check=self.check_logged,
            heard=self.dates.heard,
        )

    @staticmethod
    def migrate(pool: Pool) -> None:
        """Bring the database up to date; raises `DataFromNewerVersion` and changes nothing where it is newer."""
        with pool.connection() as connection:
            migrate_postgres(connection, *TABLES)

    @property
    def name(self) -> str:
        """As its certificate says it."""
        return self.certificate.name

    @property
    def zone(self) -> timezone:
        """WIB, WITA or WIT, by the province."""
        return zone_of_region(self.id)

    @property
    def relay(self) -> OfficeRelay:
        """The loop both ways, between `relay.start()` and `relay.stop()`."""
        return self.upward.relay

    def check_logged(self, receipt: Receipt) -> None:
        """Raises unless the public log bears an acceptance out: by whatever way it came."""
        check_logged(receipt, self.register.salt(receipt.packet_id), self.centre.signing)

    def local(self) -> LocalRemote:
        """This office as its stations reach it: uploads, receipts, the centre's batches byte for byte, their parts."""
        return LocalRemote(self.inbox, self.sink, StoredParts(self.parts, self.name))

    def _taken_in(self, tx: Transaction, arrival: Arrival) -> None:
        """Custody, whatever a fence says of the packet; what it does not vouch for is flagged."""
        with tx.pipeline():
            take_into_custody(tx, arrival)
            self.fences.arrived(tx, arrival)

    @staticmethod
    def _quarantined(tx: Transaction, packet_id: str) -> bool:
        """Whether the centre looks at this packet just now: then its backup stays."""
        row = tx.execute(QUERIES.status_of, {"packet_id": packet_id}).fetchone()
        return row is not None and row[0] == Status.QUARANTINED

    @property
    def sealed_days(self) -> SealedDays:
        """The desk of words on days for what comes on a stick."""
        return SealedDays(self.day_words, self._keys.parcels)

    def answer_sealed_letters(self, station: Certificate, parcel: bytes) -> bytes:
        """The same for what came on a stick. Raises `LettersUnreadable`, and what `open_parcel` raises."""
        report = open_parcel(parcel, self._keys.parcels, station.signing, LETTERS)
        return self.answer_letters(station.subject, station.epoch, report)

    def answer_letters(self, station: str, epoch: int, report: bytes) -> bytes:
        """What a station is told when it reports its numbers of letters; new ones only while this server may give."""
        year = self.dates.now().at.astimezone(self.zone).year
        return self.letters.answer(station, epoch, report, year, give=self.past.gives())

    def remember(self, asked: Asked, told: bytes = b"") -> bytes:
        """What this office holds of a station's installation, and whether its key was withdrawn: signed, for that
        station's one question. `told` is such a word of before, which the station hands back.
        """
        self.past.hear(told)
        known = self.installations.remembered(asked.station, asked.epoch)
        extent = NO_EXTENT if known.withdrawn else self.past.extent()
        return replace(known, log_doubted=self.doubts_log(), extent=extent).signed(self.signing, asked)

    def doubts_log(self) -> bool:
        """Whether the centre's log broke its word and nobody has cleared it up: then no copy goes, here or below."""
        return self.log_watch.open_alarms() > 0

    def backlog(self) -> Backlog:
        """What the centre has not accepted yet."""
        return self.outbox.backlog()

    def state(self) -> State:
        """The figures of this moment."""
        with self.pool.connection() as connection:
            packets, relayed, orders, cards, blanks = connection.execute(QUERIES.state).fetchall()[0]
        backlog = self.backlog()
        cursor = self.sink.cursor(self.feed)
        connected = self.relay.connection.connected
        return State(packets, relayed, backlog.packets, backlog.oldest_s, cursor, orders, cards, blanks, connected)
