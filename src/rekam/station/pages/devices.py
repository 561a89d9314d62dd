"""The capture devices of this station: which are plugged in, how they are, what to do, and a try of each."""

from dataclasses import dataclass
from typing import Final

from fastapi import APIRouter, Depends
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from rekam.enrolment.errors import RekamError
from rekam.enrolment.sample import Modality
from rekam.station.devices.port import Device, DeviceHealth, DeviceState, Shot, Wanted
from rekam.station.front import Front
from rekam.station.motion import motion
from rekam.web.format import number
from rekam.web.health import Finding, Level, Probe, Tool
from rekam.web.i18n import N_, _, error_text
from rekam.web.page import render
from rekam.web.part import Part

__all__ = ["PART"]

ICONS: Final = {
    Modality.FINGER: "finger",
    Modality.IRIS: "eye",
    Modality.PHOTO: "camera",
    Modality.SIGNATURE: "pen",
    Modality.HAND: "camera",
}
KINDS: Final = {
    Modality.FINGER: N_("Sidik jari"),
    Modality.IRIS: N_("Iris"),
    Modality.PHOTO: N_("Foto wajah"),
    Modality.SIGNATURE: N_("Tanda tangan"),
    Modality.HAND: N_("Foto tangan"),
}
STATES: Final = {
    DeviceHealth.READY: ("success", N_("Siap")),
    DeviceHealth.BUSY: ("info", N_("Sedang dipakai")),
    DeviceHealth.NOT_READY: ("warning", N_("Belum siap")),
    DeviceHealth.GONE: ("danger", N_("Tidak terpasang")),
    DeviceHealth.REFUSED: ("danger", N_("Tidak boleh dipakai")),
}
_TRY: Final = "try"


@dataclass(frozen=True)
class DeviceView:
    """One device as its card shows it."""

    state: DeviceState

    @property
    def icon(self) -> str:
        return ICONS[self.state.modality]

    @property
    def kind(self) -> str:
        return _(KINDS[self.state.modality])

    @property
    def badge(self) -> tuple[str, str]:
        tone, words = STATES[self.state.health]
        return tone, _(words)

    @property
    def told(self) -> str:
        return error_text(self.state.trouble) if self.state.trouble is not None else ""

    @property
    def at_once(self) -> int:
        return len(self.state.at_once[0])

    def slots(self, lang: str) -> str:
        """The names of what it takes at once."""
        return ", ".join(slot.label(lang).lower() for slot in self.state.at_once[0])

    @property
    def may_try(self) -> bool:
        return self.state.health in {DeviceHealth.READY, DeviceHealth.NOT_READY, DeviceHealth.GONE}

    def wanted(self) -> Wanted:
        """As much as it takes at once, of whoever holds a finger on it; nothing of it is kept."""
        return Wanted(self.state.at_once[0], _TRY, device=self.state.key)


def device_pages(front: Front) -> APIRouter:
    """Trying a device keeps nothing: the pictures leave the memory with the answer."""
    device = front.station.ports.device
    router = APIRouter(prefix="/devices", dependencies=[Depends(front.sessions.require)])

    @router.get("")
    def devices(request: Request) -> Response:
        return render(request, "devices.html", devices=_views(device))

    @router.get("/{key}")
    def one(request: Request, key: str) -> Response:
        view = _find(device, key)
        return render(request, "device.html", view=view) if view else RedirectResponse("/devices", 303)

    @router.post("/{key}")
    def attempt(request: Request, key: str) -> Response:
        view = _find(device, key)
        if view is None:
            return RedirectResponse("/devices", 303)
        shot, problem = _tried(device, view)
        return render(request, "device.html", view=_find(device, key) or view, shot=shot, problem=problem)

    @router.get("/{key}/preview")
    def preview(key: str) -> Response:
        view = _find(device, key)
        return motion(device.preview(view.wanted())) if view else Response(status_code=404)

    return router


def devices_probe(device: Device) -> Probe:
    """Whether everything that a sitting needs is plugged in and ready; made-up devices are told for what they are."""

    def look() -> Finding:
        title, views = _("Alat perekam"), _views(device)
        unwell = [view for view in views if view.state.health in {DeviceHealth.GONE, DeviceHealth.REFUSED}]
        stuck = [view for view in views if view.state.health is DeviceHealth.NOT_READY]
        if not views:
            said, todo = _("Belum ada alat yang terlihat."), _("Pasang alatnya, lalu lihat di halaman alat.")
            return Finding("devices", title, Level.WARNING, said, todo, "/devices")
        if unwell or stuck:
            names = ", ".join(view.state.name for view in (*unwell, *stuck))
            said, todo = _("Tidak dapat dipakai: %(names)s.", names=names), _("Lihat alatnya dan ikuti petunjuknya.")
            return Finding("devices", title, Level.WARNING, said, todo, "/devices")
        if any(view.state.made_up and view.state.modality is Modality.FINGER for view in views):
            said = _("Alat tiruan: orang yang terekam tidak nyata. Hanya untuk latihan dan uji coba.")
            return Finding("devices", title, Level.NOTE, said, "", "/devices")
        noted = [view for view in views if view.told]
        if noted:
            return Finding("devices", title, Level.NOTE, noted[0].told, "", "/devices")
        return Finding("devices", title, Level.WELL, _("%(n)s alat siap.", n=number(len(views))), "", "/devices")

    return look


def _views(device: Device) -> list[DeviceView]:
    order = list(ICONS)
    return sorted((DeviceView(state) for state in device.state()), key=lambda view: order.index(view.state.modality))


def _find(device: Device, key: str) -> DeviceView | None:
    return next((view for view in _views(device) if view.state.key == key), None)


def _tried(device: Device, view: DeviceView) -> tuple[Shot | None, str]:
    try:
        return device.capture(view.wanted()), ""
    except RekamError as problem:
        return None, error_text(problem)


PART: Final = Part(
    device_pages,
    tools=(Tool("/devices", N_("Alat perekam"), N_("Alat yang terpasang, keadaannya, dan mencobanya."), rank=10),),
    probes=lambda front: (devices_probe(front.station.ports.device),),
)
