"""A resident's lines and notes as officials read them: `LINE_NAMES`, `NOTE_NAMES`, `SAID`."""

from typing import Final

from rekam.office.resident_values import Line
from rekam.web.i18n import N_

__all__ = ["LINE_NAMES", "NOTE_NAMES", "SAID"]

LINE_NAMES: Final = {
    Line.NIK: N_("NIK"),
    Line.KK: N_("No. KK"),
    Line.NAME: N_("Nama"),
    Line.BIRTH_PLACE: N_("Tempat lahir"),
    Line.BIRTH_DATE: N_("Tanggal lahir"),
    Line.SEX: N_("Jenis kelamin"),
    Line.BLOOD_TYPE: N_("Golongan darah"),
    Line.ADDRESS: N_("Alamat"),
    Line.RT: N_("RT"),
    Line.RW: N_("RW"),
    Line.VILLAGE: N_("Kode desa atau kelurahan"),
    Line.RELIGION: N_("Agama"),
    Line.MARITAL_STATUS: N_("Status perkawinan"),
    Line.OCCUPATION: N_("Pekerjaan"),
    Line.CITIZENSHIP: N_("Kewarganegaraan"),
    Line.ITAP_UNTIL: N_("ITAP berlaku sampai"),
    Line.FATHER: N_("Nama ayah"),
    Line.MOTHER: N_("Nama ibu"),
    Line.NOTE: N_("Catatan"),
    Line.SINCE: N_("Tanggal catatan"),
}
NOTE_NAMES: Final = {
    "tidak ada": N_("Tidak ada"),
    "meninggal": N_("Meninggal dunia"),
    "pindah": N_("Pindah ke luar wilayah"),
    "nik tidak aktif": N_("NIK tidak aktif"),
}
SAID: Final = {
    "name": Line.NAME, "birth_place": Line.BIRTH_PLACE, "birth_date": Line.BIRTH_DATE, "sex": Line.SEX,
    "blood_type": Line.BLOOD_TYPE, "address": Line.ADDRESS, "religion": Line.RELIGION,
    "marital_status": Line.MARITAL_STATUS, "occupation": Line.OCCUPATION, "citizenship": Line.CITIZENSHIP,
    "nik": Line.NIK,
}  # fmt: skip
"""A referral's lines, as stations name them, and the form's."""
