"""What the office says it has of a day's recordings, held against this station's rows: `OfficeSays`."""

from dataclasses import dataclass
from datetime import UTC, datetime

from rekam.exchange.account_desk import AccountDesk
from rekam.exchange.account_http import AccountRemote
from rekam.exchange.ranges import Ranges
from rekam.station.day_end.counts import Span
from rekam.station.store import StationStore

__all__ = ["OfficeSays", "ask_office"]


@dataclass(frozen=True)
class OfficeSays:
    """The office's own signed account, made `at` its time, of the day's `asked` recordings: it `holds` so many;
    `on_the_way` are those that it lacks and never confirmed, `lost` those that it lacks although it signed for them.
    """

    at: datetime
    asked: int
    holds: int
    on_the_way: tuple[int, ...]
    lost: tuple[int, ...]


def ask_office(store: StationStore, desk: AccountDesk, remote: AccountRemote, span: Span) -> OfficeSays:
    """Asks now. Raises what the line raises, `AccountUnreadable` and `AccountUnproved`."""
    identity = store.identity()
    account = desk.read(remote.fetch())
    chain = account.find((str(identity.station), identity.epoch))
    known = chain.known if chain else Ranges()
    rows = store.rows(
        "SELECT t.sequence, r.custody_at IS NOT NULL FROM tally t JOIN recording r USING (packet_id)"
        " WHERE t.saved_at >= ? AND t.saved_at < ? ORDER BY t.sequence",
        (span.start, span.end),
    )
    held = set(known & Ranges.of(sequence for sequence, _ in rows))
    lacking = [(sequence, bool(promised)) for sequence, promised in rows if sequence not in held]
    return OfficeSays(
        datetime.fromtimestamp(account.at_ms / 1000, UTC),
        len(rows),
        len(held),
        tuple(sequence for sequence, promised in lacking if not promised),
        tuple(sequence for sequence, promised in lacking if promised),
    )
