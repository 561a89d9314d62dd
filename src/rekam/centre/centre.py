"""The centre put together from opened ports: `Centre`."""

from collections.abc import Iterable, Sequence
from functools import cached_property, partial
from typing import Final

from rekam.abis.engine import Engine
from rekam.centre.adjudication import Adjudication
from rekam.centre.card_ledger import CentreCardLedger
from rekam.centre.cards_printed import CardsPrinted
from rekam.centre.case import open_case
from rekam.centre.casebook import Casebook
from rekam.centre.corrections import Corrections
from rekam.centre.counts import Counts
from rekam.centre.fencing import Fencing
from rekam.centre.gallery_file import GalleryCipher, open_gallery
from rekam.centre.held import HeldOfOffice
from rekam.centre.intake import Intake
from rekam.centre.key_ends import EndedKeys
from rekam.centre.ledger import CentreLedger
from rekam.centre.master_desk import MasterDesk
from rekam.centre.notices import Notices
from rekam.centre.pipeline import Pipeline
from rekam.centre.population import Population
from rekam.centre.ports import Ports
from rekam.centre.print_orders import PrintOrders
from rekam.centre.publications import Publications
from rekam.centre.quarantine import Quarantine
from rekam.centre.queue import StageQueue
from rekam.centre.recollection.recollection import Recollection
from rekam.centre.recollection.told_feed import ToldFeed
from rekam.centre.records import Records
from rekam.centre.reextraction import Reextraction
from rekam.centre.registry import Registry
from rekam.centre.results import Results
from rekam.centre.snapshot import Snapshots
from rekam.centre.sql import QUERIES
from rekam.centre.stages.attestation import Attestation
from rekam.centre.stages.completeness import Completeness
from rekam.centre.stages.decision import Decision
from rekam.centre.stages.extraction import Extraction
from rekam.centre.stages.quality import Quality
from rekam.centre.stages.register import Register
from rekam.centre.stages.uniqueness import Uniqueness
from rekam.centre.stages.unsealing import Unsealing
from rekam.centre.validation import Validations
from rekam.centre.vault import Vault
from rekam.centre.worker import Worker
from rekam.enrolment.biodata import Biodata
from rekam.exchange.account_desk import Accountant, AccountDesk
from rekam.exchange.card_printed import CARD_PRINTED
from rekam.exchange.cosignatures import CosignatureDesk, WitnessedLog
from rekam.exchange.fence import REVOCATION
from rekam.exchange.inbox import Inbox
from rekam.exchange.key_ended import KEY_ENDED
from rekam.exchange.log import log_key
from rekam.exchange.master import MasterData
from rekam.exchange.pg.accounts import PgAccounts
from rekam.exchange.pg.announced import PgAnnounced
from rekam.exchange.pg.cosignatures import PgCosignatureBook
from rekam.exchange.pg.feed_writer import PgFeedWriter
from rekam.exchange.pg.fences import PgFences
from rekam.exchange.pg.log import PgLog
from rekam.exchange.pg.register import EXCHANGE_TABLES, PgRegister, Transaction
from rekam.exchange.pg.scrub import PgScrubBook, held_by
from rekam.exchange.pg.statements import PgStatements, StatementEffect
from rekam.exchange.pressure import Pressure
from rekam.exchange.statements import StatementInbox
from rekam.packet.signer import station_key
from rekam.storage.migrations import MigrationSet, migrate_postgres
from rekam.storage.pool import Pool
from rekam.storage.scrub import Scrubber
from rekam.trust.certificates import chain_to_bytes, verify_chain
from rekam.web.staff.postgres import MIGRATIONS as STAFF_TABLES

__all__ = ["PLACE", "TABLES", "Centre"]

PLACE: Final = "centre"
TABLES: Final = (EXCHANGE_TABLES, STAFF_TABLES, MigrationSet.load("rekam.centre"))


class Centre:
    """Intake, stages and feed over one database and one folder. Web process and workers each build their own; nothing
    of it runs yet (see `background`).
    """

    def __init__(self, ports: Ports) -> None:
        self._ports, self._keys = ports, ports.keys
        self.pool, self.root, self.clock = pool, root, clock = ports.pool, ports.root, ports.clock
        self.disk, self.folder, self.reserve = ports.disk, ports.folder, ports.reserve
        self.signing = signing = ports.keys.signing
        self.chain = tuple(ports.chain)
        self.engine = Engine(ports.finger_extractor)
        # files; intake stops at the reserve, stages live on it: what was admitted is finished
        self.packets, self.parts = ports.blobs("packets"), ports.blobs("parts")
        vault = ports.blobs("vault", reserve=False)
        self.vault = Vault(vault, self._keys.data)
        self.stores = (("packets", self.packets), ("vault", vault), ("parts", self.parts))
        self.scrub_book = PgScrubBook(pool)
        self.scrubber = Scrubber(self.packets, held_by(pool), self.scrub_book)
        # the public log and its witnesses
        self.tree = PgLog(pool, signing)
        self.witnesses = PgCosignatureBook(pool)
        self.log = WitnessedLog(self.tree, self.witnesses)
        self.cosignatures = CosignatureDesk(self.witnesses, self.tree, log_key(signing.public))
        # what it tells everybody
        self.feed = PgFeedWriter(pool, signing, clock)
        told = ToldFeed(self.feed)
        self.publications = Publications(pool, self.feed, self.parts)
        self.master = MasterData(PgAnnounced(pool), self.parts)
        self.master_desk = MasterDesk(pool, self.publications, self.master)
        self.snapshots = Snapshots(pool, signing, self.publications)
        self.notices = Notices(pool, self.feed)
        # cases, and what people decide about them
        self.population = Population(self._keys.data, self._keys.hashes.registry)
        results = Results(told)
        self.queue = StageQueue(self.pipeline, results)
        self.fences = PgFences(pool)
        self.fencing = Fencing(pool, self.fences, self.queue, results, self.feed)
        self.ended_keys = EndedKeys(pool, self.fences, self.fencing.withhold, self.feed)
        self.cards = CardsPrinted(pool, results)
        self.adjudication = Adjudication(pool, self.queue)
        self.validations = Validations(pool, self.queue)
        self.quarantine = Quarantine(pool, self.queue, self.pipeline)
        self.casebook = Casebook(pool, self.pipeline.names)
        self.records = Records(pool, self.packets, self.vault, self.engine)
        # what comes in
        self.accounts = self._account_desk()
        self.register = PgRegister(pool, Intake(told, self.pipeline.first, self.fencing.arrived), self.tree.append)
        self.recollection = Recollection(pool, self.packets, self.register, signing.public, root)
        self.inbox = self._inbox()
        self.statements = StatementInbox(PgStatements(pool, self.heard), root=root, signer=signing, clock=clock)

    def _account_desk(self) -> AccountDesk:
        by = Accountant(PLACE, "centre", self.signing, self.chain, self.root, self.clock)
        return AccountDesk(
            by, CentreLedger(self.pool), self.packets, PgAccounts(self.pool), CentreCardLedger(self.pool)
        )

    def _inbox(self) -> Inbox:
        return Inbox(
            self.packets,
            self.register,
            signer=self.signing,
            clock=self.clock,
            kind="acceptance",
            place=PLACE,
            verify_sender=lambda chain: station_key(chain, self.root),
            checkpoint=self.log.checkpoint,
            pressure=Pressure(self.disk, self.folder, self.reserve, self.clock),
            book=self.scrub_book,
        )

    @cached_property
    def heard(self) -> dict[str, StatementEffect]:
        """What each kind of an office's statements changes here."""
        return {
            REVOCATION: self.fencing.revoked,
            CARD_PRINTED: self.cards.heard,
            KEY_ENDED: self.ended_keys.heard,
        }

    @staticmethod
    def migrate(pool: Pool) -> None:
        """Bring the database up to date; raises `DataFromNewerVersion` and changes nothing where it is newer."""
        with pool.connection() as connection:
            migrate_postgres(connection, *TABLES)

    @cached_property
    def pipeline(self) -> Pipeline:
        keys = self._keys
        return Pipeline(
            unsealing=Unsealing(keys.opening, self.root, keys.hashes),
            completeness=Completeness(),
            attestation=Attestation(self.root, self._confirmed),
            register=Register(self.population, Corrections(self._keys.data, self.root), self.master.reference),
            extraction=Extraction(self.engine),
            quality=Quality(),
            uniqueness=Uniqueness(self.registry),
            decision=Decision(PrintOrders(ToldFeed(self.feed), keys.signing, self.root)),
        )

    def _confirmed(self, tx: Transaction, packet_id: str, keys: Sequence[str]) -> None:
        self.ended_keys.confirmed(tx, packet_id, keys)  # made later than the stages

    @cached_property
    def registry(self) -> Registry:
        """The gallery is opened at the first search, so that a process without a worker never loads it."""
        cipher, engine = GalleryCipher(self._keys.data), self.engine
        opened = partial(open_gallery, self.folder / "gallery", cipher, engine.kinds)
        return Registry(engine, opened, self.vault)

    def reextraction(self) -> Reextraction:
        """Makes the gallery's templates anew where another extractor made them."""
        return Reextraction(self.pool, self.packets, self.vault, self.engine)

    def worker(self) -> Worker:
        return Worker(
            self.pool,
            self.queue,
            self.pipeline,
            self.packets,
            self.vault,
            chores=(self.snapshots.publish_delta_if_due, self.master.arrived),
        )

    def close(self) -> None:
        """Lets go of what this process alone may hold. The pool is the caller's."""
        if "registry" in self.__dict__:
            self.registry.close()

    def admit_office(self, chain: Iterable[bytes]) -> str:
        """Takes over an office's certificate; parcels are sealed to the key in it. Returns the office's id."""
        held = tuple(chain)
        certificate = verify_chain(held, self.root)[0]
        row = {"office": certificate.subject, "name": certificate.name, "chain": chain_to_bytes(held)}
        with self.pool.connection() as connection, connection.transaction():
            fresh = connection.execute(QUERIES.office, row).fetchone() is None
            connection.execute(QUERIES.put_office, row)
            if fresh:
                self.publications.welcome(connection, certificate.subject)
        return certificate.subject

    def load_register(self, people: Iterable[Biodata]) -> int:
        """Takes over an extract of the population register; returns how many entries."""
        with self.pool.connection() as connection:
            return self.population.load(connection, people)

    def held_of(self, office: str) -> HeldOfOffice:
        """What is here of that office's stations, for the office to ask after it lost them."""
        return HeldOfOffice(self.pool, self.packets, office)

    def registered(self, packet_id: str) -> Biodata | None:
        """What the population register says of the NIK in this packet; None where it has none."""
        case = open_case(self.pool.connection, packet_id, self.packets, self.vault)
        return self.population.find(case.row, case.facts.nik_hash)

    def counts(self) -> Counts:
        with self.pool.connection() as connection:
            return Counts(*connection.execute(QUERIES.counts).fetchall()[0])
