"""PINs and passwords (Argon2id, RFC 9106).

A PIN slot keeps a secret, such as an operator's signing key, that only the PIN opens; a staff password is
kept as a PHC string. The growing delay after wrong PINs is the station's: without the disk nobody can try
faster. With the disk, six digits alone would fall in a few days: give `pepper`, a secret of the key file, too.
"""

from dataclasses import dataclass
from typing import Any, Final, Self

from cryptography.exceptions import InvalidKey
from cryptography.hazmat.primitives.kdf.argon2 import Argon2id

from rekam.enrolment.errors import RekamError
from rekam.trust.at_rest import DataKey, DataUnopenable
from rekam.trust.random import Random, SystemRandom

__all__ = [
    "DEFAULT_COST",
    "Cost",
    "PinSlot",
    "PinSlotUnreadable",
    "WrongPin",
    "check_password",
    "create_slot",
    "derive_slowly",
    "hash_password",
    "open_slot",
]

_CONTEXT: Final = b"rekam/pin-slot"
_SALT_BYTES: Final = 16


class WrongPin(RekamError):
    """The PIN is wrong. Nothing was changed; unsent recordings are safe.
    Try again. Who forgot the PIN asks the supervisor to request a new one under Sistem, Petugas.
    """


class PinSlotUnreadable(RekamError):
    """The operator's PIN record is damaged. Unsent recordings are safe. Ask the office to enrol the operator again."""


@dataclass(frozen=True)
class Cost:
    """Argon2id's parameters: memory in KiB, passes, lanes. The default is RFC 9106's second recommendation
    with one lane, since a counter's laptop has few cores: 64 MiB, 3 passes.
    """

    memory_kib: int = 64 * 1024
    passes: int = 3
    lanes: int = 1


DEFAULT_COST: Final = Cost()
_LIMIT: Final = Cost(memory_kib=1024 * 1024, passes=16, lanes=16)


@dataclass(frozen=True)
class PinSlot:
    """A secret closed by a PIN: salt (16 bytes), the cost it was made with, the sealed secret."""

    salt: bytes
    cost: Cost
    sealed: bytes

    def to_map(self) -> dict[str, Any]:
        """A plain map for CBOR."""
        cost = [self.cost.memory_kib, self.cost.passes, self.cost.lanes]
        return {"salt": self.salt, "argon2id": cost, "sealed": self.sealed}

    @classmethod
    def from_map(cls, fields: Any) -> Self:
        """Read `to_map`. Raises PinSlotUnreadable, also for a cost that would stall this machine."""
        match fields:
            case {
                "salt": bytes() as salt,
                "argon2id": [int() as memory, int() as passes, int() as lanes],
                "sealed": bytes() as sealed,
            }:
                fits = (
                    0 < lanes <= _LIMIT.lanes
                    and 0 < passes <= _LIMIT.passes
                    and 8 * lanes <= memory <= _LIMIT.memory_kib
                )
                if fits and len(salt) == _SALT_BYTES:
                    return cls(salt, Cost(memory, passes, lanes), sealed)
        raise PinSlotUnreadable


def create_slot(
    pin: str, secret: bytes, *, cost: Cost = DEFAULT_COST, pepper: bytes = b"", random: Random | None = None
) -> PinSlot:
    """Close `secret` with `pin`; `pepper` is asked for again by `open_slot`."""
    source = random or SystemRandom()
    salt = source.bytes(_SALT_BYTES)
    return PinSlot(salt, cost, DataKey(_derive(pin, salt, cost, pepper), source).seal(secret, _CONTEXT))


def open_slot(slot: PinSlot, pin: str, *, pepper: bytes = b"") -> bytes:
    """The secret. Raises WrongPin."""
    try:
        return DataKey(_derive(pin, slot.salt, slot.cost, pepper)).open(slot.sealed, _CONTEXT)
    except DataUnopenable:
        raise WrongPin from None


def hash_password(password: str, *, cost: Cost = DEFAULT_COST, random: Random | None = None) -> str:
    """A PHC string ``$argon2id$v=19$...`` that holds salt and cost."""
    salt = (random or SystemRandom()).bytes(_SALT_BYTES)
    return _argon2id(salt, cost, b"").derive_phc_encoded(password.encode())


def check_password(phc: str, password: str) -> bool:
    """Whether `password` is the one that `phc` was made from; False as well for an unreadable `phc`."""
    try:
        Argon2id.verify_phc_encoded(password.encode(), phc)
    except InvalidKey:
        return False
    return True


def derive_slowly(data: bytes, salt: bytes, cost: Cost = DEFAULT_COST) -> bytes:
    """32 bytes of Argon2id over `data`, which need not be secret; `salt`: 16 bytes."""
    return _argon2id(salt, cost, b"").derive(data)


def _derive(pin: str, salt: bytes, cost: Cost, pepper: bytes) -> bytes:
    return _argon2id(salt, cost, pepper).derive(pin.encode())


def _argon2id(salt: bytes, cost: Cost, pepper: bytes) -> Argon2id:
    return Argon2id(
        salt=salt,
        length=32,
        iterations=cost.passes,
        lanes=cost.lanes,
        memory_cost=cost.memory_kib,
        secret=pepper or None,
    )
