"""What pages call the steps, and what an operator does about each reason that lowered a sample's quality."""

import re
from collections.abc import Iterable, Mapping
from types import MappingProxyType
from typing import Final, NamedTuple

from rekam.abis.errors import ResolutionLooksWrong, WrongKindOfImage
from rekam.enrolment.biodata import Biodata
from rekam.enrolment.errors import RekamError
from rekam.enrolment.reference import Reference
from rekam.enrolment.sample import Modality, Slot
from rekam.station.steps import Step
from rekam.web.i18n import N_, _, error_text, language

__all__ = ["STEP_NAMES", "Advice", "advice", "card_words", "problem_words"]

STEP_NAMES: Final[Mapping[Step, str]] = MappingProxyType(
    {
        Step.BIODATA: N_("Biodata"),
        Step.PHOTO: N_("Pas foto"),
        Step.SIGNATURE: N_("Tanda tangan"),
        Step.FINGERS: N_("Sidik jari"),
        Step.IRISES: N_("Iris"),
        Step.REVIEW: N_("Periksa dan simpan"),
    }
)


class Advice(NamedTuple):
    """What is wrong with a sample, and what to do about it."""

    wrong: str
    todo: str


def card_words(person: Biodata, reference: Reference) -> dict[str, str]:
    """The coded fields of a family card as it prints them, by what is in force here."""
    regions, codes = reference.regions, reference.codes
    village, district = person.village, person.village.rpartition(".")[0]
    named = [regions.name(code) for code in (village, district) if regions.exists(code)]
    return {
        "sex": person.sex.words(language()),
        "blood_type": codes.list("golongan_darah").name(person.blood_type),
        "religion": codes.list("agama").name(person.religion),
        "marital_status": codes.list("status_perkawinan").name(person.marital_status),
        "occupation": codes.list("pekerjaan_current").name(person.occupation),
        "citizenship": codes.list("kewarganegaraan").name(person.citizenship),
        "address": ", ".join([person.address, f"RT {person.rt}/RW {person.rw}", *named]),
    }


_PHOTO: Final = {
    "no-face": (N_("Wajah tidak terlihat"), N_("Minta penduduk menghadap kamera, tanpa topi dan kacamata gelap.")),
    "several-faces": (N_("Ada wajah lain"), N_("Pastikan hanya penduduk ini yang terlihat kamera.")),
    "off-centre": (N_("Wajah tidak di tengah"), N_("Geser kamera atau kursi sampai wajah di tengah bingkai.")),
    "too-far": (N_("Terlalu jauh"), N_("Dekatkan kamera sampai wajah mengisi bingkai.")),
    "too-close": (N_("Terlalu dekat"), N_("Jauhkan kamera sampai kepala dan bahu terlihat.")),
    "low-resolution": (N_("Gambar terlalu kecil"), N_("Dekatkan kamera atau naikkan resolusinya.")),
    "blurred": (N_("Foto kabur"), N_("Minta penduduk diam sebentar, lalu bersihkan lensa bila perlu.")),
    "too-dark": (N_("Terlalu gelap"), N_("Tambah cahaya dari depan wajah.")),
    "too-bright": (N_("Terlalu terang"), N_("Kurangi cahaya atau jauhkan lampu dari wajah.")),
    "low-contrast": (N_("Kurang kontras"), N_("Periksa lampu dan bersihkan lensa.")),
    "eyes-hidden": (N_("Mata tidak terlihat"), N_("Minta penduduk membuka mata dan melepas kacamata gelap.")),
    "tilted": (N_("Kepala miring"), N_("Minta penduduk menegakkan kepala.")),
    "wrong-background": (N_("Warna latar tidak sesuai"), N_("Pasang latar menurut tahun lahir penduduk.")),
}
_SIGNATURE: Final = {
    "empty": (N_("Tanda tangan kosong"), N_("Minta penduduk menandatangani pada papan.")),
    "too-small": (
        N_("Tanda tangan terlalu kecil"),
        N_("Minta penduduk menulis seperti di surat resmi, lebih besar, di tengah kotak."),
    ),
    "not-a-signature": (N_("Bukan gambar tanda tangan"), N_("Pakai tinta gelap di atas dasar putih.")),
}
_FINGER: Final = {
    "too-dry": (N_("Jari terlalu kering"), N_("Lembapkan jari dengan tisu basah, lalu tempelkan lagi.")),
    "too-wet": (N_("Jari terlalu basah"), N_("Keringkan jari dan kaca alat, lalu tempelkan lagi.")),
    "light-pressure": (N_("Tekanan terlalu ringan"), N_("Tekan jari sedikit lebih kuat dan tahan sampai selesai.")),
    "off-centre": (N_("Jari tidak di tengah"), N_("Geser jari ke tengah kaca, lalu tempelkan lagi.")),
    "partial": (N_("Hanya sisi atau ujung jari"), N_("Rebahkan jari sampai seluruh ruas ujungnya menempel di kaca.")),
    "small-area": (N_("Hanya sebagian jari"), N_("Tempelkan seluruh ruas ujung jari di tengah kaca.")),
    "smudged": (N_("Sidik jari kabur"), N_("Bersihkan kaca, tempelkan jari sekali saja dan jangan digeser.")),
    "several-fingers": (N_("Lebih dari satu jari"), N_("Tempelkan satu jari saja; angkat jari yang lain dari kaca.")),
    "inverted": (N_("Warna gambar terbalik"), N_("Atur alat: guratan harus gelap di atas dasar terang.")),
    "few-minutiae": (N_("Ciri jari terlalu sedikit"), N_("Tempelkan jari lebih rata dan tekan sedikit lebih kuat.")),
    "low-contrast": (N_("Guratan kurang jelas"), N_("Bersihkan kaca alat dan jari, lalu tekan sedikit lebih kuat.")),
    "unclear-ridges": (N_("Guratan tidak terbaca"), N_("Bersihkan jari; bila aus, coba sekali lagi lalu kecualikan.")),
    "no-features": (N_("Tidak ada guratan"), N_("Bersihkan jari dan kaca alat; bila aus, pilih alasan pengecualian.")),
}
_HAND: Final = {
    "low-resolution": (N_("Gambar terlalu kecil"), N_("Dekatkan kamera sampai tangan mengisi gambar.")),
    "too-dark": (N_("Terlalu gelap"), N_("Tambah cahaya pada tangan.")),
    "too-bright": (N_("Terlalu terang"), N_("Kurangi cahaya atau jauhkan lampu dari tangan.")),
    "blurred": (N_("Foto kabur"), N_("Minta penduduk menahan tangannya, lalu ambil lagi.")),
}
_IRIS: Final = {
    "blurred": (N_("Mata kabur"), N_("Minta penduduk diam dan menatap lensa, lalu ambil lagi.")),
    "covered": (N_("Kelopak menutupi iris"), N_("Minta penduduk membuka mata lebar-lebar.")),
    "small": (N_("Iris terlalu kecil"), N_("Dekatkan alat ke mata.")),
    "faint": (N_("Iris terlalu pucat"), N_("Kurangi cahaya ruangan, lalu ambil lagi.")),
    "off-centre": (N_("Mata tidak di tengah"), N_("Geser alat sampai mata di tengah bingkai.")),
    "dilated": (N_("Manik mata terlalu lebar"), N_("Tambah cahaya ruangan, lalu ambil lagi.")),
    "constricted": (N_("Manik mata terlalu sempit"), N_("Kurangi cahaya ruangan, lalu ambil lagi.")),
    "motion": (N_("Mata bergerak"), N_("Minta penduduk diam dan pegang alat dengan tenang, lalu ambil lagi.")),
    "gaze": (N_("Pandangan tidak ke lensa"), N_("Minta penduduk menatap lurus ke lensa, lalu ambil lagi.")),
    "contact-lens": (N_("Mungkin memakai lensa kontak"), N_("Minta penduduk melepas lensa kontak, lalu ambil lagi.")),
    "glasses-reflections": (N_("Pantulan kacamata"), N_("Minta penduduk melepas kacamata, lalu ambil lagi.")),
    "no-texture": (N_("Corak iris tidak tampak"), N_("Arahkan alat ke mata yang sebenarnya, lalu ambil lagi.")),
    "turned": (N_("Mata tampak miring"), N_("Pegang alat tegak dan minta penduduk menegakkan kepala.")),
    "several-eyes": (N_("Lebih dari satu mata"), N_("Dekatkan alat sampai hanya satu mata yang terlihat.")),
    "no-features": (N_("Iris tidak terbaca"), N_("Lepas kacamata atau lensa kontak, lalu ambil lagi.")),
}
_ADVICE: Final[Mapping[Modality, Mapping[str, tuple[str, str]]]] = MappingProxyType(
    {
        Modality.PHOTO: _PHOTO,
        Modality.SIGNATURE: _SIGNATURE,
        Modality.FINGER: _FINGER,
        Modality.HAND: _HAND,
        Modality.IRIS: _IRIS,
    }
)
_WRONG_KIND: Final[Mapping[Modality, str]] = MappingProxyType(
    {
        Modality.FINGER: N_(
            "Tidak terlihat sidik jari. Bersihkan kaca alat, tempelkan jari di tengahnya, lalu ambil lagi."
        ),
        Modality.IRIS: N_(
            "Mata tidak terlihat jelas. Minta penduduk diam dan membuka mata lebar-lebar, lalu ambil lagi."
        ),
    }
)
_OTHERWISE: Final = (N_("Mutu belum cukup"), N_("Ambil sekali lagi."))


def problem_words(slot: Slot, problem: RekamError) -> str:
    """Why an attempt gave no sample, and what to do; the position is called by its name."""
    setup_wrong = isinstance(problem, ResolutionLooksWrong)  # its own sentence says what to change
    if isinstance(problem, WrongKindOfImage) and slot.modality in _WRONG_KIND and not setup_wrong:
        return _(_WRONG_KIND[slot.modality])
    return re.sub(rf"\b{slot}\b", slot.label(language()), error_text(problem))


def advice(modality: Modality, reasons: Iterable[str]) -> list[Advice]:
    """For each reason of the biometric engine, in the language of the request; never empty."""
    table = _ADVICE[modality]
    found = [table.get(reason, _OTHERWISE) for reason in reasons] or [_OTHERWISE]
    return [Advice(_(wrong), _(todo)) for wrong, todo in dict.fromkeys(found)]
