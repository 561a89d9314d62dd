"""Siti, a resident who does not exist: the biodata that tests record, seal and print."""

from datetime import date

from rekam.enrolment.biodata import Biodata
from rekam.enrolment.codes import Sex
from rekam.enrolment.kk import KkNumber
from rekam.enrolment.nik import Nik

SITI = Biodata(
    nik=Nik("3174015503900001"),
    kk=KkNumber("3174011208090003"),
    name="SITI RAHMAWATI",
    birth_place="JAKARTA",
    birth_date=date(1990, 3, 15),
    sex=Sex.FEMALE,
    blood_type=4,
    address="JL. TEBET TIMUR DALAM II NO. 14",
    rt="004",
    rw="007",
    village="31.74.01.1001",
    religion=1,
    marital_status=2,
    occupation=65,
    citizenship=1,
)
