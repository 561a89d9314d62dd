"""Sealing: a station turns a recording into a packet that only the centre opens."""

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import BinaryIO, Final

from rekam.enrolment.identifiers import PacketNumber
from rekam.packet.errors import PacketTooLarge
from rekam.packet.frame import head_bytes
from rekam.packet.header import SALT_BYTES, Header
from rekam.packet.limits import MAX_PACKET_BYTES
from rekam.trust.clock import Stamp
from rekam.trust.keys import SigningKey
from rekam.trust.random import Random
from rekam.trust.sealing import SealingKey
from rekam.trust.stream import CHUNK_BYTES, StreamKey, seal_chunks

__all__ = ["Sealed", "seal"]

_READ_BYTES: Final = 1 << 20


@dataclass(frozen=True)
class Sealed:
    """A finished packet: `packet_id` (SHA-256 of all its bytes, hex), its header, its size in bytes."""

    packet_id: str
    header: Header
    size: int


def seal(
    content: Iterable[bytes],
    *,
    number: PacketNumber,
    previous: bytes,
    signer: SigningKey,
    recipient: SealingKey,
    stamp: Stamp,
    random: Random,
    out: BinaryIO,
    limit: int = MAX_PACKET_BYTES,
    chunk_bytes: int = CHUNK_BYTES,
) -> Sealed:
    """Write the packet to `out`, which is empty, seekable and open for writing and reading.

    `content` streams through in constant memory. `previous` is the packet_id before it as 32 bytes, zeros for
    the first. Making the file durable is the caller's. After PacketTooLarge `out` holds no valid packet.
    """
    key = StreamKey.fresh(random)
    draft = Header(
        suite=recipient.suite,
        number=number,
        previous=previous,
        size=0,
        sha256=bytes(32),
        chunk_bytes=chunk_bytes,
        salt=random.bytes(SALT_BYTES),
        recipient=recipient.key_id,
        signer=signer.key_id,
        stamp=stamp,
        wrapped_key=b"",
    )
    context = draft.context()
    draft = replace(draft, wrapped_key=recipient.seal(key.to_bytes(), context))
    # The head comes first and names the ciphertext's digest, so its room is kept free until that is known.
    room = len(head_bytes(draft, signer))
    out.write(bytes(room))
    digest, size = hashlib.sha256(), 0
    for chunk in seal_chunks(content, key, context, chunk_bytes=chunk_bytes):
        size += len(chunk)
        if room + size > limit:
            raise PacketTooLarge(limit=limit)
        digest.update(chunk)
        out.write(chunk)
    header = replace(draft, size=size, sha256=digest.digest())
    head = head_bytes(header, signer)
    out.seek(0)
    out.write(head)
    return Sealed(_packet_id(head, out), header, len(head) + size)


def _packet_id(head: bytes, out: BinaryIO) -> str:
    digest = hashlib.sha256(head)
    while piece := out.read(_READ_BYTES):
        digest.update(piece)
    return digest.hexdigest()
