from collections import OrderedDict
from enum import IntEnum, StrEnum

import cbor2
import pytest
from cbor_by_the_letter import read_by_the_letter
from hypothesis import example, given
from hypothesis import strategies as st

from rekam.trust import cbor

scalars = (
    st.none()
    | st.booleans()
    | st.integers(-(2**64), 2**64 - 1)
    | st.binary(max_size=300)
    | st.text(max_size=300)
    | st.floats(allow_nan=False, allow_infinity=False)
)
values = st.recursive(
    scalars,
    lambda inner: (
        st.lists(inner, max_size=5)
        | st.dictionaries(st.text(max_size=30) | st.integers(-1000, 1000), inner, max_size=5)
    ),
    max_leaves=20,
)


@given(values)
def test_every_value_reads_back_and_a_general_reader_agrees(value):
    data = cbor.encode(value)
    assert cbor.decode(data) == value
    assert cbor2.loads(data) == value


@given(values)
def test_a_map_has_one_encoding_whatever_the_order_it_was_filled_in(value):
    pair = {"a": value, "bb": 1, 7: 2, -1: 3, 300: 4}
    assert cbor.encode(pair) == cbor.encode(dict(reversed(pair.items())))


def test_keys_stand_in_bytewise_order_as_rfc_8949_4_2_1_lists_them():
    assert list(cbor.decode(cbor.encode({"aa": 1, "z": 2, -1: 3, 100: 4, 10: 5}))) == [10, 100, -1, "z", "aa"]


@given(st.binary(max_size=60))
@example(b"\x9b" + b"\xff" * 8)
@example(b"\x81" * 100_000)
@example(b"\x5b\x7f" + b"\xff" * 7)
def test_any_bytes_are_one_value_in_its_one_encoding_or_our_error(data):
    try:
        value = cbor.decode(data)
    except cbor.CborUnreadable:
        return
    assert cbor.encode(value) == data


@pytest.mark.parametrize(
    "data",
    [
        pytest.param("1817", id="integer not in its shortest form"),
        pytest.param("1900ff", id="two bytes where one is enough"),
        pytest.param("5f41004100ff", id="indefinite length"),
        pytest.param("a2616201616102", id="keys out of order"),
        pytest.param("a2616101616102", id="a key twice"),
        pytest.param("a1410001", id="a byte string as key"),
        pytest.param("62c328", id="text that is not UTF-8"),
        pytest.param("f97e00", id="half float"),
        pytest.param("fb7ff8000000000000", id="not a number"),
        pytest.param("c074323031332d30332d32315432303a30343a30305a", id="a date tag"),
        pytest.param("0000", id="two items"),
        pytest.param("", id="nothing"),
        pytest.param("f7", id="undefined"),
    ],
)
def test_what_has_another_encoding_or_no_meaning_here_is_refused(data):
    with pytest.raises(cbor.CborUnreadable):
        cbor.decode(bytes.fromhex(data))


@given(st.binary(max_size=60) | values.map(cbor.encode), st.integers(0, 400), st.integers(0, 255))
@example(b"\x9b" + b"\xff" * 8, 400, 0)
def test_the_quick_reader_and_the_one_by_the_letter_agree_on_anything(data, place, byte):
    data = data[:place] + bytes([byte]) + data[place + 1 :] if place < len(data) else data
    assert _told(cbor.decode, data) == _told(read_by_the_letter, data)


def _told(read, data):
    try:
        return repr(read(data))
    except cbor.CborUnreadable:
        return "unreadable"


@given(values)
def test_the_quick_writer_writes_what_a_general_one_does_of_sorted_keys(value):
    assert cbor.encode(value) == cbor2.dumps(_in_order(value))


def _in_order(value):
    if isinstance(value, dict):
        return {key: _in_order(value[key]) for key in sorted(value, key=cbor2.dumps)}
    return [_in_order(item) for item in value] if isinstance(value, list) else value


class _Word(StrEnum):
    YES = "ya"


class _Number(IntEnum):
    THOUSAND = 1000


def test_kinds_of_the_plain_values_are_written_as_those():
    odd = {"e": _Word.YES, "n": _Number.THOUSAND, "o": OrderedDict(b=1, a=2), "t": (1, 2), "big": bytes(70_000)}
    plain = {"e": "ya", "n": 1000, "o": {"a": 2, "b": 1}, "t": [1, 2], "big": bytes(70_000)}
    assert cbor.encode(odd) == cbor.encode(plain)


def test_the_first_item_of_some_bytes_tells_where_it_ends():
    data = cbor.encode([1, "two"])
    assert cbor.decode_first(data + b"rest") == ([1, "two"], len(data))
    with pytest.raises(cbor.CborUnreadable):
        cbor.decode_first(data[:-1])
