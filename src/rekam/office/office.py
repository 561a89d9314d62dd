"""The office put together from opened ports: `Office`."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta, timezone
from functools import partial
from pathlib import Path
from typing import Final

from rekam.documents.code import DocumentKey
from rekam.enrolment.identifiers import OfficeId
from rekam.enrolment.status import Status
from rekam.enrolment.zones import zone_of_region
from rekam.exchange.account_desk import AccountDesk
from rekam.exchange.account_http import AccountRemote
from rekam.exchange.announced import OnceARound
from rekam.exchange.courier.days import SealedDays
from rekam.exchange.courier.letters import LETTERS
from rekam.exchange.day_words import DayWordDesk
from rekam.exchange.feed import office_feed
from rekam.exchange.filter_shelf import FilterShelf
from rekam.exchange.inbox import Arrival, Inbox
from rekam.exchange.lanes import Lanes, one_lane
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
from rekam.exchange.remote import LocalRemote, Remote
from rekam.exchange.statements import StatementRemote
from rekam.exchange.witness import Cosigner
from rekam.office.blanks import BlankLedger
from rekam.office.card_word import CardWord
from rekam.office.cards import Cards, Issuer
from rekam.office.custody import take_into_custody
from rekam.office.day_words import PgDayWords
from rekam.office.issuing import Issuing
from rekam.office.keys import OfficeKeys, certified
from rekam.office.ledger import OfficeLedger
from rekam.office.legal_time import LegalDates
from rekam.office.letters import LetterRegister
from rekam.office.log_watch import LogLine, LogWatch
from rekam.office.notices import HeldNotices
from rekam.office.operator_keys import OperatorKeys
from rekam.office.print_orders import PrintOrders
from rekam.office.recovery import Recoveries
from rekam.office.relay import OfficeRelay
from rekam.office.results import Results
from rekam.office.sql import QUERIES
from rekam.office.state import State
from rekam.office.station_setup import read_setup
from rekam.office.upward import Upward, Ways
from rekam.office.whereabouts import Whereabouts
from rekam.office.withdrawal import Withdrawals
from rekam.packet.parcel import open_parcel
from rekam.packet.signer import station_key
from rekam.storage.blobs import BlobStore
from rekam.storage.disk import Disk
from rekam.storage.migrations import MigrationSet, migrate_postgres
from rekam.storage.pool import Pool
from rekam.storage.scrub import Scrubber
from rekam.trust.certificates import Certificate
from rekam.trust.clock import Clock
from rekam.trust.keys import VerifyKey
from rekam.trust.random import Random, SystemRandom
from rekam.trust.receipts import Receipt
from rekam.web.assets import PDF_FONTS
from rekam.web.staff.postgres import MIGRATIONS as STAFF_TABLES

__all__ = ["TABLES", "Office"]

TABLES: Final = (EXCHANGE_TABLES, STAFF_TABLES, MigrationSet.load("rekam.office"))


class Office:
    """Custody, relay, feed and cards over one database and one folder.

    `chain` is the office's own certificate, `centre_chain` the centre's, `document_chain` that of the key for papers;
    all are proved by `root` here, or `ChainBroken` is raised. `town` is the regency that a card names. `remote` is the
    centre, None where there is no way to it yet: then packets wait; `statements` is where it hears what this office
    says, `log` the way to its public log, which this office witnesses, `accounts` where it takes accounts. `retention`
    is how long the backup of an accepted packet stays, None for ever; `lanes` runs the uploads.
    """

    def __init__(
        self,
        pool: Pool,
        folder: Path,
        disk: Disk,
        keys: OfficeKeys,
        *,
        chain: Sequence[bytes],
        centre_chain: Sequence[bytes],
        document_chain: Sequence[bytes],
        town: str,
        root: VerifyKey,
        clock: Clock,
        remote: Remote | None = None,
        statements: StatementRemote | None = None,
        accounts: AccountRemote | None = None,
        log: LogLine | None = None,
        reserve: int = 0,
        retention: timedelta | None = None,
        fonts: Path = PDF_FONTS,
        lanes: Lanes = one_lane,
        random: Random | None = None,
    ) -> None:
        self.pool = pool
        self.root = root
        self.clock = clock
        self.disk = disk
        self.folder = folder
        self.reserve = reserve
        self.signing = keys.signing
        self.chain = tuple(chain)
        self.certificate = certified(chain, root, "office")
        self.centre = certified(centre_chain, root, "centre")
        certified(document_chain, root, "document")
        self.id = OfficeId(self.certificate.subject)
        self.feed = office_feed(self.id)
        self.statements = PgStatementOutbox(pool)
        self.packets = BlobStore(folder / "packets", disk, reserve_bytes=reserve)
        self.parts = BlobStore(folder / "parts", disk, reserve_bytes=reserve)
        announced = OnceARound(PgAnnounced(pool))
        self.filter = FilterShelf(announced, self.parts, self.centre.signing, self.id)
        self.master = MasterData(announced, self.parts, self.id)
        self.outbox = PgOutbox(pool)
        self.scrub_book = PgScrubBook(pool)
        self.scrubber = Scrubber(self.packets, held_by(pool), self.scrub_book)
        self.dates = LegalDates(pool, clock, self.zone)
        copies = PgPurgeStore(pool, self._quarantined)
        self.purger = Purger(
            copies, self.packets, self.centre.signing, retention=retention, log_doubted=self.doubts_log
        )
        signer = Cosigner(f"rekam/office/{self.id}", keys.signing, self.dates.certain_s)
        self.log_watch = LogWatch(pool, log, self.centre.signing, signer)
        self.blanks = BlankLedger(pool)
        self.letters = LetterRegister(pool, keys.signing)
        self.whereabouts = Whereabouts(pool)
        self.accounts = AccountDesk(
            self.id,
            "office",
            OfficeLedger(pool, self.centre.signing),
            self.packets,
            key=keys.signing,
            chain=tuple(chain),
            root=root,
            now_ms=lambda: clock.stamp().wall_ms,
            store=PgAccounts(pool),
        )
        self.centre_accounts = accounts
        self.days = PgDayWords(pool)
        self.day_words = DayWordDesk(self.days, root)
        self.notices = HeldNotices(pool)
        self._parcels = keys.parcels
        orders = PrintOrders(keys.parcels, self.centre.signing, keys.data)
        document = DocumentKey(keys.document, document_chain[0])
        self.cards = Cards(
            pool,
            orders,
            self.blanks,
            self.dates,
            Issuer(self.id, town, document, fonts, self.master.reference),
            CardWord(self.id, keys.signing, chain, self.dates),
        )
        self.fences = PgFences(pool)
        self.withdrawals = Withdrawals(self.fences, self.id, keys.signing, chain, self.dates)
        random = random or SystemRandom()
        issuing = Issuing(
            partial(read_setup, folder, keys.data),
            BlobStore(folder / "recovery", disk, reserve_bytes=reserve),
            self.fences,
            key=keys.signing,
            chain=chain,
            centre_chain=centre_chain,
            root=root,
            random=random,
        )
        self.operator_keys = OperatorKeys(pool, issuing, self.fences.fence_of, keys.signing)
        self._signing = keys.signing
        self.recoveries = Recoveries(pool, issuing, self.withdrawals, self.fences, random)
        self.sink = PgFeedSink(pool, Results(orders, self.fences, LateReceipts(self.centre.signing)))
        self.upward = Upward(
            Ways(remote, statements),
            centre=self.centre.signing,
            clock=clock,
            lanes=lanes,
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
        self.register = PgRegister(pool, self._taken_in)
        self.inbox = Inbox(
            self.packets,
            self.register,
            signer=keys.signing,
            clock=clock,
            kind="custody",
            place=self.id,
            verify_sender=lambda station: station_key(station, root),
            pressure=Pressure(disk, folder, reserve, clock),
            book=self.scrub_book,
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
        return SealedDays(self.day_words, self._parcels)

    def answer_sealed_letters(self, station: Certificate, parcel: bytes) -> bytes:
        """The same for what came on a stick. Raises `LettersUnreadable`, and what `open_parcel` raises."""
        report = open_parcel(parcel, self._parcels, station.signing, LETTERS)
        return self.answer_letters(station.subject, station.epoch, report)

    def answer_letters(self, station: str, epoch: int, report: bytes) -> bytes:
        """What a station is told when it reports its numbers of letters."""
        return self.letters.answer(station, epoch, report, self.dates.now().at.astimezone(self.zone).year)

    def remember(self, asked: Asked) -> bytes:
        """What this office holds of a station's installation, and whether its key was withdrawn: signed, for that
        station's one question.
        """
        known = self.recoveries.remembered(asked.station, asked.epoch)
        return replace(known, log_doubted=self.doubts_log()).signed(self._signing, asked)

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
