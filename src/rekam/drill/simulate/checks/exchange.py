"""What places must never do between one another: lose, double, hide a gap, skip a word of the feed."""

from typing import TYPE_CHECKING

from rekam.exchange.feed import office_feed

if TYPE_CHECKING:
    from rekam.drill.simulate.centre import CentreSite
    from rekam.drill.simulate.country import Country
    from rekam.drill.simulate.office import OfficeSite
    from rekam.drill.simulate.station import StationSite

__all__ = [
    "all_it_acknowledged",
    "everything_acknowledged",
    "feed_told_everything",
    "good_ones_went_through",
    "known_damaged",
    "lost_is_found",
    "newest_notice",
    "nothing_twice",
]


def _receiving(country: "Country") -> "list[OfficeSite | CentreSite]":
    places: list[OfficeSite | CentreSite] = [*country.offices.values(), country.centre]
    return [place for place in places if place.machine.alive]


def everything_acknowledged(country: "Country") -> int:
    """2: whoever gave a receipt has the row, the same receipt, and the packet on its disk."""
    return sum(all_it_acknowledged(country, place) for place in _receiving(country))


def all_it_acknowledged(country: "Country", place: "OfficeSite | CentreSite") -> int:
    """2, of one place."""
    given = {packet: kept for (name, packet), kept in country.witness.acknowledged.items() if name == place.name}
    held, damaged = place.inbox.receipts(list(given)), known_damaged(place)
    for packet_id, receipt in given.items():
        if held.get(packet_id) != receipt:
            country.world.violated(2, f"{place.name} gave a receipt for {packet_id[:8]} and does not know it")
        elif not place.packets.has(packet_id) and packet_id not in damaged:
            country.world.violated(2, f"{place.name} gave a receipt for {packet_id[:8]} and has no packet")
    return len(given)


def lost_is_found(country: "Country") -> int:
    """2: what an office acknowledged and lost with its disk is there again, bytes and all, once it was rebuilt."""
    for place in country.offices.values():
        owed = [packet_id for name, packet_id in sorted(country.witness.owed) if name == place.name]
        known = place.inbox.receipts(owed)
        for packet_id in owed:
            if packet_id not in known or not place.packets.has(packet_id):
                country.world.violated(2, f"{place.name} lost {packet_id[:8]} when it was put back")
    return len(country.witness.owed)


def known_damaged(place: "OfficeSite | CentreSite | StationSite") -> set[str]:
    """What a place found damaged and reports, or has set aside and could not note yet; it must be whole again once the
    country has drained, or its account does not close.
    """
    return {damage.blob_id for damage in place.scrub_book.damaged()} | place.world.spoilt


def nothing_twice(country: "Country") -> int:
    """8: whatever was repeated, each packet stands once in each register, in the log, in the cases."""
    accepted = {packet for name, packet in country.witness.acknowledged if name == country.centre.name}
    with country.centre.database.connection() as tx:
        for table in ("exchange.packet", "exchange.log_entry", "enrolment_case"):
            rows = [row[0] for row in tx.execute(f"SELECT packet_id FROM {table}")]  # noqa: S608  # three names
            if len(rows) != len(set(rows)) or set(rows) != accepted:
                country.world.violated(8, f"{table} has {len(rows)} rows for {len(accepted)} packets")
    return 3 * len(accepted)


def good_ones_went_through(country: "Country") -> int:
    """9: everything that was saved and is sound is accepted, whatever was bad before it."""
    looked = 0
    for said in country.witness.saved.values():
        looked += 1
        if not said.gone and (country.centre.name, said.packet_id) not in country.witness.acknowledged:
            country.world.violated(9, f"{said.number} never came to the centre")
    return looked


def feed_told_everything(country: "Country") -> int:
    """13: office and station hold, for each packet, the centre's last word, and the cursor is at the end."""
    looked = 0
    with country.centre.database.connection() as tx:
        rows = tx.execute(
            "SELECT packet_id, r.status, office FROM result r JOIN enrolment_case USING (packet_id)"
        ).fetchall()
        results = {packet_id: status for packet_id, status, _ in rows}
        last = dict(tx.execute("SELECT feed, max(n) FROM exchange.feed_entry GROUP BY feed").fetchall())
    for place in country.offices.values():
        feed = office_feed(place.id)
        looked += 1
        if place.office.sink.cursor(feed) != (last.get(feed) or 0):
            country.world.violated(13, f"{place.name} stands at {place.office.sink.cursor(feed)} of {last.get(feed)}")
        with place.database.connection() as tx:
            told = tx.execute("SELECT packet_id, status FROM told WHERE kind = 'result'").fetchall()
        looked += len(told)
        due = sorted((packet_id, status) for packet_id, status, office in rows if office == place.id)
        if sorted(told) != due:
            country.world.violated(13, f"{place.name} was told {len(told)} results, not the {len(due)} that there are")
    for station in country.stations:
        rows = station.here.store.rows("SELECT packet_id, number, status, acceptance_receipt IS NULL FROM recording")
        for packet_id, number, status, lacking in rows:
            looked += 1
            if lacking or results.get(packet_id) != status:
                country.world.violated(13, f"{station.name} holds {number} as {status}, not {results.get(packet_id)}")
    return looked


def newest_notice(country: "Country") -> int:
    """18: the newest notice is the centre's newest, at every office and station."""
    published = [notice.number for notice in country.centre.centre.notices.newest(5)]
    if len(published) > 1:
        country.world.exercise(18)
    looked = 0
    for place in country.offices.values():
        looked += 1
        if [notice.number for notice in place.office.notices.newest(5)] != published:
            country.world.violated(18, f"{place.name} does not show the newest notices")
    for station in country.stations:
        looked += 1
        held = station.here.store.rows("SELECT number FROM notice ORDER BY number DESC LIMIT 5")
        if [number for (number,) in held] != published:
            country.world.violated(18, f"{station.name} does not hold the newest notices")
    return looked
