"""A resident's biodata in the words that papers print: `printed`."""

from rekam.documents.dates import long_date, short_date
from rekam.enrolment.biodata import Biodata
from rekam.enrolment.codes import code_list
from rekam.enrolment.regions import Regions

__all__ = ["printed", "region_names"]


def region_names(village: str) -> tuple[str, str, str, str]:
    """Province, regency, district and village of a village code, in capitals; a code that today's table
    does not have (a region since split) stands for itself.
    """
    regions = Regions.load()
    parts = village.split(".")
    codes = [".".join(parts[:depth]) for depth in range(1, 5)]
    province, regency, district, last = (
        (regions.name(code) if regions.exists(code) else code).upper() for code in codes
    )
    return province, regency, district, last


def printed(biodata: Biodata) -> dict[str, str]:
    """Field -> text, as card and letter show it."""
    province, regency, district, village = region_names(biodata.village)
    blood = code_list("golongan_darah").name(biodata.blood_type)
    return {
        "nik": biodata.nik,
        "nik_grouped": biodata.nik.grouped(),
        "kk": biodata.kk,
        "kk_grouped": biodata.kk.grouped(),
        "name": biodata.name,
        "birth_place": biodata.birth_place,
        "birth_long": f"{biodata.birth_place}, {long_date(biodata.birth_date)}",
        "birth_short": f"{biodata.birth_place}, {short_date(biodata.birth_date)}",
        "sex": biodata.sex.words(),
        "blood_type": "-" if blood == "TIDAK TAHU" else blood,
        "address": biodata.address,
        "rt_rw": f"{biodata.rt}/{biodata.rw}",
        "village": village,
        "district": district,
        "regency": regency,
        "province": province,
        "religion": code_list("agama").name(biodata.religion),
        "marital_status": code_list("status_perkawinan").name(biodata.marital_status),
        "occupation": code_list("pekerjaan_current").name(biodata.occupation),
        "citizenship": code_list("kewarganegaraan").name(biodata.citizenship),
    }
