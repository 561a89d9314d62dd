from datetime import date

from rekam.apps.residents_told import residents_to_try, write_residents
from rekam.drill.demo import demo_country
from rekam.enrolment.eligibility import age

DAY = date(2016, 10, 3)


def test_a_newcomer_is_told_residents_who_can_be_recorded_and_were_not(tmp_path):
    plan = demo_country(DAY)
    write_residents(tmp_path, plan.residents, plan.recorded, plan.on)
    file, told = residents_to_try(tmp_path)
    assert file.read_text().startswith("nik,name,birth_date,kk\n")
    by_nik = {one.nik: one for one in plan.residents}
    assert len(told) == 3
    for one in told:
        assert age(by_nik[one.nik].birth_date, DAY) >= 17 or by_nik[one.nik].ever_married
        assert one.nik not in plan.recorded
        assert one.birth_date == f"{by_nik[one.nik].birth_date:%d-%m-%Y}"
    _, everybody = residents_to_try(tmp_path, most=100)
    assert everybody[-1].nik in plan.recorded


def test_a_country_without_the_list_tells_nobody(tmp_path):
    assert residents_to_try(tmp_path)[1] == []
    (tmp_path / "residents.csv").write_text("nik,name,birth_date,kk\nhalf\n")
    assert residents_to_try(tmp_path)[1] == []
