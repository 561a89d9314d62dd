"""The station's rows as its account reads them: `StationLedger`."""

from collections.abc import Iterator, Mapping
from typing import Final

from rekam.enrolment.identifiers import PacketNumber
from rekam.exchange.account import Entry, Holding, Key
from rekam.exchange.account_desk import Row
from rekam.exchange.outcomes import outcome_of
from rekam.station.store import StationStore
from rekam.trust import receipts

__all__ = ["StationLedger"]

_ROWS: Final = (
    "SELECT r.number, r.packet_id, r.status, o.packet_id IS NOT NULL, o.code IS NOT NULL,"
    " r.custody_receipt IS NOT NULL, r.acceptance_receipt IS NOT NULL, r.going_at IS NOT NULL"
    " FROM recording r LEFT JOIN outbox o USING (packet_id) WHERE substr(r.number, 1, length(?1)) = ?1 ORDER BY r.rowid"
)
_CHAINS: Final = "SELECT min(number), count(*) FROM recording GROUP BY rtrim(number, '0123456789')"
_NEWEST: Final = 20


class StationLedger:
    """`Ledger` over the recordings and the outbox; how far the numbering got stands in the head of the chain."""

    def __init__(self, store: StationStore) -> None:
        self._store = store

    def chains(self, scope: str) -> Mapping[Key, int]:
        known = ((first.split("/"), count) for first, count in self._store.rows(_CHAINS))
        return {(station, int(epoch)): count for (station, epoch, _), count in known if station.startswith(scope)}

    def rows(self, key: Key) -> Iterator[Row]:
        found = self._store.rows(_ROWS, (f"{key[0]}/{key[1]}/",))
        for number, packet_id, status, to_send, aside, custody, accepted, going in found:
            holding = _holding(bool(to_send), bool(aside), bool(custody), bool(accepted), bool(going))
            sequence = PacketNumber.parse(number).sequence
            yield Row(Entry(sequence, packet_id, holding, outcome_of(status)), not going)

    def heads(self) -> Mapping[Key, int]:
        epoch, sequence = self._store.rows("SELECT epoch, sequence FROM chain_head")[0]
        return {(str(self._store.identity().station), epoch): sequence}

    def signed_ms(self) -> Mapping[Key, Mapping[str, int]]:
        identity = self._store.identity()
        keys = {"custody": identity.office_certificate.signing, "acceptance": identity.centre_certificate.signing}
        newest: dict[Key, dict[str, int]] = {}
        for kind, column, place in (("custody", "custody", "office"), ("acceptance", "accepted", "centre")):
            rows = self._store.rows(
                f"SELECT number, {kind}_receipt FROM recording WHERE {kind}_receipt IS NOT NULL"  # noqa: S608  # ours
                f" ORDER BY {column}_at DESC LIMIT {_NEWEST}"
            )
            for number, receipt in rows:
                parsed = PacketNumber.parse(number)
                held = newest.setdefault((str(parsed.station), parsed.epoch), {})
                held[place] = max(held.get(place, 0), receipts.verify(receipt, keys[kind]).at_ms)
        return newest


def _holding(to_send: bool, aside: bool, custody: bool, accepted: bool, going: bool) -> Holding:  # noqa: FBT001
    for applies, holding in (
        (going, Holding.PURGED),
        (aside, Holding.SET_ASIDE),
        (to_send, Holding.WAITING),
        (accepted, Holding.ACCEPTED),
        (custody, Holding.BACKED_UP),
    ):
        if applies:
            return holding
    return Holding.NOWHERE
