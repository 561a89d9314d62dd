"""Each table of an old store, decided upon: it comes over into a new installation, or stays, and why."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

__all__ = ["CARRIED", "LEFT"]

CARRIED: Final = (
    "roll_call",
    "recording",
    "outbox",
    "template",
    "paper",
    "letter",
    "draft",
    "draft_capture",
    "abandoned",
    "notice",
    "notice_read",
    "service_plan",
    "counter_letters",
    "service_day",
    "ticket",
    "ticket_event",
    "sitting_hand",
    "referral",
    "referral_copy",
    "outing",
    "expected",
    "outing_recording",
)
"""In an order in which no row is named before it is there."""

_AGAIN: Final = "the new installation gets or makes it anew: "
_OWN: Final = "it speaks of the old installation alone: "

LEFT: Final[Mapping[str, str]] = MappingProxyType(
    {
        "setting": _OWN + "its identity, keys and marks of how far it was",
        "chain_head": _OWN + "a new epoch has a chain of its own, from its first packet on",
        "day_word": _OWN + "words are numbered and chained within one installation, and the office refuses others",
        "key_end": _OWN + "it cuts a key within one chain of packets, and the fence ends that chain",
        "tally": _OWN + "a day's word counts what this installation numbered, and the office holds it against those"
        " numbers; the old one's recordings are told by the accounts, packet by packet",
        "letter_block": _OWN + "blocks of numbers belong to an epoch (ADR 0044); their letters came",
        "print_job": _OWN + "its printer's queue; what was on its way to paper is printed again from the register",
        "damage": _OWN + "of its disk; what came over is read again here",
        "carried": _AGAIN + "the packets' files are taken over one by one, each proved",
        "earlier_epoch": _AGAIN + "from the office's bundle",
        "earlier_recording": _AGAIN + "from the office's bundle",
        "resident": _AGAIN + "from the office's bundle",
        "name_sound": _AGAIN + "with the residents",
        "name_key": _AGAIN + "with the residents",
        "name_bearer": _AGAIN + "with the residents",
        "shortlist": _AGAIN + "of the templates",
        "feed_cursor": _AGAIN + "the feed is followed from its first entry",
        "recorded_elsewhere": _AGAIN + "from the feed",
        "announced": _AGAIN + "from the feed",
        "rekam_migration": _AGAIN + "with its tables",
        "sqlite_sequence": _AGAIN + "by the database, as rows come in",
    }
)
