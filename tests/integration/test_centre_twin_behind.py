"""A twin that has not received the centre's last words does not take over in silence."""

import pytest

from centre_examples import CENTRE
from rekam.centre.twin.takeover import TakeOver, TwinBehind
from rekam.storage.testing import fresh_database
from rekam.trust.clock import SteppedClock


class Fenced:
    """A centre that stops when told, and says where its log ends."""

    def __init__(self, ends: int) -> None:
        self.ends = ends

    def fence(self, _generation, wait):
        wait(self.ends)


@pytest.mark.parametrize(("ends", "behind"), [(0, False), (1 << 40, True)])
def test_what_is_missing_at_the_deadline_is_told_and_nothing_is_promoted(ends, behind):
    with fresh_database() as dsn:
        taking = TakeOver(dsn, {}, CENTRE.key, Fenced(ends), "https://pusat", lambda: None, SteppedClock())
        if behind:
            with pytest.raises(TwinBehind) as told:
                taking.await_all(ends, patience_s=0.2)
            assert told.value.facts["missing"] == ends
        else:
            taking.await_all(ends, patience_s=0.2)
    assert taking.progress.step == "idle"
