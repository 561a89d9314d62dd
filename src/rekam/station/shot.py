"""What a sitting wants of the devices next: `wanted`, and `shot` for having it."""

from collections.abc import Sequence

from rekam.enrolment.sample import Modality, Slot
from rekam.station.capture import BARS
from rekam.station.devices.port import Device, NothingCaptured, Shot, Wanted
from rekam.station.sitting import Sitting

__all__ = ["shot", "wanted"]


def wanted(sitting: Sitting, slots: Sequence[Slot]) -> Wanted:
    """The next attempt at `slots`, all of one modality. Of several, those that are excepted count as missing; a slot
    asked for by itself is tried although it was excepted.
    """
    return Wanted(
        tuple(slots),
        sitting.sitting_id,
        sitting.biodata,
        {slot: sitting.attempts.get(slot, 0) + 1 for slot in slots},
        _missing(sitting, slots),
        BARS[slots[0].modality],
    )


def _missing(sitting: Sitting, slots: Sequence[Slot]) -> frozenset[Slot]:
    if slots[0].modality is Modality.HAND:
        return frozenset(slot for slot in sitting.exceptions if slot.modality is Modality.FINGER)
    return frozenset(slot for slot in slots if slot in sitting.exceptions) if len(slots) > 1 else frozenset()


def shot(device: Device, sitting: Sitting, slots: Sequence[Slot]) -> Shot:
    """Images of the slots asked for, nothing else. Raises what the device raises, and for a single slot also why it
    was missed.
    """
    given = device.capture(wanted(sitting, slots))
    taken = {captured.slot: captured for captured in given.captured if captured.slot in slots}
    if not taken:
        raise given.missed.get(slots[0]) or NothingCaptured(slot=slots[0], reason="the device left it out")
    left_out = {slot: NothingCaptured(slot=slot, reason="the device left it out") for slot in slots}
    missed = {slot: given.missed.get(slot, problem) for slot, problem in left_out.items() if slot not in taken}
    return Shot(tuple(taken.values()), missed)
