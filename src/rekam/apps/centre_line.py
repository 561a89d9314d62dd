"""The way to the centre and its twin, for offices and the portal: `centre_client`."""

from pathlib import Path

import httpx

from rekam.exchange.centre_addresses import CentreAddresses
from rekam.exchange.generation import FiledGeneration
from rekam.exchange.machine_trust import machine_trust
from rekam.exchange.signed_http import TIMEOUT
from rekam.trust.certificates import verify_chain
from rekam.trust.keys import VerifyKey

__all__ = ["centre_client", "first_of"]


def centre_client(centre: str, folder: Path, centre_chain: tuple[bytes, ...], root: VerifyKey) -> httpx.Client:
    """Connections to the centre at the addresses in `centre`, separated by commas: its own, and its twin's. Which
    generation answered last is kept in `folder`.
    """
    addresses = [address.strip() for address in centre.split(",") if address.strip()]
    held = FiledGeneration(folder / "centre-generation", verify_chain(centre_chain, root)[0].signing)
    line = CentreAddresses(addresses, held, httpx.HTTPTransport(verify=machine_trust()))
    return httpx.Client(transport=line, timeout=TIMEOUT)


def first_of(centre: str) -> str:
    """What requests are addressed to before the connection chooses who answers."""
    return centre.split(",", maxsplit=1)[0].strip()
