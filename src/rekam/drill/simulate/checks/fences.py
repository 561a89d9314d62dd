"""What a withdrawn key must never do: make a resident of whom nobody was asked."""

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from rekam.drill.simulate.country import Country

__all__ = ["nobody_from_behind_a_fence_unnoticed"]


def nobody_from_behind_a_fence_unnoticed(country: "Country") -> int:
    """20: every packet of a thief that came after its key's fence waits, or waited, for a person, who rejected it; and
    every packet of a station's own that a fence withheld was released by a person or proved by its chain.
    """
    looked = 0
    with country.centre.database.connection() as tx:
        rows = tx.execute(
            "SELECT p.packet_id, p.number, w.verdict, r.status, p.received_at > f.raised_at, p.sequence > f.after"
            " FROM (SELECT packet_id, station, epoch, sequence, received_at,"
            " station || '/' || epoch || '/' || sequence AS number FROM exchange.packet) p"
            " JOIN exchange.fence f ON (p.station, p.epoch) = (f.station, f.epoch)"
            " LEFT JOIN exchange.withheld w ON w.packet_id = p.packet_id"
            " LEFT JOIN result r ON r.packet_id = p.packet_id"
        ).fetchall()
    for packet_id, number, verdict, status, late, beyond in rows:
        looked += 1
        stolen = packet_id in country.witness.stolen
        if verdict is None and (beyond or (stolen and late)):
            country.world.violated(20, f"{number} {packet_id[:8]} passed its fence and became {status}")
        elif verdict == "" or (stolen and verdict == "released") or (not stolen and verdict == "rejected"):
            country.world.violated(20, f"{number} {packet_id[:8]} behind a fence was judged {verdict!r}")
        if verdict is not None:
            country.world.exercise(20)
    return looked
