"""`place.json`: what a data folder is and whom it trusts. No secrets; bytes stand in hex."""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from rekam.enrolment.errors import RekamError
from rekam.storage.whole_file import write_whole

__all__ = ["NoSuchPlace", "chain_of", "key_of", "read_any_place", "read_place", "write_place"]


class NoSuchPlace(RekamError):
    """{folder} is not the data folder of a {place}. Nothing was changed.
    Check the folder given with --data, or make a country with rekam up.
    """


def write_place(folder: Path, facts: Mapping[str, Any]) -> None:
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    write_whole(folder / "place.json", json.dumps(_plain(facts), indent=1, ensure_ascii=False).encode())


def read_place(folder: Path, place: str) -> dict[str, Any]:
    """Raises `NoSuchPlace` for a missing file, another place's, or one that is no JSON."""
    try:
        facts: Any = json.loads((folder / "place.json").read_bytes())
    except (OSError, ValueError):
        raise NoSuchPlace(folder=folder, place=place) from None
    if not isinstance(facts, dict) or facts.get("place") != place:
        raise NoSuchPlace(folder=folder, place=place)
    return facts


def read_any_place(folder: Path) -> dict[str, Any]:
    """The facts of whatever place lies in `folder`; which one stands under "place". Raises `NoSuchPlace`."""
    try:
        facts: Any = json.loads((folder / "place.json").read_bytes())
    except (OSError, ValueError):
        raise NoSuchPlace(folder=folder, place="place") from None
    if not isinstance(facts, dict) or not isinstance(facts.get("place"), str):
        raise NoSuchPlace(folder=folder, place="place")
    return facts


def chain_of(items: list[str]) -> tuple[bytes, ...]:
    """A certificate chain as `place.json` holds it."""
    return tuple(bytes.fromhex(item) for item in items)


def key_of(item: str) -> bytes:
    return bytes.fromhex(item)


def _plain(value: Any) -> Any:
    match value:
        case bytes():
            return value.hex()
        case Mapping():
            return {key: _plain(item) for key, item in value.items()}
        case list() | tuple():
            return [_plain(item) for item in value]
        case _:
            return value
