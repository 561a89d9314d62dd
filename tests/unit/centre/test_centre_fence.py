"""A centre that was taken over from ends with the reason, however it ends, and never starts again."""

import pytest

from rekam.centre.twin.fence import Fence, Superseded


def fenced(folder, generation: int) -> None:
    (folder / "fenced.json").write_text(f'{{"generation": {generation}}}')


def test_an_interrupt_under_a_fence_is_told_as_what_it_is(tmp_path):
    def serve() -> None:
        with Fence(tmp_path).told():
            fenced(tmp_path, 2)
            raise KeyboardInterrupt

    with pytest.raises(Superseded, match="generation 2"):
        serve()


def test_an_interrupt_without_a_fence_stays_one(tmp_path):
    with pytest.raises(KeyboardInterrupt), Fence(tmp_path).told():
        raise KeyboardInterrupt


def test_a_fenced_folder_does_not_start_until_it_holds_a_copy_of_the_newest(tmp_path):
    fenced(tmp_path, 3)
    fence = Fence(tmp_path)
    with pytest.raises(Superseded), fence.told():
        pytest.fail("it started")
    fence.forget()
    with fence.told():
        assert not fence.up
