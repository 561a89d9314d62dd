"""What a simulated device does wrong when it is asked to: `Fault`."""

from enum import StrEnum

__all__ = ["Fault"]


class Fault(StrEnum):
    """``error-101`` and the like are the standard's own errors; these are lies, silence and nonsense."""

    HANG = "hang"
    UNPLUGGED = "unplugged"
    NOT_READY = "not-ready"
    BUSY = "busy"
    WRONG_SIGNATURE = "wrong-signature"
    STRANGER = "stranger"
    WRONG_CHAIN = "wrong-chain"
    WRONG_TRANSACTION = "wrong-transaction"
    OLD_TIMESTAMP = "old-timestamp"
    WRONG_SERIAL = "wrong-serial"
    WRONG_ENVIRONMENT = "wrong-environment"
    WRONG_FINGER = "wrong-finger"
    LOW_QUALITY = "low-quality"
    GARBAGE = "garbage"
    GARBAGE_RECORD = "garbage-record"
    GARBAGE_STREAM = "garbage-stream"
    EXPIRED = "expired"
