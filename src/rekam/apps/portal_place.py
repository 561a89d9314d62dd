"""`rekam portal`: the public website, wired from a data folder and a key file."""

from pathlib import Path

from rekam.apps.centre_line import centre_client, first_of
from rekam.apps.database import database
from rekam.apps.place_file import chain_of, key_of, read_place
from rekam.apps.serving import require_free, serve
from rekam.exchange.http_log import HttpLog
from rekam.exchange.http_remote import HttpRemote
from rekam.portal.app import create_portal_app
from rekam.portal.portal import Portal
from rekam.storage.folder import DataFolder
from rekam.trust import keyfile
from rekam.trust.clock import SystemClock
from rekam.trust.keys import SigningKey, VerifyKey

__all__ = ["run_portal"]


def run_portal(folder: Path, keys_file: Path, port: int, centre_url: str, database_url: str | None) -> None:
    """Serves until stopped; its own copy answers while the centre is down."""
    require_free(port)
    facts, secrets, clock = read_place(folder, "portal"), keyfile.load(keys_file), SystemClock()
    root, centre_chain = VerifyKey(key_of(facts["root"])), chain_of(facts["centre_chain"])
    client = centre_client(centre_url, folder, centre_chain, root)
    remote = HttpRemote(
        first_of(centre_url),
        place="Pusat Data Kependudukan",
        key=SigningKey(secrets["signing"]),
        chain=chain_of(facts["chain"]),
        clock=clock,
        client=client,
    )
    with DataFolder(folder, "portal"), database(folder, "portal", database_url) as (pool, _):
        Portal.migrate(pool)
        portal = Portal(
            pool,
            secrets["portal-status"],
            centre_chain=centre_chain,
            root=root,
            clock=clock,
            remote=remote,
            log=HttpLog(first_of(centre_url), place="Pusat Data Kependudukan", client=client),
        )
        portal.following.start()
        portal.log.start()
        try:
            serve(create_portal_app(portal), port, ready=f"portal http://127.0.0.1:{port}")
        finally:
            portal.following.stop()
            portal.log.stop()
