from hypothesis import given
from hypothesis import strategies as st

from rekam.exchange.continuity import ChainReport, Gap, Link, chain_report

NONE = "0" * 64


def linked(*sequences):
    return [Link(n, f"id {n}", NONE if n == 1 else f"id {n - 1}") for n in sequences]


def test_nothing_received_is_an_empty_report():
    assert chain_report([]) == ChainReport(0, (), (), ())


def test_a_first_packet_that_names_a_predecessor_is_broken():
    assert chain_report([Link(1, "id 1", "f" * 64)]).broken == (1,)


def test_after_a_fork_a_packet_may_follow_either_branch():
    branch = Link(2, "another 2", "id 1")
    assert chain_report([*linked(1, 2), branch, Link(3, "id 3", "another 2")]) == ChainReport(3, (), (2,), ())


@given(st.permutations(range(1, 40)), st.sets(st.integers(1, 38)))
def test_every_missing_number_and_no_other_lies_in_a_gap(order, missing):
    report = chain_report(linked(*(n for n in order if n not in missing)))
    assert report.highest == 39
    assert {n for gap in report.gaps for n in range(gap.first, gap.last + 1)} == missing
    assert all(earlier.last + 1 < later.first for earlier, later in zip(report.gaps, report.gaps[1:], strict=False))
    assert (report.forks, report.broken) == ((), ())


def test_a_gap_knows_its_ends():
    assert chain_report(linked(3, 4, 7)).gaps == (Gap(1, 2), Gap(5, 6))
