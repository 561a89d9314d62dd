"""A place as a process: one that cannot start says why, in the words it ended with."""

import pytest

from rekam.drill.country import PlaceDidNotStart, PlaceProcess
from rekam.drill.ports import free_port


def test_a_place_that_cannot_start_is_told_in_its_own_last_words(tmp_path):
    arguments = (
        "portal",
        "--data",
        str(tmp_path / "none"),
        "--keys",
        str(tmp_path / "k"),
        "--centre",
        "http://127.0.0.1:9",
    )
    place = PlaceProcess("portal", arguments, free_port(), tmp_path / "portal.log")
    with pytest.raises(PlaceDidNotStart, match=r"NoSuchPlace .*/none is not the data folder of a portal") as told:
        place.start()
    assert str(tmp_path / "portal.log") in str(told.value)
    assert not place.running
    place.stop()
    place.kill()
    assert place.kills == 0
