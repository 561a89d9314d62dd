"""In which role somebody signs in: the one that the office certified, whatever the file of operators says: `certified`.

`operators.cbor` lies beside the store, readable and changeable by whoever holds the disk.
"""

from dataclasses import replace
from typing import Final

from rekam.enrolment.errors import RekamError
from rekam.station.unlock import Unlocked
from rekam.trust.certificates import verify_chain
from rekam.trust.keys import VerifyKey

__all__ = ["OperatorUncertified", "certified"]

_ROLES: Final = frozenset({"operator", "supervisor"})


class OperatorUncertified(RekamError):
    """The office never certified the key of {operator} for this name, so it opens nothing ({reason}). Unsent recordings
    are safe. Choose another name, and report it to the office: the file of operators on this disk was changed.
    """


def certified(unlocked: Unlocked, root: VerifyKey) -> Unlocked:
    """`unlocked` in the role that its certificate gives, whatever the file beside the store says. Raises
    `OperatorUncertified`.
    """
    who = unlocked.operator
    try:
        leaf = verify_chain(unlocked.chain, root)[0]
    except RekamError as error:
        raise OperatorUncertified(operator=who.name, reason=error.code) from None
    if (leaf.subject, leaf.signing) != (who.subject, unlocked.signing.public) or leaf.kind not in _ROLES:
        raise OperatorUncertified(operator=who.name, reason=f"{leaf.kind} {leaf.subject}")
    return replace(unlocked, operator=replace(who, role=leaf.kind))
