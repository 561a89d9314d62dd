"""Print orders: what an office needs to print one card, sealed to that office alone (DESIGN section 1, parcel)."""

from collections.abc import Mapping
from typing import Any

from psycopg import Connection

from rekam.centre.case import Case
from rekam.centre.results import FeedAppender
from rekam.centre.sql import QUERIES
from rekam.centre.verdict import Effect
from rekam.enrolment.enrolment import Enrolment
from rekam.enrolment.errors import RekamError
from rekam.enrolment.sample import Modality, Slot
from rekam.exchange.feed import EntryKind, office_feed
from rekam.packet.parcel import seal_parcel
from rekam.trust import cbor
from rekam.trust.certificates import chain_from_bytes, verify_chain
from rekam.trust.keys import SealingKey, SigningKey, VerifyKey
from rekam.trust.random import SystemRandom

__all__ = ["PARCEL_KIND", "OfficeUnknown", "PrintOrders"]

PARCEL_KIND = "print-order"


class OfficeUnknown(RekamError):
    """Office {office} is not known to the centre, so nothing can be sealed to it. The case waits and is safe;
    load the office's certificate, then release the case from quarantine.
    """


class PrintOrders:
    """Makes the parcel while the stage runs and writes order and feed entry when it commits."""

    def __init__(self, feed: FeedAppender, signer: SigningKey, root: VerifyKey) -> None:
        self._feed = feed
        self._signer = signer
        self._root = root

    def order(self, case: Case) -> Effect:
        """The effect that orders this case's card; the table's key refuses a second order (never 4)."""
        office, packet_id = case.facts.office, case.packet_id
        content = cbor.encode(self._content(case.enrolment(), case.facts.number, packet_id))
        parcel = seal_parcel(
            content, kind=PARCEL_KIND, recipient=self._sealing_key(case), signer=self._signer, random=SystemRandom()
        )
        row = {"packet_id": packet_id, "office": office}

        def commit(tx: Connection[Any]) -> None:
            # the result row comes first: an order without a result would violate the reference
            tx.execute("SET CONSTRAINTS ALL DEFERRED")
            (order,) = tx.execute(QUERIES.record_print_order, row).fetchone() or (None,)
            body = {"packet_id": packet_id, "order": order, "parcel": parcel}
            self._feed.append(tx, office_feed(office), EntryKind.PRINT_ORDER, cbor.encode(body))

        return commit

    def _sealing_key(self, case: Case) -> SealingKey:
        found = case.row("office", office=case.facts.office)
        if found is None:
            raise OfficeUnknown(office=case.facts.office)
        certificate = verify_chain(chain_from_bytes(bytes(found[1])), self._root)[0]
        if certificate.sealing is None:
            raise OfficeUnknown(office=case.facts.office)
        return certificate.sealing

    @staticmethod
    def _content(enrolment: Enrolment, number: str, packet_id: str) -> Mapping[str, Any]:
        images = {
            str(sample.slot): {"media_type": sample.media_type, "image": sample.image}
            for sample in enrolment.samples
            if sample.slot in {Slot(Modality.PHOTO), Slot(Modality.SIGNATURE)}
        }
        return {"number": number, "packet_id": packet_id, "biodata": enrolment.biodata.to_map(), "images": images}
