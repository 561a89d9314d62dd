"""The whole way at the centre: real packets of synthetic people, from the inbox to result, print order and feed."""

import pytest

from centre_examples import EYES, OFFICE, CENTRE, resident, town

SITI, DEWI, RINI = resident(1, "SITI RAHMAWATI"), resident(2, "DEWI LESTARI"), resident(3, "RINI WULANDARI")


@pytest.fixture
def here(tmp_path):
    with town(tmp_path / "centre", SITI, DEWI, RINI) as here:
        yield here


def test_a_first_recording_is_unique_and_print_ready(here):
    packet = here.record(SITI, 1)
    here.work()
    assert here.status(packet) == "PRINT_READY_RECORD"
