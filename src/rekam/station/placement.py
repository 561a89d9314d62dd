"""What a resident is asked for at once: four fingers, both thumbs, both eyes, or one thing by itself."""

from collections.abc import Iterable, Sequence
from typing import Final

from rekam.enrolment.sample import Modality, Slot
from rekam.station.devices.at_once import BOTH_EYES, SLAPS
from rekam.station.devices.port import DeviceState
from rekam.station.sitting import Sitting

__all__ = ["Placement", "groups_of", "next_placement"]

Placement = tuple[Slot, ...]
"""Slots of one modality that one capture fills."""
_ORDER: Final[dict[Modality, tuple[Placement, ...]]] = {Modality.FINGER: SLAPS, Modality.IRIS: (BOTH_EYES,)}


def groups_of(devices: Iterable[DeviceState], modality: Modality) -> tuple[Placement, ...]:
    """The groups that a device known here can take at once, in the order of the counter. Whether it is ready does not
    matter: a scanner that is being plugged in again does not change how a hand is placed.
    """
    able = {frozenset(group) for device in devices if device.modality is modality for group in device.at_once}
    return tuple(group for group in _ORDER.get(modality, ()) if frozenset(group) in able)


def next_placement(sitting: Sitting, slots: Sequence[Slot], groups: Sequence[Placement]) -> Placement:
    """What to capture next of `slots`; empty when all of them are filled.

    A group is taken as a whole while two or more of it are open, those that are good already included (the better
    image stays); the last open one of a group is taken by itself.
    """
    remaining = [slot for slot in slots if not sitting.filled(slot)]
    for group in groups:
        left = [slot for slot in group if slot in remaining]
        if left:
            return group if len(left) > 1 else (left[0],)
    return (remaining[0],) if remaining else ()
