"""What a cut in a station's chain says of one packet, in PostgreSQL: `standing_at`."""

from rekam.exchange.fence import Fence, Standing, judge
from rekam.exchange.pg.fences import SQL, links_of
from rekam.exchange.pg.register import Transaction

__all__ = ["standing_at"]


def standing_at(tx: Transaction, cut: Fence, packet_id: str, sequence: int) -> Standing:
    """As `judge`, for one packet of the cut's epoch that is here; the epoch is walked only where something speaks
    against it, and what nothing speaks against is believed.
    """
    if sequence > cut.after:
        return Standing.BEYOND
    if sequence == cut.after:
        return Standing.BELIEVED if packet_id == cut.head else Standing.OFF_CHAIN
    epoch = {"station": cut.station, "epoch": cut.epoch}
    if tx.execute(SQL.spoken_against, epoch | {"packet_id": packet_id, "sequence": sequence}).fetchone() is None:
        return Standing.BELIEVED
    return judge(cut, links_of(tx, cut.station, cut.epoch))[packet_id]
