"""What goes on by itself at a station while its store is open: `background`."""

from collections.abc import Iterator
from functools import partial

from rekam.exchange.account_round import AccountSender, account_rounds
from rekam.exchange.day_words import bring_day_words, day_word_rounds
from rekam.exchange.purge_rounds import purge_rounds
from rekam.exchange.rounds import Background
from rekam.exchange.scrubbing import scrubbing
from rekam.station.correction_rounds import correction_rounds
from rekam.station.letter_rounds import LetterErrand, letter_rounds
from rekam.station.loading import loading
from rekam.station.lookup.indexing import indexing
from rekam.station.opened import Opened
from rekam.station.ports import Ports
from rekam.station.printing.rounds import printing_rounds

__all__ = ["background"]


def background(ports: Ports, here: Opened) -> Iterator[Background]:
    """In the order in which they are started, and stopped; one line each."""
    yield here.line
    yield loading(here.second)
    yield indexing(here.residents.names)
    yield scrubbing(here.scrubber)
    yield purge_rounds(here.purger, here.legal.now)
    yield printing_rounds(here.printing, ports.pause_s)
    if here.letter_desk:
        yield letter_rounds(LetterErrand(here.letters, here.letter_desk, here.identity, lambda: here.legal.now().at))
    if here.corrections.desk:
        yield correction_rounds(here.corrections.bring)
    if here.day_word_desk:
        days = here.day_end
        yield day_word_rounds(partial(bring_day_words, days.after, days.newest, here.day_word_desk, days.note_known))
    if here.office_accounts:
        yield account_rounds(AccountSender(here.accounts, here.office_accounts, ports.clock))
