"""The language in which each operator reads the pages, kept with the station's data: `Languages`."""

from typing import Final

from rekam.station.store import StationStore

__all__ = ["Languages"]

_SETTING: Final = "language of "


class Languages:
    """Of the operator, not of the screen: whoever signs in anywhere at this station reads their own."""

    def __init__(self, store: StationStore) -> None:
        self._store = store

    def of(self, operator: str) -> str | None:
        """``id`` or ``en``; None for who never chose."""
        found = self._store.setting(_SETTING + operator)
        return None if found is None else found.decode()

    def keep(self, operator: str, language: str) -> None:
        self._store.put_setting(_SETTING + operator, language.encode())
