"""What an office alone holds, and what its certificates prove: `OfficeKeys`, `certified`."""

from collections.abc import Sequence
from dataclasses import dataclass

from rekam.trust.at_rest import DataKey
from rekam.trust.certificates import Certificate, ChainBroken, verify_chain
from rekam.trust.keys import OpeningKey, SigningKey, VerifyKey

__all__ = ["OfficeKeys", "certified"]


@dataclass(frozen=True)
class OfficeKeys:
    """What an office alone holds: `signing` for receipts and requests, `parcels` opens what the centre seals to it,
    `data` seals what lies here, `document` signs its papers.
    """

    signing: SigningKey
    parcels: OpeningKey
    data: DataKey
    document: SigningKey


def certified(chain: Sequence[bytes], root: VerifyKey, kind: str) -> Certificate:
    """The leaf of `chain`, proved by `root` and of that kind. Raises `ChainBroken`."""
    leaf = verify_chain(chain, root)[0]
    if leaf.kind != kind:
        raise ChainBroken(reason=f"a certificate for '{leaf.kind}' where one for '{kind}' belongs")
    return leaf
