"""An office's keepsake and its rebuilding, wired: `keep`, `rebuild`."""

from pathlib import Path
from typing import Any, Final

from rekam.apps.centre_line import centre_client, first_of
from rekam.apps.database import database
from rekam.apps.office_place import open_letters, open_office
from rekam.apps.pair_told import running
from rekam.apps.place_file import chain_of, key_of, read_place, write_place
from rekam.enrolment.errors import RekamError
from rekam.exchange.held_http import HttpHeld
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
    rekam office, or choose an empty folder with a copy of its place.json. If it is an older backup of this office that
    was put back, say --put-back.
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


_KEPT: Final = b"kept"
"""In the mark while nothing but the keepsake is taken over."""


def rebuild(
    folder: Path,
    keys_file: Path,
    office_id: str,
    centre: str,
    keepsake: Path | None,
    report: Report,
    *,
    put_back: bool = False,
) -> Rebuilt:
    """Make the office of `folder` what it was: it holds nothing but its `place.json`, or, `put_back`, all that an older
    backup of this office had. May be run again after it was broken off. Raises `OfficeNotEmpty`, `WrongOffice`,
    `KeepsakeUnreadable`.
    """
    facts, secrets = read_place(folder, "office"), keyfile.load(keys_file)
    if facts["id"] != office_id:
        raise WrongOffice(folder=folder, found=facts["id"], wanted=office_id)
    signing, chain, root = SigningKey(secrets["signing"]), chain_of(facts["chain"]), VerifyKey(key_of(facts["root"]))
    with DataFolder(folder, "office"), database(folder, "office", None) as (pool, _):
        Office.migrate(pool)
        office = open_office(folder, keys_file, pool, centre)
        mark = folder / "rebuilding"
        if not mark.exists() and office.state().packets and not put_back:
            raise OfficeNotEmpty(folder=folder, packets=office.state().packets)
        kept: dict[str, int] = {}
        if not mark.exists():
            if keepsake is not None:
                own = verify_chain(chain, root)[0].signing
                found = Keepsake.opened(keepsake.read_bytes(), DataKey(secrets["data"]), own, str(keepsake))
                kept = found.restore(pool)
            elif not put_back:
                # nobody knows how many blanks are left: they are counted and entered, not assumed
                write_place(folder, facts | {"opening_blanks": 0})
            write_whole(mark, _KEPT)
        client = centre_client(centre, folder, chain_of(facts["centre_chain"]), root)
        line = SignedHttp(
            first_of(centre), place="Pusat Data Kependudukan", key=signing, chain=chain, clock=office.clock,
            client=client,
        )  # fmt: skip
        work = Rebuild(office, HttpHeld(line))
        if mark.read_bytes() == _KEPT or work.proved_again:
            open_letters(office, facts)
            work.begin()
            write_whole(mark, b"")
        done = work.run(report)
        done.kept = kept
        mark.unlink()
        return done
