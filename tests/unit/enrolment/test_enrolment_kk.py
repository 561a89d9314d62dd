import pytest
from enrolment_strategies import birth_dates, districts
from hypothesis import given
from hypothesis import strategies as st

from rekam.enrolment.kk import InvalidKk, KkHasLetters, KkImpossibleDate, KkNumber, KkUnknownProvince, KkWrongLength


@given(districts, birth_dates, st.integers(0, 9999))
def test_a_family_card_number_reads_back_from_its_groups(district, recorded_on, serial):
    number = KkNumber(f"{district.replace('.', '')}{recorded_on:%d%m%y}{serial:04d}")
    assert KkNumber.parse(number.grouped()) == number
    assert number.region == district.replace(".", "")


@given(st.text(max_size=24))
def test_any_text_is_a_family_card_number_or_an_error_of_the_family(text):
    try:
        number = KkNumber.parse(text)
    except InvalidKk:
        return
    assert len(number) == 16
    assert number.isascii()


@pytest.mark.parametrize(
    ("text", "error"),
    [
        ("3174015503090003", KkImpossibleDate),  # a woman's NIK: no +40 on family cards
        ("317401120809000", KkWrongLength),
        ("31740112080900O3", KkHasLetters),
        ("0074011208090003", KkUnknownProvince),
    ],
)
def test_what_was_never_issued_is_refused(text, error):
    with pytest.raises(error):
        KkNumber.parse(text)
