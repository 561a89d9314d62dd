"""What this office tells a centre that was restored from its backup and knows less than it once said: `HandBack`."""

from base64 import b64encode
from collections.abc import Iterator, Mapping
from typing import Any, Final

import structlog

from rekam.enrolment.errors import RekamError
from rekam.exchange.errors import RequestRefused
from rekam.exchange.feed import office_feed
from rekam.exchange.http_serving import BODY_LIMIT
from rekam.exchange.rounds import Pauses, Round, Rounds
from rekam.exchange.signed_http import SignedHttp
from rekam.office.sql import QUERIES
from rekam.storage.blobs import BlobStore
from rekam.storage.pool import Pool
from rekam.trust import receipts
from rekam.trust.keys import VerifyKey
from rekam.trust.log.proof import LogProof

__all__ = ["HandBack"]

PAUSES: Final = Pauses(period_s=20.0, longest_s=60.0)
_ENOUGH: Final = 2000
"""Receipts are looked at newest first; positions in the log follow their order closely, so that so many in a row below
the restored log's end mean that none is left above it.
"""
_log = structlog.get_logger("rekam.office")


class HandBack:
    """Asks the centre now and then whether it was restored, and hands back what it then lacks: the batches of this
    office's feed as they were signed, acceptance receipts, and their packets; then whatever else it asks for and is
    here. Nothing here changes by it. `key` is the centre's.
    """

    def __init__(self, pool: Pool, packets: BlobStore, office: str, centre: SignedHttp, key: VerifyKey) -> None:
        self._pool = pool
        self._packets = packets
        self._feed = office_feed(office)
        self._centre = centre
        self._key = key
        self._rounds = Rounds("hand-back", self.run_once, PAUSES)

    def start(self) -> None:
        self._rounds.start()

    def stop(self) -> None:
        self._rounds.stop()

    def run_once(self) -> Round:
        """One look; hands everything back where it is wanted."""
        try:
            wanted = self._ask()
            if not wanted["open"]:
                return Round()
            count = self._batches(int(wanted["feed_end"])) + self._packets_from(int(wanted["log_size"]))
            count += self._come_since()
            self._centre.send("POST", "/exchange/recollection/done")
        except RekamError as error:
            return Round(problem=error)
        _log.warning("handed back to a restored centre", batches_and_packets=count)
        return Round(moved=count)

    def _ask(self) -> dict[str, Any]:
        return self._centre.fields(self._centre.send("GET", "/exchange/recollection?"))

    def _batches(self, end: int) -> int:
        with self._pool.connection() as connection:
            rows = connection.execute(QUERIES.batches_after, {"feed": self._feed, "n": end}).fetchall()
        for (data,) in rows:
            self._centre.send("POST", "/exchange/recollection/batch", bytes(data))
        return len(rows)

    def _packets_from(self, log_size: int) -> int:
        count = 0
        for packet_id, receipt, chain in self._accepted_since(log_size):
            if self._packets.has(packet_id):  # else its position stays open at the centre, and is told there
                self._bring(packet_id)
            headers = {"rekam-station-certificate": b64encode(chain).decode()}
            count += self._handed("/exchange/recollection/receipt", receipt, headers)
        return count

    def _come_since(self) -> int:
        """Packets that had come straight to the centre, by courier: their stations offer them here, too, sooner or
        later, and then this office has what the centre asks everybody for.
        """
        count, after = 0, -1
        while page := self._wanted(after):
            for _, packet_id in page:
                with self._pool.connection() as connection:
                    row = connection.execute(QUERIES.chain_of, {"packet_id": packet_id}).fetchone()
                if row is not None and self._packets.has(packet_id):
                    self._bring(packet_id)
                    count += self._handed(f"/exchange/recollection/packets/{packet_id}/station", bytes(row[0]))
            after = page[-1][0]
        return count

    def _wanted(self, after: int) -> list[tuple[int, str]]:
        """What nobody has brought, behind `after`; an answer that does not go forward ends the list."""
        told = self._centre.fields(self._centre.send("GET", f"/exchange/recollection/wanted?after={after}"))
        page = [(int(at), str(packet_id)) for at, packet_id in told["packets"]]
        return page if all(at > after for at, _ in page) else []

    def _handed(self, path: str, body: bytes, headers: Mapping[str, str] | None = None) -> bool:
        """One that the centre does not believe holds up no other; its position stays open there and is told."""
        try:
            self._centre.send("POST", path, body, headers)
        except RequestRefused as error:
            _log.error("the centre does not take back", path=path, told=str(error))
            return False
        return True

    def _accepted_since(self, log_size: int) -> Iterator[tuple[str, bytes, bytes]]:
        below = 0
        with self._pool.connection() as connection, connection.cursor("accepted") as rows:
            for packet_id, receipt, chain in rows.execute(QUERIES.accepted_newest_first):
                told = receipts.verify(bytes(receipt), self._key).log
                if told is not None and LogProof.parse(told).index >= log_size:
                    below = 0
                    yield packet_id, bytes(receipt), bytes(chain)
                elif (below := below + 1) > _ENOUGH:
                    return

    def _bring(self, packet_id: str) -> None:
        offset = self._piece(packet_id, 0, b"")
        with self._packets.open(packet_id) as file:
            file.seek(offset)
            while piece := file.read(BODY_LIMIT):
                offset = self._piece(packet_id, offset, piece)

    def _piece(self, packet_id: str, offset: int, piece: bytes) -> int:
        path, headers = f"/exchange/recollection/packets/{packet_id}", {"upload-offset": str(offset)}
        return int(self._centre.fields(self._centre.send("PATCH", path, piece, headers))["offset"])
