"""A place's account held against another's, from wherever that one comes: `against_account`, `against_above` ..."""

from rekam.exchange.account import Account
from rekam.exchange.account_desk import AccountDesk, Received
from rekam.exchange.account_http import AccountRemote
from rekam.exchange.comparison import compare
from rekam.web.reconciling.report import Report, report_on

__all__ = ["against_above", "against_account", "against_received"]


def against_account(desk: AccountDesk, other: Account) -> Report:
    """Against an account as it was when it was written. The centre looks at that place's packets only."""
    mine = desk.own(other.place if desk.tier == "centre" and other.tier != "centre" else "")
    return report_on(mine, compare(mine, other), other)


def against_received(desk: AccountDesk, received: Received) -> Report:
    """Against what a place below brought. What had come here before that, it must know."""
    place = received.account.place
    mine = desk.own(place)
    knows = desk.store.knows(place) if desk.store and received.live else {}
    return report_on(mine, compare(mine, received.account, lower_knows=knows), received.account)


def against_above(desk: AccountDesk, remote: AccountRemote) -> Report:
    """Against the place above, asked now, before the own account is made. Raises what the remote raises."""
    other = desk.read(remote.fetch())
    mine = desk.own()
    knows = {chain.key: chain.highest for chain in other.chains}
    return report_on(mine, compare(mine, other, lower_knows=knows), other)
