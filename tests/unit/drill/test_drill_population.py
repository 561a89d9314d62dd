"""Made-up residents: the same for a seed, each with a number of their own, none that a rule would warn of."""

from datetime import date

import pytest

from rekam.drill.population import Population
from rekam.enrolment.eligibility import may_be_recorded
from rekam.enrolment.nik import nik_warnings
from rekam.enrolment.regions import Regions

ON = date(2026, 11, 21)
DISTRICTS = ("317401", "317402", "317403")


def people(count: int = 120, *, seed: int = 7, districts=DISTRICTS):
    return Population(districts, seed=seed, on=ON).residents(count)


@pytest.fixture(scope="module")
def crowd():
    return people()


def test_the_same_seed_gives_the_same_people(crowd):
    assert people() == crowd


def test_a_smaller_population_is_the_beginning_of_a_larger_one(crowd):
    population = Population(DISTRICTS, seed=7, on=ON)
    assert population.residents(9) == crowd[:9]
    assert population.residents(9) == crowd[:9]


def test_another_seed_gives_other_people(crowd):
    assert {person.name for person in people(seed=8)} != {person.name for person in crowd}


def test_nobody_shares_a_number():
    niks = [person.nik for person in people(1500, districts=("317401",))]
    assert len(set(niks)) == len(niks)


def test_everybody_is_valid_and_raises_no_warning(crowd):
    for person in crowd:
        person.validate(on=ON)
        assert nik_warnings(person.nik, birth_date=person.birth_date, sex=person.sex) == ()


def test_everybody_lives_in_a_village_that_exists_in_an_asked_district(crowd):
    regions = Regions.load()
    assert all(regions.exists(person.village) for person in crowd)
    assert {person.village.replace(".", "")[:6] for person in crowd} == set(DISTRICTS)


def test_everybody_may_be_recorded_and_a_few_are_sixteen(crowd):
    assert all(may_be_recorded(person.birth_date, ever_married=person.marital_status == 2, on=ON) for person in crowd)
    sixteen = [person for person in people(600) if (ON - person.birth_date).days < 17 * 365]
    assert 0 < len(sixteen) < 60


def test_a_family_shares_its_card_number_and_its_address(crowd):
    families = {}
    for person in crowd:
        families.setdefault(person.kk, []).append(person)
    assert max(len(members) for members in families.values()) > 2
    for members in families.values():
        assert len({(one.address, one.rt, one.rw, one.village) for one in members}) == 1
        parents = {one.name for one in members[:2]}
        assert all({child.father_name, child.mother_name} == parents for child in members[2:])
