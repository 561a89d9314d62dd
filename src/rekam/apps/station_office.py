"""A station's office over HTTP, desk by desk: `HttpOffice`."""

import time
from collections.abc import Callable

from rekam.exchange.account_http import HttpAccounts
from rekam.exchange.corrections_http import HttpCorrections
from rekam.exchange.day_words import HttpDayWords
from rekam.exchange.http_remote import HttpRemote
from rekam.exchange.key_requests import HttpKeyRequests
from rekam.exchange.letters_http import HttpLetters
from rekam.exchange.limited_remote import LimitedRemote
from rekam.exchange.link_policy import Applied
from rekam.exchange.remembered_http import HttpRemembered
from rekam.exchange.remote import Remote
from rekam.exchange.signed_http import SignedHttp
from rekam.station.store import Identity
from rekam.trust.clock import Clock

__all__ = ["HttpOffice"]


class HttpOffice:
    """The office at `url`. Each desk is made once the station's identity is known, and signs with its key; uploads
    keep to the line's limit and hours (`applied`), the rest is a few kilobytes.
    """

    def __init__(self, url: str, clock: Clock, applied: Callable[[], Applied]) -> None:
        self._url = url
        self._clock = clock
        self._applied = applied

    def packets(self, who: Identity) -> Remote:
        """What takes packets and hands down feed and parts."""
        remote = HttpRemote(self._url, place=who.office_name, key=who.signing, chain=who.chain, clock=self._clock)
        return LimitedRemote(remote, self._applied, self._clock, time.sleep, place=who.office_name)

    def memory(self, who: Identity) -> HttpRemembered:
        """What knows how far this installation had come."""
        return HttpRemembered(self._line(who))

    def accounts(self, who: Identity) -> HttpAccounts:
        """What takes accounts."""
        return HttpAccounts(self._line(who))

    def day_words(self, who: Identity) -> HttpDayWords:
        """What hears of closed days."""
        return HttpDayWords(self._line(who))

    def letters(self, who: Identity) -> HttpLetters:
        """What gives numbers of letters."""
        return HttpLetters(self._line(who))

    def operator_keys(self, who: Identity) -> HttpKeyRequests:
        """What certifies operators' new keys."""
        return HttpKeyRequests(self._line(who))

    def corrections(self, who: Identity) -> HttpCorrections:
        """What knows of corrected biodata."""
        return HttpCorrections(self._line(who))

    def _line(self, who: Identity) -> SignedHttp:
        return SignedHttp(self._url, place=who.office_name, key=who.signing, chain=who.chain, clock=self._clock)
