"""Purging as rounds of its own beside sending: `purge_rounds`."""

from collections.abc import Callable
from typing import Final

import structlog

from rekam.exchange.purging import Purger
from rekam.exchange.rounds import Pauses, Round, Rounds
from rekam.trust.clock import LegalTime

__all__ = ["purge_rounds"]

_PAUSES: Final = Pauses(period_s=10.0, longest_s=600.0)
"""Twenty packets every ten seconds: a station's 15,000 are looked through in two hours, an idle walk costs nothing."""

_log = structlog.get_logger("rekam.exchange")


def purge_rounds(purger: Purger, now: Callable[[], LegalTime]) -> Rounds:
    """Rounds to be started and stopped with the place."""

    def once() -> Round:
        purged = purger.run_once(now())
        for packet_id in purged.stuck:
            _log.warning("a copy cannot be removed yet", packet_id=packet_id)
        if purged.went:
            _log.info("accepted copies purged", packets=len(purged.went))
        return Round(len(purged.went))

    return Rounds("purge", once, _PAUSES)
