"""What a sitting wants of the devices next: `wanted`, and `single` for one slot by itself."""

from collections.abc import Sequence

from rekam.enrolment.sample import Slot
from rekam.station.capture import BARS
from rekam.station.devices.port import Captured, Device, NothingCaptured, Wanted
from rekam.station.sitting import Sitting

__all__ = ["single", "wanted"]


def wanted(sitting: Sitting, slots: Sequence[Slot]) -> Wanted:
    """The next attempt at `slots`, all of one modality. Of several, those that are excepted count as missing; a slot
    asked for by itself is tried although it was excepted.
    """
    return Wanted(
        tuple(slots),
        sitting.sitting_id,
        sitting.biodata,
        {slot: sitting.attempts.get(slot, 0) + 1 for slot in slots},
        frozenset(slot for slot in slots if slot in sitting.exceptions) if len(slots) > 1 else frozenset(),
        BARS[slots[0].modality],
    )


def single(device: Device, sitting: Sitting, slot: Slot) -> Captured:
    """One image of `slot`. Raises what the device raises."""
    shot = device.capture(wanted(sitting, [slot]))
    for captured in shot.captured:
        if captured.slot == slot:
            return captured
    raise shot.missed.get(slot) or NothingCaptured(slot=slot, reason="the device left it out")
