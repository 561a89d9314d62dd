import pytest
from hypothesis import given
from hypothesis import strategies as st

from rekam.enrolment.identifiers import (
    InvalidOfficeId,
    InvalidPacketNumber,
    InvalidStationId,
    OfficeId,
    PacketNumber,
    StationId,
)

stations = st.from_regex(r"[0-9]{6}-[0-9]{2}", fullmatch=True).map(StationId)
numbers = st.builds(PacketNumber, stations, st.integers(1, 99), st.integers(1, 10**7))


@given(numbers)
def test_a_packet_number_reads_back_from_its_text(number):
    assert PacketNumber.parse(str(number)) == number


@given(numbers, numbers)
def test_two_numbers_are_written_alike_only_when_they_are_the_same(one, other):
    assert (str(one) == str(other)) is (one == other)


def test_a_packet_number_is_written_as_on_the_proof():
    assert str(PacketNumber(StationId("317401-01"), 1, 42)) == "317401-01/1/000042"


def test_packets_of_a_station_sort_by_epoch_and_sequence():
    texts = ["317401-01/2/000001", "317401-01/1/1000000", "317401-01/1/000042"]
    assert [str(number) for number in sorted(map(PacketNumber.parse, texts))] == texts[::-1]


@pytest.mark.parametrize(
    "text",
    [
        "",
        "317401-01/1",
        "317401-01/0/000042",
        "317401-01/01/000042",
        "317401-01/1/42",
        "317401-01/1/0000042",
        "317401-01/1/000000",
        "317401-1/1/000042",
        "317401-01/1/٠٠٠٠٤٢",
    ],
)
def test_other_spellings_of_a_packet_number_are_refused(text):
    with pytest.raises(InvalidPacketNumber):
        PacketNumber.parse(text)


def test_a_station_lies_in_a_district_and_under_an_office():
    station = StationId.parse(" 317401-01 ")
    assert station.district == "317401"
    assert station.office == OfficeId("3174")


@pytest.mark.parametrize("text", ["317401", "31740-01", "317401-1", "317401_01", "31a401-01", "317401-01\n\n"])
def test_other_spellings_of_a_station_are_refused(text):
    with pytest.raises(InvalidStationId):
        StationId(text)


@pytest.mark.parametrize("text", ["317", "31740", "31a4"])
def test_other_spellings_of_an_office_are_refused(text):
    with pytest.raises(InvalidOfficeId):
        OfficeId.parse(text)
