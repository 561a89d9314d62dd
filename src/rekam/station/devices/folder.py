"""A device that hands out image files of a folder, for drills and measurements on real sets: `FolderDevice`."""

import mimetypes
from collections.abc import Mapping, Sequence
from pathlib import Path

from rekam.enrolment.errors import RekamError
from rekam.enrolment.sample import Modality, Slot
from rekam.station.devices.at_once import BOTH_EYES, SLAPS, singly
from rekam.station.devices.cast import Cast
from rekam.station.devices.port import (
    Captured,
    Device,
    DeviceHealth,
    DeviceState,
    Frames,
    NothingCaptured,
    Shot,
    Wanted,
)

__all__ = ["FolderDevice", "FolderGone"]


class FolderGone(RekamError):
    """The folder {folder} of test images is gone. What was captured is kept.
    Plug its disk in again, or start the station without it.
    """


Files = Mapping[str, Sequence[str]]


class FolderDevice:
    """Fingers and irises come from the files that the cast names; such sets hold no faces and no signatures,
    which come from `beside`, usually the simulated device.
    """

    def __init__(self, folder: Path, cast: Cast, beside: Device) -> None:
        self._folder = folder
        self._cast = cast
        self._beside = beside

    def capture(self, wanted: Wanted) -> Shot:
        files = self._files(wanted)
        if files is None:
            return self._beside.capture(wanted)
        captured, missed = [], dict[Slot, RekamError]()
        for slot in wanted.slots:
            try:
                captured.append(self._one(slot, wanted, files))
            except NothingCaptured as problem:
                missed[slot] = problem
        if not captured:
            raise missed[wanted.slots[0]]
        return Shot(tuple(captured), missed)

    def preview(self, wanted: Wanted) -> Frames:
        files = self._files(wanted)
        if files is None:
            return self._beside.preview(wanted)
        from rekam.abis.image import load_image
        from rekam.station.devices.coming_up import coming_up

        shot = self.capture(wanted)
        return coming_up([load_image(captured.image) for captured in shot.captured])

    def state(self) -> tuple[DeviceState, ...]:
        """The folder's two devices before those beside; gone while the folder is."""
        gone = None if self._folder.is_dir() else FolderGone(folder=self._folder.name)
        health = DeviceHealth.READY if gone is None else DeviceHealth.GONE
        own = tuple(
            DeviceState(
                f"folder-{modality}",
                f"Folder {self._folder.name}",
                "",
                modality,
                health,
                at_once + singly(modality),
                gone,
            )
            for modality, at_once in ((Modality.FINGER, SLAPS), (Modality.IRIS, (BOTH_EYES,)))
        )
        held = {device.modality for device in own}
        return own + tuple(state for state in self._beside.state() if state.modality not in held)

    def _files(self, wanted: Wanted) -> Files | None:
        """None for what the folder does not hold."""
        if wanted.resident is None or wanted.modality in {Modality.PHOTO, Modality.SIGNATURE, Modality.HAND}:
            return None
        return self._cast.role(wanted.resident.nik).files

    def _one(self, slot: Slot, wanted: Wanted, files: Files) -> Captured:
        held = () if slot in wanted.missing else files.get(str(slot))
        if not held:
            raise NothingCaptured(slot=slot, reason="the set holds no image of it")
        name = held[(wanted.attempt(slot) - 1) % len(held)]
        try:
            image = (self._folder / name).read_bytes()
        except OSError as error:
            raise NothingCaptured(slot=slot, reason=error.strerror) from error
        return Captured(slot, image, mimetypes.guess_type(name)[0] or "application/octet-stream", f"folder {name}")
