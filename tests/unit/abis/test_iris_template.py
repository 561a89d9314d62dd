import dataclasses

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from rekam.abis.errors import TemplateUnreadable
from rekam.abis.iris.circle import Circle
from rekam.abis.iris.template import SIZE, IrisReason, IrisTemplate

_NUMBER = st.floats(-1e4, 1e4, width=32)
_CIRCLE = st.builds(Circle, _NUMBER, _NUMBER, _NUMBER)
_BITS = st.binary(min_size=256, max_size=256).map(lambda data: np.frombuffer(data, np.uint8))
_TEMPLATE = st.builds(
    IrisTemplate,
    _BITS,
    _BITS,
    st.integers(0, 100),
    st.sets(st.sampled_from(IrisReason)).map(lambda some: tuple(reason for reason in IrisReason if reason in some)),
    _CIRCLE,
    _CIRCLE,
    version=st.integers(0, 255),
)


def _plain():
    bits = np.arange(256, dtype=np.uint8)
    return IrisTemplate(bits, bits[::-1].copy(), 77, (IrisReason.COVERED,), Circle(1, 2, 3), Circle(4, 5, 6))


@given(_TEMPLATE)
def test_a_template_survives_its_bytes(template):
    data = template.to_bytes()
    again = IrisTemplate.from_bytes(data)
    assert len(data) == SIZE == 548
    assert again.to_bytes() == data
    assert (again.quality, again.reasons) == (template.quality, template.reasons)
    assert (again.extractor, again.version) == (template.extractor, template.version)
    assert (again.pupil, again.limbus) == (template.pupil, template.limbus)
    assert np.array_equal(again.code, template.code)
    assert np.array_equal(again.mask, template.mask)


def test_the_layout_is_the_documented_one():
    head = (
        "524b4952"  # RKIR
        "02"  # version
        "01"  # extractor rekam-iris
        "07"  # its version
        "4d"  # quality 77
        "8104"  # covered, motion, glasses-reflections: bits 0, 7, 10
        "0000"
        "0000803f"
        "00000040"
        "00004040"  # pupil
        "00008040"
        "0000a040"
        "0000c040"  # limbus
    )
    data = bytes.fromhex(head) + bytes(range(256)) + bytes(range(255, -1, -1))
    reasons = (IrisReason.COVERED, IrisReason.MOTION, IrisReason.GLASSES_REFLECTIONS)
    assert dataclasses.replace(_plain(), reasons=reasons, version=7).to_bytes() == data
    again = IrisTemplate.from_bytes(data)
    assert (again.version, again.extractor, again.reasons) == (7, "rekam-iris", reasons)
    assert (again.pupil, again.limbus) == (Circle(1, 2, 3), Circle(4, 5, 6))


def test_a_template_of_the_first_layout_is_read_as_the_first_extractors():
    plain = dataclasses.replace(_plain(), version=1)
    data = plain.to_bytes()
    first = b"RKIR\x01" + data[7:10] + data[12:]
    assert len(first) == 544
    assert IrisTemplate.from_bytes(first).to_bytes() == data
    with pytest.raises(TemplateUnreadable, match="version 1"):
        IrisTemplate.from_bytes(first[:-1])


@pytest.mark.parametrize(
    ("broken", "reason"),
    [
        (b"", "not an iris template"),
        (b"RKFI" + _plain().to_bytes()[4:], "not an iris template"),
        (b"RKIR", "version"),
        (b"RKIR\x01" + _plain().to_bytes()[5:], "version 1"),
        (_plain().to_bytes()[:-1], "547 bytes"),
        (_plain().to_bytes() + b"\0", "549 bytes"),
        (b"RKIR\x02\x09" + _plain().to_bytes()[6:], "out of range"),
        (b"RKIR\x02\x01\x01\x65" + _plain().to_bytes()[8:], "out of range"),
        (b"RKIR\x02\x01\x01\x40\x00\x80" + _plain().to_bytes()[10:], "out of range"),
        (b"RKIR\x02\x01\x01\x40\x00\x00\x01\x00" + _plain().to_bytes()[12:], "out of range"),
        (_plain().to_bytes()[:12] + np.float32(np.nan).tobytes() + _plain().to_bytes()[16:], "out of range"),
    ],
    ids=[
        "empty",
        "magic",
        "magic only",
        "version",
        "short",
        "long",
        "extractor",
        "quality",
        "reasons",
        "spare",
        "not a number",
    ],
)
def test_broken_bytes_are_refused_with_the_reason(broken, reason):
    with pytest.raises(TemplateUnreadable, match=reason):
        IrisTemplate.from_bytes(broken)
