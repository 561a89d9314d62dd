"""The accounts of all places, closed against one another, to the packet."""

from typing import TYPE_CHECKING

from rekam.exchange.comparison import Found, compare, examine
from rekam.exchange.sums import sums_of

if TYPE_CHECKING:
    from rekam.drill.simulate.country import Country
    from rekam.exchange.account import Account
    from rekam.exchange.comparison import Finding

__all__ = ["accounts_close"]

_TROUBLED: frozenset[Found] = frozenset({Found.FORK, Found.OTHER_BYTES, Found.BROKEN, Found.GAP, Found.UNKNOWN_BELOW})
"""What may be found in a chain whose disk was set back, copied or lost; nothing else, and in no other chain."""


def accounts_close(country: "Country") -> int:
    """10: every line of every account adds up, and between any two places nothing is missing that nobody told of."""
    centre = country.centre.centre.accounts.own()
    offices = {office.id: office.office.accounts.own() for office in country.offices.values()}
    stations = [place.here.accounts.own() for place in country.stations]
    looked = 0
    for account in (centre, *offices.values(), *stations):
        for line in sums_of(account):
            looked += 1
            if not line.adds_up:
                country.world.violated(10, f"{account.place}: {line}")
        _told(country, account.place, examine(account))
    pairs: list[tuple[Account, Account]] = [(office, centre) for office in offices.values()]
    pairs += [(station, offices[station.place[:4]]) for station in stations]
    pairs += [(station, centre) for station in stations]
    for lower, upper in pairs:
        looked += sum(chain.packets for chain in lower.chains)
        _told(country, f"{lower.place}-{upper.place}", compare(lower, upper).findings)
    return looked


def _told(country: "Country", where: str, findings: "tuple[Finding, ...]") -> None:
    for finding in findings:
        troubled = (finding.station, finding.epoch) in country.witness.troubled and finding.found in _TROUBLED
        if not troubled and (finding.serious or finding.found is Found.ON_THE_WAY):
            country.world.violated(10, f"{where}: {finding.found} at {finding.at}: {finding}")
