"""What goes on by itself at an office while it serves: `background`."""

from collections.abc import Iterator

from rekam.exchange.account_round import AccountSender, account_rounds
from rekam.exchange.purge_rounds import purge_rounds
from rekam.exchange.rounds import Background
from rekam.exchange.scrubbing import scrubbing
from rekam.office.office import Office

__all__ = ["background"]


def background(office: Office) -> Iterator[Background]:
    """In the order in which they are started, and stopped; one line each."""
    yield office.relay
    yield office.log_watch
    yield scrubbing(office.scrubber)
    yield purge_rounds(office.purger, office.dates.now)
    if office.centre_accounts:
        yield account_rounds(AccountSender(office.accounts, office.centre_accounts, office.clock), period_s=300)
