"""Two people's biodata side by side, with what differs marked: `rows`."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Final

from rekam.enrolment.biodata import Biodata
from rekam.enrolment.codes import code_list
from rekam.enrolment.regions import Regions
from rekam.web.format import long_date, nik
from rekam.web.i18n import N_, _, language

__all__ = ["Row", "rows"]


@dataclass(frozen=True)
class Row:
    """One field in words; `right` is None where there is nothing to compare with."""

    label: str
    left: str
    right: str | None
    differs: bool


def rows(left: Biodata, right: Biodata | None) -> list[Row]:
    """The fields that tell two people apart, in the order of the family card."""
    made = []
    for label, show in _FIELDS.items():
        here, there = show(left), show(right) if right is not None else None
        made.append(Row(_(label), here, there, there is not None and here != there))
    return made


def _named(title: str, field: str) -> Callable[[Biodata], str]:
    def show(person: Biodata) -> str:
        code, known = getattr(person, field), code_list(title)
        return known.name(code) if code in known else str(code)  # a station may send what no list has

    return show


def _plain(field: str) -> Callable[[Biodata], str]:
    def show(person: Biodata) -> str:
        value: Any = getattr(person, field)
        return str(value) if value else "–"

    return show


def _village(person: Biodata) -> str:
    regions = Regions.load()
    codes = (person.village, person.village.rpartition(".")[0])
    return ", ".join(regions.name(code) if regions.exists(code) else code for code in codes)


_FIELDS: Final[Mapping[str, Callable[[Biodata], str]]] = {
    N_("NIK"): lambda person: nik(person.nik),
    N_("Nomor KK"): lambda person: nik(person.kk),
    N_("Nama"): _plain("name"),
    N_("Tempat lahir"): _plain("birth_place"),
    N_("Tanggal lahir"): lambda person: long_date(person.birth_date),
    N_("Jenis kelamin"): lambda person: person.sex.words(language().value),
    N_("Golongan darah"): _named("golongan_darah", "blood_type"),
    N_("Alamat"): lambda person: f"{person.address}, RT {person.rt} / RW {person.rw}",
    N_("Desa, kecamatan"): _village,
    N_("Status perkawinan"): _named("status_perkawinan", "marital_status"),
    N_("Nama ayah"): _plain("father_name"),
    N_("Nama ibu"): _plain("mother_name"),
}
