"""Hypothesis strategies for residents and sittings, shared by the tests of this folder."""

from datetime import date

from hypothesis import strategies as st

from rekam.enrolment.biodata import Biodata
from rekam.enrolment.check import CheckAdvice, CheckAnswer
from rekam.enrolment.codes import Sex, code_list
from rekam.enrolment.enrolment import Enrolment
from rekam.enrolment.kk import KkNumber
from rekam.enrolment.nik import Nik
from rekam.enrolment.regions import Regions
from rekam.enrolment.sample import ALL_SLOTS, ExceptionReason, Sample, SampleException

DISTRICTS = [code for code in sorted(Regions.load()._names) if code.count(".") == 2]
birth_dates = st.dates(date(1900, 1, 1), date(2025, 12, 31))
sexes = st.sampled_from(Sex)
districts = st.sampled_from(DISTRICTS)
names = st.from_regex(r"[A-Z][A-Z '.-]{0,40}[A-Z]", fullmatch=True)
numbers = {"rt": "004", "rw": "012"}


@st.composite
def biodata(draw):
    birth_date, sex, district = draw(birth_dates), draw(sexes), draw(districts)
    village = draw(st.sampled_from(Regions.load().children(district) or ("31.74.01.1001",)))
    citizenship = draw(st.sampled_from([1, 2]))
    region = district.replace(".", "")
    return Biodata(
        nik=Nik.compose(region, birth_date, sex, draw(st.integers(1, 9999))),
        kk=KkNumber(f"{region}{birth_date:%d%m%y}{draw(st.integers(1, 9999)):04d}"),
        name=draw(names),
        birth_place=draw(names),
        birth_date=birth_date,
        sex=sex,
        address=draw(names),
        village=village,
        citizenship=citizenship,
        itap_until=draw(st.dates(date(2026, 1, 1), date(2040, 1, 1))) if citizenship == 2 else None,
        father_name=draw(st.none() | names),
        mother_name=draw(st.none() | names),
        blood_type=draw(st.sampled_from(sorted(code_list("golongan_darah").items))),
        religion=draw(st.sampled_from(sorted(code_list("agama").items))),
        marital_status=draw(st.sampled_from(sorted(code_list("status_perkawinan").items))),
        occupation=draw(st.sampled_from(sorted(code_list("pekerjaan_current").items))),
        **numbers,
    )


@st.composite
def samples(draw, slot):
    return Sample(
        slot=slot,
        media_type=draw(st.sampled_from(["image/png", "image/bmp", "image/jpeg"])),
        image=draw(st.binary(min_size=1, max_size=64)),
        quality=draw(st.integers(0, 100)),
        attempts=draw(st.integers(1, 9)),
        device="simulated/1",
        forced=draw(st.booleans()),
    )


@st.composite
def exceptions(draw, slot, supervisor):
    return SampleException(
        slot=slot,
        reason=draw(st.sampled_from([reason for reason in ExceptionReason if reason.fits(slot.modality)])),
        attempts=draw(st.integers(0, 9)),
        best_quality=draw(st.none() | st.integers(0, 100)),
        confirmed_by=supervisor,
        note=draw(st.text(max_size=20)),
    )


@st.composite
def sittings(draw):
    """Complete sittings: every slot is a sample or a confirmed exception."""
    excepted = draw(st.sets(st.sampled_from(ALL_SLOTS), max_size=6))
    supervisor = "supervisor-1" if excepted else draw(st.none() | st.just("supervisor-1"))
    return Enrolment(
        sitting_id=draw(st.binary(min_size=16, max_size=16)).hex(),
        biodata=draw(biodata()),
        samples=tuple(draw(samples(slot)) for slot in ALL_SLOTS if slot not in excepted),
        exceptions=tuple(draw(exceptions(slot, "supervisor-1")) for slot in ALL_SLOTS if slot in excepted),
        consent=True,
        check=CheckAdvice(draw(st.sampled_from(CheckAnswer)), "filter 2016-09-01", "2016-09-01", "KK dicocokkan"),
        operator="operator-1",
        supervisor=supervisor,
        recorded_at="2016-09-14T03:21:00Z",
    )
