"""Every reader against damaged inputs, a few hundred each at every run; `python tests/fuzz` runs them by the thousand."""

import sys
from pathlib import Path

import pytest

from rekam.abis.errors import AbisError

sys.path.append(str(Path(__file__).parents[2] / "fuzz"))
from mutate import mutant
from seeds import targets

TARGETS = targets()
INPUTS = 300


@pytest.mark.parametrize("name", TARGETS)
def test_a_reader_returns_or_refuses_whatever_it_is_given(name):
    reader, seeds = TARGETS[name]
    for seed in seeds:
        reader(seed)
    refusals = []
    for number in range(INPUTS):
        try:
            reader(mutant(seeds, number))
        except AbisError as refusal:
            refusals.append(str(refusal))
    assert refusals, "nothing was damaged enough to be refused"
    assert not [told for told in refusals if "{" in told]
