"""What was not taken along, or not taken in, and why: `LeftOut`."""

from dataclasses import dataclass, field

from rekam.enrolment.errors import RekamError

__all__ = ["LeftOut"]


@dataclass(frozen=True)
class LeftOut:
    """What was not taken along, or not taken in: its number or name, an error's name and its sentence.

    `error` is the error itself where it happened here, so that a page can tell it in its reader's language.
    """

    number: str
    code: str
    reason: str
    error: RekamError | None = field(default=None, compare=False, repr=False)
    kind: str = field(default="packet", compare=False, repr=False)

    @classmethod
    def by(cls, number: str, error: RekamError, kind: str = "packet") -> "LeftOut":
        """Because of `error`."""
        return cls(number, str(error.facts.get("code", error.code)), str(error), error, kind)

    def to_map(self) -> dict[str, str]:
        """Plain values."""
        return {"number": self.number, "code": self.code, "reason": self.reason}
