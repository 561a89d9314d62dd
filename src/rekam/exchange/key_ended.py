"""An office's word to the centre that the key of somebody at a station ended: the body of a statement (`KeyEnded`).

Nothing is refused for it: a packet that the key confirmed beyond the cut is taken in, receipted, and waits for people.
"""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any, Final, Literal, Self

from rekam.enrolment.errors import RekamError
from rekam.exchange.hex_digits import is_hex

__all__ = ["KEY_ENDED", "ConfirmedAfterEnd", "EndedWhy", "KeyEnded", "KeyEndedUnreadable", "every_key_of"]

KEY_ENDED: Final = "key-ended"
"""The kind of the statement."""
EndedWhy = Literal["replaced", "left", "stopped"]
"""The first two are the station's words (`key_end`), the last one its office's (`key_stop`)."""
_KEY: Final = 32
_ID: Final = 64


class KeyEndedUnreadable(RekamError):
    """What an office says of an operator's key that ended cannot be read. Nothing was changed. Update the older of the
    two places.
    """


class ConfirmedAfterEnd(RekamError):
    """{number} was confirmed with a key of {name} that had ended after recording {after} of station {station}. It is
    kept and receipted, and waits. Ask the resident and the station who recorded it, then release or reject it.
    """


@dataclass(frozen=True)
class KeyEnded:
    """`key` (key id, 32 hex digits; of who was ``stopped``: `every_key_of`) of `subject` with `name` and `role` signs
    no recording of (`station`, `epoch`) after `after`, whose packet id is `head` (hex, "" where `after` is 0), and none
    of a later epoch.
    """

    station: str
    epoch: int
    key: str
    subject: str
    name: str
    role: str
    why: EndedWhy
    after: int
    head: str

    def to_body(self) -> dict[str, Any]:
        """For a statement. Nothing about residents."""
        return asdict(self)

    @classmethod
    def from_body(cls, body: Mapping[str, Any]) -> Self:
        """Read `to_body`. Raises `KeyEndedUnreadable`."""
        match body:
            case {
                "station": str() as station,
                "epoch": int() as epoch,
                "key": str() as key,
                "subject": str() as subject,
                "name": str() as name,
                "role": "operator" | "supervisor" as role,
                "why": "replaced" | "left" | "stopped" as why,
                "after": int() as after,
                "head": str() as head,
            } if epoch > 0 and after >= 0 and _is_key(key, subject, why) and is_hex(head, _ID if after else 0):
                return cls(station, epoch, key, subject, name, role, why, after, head)
        raise KeyEndedUnreadable


def every_key_of(subject: str) -> str:
    """Stands for all keys that a person has or will have, where one key's id would stand."""
    return f"subject:{subject}"


def _is_key(key: str, subject: str, why: EndedWhy) -> bool:
    return key == every_key_of(subject) if why == "stopped" else is_hex(key, _KEY)
