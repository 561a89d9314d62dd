"""What is inside a packet: one stream of manifest, attestations and images (docs/packet-format.md)."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import Any, Final, Protocol

from rekam.enrolment.enrolment import Enrolment
from rekam.enrolment.manifest import require_known
from rekam.enrolment.slot import Slot
from rekam.packet.attestation import Attestation
from rekam.packet.errors import ContentUnreadable
from rekam.packet.limits import MAX_ATTESTATION_BYTES, MAX_MANIFEST_BYTES, MAX_SAMPLE_BYTES
from rekam.trust import cbor

__all__ = ["Content", "Readable", "manifest_bytes", "read_content", "write_content"]

_PIECE: Final = 1 << 16


class Readable(Protocol):
    """Anything read like a binary file."""

    def read(self, size: int, /) -> bytes | None:
        """At most `size` bytes, empty at the end."""
        ...


@dataclass(frozen=True)
class Content:
    """A recording as it stood in the packet; `manifest_bytes` are those that the attestations sign."""

    enrolment: Enrolment
    manifest_bytes: bytes
    attestations: tuple[Attestation, ...]


def manifest_bytes(enrolment: Enrolment) -> bytes:
    """The one encoding of the enrolment's manifest: what operator and supervisor sign."""
    return cbor.encode(enrolment.manifest())


def write_content(
    enrolment: Enrolment, attestations: Iterable[Attestation], manifest: bytes | None = None
) -> Iterator[bytes]:
    """The content in pieces: manifest, attestations, then each image in the manifest's order.

    `manifest` is `manifest_bytes(enrolment)` where the caller has it: making it hashes every image.
    """
    yield manifest_bytes(enrolment) if manifest is None else manifest
    yield cbor.encode([[attestation.signature, list(attestation.chain)] for attestation in attestations])
    for sample in sorted(enrolment.samples, key=lambda sample: sample.slot):
        yield sample.image


def read_content(stream: Readable) -> Content:
    """Read `write_content` to its very end.

    Raises ContentUnreadable, the enrolment's own errors (InvalidManifest and others), or the stream's.
    """
    ahead = _Ahead(stream)
    try:
        manifest, recorded = ahead.item(MAX_MANIFEST_BYTES)
        attestations = _attestations(ahead.item(MAX_ATTESTATION_BYTES)[0])
    except cbor.CborUnreadable as unreadable:
        raise ContentUnreadable(**unreadable.facts) from None
    images = {slot: _image(ahead.take, slot, size) for slot, size in _entries(manifest)}
    if ahead.take(1):
        raise ContentUnreadable(reason="bytes follow the last image")
    return Content(Enrolment.from_manifest(manifest, images), recorded, attestations)


class _Ahead:
    """A stream of which a piece is read ahead, because an item of CBOR does not say how long it is."""

    def __init__(self, stream: Readable) -> None:
        self._stream = stream
        self._held = b""

    def item(self, limit: int) -> tuple[Any, bytes]:
        """The next item, of at most `limit` bytes, and its bytes. Raises CborUnreadable."""
        while True:
            try:
                item, end = cbor.decode_first(self._held[:limit])
            except cbor.CborUnreadable:
                more = self._stream.read(_PIECE) if len(self._held) < limit else b""
                if not more:
                    raise
                self._held += more
            else:
                taken, self._held = self._held[:end], self._held[end:]
                return item, taken

    def take(self, count: int) -> bytes:
        """The next `count` bytes, fewer only at the end."""
        parts = bytearray(self._held[:count])
        self._held = self._held[count:]
        while len(parts) < count and (piece := self._stream.read(min(count - len(parts), _PIECE))):
            parts += piece
        return bytes(parts)


def _attestations(items: Any) -> tuple[Attestation, ...]:
    if not isinstance(items, list):
        raise ContentUnreadable(reason="attestations")
    return tuple(_attestation(item) for item in items)


def _attestation(item: Any) -> Attestation:
    match item:
        case [bytes() as signature, [*chain]] if all(isinstance(certificate, bytes) for certificate in chain):
            return Attestation(signature, tuple(chain))
        case _:
            raise ContentUnreadable(reason="attestations")


def _entries(manifest: Any) -> Iterator[tuple[Slot, int]]:
    entries = manifest.get("entries") if isinstance(manifest, dict) else None
    if not isinstance(manifest, dict) or not isinstance(entries, list):
        raise ContentUnreadable(reason="manifest")
    require_known(manifest)
    seen: set[Slot] = set()
    for entry in entries:
        match entry:
            case {"slot": str() as name, "size": int() as size} if 0 <= size <= MAX_SAMPLE_BYTES:
                slot = Slot.parse(name)
            case _:
                raise ContentUnreadable(reason="manifest")
        if slot in seen:
            raise ContentUnreadable(reason=f"{slot} twice")
        seen.add(slot)
        yield slot, size


def _image(take: Callable[[int], bytes], slot: Slot, size: int) -> bytes:
    image = take(size)
    if len(image) != size:
        raise ContentUnreadable(reason=f"{slot} ends early")
    return image
