"""How large a recording may become, told at the very sample that makes it too large: `Sizes`.

What passes at a sample passes at saving, and what is saved is refused nowhere for its size (`rekam.packet.limits`).
"""

from collections.abc import Mapping
from dataclasses import dataclass

from rekam.enrolment.amount import Amount
from rekam.enrolment.enrolment import Enrolment
from rekam.enrolment.errors import RekamError
from rekam.enrolment.slot import Slot
from rekam.exchange.master import MasterData
from rekam.packet.limits import MAX_MANIFEST_BYTES, MAX_PACKET_BYTES, MAX_SAMPLE_BYTES, packet_bytes
from rekam.station.sitting import Sitting

__all__ = ["RecordingTooLarge", "SampleTooLarge", "Sizes", "WordsTooLong"]


class SampleTooLarge(RekamError):
    """The image of {slot} has {size}, more than the {limit} that a sample may have. The sitting is kept.
    Capture it again at the device's usual resolution.
    """


class RecordingTooLarge(RekamError):
    """With all its images this recording would have {size}, more than the {limit} that one may have here. Nothing was
    sealed, and what was captured is kept. {slot} is the largest image ({largest}): capture it again at the device's
    usual resolution.
    """


class WordsTooLong(RekamError):
    """The reasons written into this recording have {size}, more than the {limit} that they may have. Nothing was
    sealed; the sitting is kept. Write them shorter, then save again.
    """


@dataclass(frozen=True)
class Sizes:
    """`master` holds the office's policy, which may set a lower limit than every place takes in."""

    master: MasterData

    @property
    def limit(self) -> int:
        """Most bytes that a packet of this station may have."""
        return min(MAX_PACKET_BYTES, self.master.policy().packet_bytes or MAX_PACKET_BYTES)

    def check_sample(self, sitting: Sitting, slot: Slot, image: bytes) -> None:
        """Before an image is judged. Raises `SampleTooLarge`, `RecordingTooLarge`."""
        if len(image) > MAX_SAMPLE_BYTES:
            raise SampleTooLarge(slot=slot, size=Amount(len(image)), limit=Amount(MAX_SAMPLE_BYTES))
        sizes = {held.slot: len(held.image) for held in sitting.captures.values()}
        # the manifest is not written yet: it counts as the longest one
        self._check({**sizes, slot: len(image)}, MAX_MANIFEST_BYTES)

    def check_recording(self, enrolment: Enrolment, manifest: bytes) -> None:
        """Before a sitting is sealed: the policy may be newer than its samples. Raises `RecordingTooLarge`,
        `WordsTooLong`.
        """
        if len(manifest) > MAX_MANIFEST_BYTES:
            raise WordsTooLong(size=Amount(len(manifest)), limit=Amount(MAX_MANIFEST_BYTES))
        self._check({sample.slot: len(sample.image) for sample in enrolment.samples}, len(manifest))

    def _check(self, sizes: Mapping[Slot, int], manifest: int) -> None:
        whole = packet_bytes(sum(sizes.values()), manifest)
        if whole > self.limit:
            slot = max(sizes, key=lambda each: (sizes[each], each))
            raise RecordingTooLarge(
                slot=slot, largest=Amount(sizes[slot]), size=Amount(whole), limit=Amount(self.limit)
            )
