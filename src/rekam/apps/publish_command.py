"""`rekam centre publish-...`: what the centre publishes for all places or for one office, and what is in force."""

from datetime import timedelta
from pathlib import Path
from typing import Annotated

from cyclopts import Parameter
from rich.console import Console
from rich.progress import Progress
from rich.table import Table

from rekam.apps.settings import Settings
from rekam.exchange.fuse import Bits
from rekam.exchange.policy import OfficePolicy, SuketRule

__all__ = ["in_force", "publish_codes", "publish_delta", "publish_filter", "publish_policy", "publish_regions"]

Data = Annotated[Path, Parameter(help="the centre's data folder")]
Keys = Annotated[Path, Parameter(help="the centre's key file")]
DATA, KEYS = Path("data/centre"), Path("data/keys/centre.keys")


def publish_filter(
    *,
    bits: Annotated[Bits, Parameter(help="16 errs once in 65,536 strangers, 8 once in 256, in half the bytes")] = 8,
    data: Data = DATA,
    keys: Keys = KEYS,
) -> None:
    """Publish a new snapshot of the offline check, of everybody recorded; the feed carries it to every station."""
    from rekam.apps.centre_opening import running_centre

    with running_centre(data, keys, Settings().database_url) as centre, Progress(console=Console(stderr=True)) as bar:
        task = bar.add_task("regencies", total=None)
        made = centre.snapshots.publish(lambda done, total: bar.update(task, completed=done, total=total), bits=bits)
    Console().print(f"Edition {made.version} of the offline check is published.")


def publish_delta(*, data: Data = DATA, keys: Keys = KEYS) -> None:
    """Publish who was recorded since the last snapshot or delta; the centre does this by itself once a day."""
    from rekam.apps.centre_opening import running_centre

    with running_centre(data, keys, Settings().database_url) as centre:
        made = centre.snapshots.publish_delta()
    Console().print(f"Delta {made.version} of edition {made.name.partition('/')[2]} is published.")


def publish_codes(file: Annotated[Path, Parameter(help="JSON")], *, data: Data = DATA, keys: Keys = KEYS) -> None:
    """Publish new code lists; every station uses them as soon as they came down."""
    from rekam.apps.centre_opening import running_centre

    with running_centre(data, keys, Settings().database_url) as centre:
        made = centre.master_desk.code_lists(file.read_bytes())
    Console().print(f"Version {made.version} of the code lists is published.")


def publish_regions(file: Annotated[Path, Parameter(help="CSV")], *, data: Data = DATA, keys: Keys = KEYS) -> None:
    """Publish a new region table; every station uses it as soon as it came down."""
    from rekam.apps.centre_opening import running_centre

    with running_centre(data, keys, Settings().database_url) as centre:
        made = centre.master_desk.regions(file.read_bytes())
    Console().print(f"Version {made.version} of the region table is published.")


def publish_policy(
    office: Annotated[str, Parameter(help="its four digits")],
    *,
    suket: Annotated[SuketRule | None, Parameter(help="whether stations issue letters")] = None,
    retention_days: Annotated[int | None, Parameter(help="how long stations keep accepted packets")] = None,
    data: Data = DATA,
    keys: Keys = KEYS,
) -> None:
    """Publish the whole policy of one office; what is left out is as its stations were provisioned."""
    from rekam.apps.centre_opening import running_centre

    days = timedelta(days=retention_days) if retention_days is not None else None
    policy = OfficePolicy.read(OfficePolicy(suket, days).to_bytes())
    with running_centre(data, keys, Settings().database_url) as centre:
        made = centre.master_desk.policy(office, policy)
    Console().print(f"Version {made.version} of the policy of {office} is published.")


def in_force(*, data: Data = DATA, keys: Keys = KEYS) -> None:
    """What was published last: name, version, bytes."""
    from rekam.apps.centre_opening import running_centre

    table = Table("name", "version", "bytes")
    with running_centre(data, keys, Settings().database_url) as centre:
        for row in centre.publications.newest():
            table.add_row(row.name, str(row.version), str(row.part.size))
    Console().print(table)
