"""What a live preview calls out, in as few words as a busy operator can read, and what each placement is called."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

from rekam.enrolment.sample import Modality
from rekam.station.devices.at_once import BOTH_EYES, LEFT_FOUR, RIGHT_FOUR, THUMBS
from rekam.station.placement import Placement
from rekam.web.i18n import N_, _, language

__all__ = ["hints", "placement_name", "placement_task"]

_HOLD: Final = N_("Bagus, tahan sebentar")
_HINTS: Final[Mapping[Modality, Mapping[str, str]]] = MappingProxyType(
    {
        Modality.PHOTO: {
            "no-face": N_("Wajah tidak terlihat: hadap kamera"),
            "several-faces": N_("Hanya satu orang di depan kamera"),
            "off-centre": N_("Geser sampai wajah di tengah"),
            "too-far": N_("Terlalu jauh: mendekat"),
            "too-close": N_("Terlalu dekat: mundur"),
            "low-resolution": N_("Terlalu jauh: mendekat"),
            "blurred": N_("Kabur: diam sebentar"),
            "too-dark": N_("Terlalu gelap: tambah cahaya"),
            "too-bright": N_("Terlalu terang: kurangi cahaya"),
            "low-contrast": N_("Kurang jelas: periksa lampu"),
            "eyes-hidden": N_("Buka mata, lepas kacamata gelap"),
            "tilted": N_("Tegakkan kepala"),
            "wrong-background": N_("Warna latar tidak sesuai"),
            "hold": _HOLD,
        },
        Modality.FINGER: {
            "nothing": N_("Tempelkan jari di kaca"),
            "blurred": N_("Jangan digeser, tahan"),
            "light-pressure": N_("Tekan sedikit lebih kuat"),
            "too-dry": N_("Jari kering: basahi sedikit"),
            "too-wet": N_("Jari basah: keringkan"),
            "partial": N_("Rebahkan seluruh ruas ujung jari"),
            "hold": _HOLD,
        },
        Modality.IRIS: {
            "too-dark": N_("Terlalu gelap: tambah cahaya"),
            "too-bright": N_("Terlalu terang: kurangi cahaya"),
            "blurred": N_("Diam dan lihat ke cincin"),
            "hold": _HOLD,
        },
        Modality.HAND: {
            "too-dark": N_("Terlalu gelap: tambah cahaya"),
            "too-bright": N_("Terlalu terang: kurangi cahaya"),
            "hold": _HOLD,
        },
        Modality.SIGNATURE: {},
    }
)
_GROUPS: Final[Mapping[Placement, tuple[str, str]]] = MappingProxyType(
    {
        LEFT_FOUR: (N_("empat jari kiri"), N_("Tempelkan empat jari kiri")),
        RIGHT_FOUR: (N_("empat jari kanan"), N_("Tempelkan empat jari kanan")),
        THUMBS: (N_("kedua jempol"), N_("Tempelkan kedua jempol")),
        BOTH_EYES: (N_("kedua mata"), N_("Arahkan alat ke kedua mata")),
    }
)


def hints(modality: Modality) -> dict[str, str]:
    """Code of `look.Look.advice`, and ``hold`` for when it is good, to words in the language of the request."""
    return {code: _(words) for code, words in _HINTS[modality].items()}


def placement_name(slots: Placement) -> str:
    """As part of a sentence: "empat jari kiri", "telunjuk kiri"."""
    if slots in _GROUPS:
        return _(_GROUPS[slots][0])
    return ", ".join(slot.label(language()).lower() for slot in slots)


def placement_task(slots: Placement) -> str:
    """What is to be done with it, as a heading."""
    if slots in _GROUPS:
        return _(_GROUPS[slots][1])
    name = placement_name(slots)
    match slots[0].modality:
        case Modality.FINGER:
            return _("Tempelkan %(slot)s", slot=name)
        case Modality.IRIS:
            return _("Arahkan alat ke %(slot)s", slot=name)
        case _:
            return slots[0].label(language())
