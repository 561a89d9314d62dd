import resource
import stat

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rekam.trust import cbor, keyfile

KEYS = {"signing": bytes(32), "data": b"\x01" * 32}


def test_keys_read_back_and_only_their_owner_may_read_the_file(tmp_path):
    path = tmp_path / "keys" / "station.keys"
    keyfile.save(path, KEYS)
    assert keyfile.load(path) == KEYS
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert [entry.name for entry in path.parent.iterdir()] == ["station.keys"]


def test_keys_are_never_overwritten_by_mistake(tmp_path):
    path = tmp_path / "station.keys"
    keyfile.save(path, KEYS)
    with pytest.raises(keyfile.KeyFileExists):
        keyfile.save(path, {})
    assert keyfile.load(path) == KEYS
    keyfile.save(path, {"signing": b"new"}, replace=True)
    assert keyfile.load(path) == {"signing": b"new"}


@pytest.mark.parametrize("mode", [0o640, 0o604, 0o660])
def test_a_file_that_others_can_read_is_refused_with_the_command_that_helps(tmp_path, mode):
    path = tmp_path / "station.keys"
    keyfile.save(path, KEYS)
    path.chmod(mode)
    with pytest.raises(keyfile.KeyFileOpenToOthers, match=f"chmod 600 {path}"):
        keyfile.load(path)


def test_a_missing_file_is_told_as_such(tmp_path):
    with pytest.raises(keyfile.KeyFileMissing):
        keyfile.load(tmp_path / "nowhere.keys")


def test_a_folder_in_the_place_of_the_file_is_told_as_such(tmp_path):
    tmp_path.chmod(0o700)
    with pytest.raises(keyfile.KeyFileUnreadable):
        keyfile.load(tmp_path)


@given(st.binary(max_size=60) | st.just(cbor.encode({"format": "rekam/keys/9", "keys": {}})))
def test_any_other_bytes_are_refused_in_our_words(tmp_path_factory, data):
    path = tmp_path_factory.mktemp("keys") / "broken.keys"
    path.write_bytes(data)
    path.chmod(0o600)
    with pytest.raises(keyfile.KeyFileUnreadable):
        keyfile.load(path)


def test_a_write_that_fails_leaves_the_old_keys_and_no_rest(tmp_path):
    path = tmp_path / "station.keys"
    keyfile.save(path, KEYS)
    limits = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (1000, limits[1]))
    try:
        with pytest.raises(OSError, match="too large"):
            keyfile.save(path, {"signing": bytes(2000)}, replace=True)
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, limits)
    assert keyfile.load(path) == KEYS
    assert [entry.name for entry in tmp_path.iterdir()] == ["station.keys"]
