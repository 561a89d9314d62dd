"""An office's keepsake and its rebuilding, wired: `keep`, `rebuild`."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final

from rekam.apps.centre_line import centre_client, first_of
from rekam.apps.database import database
from rekam.apps.office_place import open_office
from rekam.apps.pair_told import running
from rekam.apps.place_file import chain_of, key_of, read_place, write_place
from rekam.enrolment.errors import RekamError
from rekam.exchange.signed_http import SignedHttp
from rekam.office.keeping import Keepsake
from rekam.office.office import Office
from rekam.office.rebuild import Rebuild, Rebuilt, Report
from rekam.storage.folder import DataFolder
from rekam.storage.whole_file import write_whole
from rekam.trust import keyfile
from rekam.trust.at_rest import DataKey
from rekam.trust.certificates import verify_chain
from rekam.trust.clock import SystemClock
from rekam.trust.keys import SigningKey, VerifyKey

__all__ = ["OfficeNotEmpty", "WrongOffice", "keep", "rebuild"]


class OfficeNotEmpty(RekamError):
    """The folder {folder} already holds an office with {packets} packets. Nothing was changed. Start it with
    rekam office, or choose an empty folder with a copy of its place.json.
    """


class WrongOffice(RekamError):
    """The folder {folder} is made for office {found}, not for {wanted}. Nothing was changed.
    Bring place.json and key file of the office that is rebuilt.
    """


def keep(folder: Path, keys_file: Path, to: Path) -> dict[str, Any]:
    """Write what the running office alone knows to the file `to`, sealed and signed; rows by table."""
    facts, secrets = read_place(folder, "office"), keyfile.load(keys_file)
    with running(folder) as (pool, _):
        kept = Keepsake.of(pool, facts["id"], SystemClock().stamp().wall_ms)
    write_whole(to, kept.sealed(DataKey(secrets["data"]), SigningKey(secrets["signing"])))
    return {table: len(rows) for table, rows in kept.tables.items()}


_LOST_NUMBERS: Final = 500_000
"""More than an office gives in a year: five hundred blocks."""


def _lost_numbers(facts: Mapping[str, Any], year: int) -> list[Any]:
    """A block of nobody's, for all that the old server may have given."""
    known = [block[4] for block in facts.get("letter_blocks", ()) if block[2] == year]
    first = max(known, default=0) + 1
    return ["-", 0, year, first, first + _LOST_NUMBERS - 1]


def rebuild(
    folder: Path, keys_file: Path, office_id: str, centre: str, keepsake: Path | None, report: Report
) -> Rebuilt:
    """Make the office of `folder`, which holds nothing but its `place.json`, what it was. May be run again after it was
    broken off. Raises `OfficeNotEmpty`, `WrongOffice`, `KeepsakeUnreadable`.
    """
    facts, secrets = read_place(folder, "office"), keyfile.load(keys_file)
    if facts["id"] != office_id:
        raise WrongOffice(folder=folder, found=facts["id"], wanted=office_id)
    signing, chain, root = SigningKey(secrets["signing"]), chain_of(facts["chain"]), VerifyKey(key_of(facts["root"]))
    with DataFolder(folder, "office"), database(folder, "office", None) as (pool, _):
        Office.migrate(pool)
        office = open_office(folder, keys_file, pool, centre)
        mark = folder / "rebuilding"
        if not mark.exists() and office.state().packets:
            raise OfficeNotEmpty(folder=folder, packets=office.state().packets)
        kept: dict[str, int] = {}
        if not mark.exists():
            if keepsake is not None:
                own = verify_chain(chain, root)[0].signing
                found = Keepsake.opened(keepsake.read_bytes(), DataKey(secrets["data"]), own, str(keepsake))
                kept = found.restore(pool)
            else:
                # nobody knows how many blanks are left: they are counted and entered, not assumed; nor which numbers of
                # letters were given, so the next ones begin far above
                blocks = [*facts.get("letter_blocks", ()), _lost_numbers(facts, office.dates.now().at.year)]
                write_place(folder, facts | {"opening_blanks": 0, "letter_blocks": blocks})
            write_whole(mark, b"")
        client = centre_client(centre, folder, chain_of(facts["centre_chain"]), root)
        line = SignedHttp(
            first_of(centre), place="Pusat Data Kependudukan", key=signing, chain=chain, clock=office.clock,
            client=client,
        )  # fmt: skip
        done = Rebuild(office, line).run(report)
        done.kept = kept
        mark.unlink()
        return done
