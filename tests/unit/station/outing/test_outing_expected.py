from dataclasses import replace
from datetime import date

import pytest

from left_on_disk import left_on_disk
from rekam.enrolment.nik import InvalidNik, Nik
from rekam.station.carry_over import carry_store
from rekam.station.outing import expected as expected_module
from rekam.station.outing.expected import ListFull, Standing
from rekam.station.outing.list_reading import Line
from rekam.station.outing.proposal import (
    ListedTwice,
    NameOfAnother,
    NikRounded,
    NotAtThisStation,
    NotOldEnough,
    RowWithoutNik,
    from_list,
    from_register,
)
from rekam.station.store import StationStore
from rekam.trust.at_rest import keyed_hash
from station_counter import SUPERVISOR

ON = date(2026, 11, 25)
EVER = (date(1900, 1, 1), date(2026, 1, 1))


@pytest.fixture
def people(counter, operator):
    return counter.adults(6)


def propose(here, *rows, known=()):
    return from_list(
        [Line(n, nik, name) for n, (nik, name) in enumerate(rows, 2)], here.residents, known=set(known), on=ON
    )


def test_each_row_is_taken_or_left_out_with_its_reason(here, people):
    first, second, third, *_ = people
    child = replace(first, nik=Nik("3174010101150001"), birth_date=date(2015, 1, 1), marital_status=1)
    here.residents.load([child])
    found = propose(
        here,
        (first.nik, first.name),
        (second.nik, ""),
        ("", "TANPA NIK"),
        ("3,17401E+15", "DIBULATKAN"),
        ("31740", "PENDEK"),
        (first.nik, first.name),
        ("3404010101800001", "ORANG JOGJA"),
        (third.nik, "XYLOPHONE QUARTZ"),
        (child.nik, child.name),
    )
    assert found.people == (first, second)
    kinds = [type(each.why) for each in found.refused]
    assert [each.line.row for each in found.refused] == [4, 5, 6, 7, 8, 9, 10]
    assert kinds[:2] == [RowWithoutNik, NikRounded]
    assert issubclass(kinds[2], InvalidNik)
    assert kinds[3:] == [ListedTwice, NotAtThisStation, NameOfAnother, NotOldEnough]
    assert found.refused[3].why.facts["row"] == 2


def test_a_name_as_a_village_writes_it_is_the_registered_one(here, people):
    word = max(people[0].name.split(), key=len)
    for spelt in ("H. {first}", "{first} bin AHMAD", "{lower}", "", "DR {first}, S.Pd"):
        given = spelt.format(first=word, lower=word.lower())
        assert propose(here, (people[0].nik, given)).people == (people[0],), given


def test_a_list_of_another_province_takes_nobody_and_says_so_row_by_row(here):
    found = propose(here, *((f"340401010180{n:04d}", "X") for n in range(1, 30)))
    assert (len(found.people), len(found.refused)) == (0, 29)
    assert {type(each.why) for each in found.refused} == {NotAtThisStation}


def test_the_same_list_read_twice_adds_nobody_the_second_time(here, outing, people):
    rows = [(one.nik, one.name) for one in people]
    assert here.expected.take(outing.number, propose(here, *rows).people, "list") == 6
    again = propose(here, *rows, known=here.expected.known(outing.number))
    assert (again.people, again.known) == ((), 6)
    assert here.expected.take(outing.number, people, "list") == 0
    assert here.expected.count(outing.number) == 6


def test_a_list_that_is_too_long_is_taken_not_at_all(here, outing, people, monkeypatch):
    monkeypatch.setattr(expected_module, "MOST_EXPECTED", 5)
    with pytest.raises(ListFull):
        here.expected.take(outing.number, people, "list")
    assert here.expected.count(outing.number) == 0


def test_from_the_register_come_those_who_are_due_and_not_recorded_by_village_rw_and_rt(counter, here, people):
    counter.save(people[0].nik)
    village = people[0].village
    living = [*here.residents.living(village=village, born=EVER)]
    niks = [one.nik for one in living]
    assert people[0].nik in niks
    assert niks == sorted(niks)
    assert {one.village for one in living} == {village}
    found = from_register(living, here.check.ask_all, known=set(), on=ON, beginners=False)
    assert people[0].nik not in [one.nik for one in found.people]
    assert found.recorded >= 1
    assert all(not here.check.ask(one.nik).answer.warns for one in found.people)
    some = found.people[0]
    narrow = [*here.residents.living(village=village, rw=some.rw, rt=some.rt, born=EVER)]
    assert some in narrow
    assert {(one.rw, one.rt) for one in narrow} == {(some.rw, some.rt)}
    assert [*here.residents.living(village="31.74.01.1005", rw="999", born=EVER)] == []


def test_beginners_are_those_of_sixteen_or_seventeen_on_the_last_day(here, people):
    young = [
        replace(people[0], birth_date=born) for born in (date(2008, 11, 25), date(2008, 11, 26), date(2010, 11, 26))
    ]
    young = [replace(one, marital_status=1) for one in young]
    here.residents.load(young[:1])
    [neighbour] = [one for one in here.residents.living(born=EVER) if one.nik == young[0].nik]
    assert (neighbour.birth_date, neighbour.ever_married) == (young[0].birth_date, False)
    found = from_register(young, here.check.ask_all, known=set(), on=ON, beginners=True)
    assert [one.birth_date for one in found.people] == [date(2008, 11, 26)]


def test_the_list_shows_who_was_recorded_where_and_who_is_still_expected(counter, here, outing, people):
    counter.save(people[0].nik)
    here.expected.take(outing.number, people, "register")
    here.outings.depart(outing.number)
    counter.save(people[1].nik)
    key = here.identity.check_key
    with here.store.tx() as tx:
        row = (keyed_hash(key, "filter", people[2].nik), "317402-01/1/000007", "2026-11-20T02:00:00+00:00")
        tx.execute("INSERT INTO recorded_elsewhere VALUES (?, ?, ?)", row)
        tx.execute("UPDATE expected SET perhaps = 1 WHERE nik = ?", (people[3].nik,))
    counts = here.expected.standings(outing.number)
    assert counts == {
        Standing.RECORDED: 1,
        Standing.EARLIER: 1,
        Standing.ELSEWHERE: 1,
        Standing.PERHAPS: 1,
        Standing.EXPECTED: 2,
    }
    by_nik = {one.nik: one for one in here.expected.people(outing.number)}
    assert by_nik[people[1].nik].at == "2026-11-21T02:00:00+00:00"
    assert by_nik[people[2].nik].at == "2026-11-20T02:00:00+00:00"
    left = here.expected.people(outing.number, Standing.EXPECTED)
    assert {one.nik for one in left} == {people[4].nik, people[5].nik}
    assert [(one.rw, one.rt, one.name) for one in left] == sorted((one.rw, one.rt, one.name) for one in left)
    word = people[4].name.split()[0]
    assert people[4].nik in {one.nik for one in here.expected.people(outing.number, words=word.lower())}
    assert [one.nik for one in here.expected.people(outing.number, words=people[5].nik)] == [people[5].nik]


def test_a_newer_edition_of_the_offline_check_is_asked_again_once(here, outing, people):
    here.expected.take(outing.number, people, "register")
    with here.store.tx() as tx:
        tx.execute("UPDATE expected SET perhaps = 1")
    asked = here.outings.find(outing.number).asked
    here.expected.renew(outing.number, asked)
    assert here.expected.standings(outing.number)[Standing.PERHAPS] == 6
    here.expected.renew(outing.number, "an older edition")
    assert here.expected.standings(outing.number)[Standing.PERHAPS] == 0
    assert here.outings.find(outing.number).asked == asked


def test_closing_deletes_the_list_and_the_contact_and_keeps_the_recordings(counter, here, plan, outing, people):
    here.outings.change(outing.number, replace(plan, contact="Pak Lurah 0812"))
    here.expected.take(outing.number, people, "list")
    here.outings.depart(outing.number)
    counter.save(people[0].nik)
    closed = here.outings.close(outing.number, {"listed": 6}, by=SUPERVISOR)
    assert closed.plan.contact == ""
    assert here.store.rows("SELECT * FROM expected") == []
    assert len(here.outings.recorded_at(outing.number)) == 1
    with pytest.raises(Exception, match="expects nobody"):
        here.expected.take(outing.number, people, "list")


def test_nothing_of_a_list_lies_readable_on_the_disk(counter, here, plan, outing, people):
    here.outings.change(outing.number, replace(plan, contact="PAK LURAH KARTOSUWIRYO"))
    here.expected.take(outing.number, people, "list")
    counter.station.close()
    held = b"".join(left_on_disk(counter.home).values())
    for text in (people[0].nik, people[0].name, "KARTOSUWIRYO"):
        assert text.encode() not in held


def test_a_station_set_up_anew_takes_outing_and_list_along_and_doing_it_twice_changes_nothing(
    counter, here, outing, people, tmp_path
):
    here.expected.take(outing.number, people, "list")
    here.outings.depart(outing.number)
    counter.save(people[0].nik)
    new = StationStore.create(tmp_path / "new.db", bytes(32), replace(here.identity, epoch=2))
    for _ in range(2):
        carry_store(here.store, new)
    for table, count in (("outing", 1), ("expected", 6), ("outing_recording", 1)):
        assert new.rows(f"SELECT count(*) FROM {table}") == [(count,)]
    new.close()
