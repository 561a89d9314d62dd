import dataclasses

import numpy as np
import pytest
from finger_drawing import random_template, template_of
from hypothesis import given
from hypothesis import strategies as st

from rekam.abis.errors import TemplateUnreadable
from rekam.abis.finger.template import HEAD, REASONS, FingerTemplate

MINUTIA = st.tuples(
    st.integers(0, 0x3FFF), st.integers(0, 0x3FFF), st.integers(0, 255), st.integers(1, 2), st.integers(0, 100)
)


@st.composite
def templates(draw):
    rows = np.array(draw(st.lists(MINUTIA, max_size=40)), dtype=np.int64).reshape(-1, 5).T
    types = (np.int16, np.int16, np.uint8, np.uint8, np.uint8)
    columns = [row.astype(kind) for row, kind in zip(rows, types, strict=True)]
    chosen = draw(st.sets(st.sampled_from(REASONS)))
    return FingerTemplate(
        *columns,
        width=draw(st.integers(0x4000, 0xFFFF)),
        height=draw(st.integers(0x4000, 0xFFFF)),
        quality=draw(st.integers(0, 100)),
        reasons=tuple(reason for reason in REASONS if reason in chosen),
    )


@given(templates())
def test_a_template_comes_back_from_its_bytes_as_it_was(template):
    again = FingerTemplate.from_bytes(template.to_bytes())
    for field in dataclasses.fields(FingerTemplate):
        before, after = getattr(template, field.name), getattr(again, field.name)
        assert np.array_equal(before, after)
        assert getattr(before, "dtype", None) == getattr(after, "dtype", None)


@given(templates(), st.data())
def test_a_template_cut_short_is_refused_wherever_it_is_cut(template, data):
    whole = template.to_bytes()
    kept = data.draw(st.integers(0, len(whole) - 1))
    with pytest.raises(TemplateUnreadable):
        FingerTemplate.from_bytes(whole[:kept])


@given(st.binary(max_size=200))
def test_foreign_bytes_are_refused_and_nothing_else_happens(data):
    with pytest.raises(TemplateUnreadable):
        FingerTemplate.from_bytes(data)


@pytest.mark.parametrize(
    ("place", "value", "reason"),
    [
        (0, ord("X"), "not a finger template"),
        (4, 9, "version 9"),
        (5, 77, "no meaning"),
        (7, 101, "no meaning"),
        (8, 0x80, "no meaning"),
        (14, 31, "31 minutiae"),
    ],
)
def test_a_head_that_makes_no_sense_is_refused_with_its_reason(place, value, reason):
    data = bytearray(random_template(1).to_bytes())
    data[place] = value
    with pytest.raises(TemplateUnreadable, match=reason):
        FingerTemplate.from_bytes(bytes(data))


@pytest.mark.parametrize(("x", "y"), [(400, 10), (10, 400), (0x3FFF, 10)])
def test_a_minutia_outside_the_picture_is_refused(x, y):
    outside = template_of([x], [y], [0], width=400, height=400).to_bytes()
    with pytest.raises(TemplateUnreadable, match="outside"):
        FingerTemplate.from_bytes(outside)


def test_bytes_after_the_last_minutia_are_refused():
    with pytest.raises(TemplateUnreadable, match="length"):
        FingerTemplate.from_bytes(random_template(1).to_bytes() + b"\0")


def test_the_layout_is_the_documented_one():
    template = dataclasses.replace(random_template(1, count=1), reasons=(REASONS[0], REASONS[5]))
    data = template.to_bytes()
    assert len(data) == HEAD.size + 6
    assert data[:9] == b"RKFT" + bytes([1, 1, 1, 100, 0b100001])
    assert data[9:15] == (400).to_bytes(2, "big") + (400).to_bytes(2, "big") + (1).to_bytes(2, "big")
    assert int.from_bytes(data[15:17], "big") == 1 << 14 | int(template.x[0])
    assert data[17:] == int(template.y[0]).to_bytes(2, "big") + bytes([template.direction[0], 100])
