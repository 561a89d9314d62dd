"""Residents for demo, drill and tests: families with plausible names and real region codes, all from one seed."""

import random
from collections.abc import Iterator, Sequence
from datetime import date, timedelta
from functools import cached_property
from typing import Any

from rekam.enrolment.biodata import Biodata
from rekam.enrolment.codes import Sex
from rekam.enrolment.kk import KkNumber
from rekam.enrolment.nik import Nik
from rekam.enrolment.regions import Regions

__all__ = ["Population"]

MARRIED, SINGLE = 2, 1
CITIZEN = 1
HOUSEWIFE, STUDENT = 2, 3
_OCCUPATIONS = (3, 5, 8, 9, 11, 12, 13, 14, 15)
_RELIGIONS = (1, 1, 1, 1, 1, 1, 1, 1, 2, 3, 4, 5)  # roughly as the census has them
_BLOOD = (1, 2, 3, 4, 4, 13, 13)
_STREETS = ("Jl. Merdeka", "Jl. Melati", "Jl. Kenanga", "Jl. Diponegoro", "Jl. Kartini", "Gg. Mawar", "Dusun Krajan")
_DAY = timedelta(days=1)


class Population:
    """Made-up residents of some districts. The same seed and districts give the same people, in the same order.

    `districts` are codes without dots (``317401``); `on` is the day on which everybody is at least 17, but for
    one 16-year-old in about twenty.
    """

    def __init__(self, districts: Sequence[str], *, seed: int, on: date) -> None:
        self._seed = f"population/{seed}"
        from faker import Faker  # 50 MiB, of use only where people are made up

        self._faker = Faker("id_ID")
        self._districts = tuple(districts)
        self._on = on
        self._begin()

    def residents(self, count: int) -> list[Biodata]:
        """The first `count` people, family by family, districts in turn; the same at every call."""
        self._begin()
        people: list[Biodata] = []
        families = self._families()
        while len(people) < count:
            people += next(families)
        return people[:count]

    def _begin(self) -> None:
        self._random = random.Random(self._seed)  # noqa: S311  # made-up people, no secrets
        self._faker.seed_instance(self._seed)
        self._serials: dict[str, int] = {}

    def _families(self) -> Iterator[list[Biodata]]:
        while True:
            for district in self._districts:
                yield self._family(district)

    def _family(self, district: str) -> list[Biodata]:
        chosen = self._random
        home = self._home(district)
        kk = KkNumber(self._number(district, self._day(chosen.randint(1, 9)), add=0))
        surname = self._faker.last_name()
        father_born, mother_born = self._day(chosen.randint(40, 62)), self._day(chosen.randint(38, 58))
        father = self._person(home, kk, self._name(Sex.MALE, surname), Sex.MALE, father_born, married=True)
        mother = self._person(home, kk, self._name(Sex.FEMALE), Sex.FEMALE, mother_born, married=True)
        children = []
        for _ in range(chosen.randint(0, 2)):
            sex = chosen.choice((Sex.MALE, Sex.FEMALE))
            years = 16 if chosen.random() < 0.05 else chosen.randint(17, 24)
            children.append(
                self._person(
                    home,
                    kk,
                    self._name(sex, surname if sex is Sex.MALE else ""),
                    sex,
                    self._day(years),
                    married=False,
                    parents=(father.name, mother.name),
                )
            )
        return [father, mother, *children]

    def _home(self, district: str) -> dict[str, Any]:
        chosen = self._random
        village = chosen.choice(self._villages[district])
        return {
            "address": f"{chosen.choice(_STREETS)} No. {chosen.randint(1, 120)}",
            "rt": f"{chosen.randint(1, 12):03d}",
            "rw": f"{chosen.randint(1, 9):03d}",
            "village": village,
        }

    def _person(
        self,
        home: dict[str, Any],
        kk: KkNumber,
        name: str,
        sex: Sex,
        born: date,
        *,
        married: bool,
        parents: tuple[str, str] = ("", ""),
    ) -> Biodata:
        chosen = self._random
        district = "".join(home["village"].split(".")[:3])
        grown = self._on.year - born.year > 22
        return Biodata(
            nik=Nik(self._number(district, born, add=40 if sex is Sex.FEMALE else 0)),
            kk=kk,
            name=name,
            birth_place=self._birth_place(district),
            birth_date=born,
            sex=sex,
            blood_type=chosen.choice(_BLOOD),
            **home,
            religion=chosen.choice(_RELIGIONS),
            marital_status=MARRIED if married else SINGLE,
            occupation=chosen.choice((HOUSEWIFE, *_OCCUPATIONS[1:])) if grown else STUDENT,
            citizenship=CITIZEN,
            father_name=parents[0] or self._name(Sex.MALE),
            mother_name=parents[1] or self._name(Sex.FEMALE),
        ).validate(on=self._on)

    def _name(self, sex: Sex, surname: str = "") -> str:
        first = self._faker.first_name_male() if sex is Sex.MALE else self._faker.first_name_female()
        return f"{first} {surname or self._faker.last_name()}".upper()

    def _day(self, years_ago: int) -> date:
        start = self._on.replace(year=self._on.year - years_ago, day=min(self._on.day, 28))
        return start - self._random.randint(0, 360) * _DAY

    def _number(self, district: str, day: date, *, add: int) -> str:
        """A number not given before: region, date (with 40 added for women), the next serial of that day."""
        stem = f"{district}{day.day + add:02d}{day:%m%y}"
        self._serials[stem] = serial = self._serials.get(stem, 0) + 1
        return f"{stem}{serial:04d}"

    def _birth_place(self, district: str) -> str:
        regency = Regions.load().name(f"{district[:2]}.{district[2:4]}")
        for kind in ("Kota Administrasi ", "Kabupaten ", "Kota "):
            regency = regency.removeprefix(kind)
        return regency.upper()

    @cached_property
    def _villages(self) -> dict[str, tuple[str, ...]]:
        regions = Regions.load()
        return {code: regions.children(f"{code[:2]}.{code[2:4]}.{code[4:]}") for code in self._districts}
