"""`rekam centre publish-filter|publish-delta`: what the centre publishes for all places."""

from pathlib import Path
from typing import Annotated

from cyclopts import App, Parameter
from rich.console import Console
from rich.progress import Progress

from rekam.apps.settings import Settings

__all__ = ["register"]

Data = Annotated[Path, Parameter(help="the centre's data folder")]
Keys = Annotated[Path, Parameter(help="the centre's key file")]
DATA, KEYS = Path("data/centre"), Path("data/keys/centre.keys")


def register(centre: App) -> None:
    """Adds the commands to `rekam centre`."""
    centre.command(publish_filter)
    centre.command(publish_delta)


def publish_filter(*, data: Data = DATA, keys: Keys = KEYS) -> None:
    """Publish a new snapshot of the offline check, of everybody recorded; the feed carries it to every station."""
    from rekam.apps.centre_place import running_centre

    with running_centre(data, keys, Settings().database_url) as centre, Progress(console=Console(stderr=True)) as bar:
        task = bar.add_task("regencies", total=None)
        made = centre.snapshots.publish(lambda done, total: bar.update(task, completed=done, total=total))
    Console().print(f"Edition {made.version} of the offline check is published.")


def publish_delta(*, data: Data = DATA, keys: Keys = KEYS) -> None:
    """Publish who was recorded since the last snapshot or delta; the centre does this by itself once a day."""
    from rekam.apps.centre_place import running_centre

    with running_centre(data, keys, Settings().database_url) as centre:
        made = centre.snapshots.publish_delta()
    Console().print(f"Delta {made.version} of edition {made.name.partition('/')[2]} is published.")
