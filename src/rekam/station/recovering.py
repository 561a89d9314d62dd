"""A station that lost its keys, in conversation with its office until it has new ones: `Recovering`.

Everything that must survive a laptop dying in the middle lies in one key file beside the station's own (mode 0600,
outside the data folder), so that running the command again goes on where it stopped. The steps are in
`exchange.recovery`.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final, Protocol, Self

from rekam.enrolment.errors import RekamError
from rekam.enrolment.identifiers import PacketNumber, StationId
from rekam.exchange.recovery import (
    BUNDLE_KIND,
    CodeWrong,
    Offer,
    Progress,
    RecoveryClosed,
    RecoveryUnreadable,
    Reveal,
    SignedReveal,
)
from rekam.exchange.recovery_account import Found
from rekam.exchange.signed_correction import open_correction
from rekam.packet.parcel import open_parcel
from rekam.station.residents import Heard
from rekam.station.store import Identity
from rekam.trust import cbor, keyfile
from rekam.trust.certificates import verify_chain
from rekam.trust.keys import OpeningKey, SigningKey, VerifyKey
from rekam.trust.pairing import NONCE_BYTES, Pairing, commitment, same_letters
from rekam.trust.random import Random

__all__ = ["Bundle", "Recovering", "RecoveryOffice", "earlier_rows"]

_OWN: Final = ("signing", "document", "opening", "nonce", "pepper", "store", "station")


class RecoveryOffice(Protocol):
    """The office as a station without keys reaches it. Adapter: `HttpRecoveryOffice`."""

    def ask(self, station: str, committed: bytes) -> Offer:
        """Begin. Raises `StationUnknown`, `RemoteUnreachable`."""

    def show(self, request: str, data: bytes) -> None:
        """Show the keys; again changes nothing."""

    def progress(self, request: str) -> Progress:
        """How far it is."""

    def bundle(self, request: str, offset: int) -> bytes:
        """The bundle's bytes from `offset` on, b"" at its end."""

    def staff(self, identity: Identity, keys: Mapping[str, VerifyKey]) -> dict[str, tuple[bytes, ...]]:
        """Certificates for the new keys of those who work here, asked as the new installation."""

    def found(self, identity: Identity, found: Found) -> None:
        """Tell what was found of the old installation."""


@dataclass(frozen=True)
class Bundle:
    """What the office gave, verified up to the root that people compared: who this station is now, who works here as
    (subject, name, role), its residents and what was corrected of them up to an entry of a feed's life
    (`corrected_to`), its earlier installations.
    """

    identity: Identity
    staff: tuple[tuple[str, str, str], ...]
    residents: tuple[Mapping[str, Any], ...]
    earlier: tuple[Mapping[str, Any], ...]
    corrections: tuple[Heard, ...] = ()
    corrected_to: tuple[str, int] = ("", 0)


class Recovering:
    """One recovery, kept in the file `path`. Opening an existing file goes on with it."""

    def __init__(self, path: Path, office: RecoveryOffice, kept: keyfile.KeyBundle) -> None:
        self._path = path
        self._office = office
        self._kept = kept

    @classmethod
    def begin(cls, path: Path, office: RecoveryOffice, station: StationId, random: Random) -> Self:
        """New keys, durable before anybody is asked; or the ones of an earlier start."""
        if not path.exists():
            keys = {
                "signing": SigningKey.generate(random).to_bytes(),
                "document": SigningKey.generate(random).to_bytes(),
                "opening": OpeningKey.generate(random=random).to_bytes(),
                "nonce": random.bytes(NONCE_BYTES),
                "pepper": random.bytes(32),
                "store": random.bytes(32),
                "station": str(station).encode(),
            }
            keyfile.save(path, keys)
        kept = keyfile.load(path)
        if not set(_OWN) <= set(kept):
            raise RecoveryUnreadable(reason=str(path))
        return cls(path, office, kept)

    @property
    def station(self) -> str:
        """Whose keys these will be."""
        return self._kept["station"].decode()

    @property
    def pepper(self) -> bytes:
        """For the new key file."""
        return self._kept["pepper"]

    @property
    def store_key(self) -> bytes:
        """What the new store is encrypted under."""
        return self._kept["store"]

    @property
    def request(self) -> str:
        """The office's name for this recovery."""
        return self._offer.request

    @property
    def pairing(self) -> Pairing:
        """Code and answer, the same at the office unless somebody is in between."""
        return self._offer.pairing(self._reveal)

    @property
    def confirmed(self) -> bool:
        """Whether somebody typed the office's answer here."""
        return self.has("confirmed")

    def ask(self) -> str:
        """Have the office know of this station; the letters to read out. Repeats what an earlier start had said."""
        if "offer" not in self._kept:
            offer = self._office.ask(self.station, commitment(self._reveal.to_bytes()))
            self._keep("offer", offer.to_bytes())
        self._office.show(self.request, SignedReveal.by(self._reveal, self._signing).data)
        return self.pairing.code

    def progress(self) -> Progress:
        """Raises `RecoveryClosed` when the office ended it."""
        progress = self._office.progress(self.request)
        if progress.closed:
            raise RecoveryClosed(reason=progress.closed)
        return progress

    def confirm(self, answer: str) -> None:
        """The office's four letters, as two people there read them. Raises `CodeWrong`."""
        if not same_letters(answer, self.pairing.answer):
            raise CodeWrong
        self._keep("confirmed", b"\x01")

    def fetch(self, told: Callable[[int, int], object] = lambda _have, _all: None) -> Bundle:
        """The bundle, fetched piece by piece into a file of ciphertext beside this one, opened and verified.

        Raises `CodeWrong` before `confirm`, a `PacketError` for other bytes, `ChainBroken`.
        """
        if not self.confirmed:
            raise CodeWrong
        progress, part = self.progress(), self._path.with_suffix(".bundle")
        have = part.stat().st_size if part.exists() else 0
        with part.open("ab") as file:
            while piece := self._office.bundle(self.request, have):
                file.write(piece)
                have += len(piece)
                told(have, progress.size)
        return self._opened(part)

    def has(self, name: str) -> bool:
        """Whether something was noted under this name."""
        return name in self._kept

    def noted(self, name: str, value: str) -> str:
        """What was noted first under this name, durably: `value` where nothing was."""
        if name not in self._kept:
            self._keep(name, value.encode())
        return self._kept[name].decode()

    def finish(self) -> None:
        """The recovery is over: its file goes."""
        self._path.with_suffix(".bundle").unlink(missing_ok=True)
        self._path.unlink(missing_ok=True)

    def _opened(self, part: Path) -> Bundle:
        root = VerifyKey(self._offer.root)
        office = verify_chain(self._offer.chain, root)[0]
        try:
            data = open_parcel(
                part.read_bytes(), OpeningKey.from_bytes(self._kept["opening"]), office.signing, BUNDLE_KIND
            )
        except RekamError:
            part.unlink()  # fetched anew at the next start
            raise
        fields: Any = cbor.decode(data)
        return Bundle(
            self._identity(fields, root),
            tuple((str(who[0]), str(who[1]), str(who[2])) for who in fields["staff"]),
            tuple(fields["residents"]),
            tuple(fields["earlier"]),
            tuple(Heard(open_correction(one, office.signing), one) for one in fields["corrections"]),
            (str(fields["corrected_to"][0]), int(fields["corrected_to"][1])),
        )

    def _identity(self, fields: Mapping[str, Any], root: VerifyKey) -> Identity:
        names = ("name", "office_name", "epoch", "check_key", "suket_policy", "place", "letterhead", "official")
        identity = Identity(
            station=StationId(fields["station"]),
            signing=self._signing,
            chain=tuple(fields["chain"]),
            document=SigningKey(self._kept["document"]),
            document_chain=tuple(fields["document_chain"]),
            centre_chain=tuple(fields["centre_chain"]),
            root=root,
            **{name: fields[name] for name in names},
        )
        own = verify_chain(identity.chain, root)[0]
        paper = verify_chain(identity.document_chain, root)[0]
        _require(own.subject == self.station and own.kind == "station" and own.epoch == identity.epoch, "certificate")
        _require(own.signing == identity.signing.public and paper.signing == identity.document.public, "keys")
        _require(identity.centre_certificate.kind == "centre", "centre")
        return identity

    def _keep(self, name: str, value: bytes) -> None:
        self._kept = {**self._kept, name: value}
        keyfile.save(self._path, self._kept, replace=True)

    @property
    def _signing(self) -> SigningKey:
        return SigningKey(self._kept["signing"])

    @property
    def _reveal(self) -> Reveal:
        sealing = OpeningKey.from_bytes(self._kept["opening"]).public
        document = SigningKey(self._kept["document"]).public
        return Reveal(self.station, self._signing.public, document, sealing, self._kept["nonce"])

    @property
    def _offer(self) -> Offer:
        return Offer.from_bytes(self._kept["offer"])


def _require(holds: bool, what: str) -> None:  # noqa: FBT001  # a condition
    if not holds:
        raise RecoveryUnreadable(reason=what)


def earlier_rows(station: str, earlier: Mapping[str, Any]) -> list[tuple[str, str, str, str]]:
    """An earlier installation's recordings as `station.carried.Earlier` keeps them."""
    rows: Sequence[Any] = earlier["recordings"]
    return [(row[0], str(PacketNumber(StationId(station), earlier["epoch"], row[1])), row[2], row[3]) for row in rows]
