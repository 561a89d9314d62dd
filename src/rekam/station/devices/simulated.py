"""Capture devices that hold synthetic people, for demo, drill and tests: `SimulatedDevice`."""

import hashlib
from typing import TYPE_CHECKING, Final

from rekam.enrolment.hand import hand_of
from rekam.enrolment.sample import HAND_SLOTS, Modality, Slot
from rekam.station.devices.at_once import BOTH_EYES, SLAPS, singly
from rekam.station.devices.cast import Cast, Role
from rekam.station.devices.port import Captured, DeviceHealth, DeviceState, Frames, NothingCaptured, Shot, Wanted

if TYPE_CHECKING:
    from rekam.abis.synthetic.person import Side
    from rekam.abis.synthetic.png import Picture

__all__ = ["SimulatedDevice"]

_NAMES: Final = {
    Modality.PHOTO: "Rekam simulated camera S-1",
    Modality.SIGNATURE: "Rekam simulated pad S-1",
    Modality.FINGER: "Rekam simulated fingerprint scanner S-1",
    Modality.HAND: "Rekam simulated hand camera S-1",
    Modality.IRIS: "Rekam simulated iris scanner S-1",
}
_AT_ONCE: Final = {Modality.FINGER: SLAPS, Modality.IRIS: (BOTH_EYES,)}
_ATTEMPTS_APART: Final = 16
"""Impression numbers between two sittings of one person, so that no two captures are the same picture."""
_TRIED: Final = (1990, 2)
"""Birth year and sex of the picture that a camera shows when it is only tried."""


class SimulatedDevice:
    """Every device of a station at once. With `bad_attempts`, about one first attempt in eight has a flaw, as
    happens at a counter, and the next one is better.
    """

    def __init__(self, cast: Cast, *, bad_attempts: bool = True) -> None:
        self._cast = cast
        self._bad_attempts = bad_attempts

    def capture(self, wanted: Wanted) -> Shot:
        present = [slot for slot in wanted.slots if slot not in wanted.missing]
        if not present:
            raise NothingCaptured(slot=wanted.slots[0], reason="none of it is there")
        role = self._role(wanted)
        missed = {slot: NothingCaptured(slot=slot, reason="it is not there") for slot in wanted.missing}
        return Shot(
            tuple(self._one(slot, role, wanted) for slot in present),
            {slot: problem for slot, problem in missed.items() if slot in wanted.slots},
        )

    def preview(self, wanted: Wanted) -> Frames:
        from rekam.station.devices.coming_up import coming_up

        role = self._role(wanted)
        present = [slot for slot in wanted.slots if slot not in wanted.missing]
        return coming_up([self._picture(slot, role, wanted, flawed=False) for slot in present])

    def state(self) -> tuple[DeviceState, ...]:
        return tuple(
            DeviceState(
                f"simulated-{modality}",
                name,
                "S-1",
                modality,
                DeviceHealth.READY,
                (*_AT_ONCE.get(modality, ()), *singly(modality)),
                made_up=True,
            )
            for modality, name in _NAMES.items()
        )

    def _role(self, wanted: Wanted) -> Role:
        if wanted.resident is not None:
            return self._cast.role(wanted.resident.nik)
        return Role(int.from_bytes(hashlib.sha256(wanted.sitting.encode()).digest()[:4]))

    def _one(self, slot: Slot, role: Role, wanted: Wanted) -> Captured:
        from rekam.abis.synthetic.png import encode_png

        flawed = self._bad_attempts and wanted.attempt(slot) == 1 and (role.person + slot.position) % 8 == 0
        image = encode_png(self._picture(slot, role, wanted, flawed=flawed))
        return Captured(slot, image, "image/png", _NAMES[slot.modality])

    def _picture(self, slot: Slot, role: Role, wanted: Wanted, *, flawed: bool) -> "Picture":
        from rekam.abis.synthetic.person import Person  # draws with the engine's libraries (ADR 0046)

        person, impression = Person(role.person), role.impression * _ATTEMPTS_APART + wanted.attempt(slot)
        match slot.modality:
            case Modality.PHOTO:
                resident = wanted.resident
                year, sex = (resident.birth_date.year, resident.sex) if resident is not None else _TRIED
                return person.photo(year, sex)
            case Modality.SIGNATURE:
                return person.signature(impression)
            case Modality.FINGER:
                return person.finger(slot.position, impression, flaw="partial" if flawed else None)
            case Modality.HAND:
                from rekam.abis.synthetic.hand import draw_hand

                gone = [finger.position for finger in wanted.missing if hand_of(finger) == slot]
                return draw_hand(
                    role.person, right=slot == HAND_SLOTS[0], missing={(position - 1) % 5 + 1 for position in gone}
                )
            case Modality.IRIS:
                side: Side = 1 if slot.position == 1 else 2
                return person.iris(side, impression, flaw="blur" if flawed else None)
