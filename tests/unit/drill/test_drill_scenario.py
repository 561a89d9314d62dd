"""Who sits when: everybody once, some in the outage, and nobody a second time before the first."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rekam.drill.cast import actors
from rekam.drill.drill import play_of
from rekam.drill.options import Options
from rekam.drill.population import Population
from rekam.drill.scenario import misspelt, parts_of

RESIDENTS = Population(("317401",), seed=3, on=date(2026, 11, 21)).residents(80)
PHASES = ["before", "outage", "after"]


@given(people=st.integers(2, 40), share=st.floats(0, 1), stations=st.integers(1, 3), seed=st.integers(1, 9))
def test_everybody_sits_once_and_second_sittings_follow_the_first(people, share, stations, seed):
    options = Options(people, stations, int(people * share), seed=seed)
    firsts, seconds = actors(options, RESIDENTS)
    parts = parts_of(firsts, seconds)
    assert list(parts) == PHASES
    assert sorted(actor.biodata.nik for part in parts.values() for actor in part) == sorted(
        actor.biodata.nik for actor in (*firsts, *seconds)
    )
    when = {
        actor.biodata.nik: (PHASES.index(name), at) for name, part in parts.items() for at, actor in enumerate(part)
    }
    for second in seconds:
        assert when[second.biodata.nik] > when[second.first]
    assert any(not actor.second for actor in parts["before"])
    assert any(not actor.second for actor in parts["outage"])


@pytest.mark.parametrize(("people", "wrong"), [(2, 1), (12, 2), (40, 4)])
def test_some_of_those_who_sit_in_the_outage_are_misspelt_and_nobody_else(people, wrong):
    firsts, _ = actors(Options(people, 2, 0), RESIDENTS)
    names = {actor.biodata.nik: actor.outdated.name for actor in misspelt(firsts) if actor.misspelt}
    assert len(names) == wrong
    assert names.keys() <= {actor.biodata.nik for actor in parts_of(firsts, [])["outage"]}
    assert all(names[one.nik] != one.name for one in RESIDENTS if one.nik in names)


def test_whoever_is_misspelt_is_so_in_the_centres_register_too_so_that_only_the_offices_word_spares_the_question():
    plan, firsts, _ = play_of(Options(12, 2, 0))
    known = {one.nik: one for one in plan.residents}
    assert any(actor.misspelt for actor in firsts)
    for actor in firsts:
        assert known[actor.biodata.nik] == (actor.outdated if actor.misspelt else actor.biodata)


@pytest.mark.parametrize(("people", "shares"), [(2, [1, 1, 0]), (5, [2, 2, 1]), (20, [8, 8, 4])])
def test_two_fifths_come_before_and_in_the_outage(people, shares):
    firsts, _ = actors(Options(people, 2, 0), RESIDENTS)
    assert [len(part) for part in parts_of(firsts, []).values()] == shares
