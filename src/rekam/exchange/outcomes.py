"""From the record's status to what an account says of it: `outcome_of`."""

from collections.abc import Mapping
from typing import Final

from rekam.enrolment.status import Status
from rekam.exchange.account import Outcome

__all__ = ["outcome_of"]

_BEFORE_THE_CENTRE: Final = (
    Status.UNREGISTERED,
    Status.BIO_CAPTURED,
    Status.PROCESSING,
    Status.PACKET_RETRY,
    Status.SENT_FOR_ENROLLMENT,
    Status.ENROLL_FAILURE_AT_REGIONAL,
)
_IN_STAGE: Final = (
    Status.RECEIVED_AT_CENTRAL,
    Status.SEARCH_FAILURE_AT_CENTRAL,
    Status.ADJUDICATE_RECORD,
    Status.REQUEST_VALIDATION,
)
_OUTCOMES: Final[Mapping[Status, Outcome]] = {
    **dict.fromkeys(_BEFORE_THE_CENTRE, Outcome.NONE),
    **dict.fromkeys(_IN_STAGE, Outcome.IN_STAGE),
    Status.REJECTED: Outcome.REJECTED,
    Status.QUARANTINED: Outcome.QUARANTINED,
}


def outcome_of(status: str) -> Outcome:
    """Every status that ends a packet's journey is `DONE`; one that this version does not know is `NOWHERE`."""
    try:
        return _OUTCOMES.get(Status(status), Outcome.DONE)
    except ValueError:
        return Outcome.NOWHERE
