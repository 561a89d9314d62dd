"""`place.json` comes back as it was written, and whatever else lies there is told in a sentence."""

import pytest

from rekam.apps.place_file import NoSuchPlace, chain_of, key_of, read_place, write_place


def test_facts_come_back_and_bytes_by_their_readers(tmp_path):
    write_place(tmp_path / "office", {"place": "office", "id": "3174", "root": b"\x01\xff", "chain": (b"a", b"b")})
    facts = read_place(tmp_path / "office", "office")
    assert facts["id"] == "3174"
    assert key_of(facts["root"]) == b"\x01\xff"
    assert chain_of(facts["chain"]) == (b"a", b"b")


@pytest.mark.parametrize(
    "content",
    [None, b"", b"{", b"[]", b"null", b'"office"', b"{}", b'{"place": "station"}', b"\xff\xfe"],
    ids=["missing", "empty", "cut off", "a list", "null", "text", "nameless", "another place", "no text"],
)
def test_what_is_no_such_place_is_told_with_what_to_do(tmp_path, content):
    if content is not None:
        (tmp_path / "place.json").write_bytes(content)
    with pytest.raises(NoSuchPlace) as told:
        read_place(tmp_path, "office")
    assert f"{tmp_path} is not the data folder of an office." in str(told.value)
    assert "--data" in str(told.value)
