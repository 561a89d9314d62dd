"""Receipts of statements that a courier brings home, believed for what a statement's sender asks: `take_heard`."""

from collections.abc import Mapping

from rekam.exchange.errors import StatementRefused
from rekam.exchange.statements import StatementOutbox, check_heard
from rekam.trust.keys import VerifyKey

__all__ = ["take_heard"]


def take_heard(outbox: StatementOutbox, receipts: Mapping[str, bytes], centre: VerifyKey) -> int:
    """Acknowledge the statements that `receipts` (by id) prove heard; returns how many. The others stay as they are: a
    receipt on a stick that proves nothing sets nothing aside.
    """
    heard = 0
    for stated in outbox.listed():
        if stated.receipt is not None or stated.id not in receipts:
            continue
        try:
            check_heard(stated.id, receipts[stated.id], centre)
        except StatementRefused:
            continue
        outbox.acknowledged(stated.id, receipts[stated.id])
        heard += 1
    return heard
