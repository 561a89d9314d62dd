"""The key ceremony: who certifies whom, and which keys each place gets (ADR 0003).

In the field each step happens at its own place, with witnesses. Here all of it runs at once, for a laptop, the
drill and the tests; the results are the same files.
"""

from dataclasses import dataclass, field

from rekam.enrolment.identifiers import OfficeId, StationId
from rekam.trust.at_rest import DataKey
from rekam.trust.certificates import Certificate, issue, verify_chain
from rekam.trust.keyfile import KeyBundle
from rekam.trust.keys import OpeningKey, SigningKey, Suite, VerifyKey

__all__ = ["Chain", "CountryKeys", "Holder", "OfficeKeys", "Staff", "centre_bundle"]

Chain = tuple[bytes, ...]


@dataclass(frozen=True)
class Holder:
    """A certified key: the private half and the chain that leads to the root, leaf first."""

    key: SigningKey
    chain: Chain
    opening: OpeningKey | None = None


@dataclass(frozen=True)
class Staff:
    """One who works at a counter: `role` is ``operator`` or ``supervisor``; the PIN is for first use."""

    subject: str
    name: str
    role: str
    pin: str


@dataclass
class OfficeKeys:
    """An office with the power to certify its stations, its staff and its document keys."""

    office: OfficeId
    name: str
    holder: Holder
    root: VerifyKey

    def station(self, station: StationId, name: str, epoch: int = 1) -> Holder:
        return self._certify("station", station, name, epoch=epoch)

    def document_key(self, station: StationId, name: str) -> Holder:
        return self._certify("document", station, name)

    def office_document_key(self) -> Holder:
        """What the office signs cards with."""
        return self._certify("document", self.office, self.name)

    def staff(self, person: Staff) -> Holder:
        return self._certify(person.role, person.subject, person.name)

    def bundle(self) -> KeyBundle:
        """What goes into the office's key file."""
        opening = self.holder.opening
        return {
            "signing": self.holder.key.to_bytes(),
            "parcels": opening.to_bytes() if opening else b"",
            "data": DataKey.generate().to_bytes(),
        }

    def _certify(self, kind: str, subject: str, name: str, epoch: int = 1) -> Holder:
        key = SigningKey.generate()
        by = verify_chain(self.holder.chain, self.root)[0]
        certificate = Certificate(kind, subject, name, key.public, epoch=epoch)
        return Holder(key, (issue(certificate, self.holder.key, by=by), *self.holder.chain))


@dataclass
class CountryKeys:
    """The root and what it certifies: the centre, the offices, the portal."""

    root: SigningKey = field(default_factory=SigningKey.generate)

    def centre(self, suite: Suite = Suite.X25519) -> Holder:
        """The centre's working keys: it signs receipts and feeds, and opens packets."""
        return self._certify("centre", "centre", "Pusat Data Kependudukan", suite)

    def portal(self) -> Holder:
        return self._certify("portal", "portal", "Portal Rekam")

    def office(self, office: OfficeId, name: str) -> OfficeKeys:
        holder = self._certify("office", office, name, Suite.X25519)
        return OfficeKeys(office, name, holder, self.root.public)

    def _certify(self, kind: str, subject: str, name: str, suite: Suite | None = None) -> Holder:
        key = SigningKey.generate()
        opening = OpeningKey.generate(suite) if suite else None
        certificate = Certificate(kind, subject, name, key.public, opening.public if opening else None)
        return Holder(key, (issue(certificate, self.root),), opening)


def centre_bundle(holder: Holder) -> KeyBundle:
    """What goes into the centre's key file; `nik`, `portal-status` and `check` key the hashes of NIKs."""
    opening = holder.opening
    return {
        "signing": holder.key.to_bytes(),
        "opening": opening.to_bytes() if opening else b"",
        "data": DataKey.generate().to_bytes(),
        "nik": DataKey.generate().to_bytes(),
        "portal-status": DataKey.generate().to_bytes(),
        "check": DataKey.generate().to_bytes(),
    }
