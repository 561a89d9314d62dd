"""Which key a packet must be signed with: that of a station whose certificates lead to the centre."""

from collections.abc import Callable, Sequence

from rekam.packet.errors import NumberOfAnotherStation
from rekam.packet.header import Header
from rekam.trust.certificates import ChainBroken, verify_chain
from rekam.trust.keys import VerifyKey

__all__ = ["station_key"]


def station_key(chain: Sequence[bytes], root: VerifyKey) -> Callable[[Header], VerifyKey]:
    """For `inspect` and `unseal`: the leaf's key, if the packet's number is of its station and epoch.

    Raises ChainBroken at once, NumberOfAnotherStation when asked about a header of another's number.
    """
    leaf = verify_chain(chain, root)[0]
    if leaf.kind != "station":
        raise ChainBroken(reason=f"a certificate for '{leaf.kind}' where a station's belongs")

    def key_of(header: Header) -> VerifyKey:
        if (leaf.subject, leaf.epoch) != (header.number.station, header.number.epoch):
            raise NumberOfAnotherStation(number=str(header.number), subject=leaf.subject, epoch=leaf.epoch)
        return leaf.signing

    return key_of
