"""Who a simulated country is made of: keys, certificates, staff, residents. The same in every country."""

import random
from dataclasses import dataclass
from datetime import date
from functools import cache
from typing import Final

from rekam.centre.nik_hashes import NikHashes
from rekam.drill.demo import office_plan
from rekam.drill.population import Population
from rekam.enrolment.biodata import Biodata
from rekam.enrolment.identifiers import OfficeId, StationId
from rekam.station.store import Identity
from rekam.station.unlock import Operator, Unlocked
from rekam.trust.at_rest import DataKey
from rekam.trust.certificates import Certificate, issue, verify_chain
from rekam.trust.keys import OpeningKey, SigningKey, VerifyKey
from rekam.trust.unsafe_repeatable import unsafe_repeatable

__all__ = ["MARK", "Cast", "Holder", "cast"]

OFFICES: Final = (OfficeId("3174"), OfficeId("3273"))
MARK: Final = "JALAN YANG TIDAK BOLEH TERBACA"
"""Stands in every resident's address, so that one search over a disk finds anybody's."""
_RESIDENTS: Final = 160


@dataclass(frozen=True)
class Holder:
    """A certified key."""

    key: SigningKey
    chain: tuple[bytes, ...]
    opening: OpeningKey | None = None


@dataclass(frozen=True)
class Cast:
    """All who take part. `data` and `store_key` are what every place of this country keeps its data under."""

    root: SigningKey
    centre: Holder
    offices: dict[str, Holder]
    documents: dict[str, Holder]
    data: DataKey
    store_key: bytes
    hashes: NikHashes
    residents: tuple[Biodata, ...]

    @property
    def trust(self) -> VerifyKey:
        """The root that everybody knows."""
        return self.root.public

    def certify(self, office: str, kind: str, subject: str, *, epoch: int = 1, draw: str = "") -> Holder:
        """What an office certifies: the same key for the same words."""
        key = SigningKey(random.Random(f"{office}/{kind}/{subject}/{epoch}/{draw}").randbytes(32))  # noqa: S311
        by = self.offices[office]
        certificate = Certificate(kind, subject, subject, key.public, epoch=epoch, serial=key.key_id[:8])
        return Holder(key, (issue(certificate, by.key, by=verify_chain(by.chain, self.trust)[0]), *by.chain))

    def identity(self, station: StationId, *, epoch: int = 1, draw: str = "") -> Identity:
        """What provisioning writes into a station's store."""
        own = self.certify(station.office, "station", station, epoch=epoch, draw=draw)
        document = self.certify(station.office, "document", station)
        plan = office_plan(())
        return Identity(
            station=station,
            name=str(station),
            office_name=plan.name,
            epoch=epoch,
            signing=own.key,
            chain=own.chain,
            document=document.key,
            document_chain=document.chain,
            centre_chain=self.centre.chain,
            root=self.trust,
            check_key=self.hashes.check_key,
            suket_policy="offline",
            place=plan.place,
            letterhead=plan.letterhead,
            official=plan.official,
        )

    def staff(self, office: str, role: str, number: int = 1) -> Unlocked:
        """One who has entered the PIN."""
        subject = f"{role[:2]}-{office}-{number}"
        holder = self.certify(office, role, subject)
        return Unlocked(Operator(subject, subject, role), holder.key, holder.chain, self.store_key)


@cache
def cast() -> Cast:
    """Made once a process, from no seed but its own."""
    source = random.Random("cast")  # noqa: S311  # keys of people who do not exist
    with unsafe_repeatable(source.randbytes):
        root = SigningKey.generate()

        def certified(kind: str, subject: str, *, sealing: bool = False) -> Holder:
            key, opening = SigningKey.generate(), OpeningKey.generate() if sealing else None
            public = opening.public if opening else None
            return Holder(key, (issue(Certificate(kind, subject, subject, key.public, public), root),), opening)

        centre = certified("centre", "centre", sealing=True)
        offices = {str(office): certified("office", office, sealing=True) for office in OFFICES}
        keys = [DataKey.generate().to_bytes() for _ in range(5)]
        people = Population(("317401", "317402"), seed=4, on=date(2016, 10, 3)).residents(_RESIDENTS)
        bare = Cast(root, centre, offices, {}, DataKey(keys[0]), keys[1], NikHashes(*keys[2:]), ())
        documents = {str(office): bare.certify(office, "document", office) for office in OFFICES}
        marked = tuple(_marked(person) for person in people)
        return Cast(root, centre, offices, documents, bare.data, bare.store_key, bare.hashes, marked)


def _marked(person: Biodata) -> Biodata:
    from dataclasses import replace

    return replace(person, address=f"{MARK} {person.nik[-4:]}")
