"""What a scanned code asks for: `scanned`. A scanner types; what it typed is told from what a person types."""

import re
from base64 import urlsafe_b64decode
from binascii import Error as NotBase64
from dataclasses import dataclass
from typing import Final

from rekam.documents.verification import CodeUnreadable, said_in
from rekam.enrolment.errors import RekamError
from rekam.station.lookup.numbers import Number

__all__ = ["CodeSaysNothing", "Scanned", "scanned"]

_PACKET: Final = re.compile(r"(?<!\d)(\d{6}-\d{2}/\d{1,4}/\d{1,9})(?:/([\w-]{43})(?![\w-]))?(?!\d)", re.ASCII)
_REFERRAL: Final = re.compile(r"(?<!\d)\d{6}-\d{2}/\d{1,4}/R\d{1,6}(?!\d)", re.ASCII | re.IGNORECASE)
_SIXTEEN: Final = re.compile(r"(?<!\d)\d{16}(?!\d)", re.ASCII)
_CODE: Final = re.compile(
    r"[a-z][a-z0-9+.-]*://|^(?:wifi|begin|mecard|mailto|tel|smsto|geo):|[\r\n\x1d]", re.IGNORECASE
)
_ZONE: Final = re.compile(r"[A-Z0-9<]{28,}")
"""A line of a passport's or a card's machine-readable zone (ICAO 9303): blanks are written as <."""
_LONGEST_TYPED: Final = 250
_LEAST_SIGNED: Final = 60
"""Characters of the shortest signed code: its signature alone has 64 bytes."""
_MOST: Final = 40
"""Numbers that one code may ask for: more than any family card has."""


class CodeSaysNothing(RekamError):
    """What was scanned holds neither a NIK nor the number of a recording. Nothing was changed.
    Scan the code on a proof of recording or a letter (suket), or type the NIK, or name and birth date.
    """


@dataclass(frozen=True)
class Scanned:
    """`packet` is the number of a recording and `packet_id` its id, hex, where the code says it; `referral` the number
    of a referral; else `numbers` are the NIKs and No. KK that stand in the code. Nothing of it is proved.
    """

    packet: str = ""
    packet_id: str = ""
    referral: str = ""
    numbers: tuple[str, ...] = ()


def scanned(text: str) -> Scanned | None:
    """None for what a person types; raises `CodeSaysNothing` for a code that names nobody."""
    code = text.strip("\r\n\t\0")
    if Number.of(code) is not None and not _PACKET.search(code):
        return None
    found = _signed(code) or _written(code)
    if found is None and _is_code(code):
        raise CodeSaysNothing
    return found


def _signed(code: str) -> Scanned | None:
    """Of a paper of ours, or of anybody who writes Claim 169."""
    if len(code) < _LEAST_SIGNED:
        return None
    try:
        claims = said_in(code)
    except CodeUnreadable:
        return None
    nik = claims.identity.get(1) if isinstance(claims.identity, dict) else None
    if isinstance(nik, str) and _SIXTEEN.fullmatch(nik):
        return Scanned(numbers=(nik,))
    whose = _PACKET.fullmatch(claims.number)
    return Scanned(packet=claims.number, packet_id=claims.packet_id) if whose else None


def _written(code: str) -> Scanned | None:
    """In plain text, a link, or a machine-readable zone."""
    if referral := _REFERRAL.search(code):
        return Scanned(referral=referral[0].upper())
    if packet := _PACKET.search(code):
        return Scanned(packet=packet[1], packet_id=_packet_id(packet[2] or ""))
    numbers = tuple(dict.fromkeys(_SIXTEEN.findall(code)))
    return Scanned(numbers=numbers[:_MOST]) if numbers else None


def _packet_id(coded: str) -> str:
    try:
        return urlsafe_b64decode(coded + "=" * (-len(coded) % 4)).hex()
    except NotBase64:
        return ""


def _is_code(code: str) -> bool:
    zone = _ZONE.search(code)
    return len(code) > _LONGEST_TYPED or _CODE.search(code) is not None or (zone is not None and "<<" in zone[0])
