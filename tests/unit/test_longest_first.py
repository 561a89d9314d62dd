"""The table of long test files names files that are there."""

from pathlib import Path

import pytest

from longest_first import LONGEST_FIRST


@pytest.mark.parametrize("name", LONGEST_FIRST)
def test_a_long_file_that_was_renamed_is_renamed_in_the_table_too(name):
    assert (Path(__file__).parents[1] / name).is_file()
