"""What an office hands to a station that is set up anew: certificates, and the sealed bundle: `Issuing`.

The offline check and the notices are not in the bundle: the new store follows the feed from its first entry.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from typing import Any, Final

from rekam.exchange.pg.fences import PgFences
from rekam.exchange.pg.register import Transaction
from rekam.exchange.recovery import BUNDLE_KIND, Reveal
from rekam.office.station_setup import OfficeSetup, StationSetup
from rekam.office.station_staff import Staff, working
from rekam.packet.parcel import seal_parcel
from rekam.storage.blobs import BlobStore
from rekam.storage.queries import Queries
from rekam.trust import cbor
from rekam.trust.certificates import Certificate, chain_from_bytes, chain_to_bytes, issue, verify_chain
from rekam.trust.keys import SigningKey, VerifyKey
from rekam.trust.random import Random

__all__ = ["Issued", "Issuing"]

_SQL: Final = Queries.load("rekam.office", "issuing.sql")
_PIECE: Final = 1 << 20
NOTHING_CORRECTED: Final[Mapping[str, Any]] = {"corrections": [], "corrected_to": ["", 0]}


@dataclass(frozen=True)
class Issued:
    """A new installation: its certificates, and the bundle's blob with its size in bytes."""

    station: str
    epoch: int
    chain: tuple[bytes, ...]
    bundle: str
    size: int
    issued_at: datetime | None = None

    @classmethod
    def of(cls, tx: Transaction, request: str) -> "Issued | None":
        """What was issued for a request; None while nothing was."""
        row = tx.execute(_SQL.issued, {"request": request}).fetchone()
        if row is None:
            return None
        station, epoch, chain, bundle, size, issued_at = row
        return cls(station, epoch, chain_from_bytes(bytes(chain)), bundle, size, issued_at)

    def to_row(self) -> dict[str, Any]:
        """For the table."""
        said = {"station": self.station, "epoch": self.epoch, "chain": chain_to_bytes(self.chain)}
        return said | {"bundle": self.bundle, "size": self.size}


class Issuing:
    """Certifies and seals with the office's key. `setup` gives what provisioning left for its stations; who was
    certified for one since is asked in the caller's transaction.
    """

    def __init__(
        self,
        setup: Callable[[], OfficeSetup | None],
        blobs: BlobStore,
        fences: PgFences,
        *,
        key: SigningKey,
        chain: Sequence[bytes],
        centre_chain: Sequence[bytes],
        root: VerifyKey,
        random: Random,
        corrected: Callable[[Transaction, str], Mapping[str, Any]] = lambda _tx, _station: NOTHING_CORRECTED,
    ) -> None:
        self._setup = setup
        self._corrected = corrected
        self._blobs = blobs
        self._fences = fences
        self._key = key
        self.chain = tuple(chain)
        self._centre_chain = tuple(centre_chain)
        self.root = root
        self._random = random
        self._by = verify_chain(chain, root)[0]

    @property
    def name(self) -> str:
        """The office's, for people."""
        return self._by.name

    @cached_property
    def _known(self) -> OfficeSetup | None:
        return self._setup()

    def stations(self) -> dict[str, StationSetup]:
        """Those that this office can set up anew, by id."""
        return dict(self._known.stations) if self._known else {}

    def operator(self, subject: str, name: str, role: str, key: VerifyKey, epoch: int) -> bytes:
        """A certificate for somebody's new key; `epoch` counts that person's keys."""
        return self._certified(role, subject, name, key, epoch)[0]

    def issue(self, tx: Transaction, reveal: Reveal, epoch: int) -> Issued:
        """Certificates for the keys shown, and the bundle sealed to them, durable before this returns."""
        setup = self.stations()[reveal.station]
        chain = self._certified("station", reveal.station, setup.name, reveal.signing, epoch)
        document = self._certified("document", reveal.station, setup.name, reveal.document, epoch)
        content = self._content(tx, reveal.station, setup, epoch) | {
            "chain": list(chain),
            "document_chain": list(document),
        }
        sealed = seal_parcel(
            cbor.encode(content), kind=BUNDLE_KIND, recipient=reveal.sealing, signer=self._key, random=self._random
        )
        return Issued(reveal.station, epoch, chain, self._blobs.put(sealed), len(sealed))

    def read(self, issued: Issued, offset: int) -> bytes:
        """At most 1 MiB of a bundle."""
        with self._blobs.open(issued.bundle) as file:
            file.seek(offset)
            return file.read(_PIECE)

    def staff(
        self, tx: Transaction, station: str, wanted: Sequence[tuple[str, VerifyKey]]
    ) -> dict[str, tuple[bytes, ...]]:
        """Certificates for those of `wanted` (subject, key) who work at the station."""
        who = {subject: (name, role) for subject, name, role in self._staff(tx, station)}
        return {
            subject: self._certified(who[subject][1], subject, who[subject][0], key, 1)
            for subject, key in wanted
            if subject in who
        }

    def _staff(self, tx: Transaction, station: str) -> Staff:
        """Who is to sign in there from now on."""
        return tuple(working(tx, station, self.stations()[station].staff).values())

    def _content(self, tx: Transaction, station: str, setup: StationSetup, epoch: int) -> dict[str, Any]:
        shared = self._known
        assert shared is not None  # noqa: S101  # the station was found in it
        return {
            "station": station,
            "name": setup.name,
            "office_name": self._by.name,
            "epoch": epoch,
            "centre_chain": list(self._centre_chain),
            "check_key": shared.check_key,
            "suket_policy": shared.suket_policy,
            "place": shared.place,
            "letterhead": dict(shared.letterhead),
            "official": dict(shared.official),
            "staff": [list(who) for who in self._staff(tx, station)],
            "residents": list(shared.residents),
            **self._corrected(tx, station),
            "earlier": self._earlier(tx, station, setup, epoch),
        }

    def _earlier(self, tx: Transaction, station: str, setup: StationSetup, epoch: int) -> list[dict[str, Any]]:
        chains = {1: setup.chain} if setup.chain else {}
        chains |= {old: chain_from_bytes(bytes(chain)) for old, chain in tx.execute(_SQL.chains, {"station": station})}
        return [
            {
                "epoch": old,
                "chain": list(chain),
                "recordings": [
                    [packet_id, sequence, status, at.isoformat()]
                    for packet_id, sequence, status, at in tx.execute(
                        _SQL.recordings, {"station": station, "epoch": old}
                    )
                ],
            }
            for old, chain in sorted(chains.items())
            if old < epoch
        ]

    def _certified(self, kind: str, subject: str, name: str, key: VerifyKey, epoch: int) -> tuple[bytes, ...]:
        certificate = Certificate(kind, subject, name, key, epoch=epoch)
        return (issue(certificate, self._key, by=self._by, random=self._random), *self.chain)
