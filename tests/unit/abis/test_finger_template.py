import dataclasses

import numpy as np
import pytest
from finger_drawing import random_template, template_of
from hypothesis import given
from hypothesis import strategies as st

from rekam.abis.errors import TemplateUnreadable
from rekam.abis.finger.template import REASONS, FingerTemplate

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
        (8, 0x10, "no meaning"),
        (15, 31, "31 minutiae"),
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


GOLDEN = bytes.fromhex(
    "524b4654"  # RKFT
    "02 02 03 4d"  # version, leader, its version, quality 77
    "0821"  # inverted, unclear-ridges, few-minutiae
    "012c 0190 0002"  # 300 x 400 pixels, two minutiae
    "4064 0032 40 5a"  # an ending at (100, 50), 90 degrees, quality 90
    "8001 018f ff 00"  # a bifurcation at (1, 399), direction 255, quality 0
)


def golden_template():
    return FingerTemplate(
        x=np.array([100, 1], np.int16),
        y=np.array([50, 399], np.int16),
        direction=np.array([64, 255], np.uint8),
        kind=np.array([1, 2], np.uint8),
        quality_of=np.array([90, 0], np.uint8),
        width=300,
        height=400,
        quality=77,
        reasons=("few-minutiae", "unclear-ridges", "inverted"),
        extractor="leader",
        version=3,
    )


def test_the_layout_is_the_documented_one():
    assert golden_template().to_bytes() == GOLDEN
    assert FingerTemplate.from_bytes(GOLDEN) == golden_template()


def test_a_template_of_version_1_is_still_read():
    first = GOLDEN[:4] + b"\x01" + GOLDEN[5:8] + b"\x21" + GOLDEN[10:]
    expected = dataclasses.replace(golden_template(), reasons=("few-minutiae", "unclear-ridges"))
    assert FingerTemplate.from_bytes(first) == expected
    with pytest.raises(TemplateUnreadable):
        FingerTemplate.from_bytes(first[:15])
    with pytest.raises(TemplateUnreadable, match="no meaning"):
        FingerTemplate.from_bytes(first[:8] + b"\x40" + first[9:])


def test_every_reason_has_its_own_bit_and_none_ever_moves():
    assert list(REASONS[:6]) == [
        "few-minutiae",
        "small-area",
        "too-dry",
        "too-wet",
        "low-contrast",
        "unclear-ridges",
    ]
    for bit, reason in enumerate(REASONS):
        data = dataclasses.replace(golden_template(), reasons=(reason,)).to_bytes()
        assert int.from_bytes(data[8:10], "big") == 1 << bit
