"""The centre's courier: sticks of offices and stations are taken in and answered: `centre_courier`."""

from rekam.centre.centre import PLACE, Centre
from rekam.centre.twin.pairing import Pairing
from rekam.exchange.admission import check_withdrawn
from rekam.exchange.courier.answering import Answering
from rekam.exchange.courier.courier import Courier
from rekam.exchange.courier.hearing import Ears
from rekam.exchange.courier.stick import RealStick, Stick
from rekam.exchange.courier.taking_in import Destination

__all__ = ["centre_courier"]


def centre_courier(centre: Centre, stick: Stick | None = None) -> Courier:
    """The stick is the machine's unless another is given."""
    signing = centre.signing
    answering = Answering(
        PLACE,
        signing,
        centre.chain,
        centre.root,
        centre.feed,
        signing.public,
        centre.clock,
        lambda writer: check_withdrawn(writer, centre.fences.fence_of),
        centre.parts,
        Pairing(centre.pool).settle,
    )
    ears = Ears(statements=centre.statements, roll_call=centre.inbox.roll_call)
    destination = Destination(centre.inbox, lambda writer: writer[0].kind in {"office", "station"}, answering, ears)
    return Courier(PLACE, stick or RealStick(), destination=destination)
