import pytest

from rekam.trust.random import SeededRandomUnsafeForTests, SystemRandom


@pytest.mark.parametrize("source", [SystemRandom(), SeededRandomUnsafeForTests(1)], ids=["system", "seeded"])
def test_a_source_gives_as_many_bytes_as_asked_and_never_the_same_twice(source):
    assert [len(source.bytes(count)) for count in (0, 1, 16, 1000)] == [0, 1, 16, 1000]
    assert len({source.bytes(16) for _ in range(100)}) == 100


def test_a_seed_repeats_its_bytes_and_another_seed_does_not():
    first, same, other = (SeededRandomUnsafeForTests(seed) for seed in (1, 1, 2))
    drawn = [first.bytes(16), first.bytes(16)]
    assert drawn == [same.bytes(16), same.bytes(16)] != [other.bytes(16), other.bytes(16)]
