"""Finger and iris records for the tests of formats: made up, none of a person."""

import numpy as np
from hypothesis import strategies as st

from rekam.abis.formats.capture import CaptureTime, QualityBlock
from rekam.abis.formats.finger_record import MINUTIA, Certificate, FingerRecord, FingerView, Impression
from rekam.abis.formats.iris_record import Coding, Eye, ImageKind, IrisRecord, IrisView, Orientation, Span

u8, u16 = st.integers(0, 255), st.integers(0, 0xFFFF)


@st.composite
def minutiae(draw, width: int, height: int, *, least_quality: int = 0):
    seed = draw(st.integers(0, 2**32))
    count = draw(st.sampled_from([0, 1, 2, 40, 255]))
    random = np.random.default_rng(seed)
    made = np.empty(count, MINUTIA)
    made["kind"], made["direction"] = random.integers(0, 3, count), random.integers(0, 256, count)
    made["x"], made["y"] = random.integers(0, width, count), random.integers(0, height, count)
    made["quality"] = random.choice([*range(least_quality, 101), 254], count)
    return made


def extended_blocks():
    area = st.tuples(u16, st.binary(max_size=9)).map(
        lambda of: of[0].to_bytes(2) + (len(of[1]) + 4).to_bytes(2) + of[1]
    )
    return st.lists(area, max_size=3).map(b"".join)


quality_blocks = st.builds(QualityBlock, st.integers(0, 100) | st.just(255), u16, u16)
capture_times = st.builds(CaptureTime, u16, u8, u8, u8, u8, u8, u16)


@st.composite
def records_2005(draw):
    width, height = draw(st.integers(1, 2000)), draw(st.integers(1, 2000))
    resolution = (draw(st.integers(98, 400)), draw(st.integers(98, 400)))
    view = st.builds(
        FingerView,
        minutiae(width, height, least_quality=1),
        st.integers(0, 10),
        st.just(width),
        st.just(height),
        st.just(resolution),
        st.integers(0, 15),
        st.sampled_from([Impression(code) for code in (0, 1, 2, 3, 8)]),
        st.integers(0, 100).map(lambda score: (QualityBlock(score),)),
        extended_blocks(),
    )
    return FingerRecord(tuple(draw(st.lists(view, min_size=1, max_size=3))), draw(u16))


@st.composite
def records_2011(draw):
    certified = draw(st.booleans())
    views = []
    for number in range(draw(st.integers(1, 3))):
        width, height = draw(st.integers(1, 2000)), draw(st.integers(1, 2000))
        views.append(
            FingerView(
                draw(minutiae(width, height)),
                draw(st.sampled_from([*range(11), 13, 14, 15, 44])),
                width,
                height,
                (draw(st.integers(98, 400)), draw(st.integers(98, 400))),
                number,
                draw(st.sampled_from(list(Impression))),
                tuple(draw(st.lists(quality_blocks, max_size=2))),
                draw(extended_blocks()),
                draw(capture_times),
                draw(u8),
                draw(u16),
                draw(u16),
                (Certificate(draw(u16), draw(u8)),) if certified else (),
                draw(st.integers(0, 1)),
            )
        )
    return FingerRecord(tuple(views))


iris_views = st.builds(
    IrisView,
    st.binary(max_size=40),
    st.sampled_from([Coding.MONO_RAW, Coding.MONO_JPEG, Coding.MONO_JPEG2000, Coding.RGB_PNG]),
    st.integers(1, 0xFFFF),
    st.integers(1, 0xFFFF),
    st.sampled_from(list(Eye)),
    u8,
    u16,
    st.sampled_from(list(ImageKind)),
    st.sampled_from(list(Orientation)),
    st.sampled_from(list(Orientation)),
    st.integers(0, 15),
    st.lists(quality_blocks, max_size=2).map(tuple),
    u16,
    u16,
    u16,
    st.builds(Span, u16, u16),
    st.builds(Span, u16, u16),
    st.builds(Span, u16, u16),
    capture_times,
    u8,
    u16,
    u16,
)
iris_records = st.lists(iris_views, min_size=1, max_size=3).map(lambda views: IrisRecord(tuple(views)))
