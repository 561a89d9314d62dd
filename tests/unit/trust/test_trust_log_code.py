"""The short code that stands for an entry on paper."""

import base64

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rekam.trust.log.code import CODE_BYTES, LogCodeUnreadable, log_code, read_log_code


@given(st.binary(min_size=32, max_size=32))
def test_a_code_is_four_groups_and_names_the_beginning_of_its_entry(entry):
    code = log_code(entry)
    assert [len(group) for group in code.split("-")] == [4, 4, 4, 4]
    assert read_log_code(code) == entry[:CODE_BYTES]
    assert read_log_code(entry.hex()) == read_log_code(entry.hex().upper()) == entry


def test_what_people_type_is_understood():
    code = base64.b32encode(b"\x72\xa0\x12\x39\xab\xcd\xef\x01\x23\x45").decode()
    spoken = code.lower().replace("o", "0").replace("i", "1")
    assert read_log_code(f"  {spoken[:4]} {spoken[4:8]}.{spoken[8:]} ") == read_log_code(code)


@pytest.mark.parametrize(
    "text", ["", "K7QD", "K7QD-2MWX-3ABC-DEF", "K7QD-2MWX-3ABC-DEFGH", "é" * 16, "9" * 16, "ab" * 31]
)
def test_what_is_no_code_is_told(text):
    with pytest.raises(LogCodeUnreadable):
        read_log_code(text)
