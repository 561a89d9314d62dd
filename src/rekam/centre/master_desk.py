"""Publishing master data: checked as every place will check it, then told to all offices, or to one: `MasterDesk`."""

from rekam.centre.publications import Publications
from rekam.centre.sql import QUERIES
from rekam.enrolment.codes import CodeLists
from rekam.enrolment.errors import RekamError
from rekam.enrolment.regions import Regions
from rekam.exchange.announced import Announced
from rekam.exchange.master import CODE_LISTS, REGIONS, MasterData, packed
from rekam.exchange.policy import OfficePolicy, policy_name
from rekam.storage.pool import Pool

__all__ = ["MasterDesk", "NoSuchOffice"]


class NoSuchOffice(RekamError):
    """The centre knows no office '{office}'. Nothing was published. Check the four digits."""


class MasterDesk:
    """A version that a place could not use is never published."""

    def __init__(self, pool: Pool, publications: Publications, master: MasterData) -> None:
        self._pool = pool
        self._publications = publications
        self._master = master

    def code_lists(self, data: bytes) -> Announced:
        """JSON as `CodeLists.read` takes it. Raises `CodeListsUnusable`, also where a code in force is missing."""
        CodeLists.read(data).check_follows(self._master.codes.in_force().value)
        return self._publish(CODE_LISTS, data)

    def regions(self, data: bytes) -> Announced:
        """CSV as `Regions.read` takes it. Raises `RegionsUnusable`."""
        Regions.read(data)
        return self._publish(REGIONS, data)

    def policy(self, office: str, policy: OfficePolicy) -> Announced:
        """The whole policy of one office; what it leaves out is as provisioned. Raises `NoSuchOffice`."""
        with self._pool.connection() as connection:
            if connection.execute(QUERIES.office, {"office": office}).fetchone() is None:
                raise NoSuchOffice(office=office)
        return self._publish(policy_name(office), policy.to_bytes())

    def _publish(self, name: str, data: bytes) -> Announced:
        frame = packed(data)
        with self._pool.connection() as tx, tx.transaction():
            made = self._publications.publish(tx, name, lambda _version: self._publications.put(frame))
        self._master.arrived()
        return made
