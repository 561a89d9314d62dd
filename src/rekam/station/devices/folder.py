"""A device that hands out image files of a folder, for drills and measurements on real sets: `FolderDevice`."""

import mimetypes
from pathlib import Path

from rekam.enrolment.biodata import Biodata
from rekam.enrolment.sample import Modality, Slot
from rekam.station.devices.cast import Cast
from rekam.station.devices.port import Captured, Device, NothingCaptured

__all__ = ["FolderDevice"]


class FolderDevice:
    """Fingers and irises come from the files that the cast names; such sets hold no faces and no signatures,
    which come from `beside`, usually the simulated device.
    """

    def __init__(self, folder: Path, cast: Cast, beside: Device) -> None:
        self._folder = folder
        self._cast = cast
        self._beside = beside

    def capture(self, slot: Slot, resident: Biodata, attempt: int) -> Captured:
        files = self._cast.role(resident.nik).files
        if files is None or slot.modality in {Modality.PHOTO, Modality.SIGNATURE}:
            return self._beside.capture(slot, resident, attempt)
        held = files.get(str(slot))
        if not held:
            raise NothingCaptured(slot=slot, reason="the set holds no image of it")
        name = held[(attempt - 1) % len(held)]
        path = self._folder / name
        try:
            image = path.read_bytes()
        except OSError as error:
            raise NothingCaptured(slot=slot, reason=error.strerror) from error
        return Captured(slot, image, mimetypes.guess_type(name)[0] or "application/octet-stream", f"folder {name}")
