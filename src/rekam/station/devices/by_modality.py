"""Several devices behind one port, each for its own kinds of sample: `ByModality`."""

from collections.abc import Mapping

from rekam.enrolment.sample import Modality
from rekam.station.devices.port import Device, DeviceState, Frames, Shot, Wanted

__all__ = ["ByModality"]


class ByModality:
    """A kind belongs to one device alone: a scanner that is unplugged is told, and never replaced by another source in
    silence. Kinds that are not in `owners` go to `otherwise`.
    """

    def __init__(self, owners: Mapping[Modality, Device], otherwise: Device) -> None:
        self._owners, self._otherwise = dict(owners), otherwise

    def capture(self, wanted: Wanted) -> Shot:
        return self._of(wanted).capture(wanted)

    def preview(self, wanted: Wanted) -> Frames:
        return self._of(wanted).preview(wanted)

    def state(self) -> tuple[DeviceState, ...]:
        own = [state for state in self._otherwise.state() if state.modality not in self._owners]
        for modality, device in self._owners.items():
            own.extend(state for state in device.state() if state.modality is modality)
        return tuple(own)

    def _of(self, wanted: Wanted) -> Device:
        return self._owners.get(wanted.modality, self._otherwise)
