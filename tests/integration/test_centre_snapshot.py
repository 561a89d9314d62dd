"""The file for the stations' offline check, and notices: what the centre hands down to everybody."""

import pytest

from centre_examples import CENTRE, SECRETS, resident, town
from rekam.centre.notices import EmptyNotice
from rekam.exchange.feed import PORTAL_FEED, office_feed, open_batch
from rekam.exchange.filter import FilterFile, FilterOlder, filter_hash, shard_of
from rekam.trust import cbor

SITI, DEWI = resident(1, "SITI RAHMAWATI"), resident(2, "DEWI LESTARI")


@pytest.fixture
def here(tmp_path):
    with town(tmp_path / "centre", SITI, DEWI) as here:
        yield here


def says_recorded(filed, person):
    return filed.contains(filter_hash(SECRETS["check"], person.nik), shard_of(person.nik))


def test_everybody_whose_recording_counts_is_in_the_snapshot(here, tmp_path):
    here.record(SITI, 1)
    again = here.receive(*here.counter.seal_content([b"broken"]))
    here.work()
    assert here.status(again) == "REJECTED"
    path = tmp_path / "recorded.filter"
    assert here.centre.publish_filter(path) == 1
    filed = FilterFile(path, CENTRE.key.public)
    assert (filed.edition, filed.people) == (1, 1)
    assert says_recorded(filed, SITI)


def test_who_was_told_to_record_again_is_not_in_the_snapshot(here, tmp_path):
    here.record(SITI, 1, exceptions=())
    here.work()
    here.centre.publish_filter(tmp_path / "recorded.filter")
    assert FilterFile(tmp_path / "recorded.filter", CENTRE.key.public).people == 0


def test_editions_grow_and_an_older_one_replaces_nothing(here, tmp_path):
    paths = [tmp_path / "first.filter", tmp_path / "second.filter"]
    here.record(SITI, 1)
    here.work()
    assert here.centre.publish_filter(paths[0]) == 1
    here.record(DEWI, 2)
    here.work()
    assert here.centre.publish_filter(paths[1]) == 2
    old, new = (FilterFile(path, CENTRE.key.public) for path in paths)
    assert (old.people, new.people) == (1, 2)
    assert says_recorded(new, SITI)
    assert says_recorded(new, DEWI)
    new.check_newer_than(old)
    with pytest.raises(FilterOlder):
        old.check_newer_than(new)


def test_a_snapshot_that_cannot_be_written_leaves_the_one_before_it(here, tmp_path):
    here.record(SITI, 1)
    here.work()
    path = tmp_path / "recorded.filter"
    here.centre.publish_filter(path)
    before = path.read_bytes()
    with pytest.raises(OSError):
        here.centre.publish_filter(path / "no-folder" / "recorded.filter")
    assert path.read_bytes() == before
    assert here.centre.publish_filter(path) > 1


def test_a_notice_goes_to_every_office_and_the_portal_with_one_number(here):
    published = here.centre.notices.publish("Pusat dipelihara", "", author="pusat", todo_id="Teruskan merekam")
    for feed in (office_feed("3174"), PORTAL_FEED):
        [entry] = open_batch(here.centre.feed.after(feed, 0), CENTRE.key.public).entries
        body = cbor.decode(entry.body)
        assert (entry.kind, body["number"], body["text_id"]) == ("notice", published.number, "Pusat dipelihara")
        assert body["text_en"] == "Pusat dipelihara", "Indonesian stands in where English is missing"
        assert body["todo_id"] == "Teruskan merekam"


def test_an_empty_notice_is_not_published(here):
    with pytest.raises(EmptyNotice):
        here.centre.notices.publish("  ", "Only English", author="pusat")
    assert here.centre.notices.newest() == []
