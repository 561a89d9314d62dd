"""Capture devices that hold synthetic people, for demo, drill and tests: `SimulatedDevice`."""

from rekam.abis.synthetic.person import Person, Side
from rekam.abis.synthetic.png import encode_png
from rekam.enrolment.biodata import Biodata
from rekam.enrolment.sample import Modality, Slot
from rekam.station.devices.cast import Cast
from rekam.station.devices.port import Captured

__all__ = ["SimulatedDevice"]

_NAMES = {
    Modality.PHOTO: "Rekam simulated camera S-1",
    Modality.SIGNATURE: "Rekam simulated pad S-1",
    Modality.FINGER: "Rekam simulated fingerprint scanner S-1",
    Modality.IRIS: "Rekam simulated iris scanner S-1",
}
_ATTEMPTS_APART = 16
"""Impression numbers between two sittings of one person, so that no two captures are the same picture."""


class SimulatedDevice:
    """Every device of a station at once. With `bad_attempts`, about one first attempt in eight has a flaw, as
    happens at a counter, and the next one is better.
    """

    def __init__(self, cast: Cast, *, bad_attempts: bool = True) -> None:
        self._cast = cast
        self._bad_attempts = bad_attempts

    def capture(self, slot: Slot, resident: Biodata, attempt: int) -> Captured:
        role = self._cast.role(resident.nik)
        person, impression = Person(role.person), role.impression * _ATTEMPTS_APART + attempt
        flawed = self._bad_attempts and attempt == 1 and (role.person + slot.position) % 8 == 0
        match slot.modality:
            case Modality.PHOTO:
                image = encode_png(person.photo(resident.birth_date.year, resident.sex))
            case Modality.SIGNATURE:
                image = encode_png(person.signature(impression))
            case Modality.FINGER:
                image = encode_png(person.finger(slot.position, impression, flaw="partial" if flawed else None))
            case Modality.IRIS:
                side: Side = 1 if slot.position == 1 else 2
                image = encode_png(person.iris(side, impression, flaw="blur" if flawed else None))
        return Captured(slot, image, "image/png", _NAMES[slot.modality])
