"""Which sticks the courier's page of a place lists: `courier_media`."""

from pathlib import Path

from rekam.apps.settings import Settings
from rekam.web.courier.media import Media

__all__ = ["courier_media"]


def courier_media() -> Media:
    """What is plugged in, and the folders that the environment names."""
    return Media(tuple(Path(each) for each in Settings().courier_folders.split(":") if each))
