"""The country that `rekam up` makes on first start: one office, two stations, families to record."""

from datetime import date

from rekam.drill.plan import CountryPlan, Member, OfficePlan, StationPlan
from rekam.drill.population import Population
from rekam.enrolment.biodata import Biodata
from rekam.enrolment.identifiers import OfficeId, StationId
from rekam.enrolment.regions import Regions

__all__ = ["demo_country", "demo_staff", "office_plan", "station_plan"]

OFFICE = OfficeId("3174")
DISTRICTS = ("317401", "317402")
PEOPLE = 60
PIN, SUPERVISOR_PIN, PASSWORD = "123456", "654321", "rekam-demo-2026"  # of a country that holds nobody

_LETTERHEAD = {
    "government": "PEMERINTAH PROVINSI DAERAH KHUSUS JAKARTA",
    "agency": "SUKU DINAS KEPENDUDUKAN DAN PENCATATAN SIPIL",
    "unit": "KOTA ADMINISTRASI JAKARTA SELATAN",
    "address": "Jl. Prapanca Raya No. 9, Jakarta Selatan",
}
_OFFICIAL = {
    "post": "Kepala Suku Dinas Kependudukan dan Pencatatan Sipil",
    "name": "Drs. Contoh Pejabat, M.Si.",
    "nip": "197001011995031001",
    "rank": "Pembina Tingkat I",
}


def station_plan(district: str, number: int = 1) -> StationPlan:
    """A station of that district, with an operator and a supervisor of its own."""
    station = StationId(f"{district}-{number:02d}")
    name = Regions.load().name(f"{district[:2]}.{district[2:4]}.{district[4:]}")
    return StationPlan(
        station,
        name,
        (
            Member(f"op-{station}", f"Operator {name}", "operator", PIN),
            Member(f"spv-{station}", f"Supervisor {name}", "supervisor", SUPERVISOR_PIN),
        ),
    )


def office_plan(stations: tuple[StationPlan, ...], *, blanks: int = 500) -> OfficePlan:
    """The office of Jakarta Selatan with these stations."""
    return OfficePlan(
        OFFICE,
        "Sudin Dukcapil Jakarta Selatan",
        "Jakarta Selatan",
        stations,
        (
            Member("kantor", "Petugas Disdukcapil", "petugas dinas", PASSWORD),
            Member("kantor-2", "Petugas Disdukcapil Kedua", "petugas dinas", PASSWORD),
        ),
        _LETTERHEAD,
        _OFFICIAL,
        suket_policy="offline",
        opening_blanks=blanks,
    )


def demo_staff() -> tuple[Member, ...]:
    """Who works at the centre: three experts and one for everything else."""
    return (
        Member("ahli-1", "Ahli Biometrik Satu", "ahli", PASSWORD),
        Member("ahli-2", "Ahli Biometrik Dua", "ahli", PASSWORD),
        Member("ahli-3", "Ahli Biometrik Tiga", "ahli", PASSWORD),
        Member("pusat", "Petugas Pusat", "petugas pusat", PASSWORD),
    )


def demo_country(on: date, residents: tuple[Biodata, ...] | None = None) -> CountryPlan:
    """Sixty residents in families; a few of them are said to be recorded elsewhere already."""
    people = residents or tuple(Population(DISTRICTS, seed=2016, on=on).residents(PEOPLE))
    return CountryPlan(
        (office_plan(tuple(station_plan(district) for district in DISTRICTS)),),
        people,
        demo_staff(),
        on,
        recorded=tuple(person.nik for person in people[-3:]),
        devices="simulated",
    )
