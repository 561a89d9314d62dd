"""What the centre sets for one office and its stations: `OfficePolicy`."""

import json
from dataclasses import dataclass
from datetime import timedelta
from typing import Any, Final, Literal, get_args

from rekam.enrolment.errors import RekamError
from rekam.packet.limits import MAX_PACKET_BYTES

__all__ = ["OfficePolicy", "PolicyUnusable", "SuketRule", "policy_name"]

SuketRule = Literal["offline", "after_received", "off"]
_RETENTION_DAYS: Final = range(1, 3651)
_PACKET_BYTES: Final = range(4_000_000, MAX_PACKET_BYTES + 1)


class PolicyUnusable(RekamError):
    """This office policy cannot be used: {why}. The one that is in force stays. Correct it and publish it again."""


def policy_name(office: str) -> str:
    """The name under which an office's policy is announced, in its own feed alone: ``policy/3174``."""
    return f"policy/{office}"


@dataclass(frozen=True)
class OfficePolicy:
    """Each field None where the centre sets nothing and what the station was provisioned with holds.

    `suket`: whether stations issue letters (DOMAIN section 5); `retention`: how long a station keeps a packet that the
    centre has accepted; `packet_bytes`: the largest packet that stations seal, where the lines are slow.
    """

    suket: SuketRule | None = None
    retention: timedelta | None = None
    packet_bytes: int | None = None

    def to_bytes(self) -> bytes:
        """JSON in UTF-8: {suket, retention_days, packet_bytes}, unset fields left out."""
        days = self.retention.days if self.retention else None
        fields = {"suket": self.suket, "retention_days": days, "packet_bytes": self.packet_bytes}
        return json.dumps({name: value for name, value in fields.items() if value is not None}).encode()

    @classmethod
    def read(cls, data: bytes) -> "OfficePolicy":
        """The inverse; fields of a later version are passed over. Raises `PolicyUnusable`."""
        try:
            fields: Any = json.loads(data)
        except ValueError as error:
            raise PolicyUnusable(why="it is no JSON") from error
        if not isinstance(fields, dict):
            raise PolicyUnusable(why="it is no JSON object")
        suket, days = fields.get("suket"), fields.get("retention_days")
        if suket is not None and suket not in get_args(SuketRule):
            raise PolicyUnusable(why=f"suket is none of {', '.join(get_args(SuketRule))}")
        if days is not None and (type(days) is not int or days not in _RETENTION_DAYS):
            raise PolicyUnusable(why="retention_days is no number of days from 1 to 3650")
        size = fields.get("packet_bytes")
        if size is not None and (type(size) is not int or size not in _PACKET_BYTES):
            raise PolicyUnusable(why=f"packet_bytes is no number from {_PACKET_BYTES[0]} to {_PACKET_BYTES[-1]}")
        return cls(suket, timedelta(days=days) if days is not None else None, size)
