"""A resident's biodata in the words that papers print: `printed`."""

from rekam.documents.dates import long_date, short_date
from rekam.enrolment.biodata import Biodata
from rekam.enrolment.reference import Reference, packaged_reference
from rekam.enrolment.regions import Regions

__all__ = ["printed"]


def region_names(village: str, regions: Regions) -> tuple[str, str, str, str]:
    """Province, regency, district and village of a village code, in capitals; a code that today's table
    does not have (a region since split) stands for itself.
    """
    parts = village.split(".")
    codes = [".".join(parts[:depth]) for depth in range(1, 5)]
    province, regency, district, last = (
        (regions.name(code) if regions.exists(code) else code).upper() for code in codes
    )
    return province, regency, district, last


def printed(biodata: Biodata, reference: Reference | None = None) -> dict[str, str]:
    """Field -> text, as card and letter show it, by what is in force (`reference`, else as packaged)."""
    known = reference or packaged_reference()
    codes = known.codes
    province, regency, district, village = region_names(biodata.village, known.regions)
    blood = codes.list("golongan_darah").name(biodata.blood_type)
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
        "religion": codes.list("agama").name(biodata.religion),
        "marital_status": codes.list("status_perkawinan").name(biodata.marital_status),
        "occupation": codes.list("pekerjaan_current").name(biodata.occupation),
        "citizenship": codes.list("kewarganegaraan").name(biodata.citizenship),
    }
