"""Master data at one place: what is in force is the newest version that is here and can be used, and never an older."""

import json
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rekam.enrolment.codes import CodeLists, CodeListsUnusable, packaged_codes, packaged_lists
from rekam.enrolment.reference import packaged_reference
from rekam.enrolment.regions import Regions, RegionsUnusable
from rekam.exchange.announced import Announced, InMemoryAnnounced
from rekam.exchange.master import CODE_LISTS, REGIONS, MasterData, packed
from rekam.exchange.parts import Part
from rekam.exchange.policy import OfficePolicy, PolicyUnusable
from rekam.storage.blobs import BlobStore
from rekam.storage.memory_disk import MemoryDisk


def lists(**changes):
    """The packaged lists with some items more."""
    made = {title: body for title, body in packaged_lists().items() if "items" in body}
    for title, items in changes.items():
        made = {**made, title: {"items": [*made[title]["items"], *items]}}
    return json.dumps(made).encode()


NEW_FAITH = {"code": 77, "name": "KEPERCAYAAN BARU"}
TABLE = b"31,DKI Jakarta\n31.74,Kota Jakarta Selatan\n31.74.01,Tebet\n31.74.01.1001,Tebet Barat Baru\n"


class Place:
    """A place that hears announcements and gets parts, in any order."""

    def __init__(self):
        self.announced, self.parts = InMemoryAnnounced(), BlobStore(Path("near"), MemoryDisk())
        self.open()

    def open(self):
        self.master = MasterData(self.announced, self.parts, "3174")

    def hear(self, name, version, data, *, come=True, raw=False):
        frame = data if raw else packed(data)
        elsewhere = BlobStore(Path("far"), MemoryDisk())
        part = Part(elsewhere.put(frame), len(frame))
        self.announced.note(Announced(name, version, part))
        if come:
            self.parts.put(frame)
        self.master.arrived()
        return part

    def sweep(self):
        return sum(shelf.sweep() for shelf in self.master.shelves)


@pytest.fixture
def place():
    return Place()


def test_before_anything_came_what_was_installed_is_in_force(place):
    assert place.master.reference() == packaged_reference()
    assert place.master.policy() == OfficePolicy()
    assert [(each.name, each.version, each.newest) for each in place.master.in_force()] == [
        ("codelists", 0, 0),
        ("regions", 0, 0),
        ("policy/3174", 0, 0),
    ]


def test_a_new_version_is_in_force_when_its_part_is_here_and_not_before(place):
    data = lists(agama=[NEW_FAITH])
    part = place.hear(CODE_LISTS, 1, data, come=False)
    assert list(place.master.codes.wanted()) == [part]
    assert 77 not in place.master.reference().codes.list("agama")
    assert place.master.codes.in_force().newest == 1
    place.parts.put(packed(data))
    place.master.arrived()
    assert place.master.reference().codes.list("agama").name(77) == "KEPERCAYAAN BARU"
    assert place.master.reference().codes.list("pekerjaan_current") == packaged_codes().list("pekerjaan_current")


def test_a_region_table_and_a_policy_come_the_same_way(place):
    place.hear(REGIONS, 3, TABLE)
    place.hear("policy/3174", 2, OfficePolicy("off", timedelta(days=60)).to_bytes())
    place.hear("policy/3273", 9, OfficePolicy("offline").to_bytes())
    assert place.master.reference().regions.name("31.74.01.1001") == "Tebet Barat Baru"
    assert place.master.reference().regions.children("31.74") == ("31.74.01",)
    assert place.master.policy() == OfficePolicy("off", timedelta(days=60))


UNUSABLE = {
    "no frame": (b"no frame", True),
    "no JSON": (b"{", False),
    "a code is missing": (json.dumps({"agama": {"items": [NEW_FAITH]}}).encode(), False),
    "a code twice": (lists(agama=[NEW_FAITH, NEW_FAITH]), False),
    "a name that is none": (lists(agama=[{"code": 78, "name": " "}]), False),
}


@pytest.mark.parametrize("how", UNUSABLE)
def test_a_version_that_cannot_be_used_leaves_the_last_good_one_in_force_and_is_told(place, how):
    good = place.hear(CODE_LISTS, 1, lists(agama=[NEW_FAITH]))
    data, raw = UNUSABLE[how]
    place.hear(CODE_LISTS, 2, data, raw=raw)
    place.sweep()
    held = place.master.codes.in_force()
    assert (held.version, held.newest) == (1, 2)
    assert len(str(held.problem)) > 40
    assert place.parts.has(good.id)
    place.open()
    assert place.master.codes.in_force().version == 1


def test_what_a_newer_version_replaced_is_swept(place):
    first = place.hear(CODE_LISTS, 1, lists(agama=[NEW_FAITH]))
    second = place.hear(CODE_LISTS, 2, lists(agama=[NEW_FAITH, {"code": 78, "name": "LAIN"}]))
    assert place.sweep() == 1
    assert not place.parts.has(first.id)
    assert place.parts.has(second.id)


def test_an_older_version_that_comes_late_changes_nothing(place):
    place.hear(CODE_LISTS, 5, lists(agama=[NEW_FAITH]))
    place.hear(CODE_LISTS, 4, lists())
    assert place.master.codes.in_force().version == 5
    assert 77 in place.master.reference().codes.list("agama")


def test_what_rotted_on_the_disk_is_not_believed_and_is_fetched_again(place):
    part = place.hear(CODE_LISTS, 1, lists(agama=[NEW_FAITH]))
    disk, path = place.parts._disk, place.parts.path(part.id)
    disk.unlink(path)
    with disk.open_append(path) as file:
        file.write(packed(lists()))
    place.open()
    assert (place.master.codes.in_force().version, place.parts.has(part.id)) == (0, False)


@settings(max_examples=40, deadline=None)
@given(
    st.lists(
        st.tuples(st.integers(1, 6), st.booleans(), st.sampled_from(["come", "on its way"]), st.booleans()), max_size=10
    )
)
def test_whatever_comes_in_whatever_order_the_version_in_force_never_goes_back(events):
    place, highest = Place(), 0
    for version, usable, come, restart in events:
        policy = b'{"suket": "off", "retention_days": %d}' % version if usable else b"{"
        place.hear("policy/3174", version, policy, come=come == "come")
        place.sweep()
        if restart:
            place.open()
        held = place.master.in_force()[2]
        assert held.version >= highest
        assert held.value.retention == (timedelta(days=held.version) if held.version else None)
        highest = held.version


@pytest.mark.parametrize(
    "data",
    [b"\xff", b"31\n", b"31,Jakarta\n31,Jakarta\n", b"31.74,Orphan\n", b"", b"3174,Jakarta\n", b"31, \n"],
    ids=["no text", "no name", "twice", "an orphan", "nothing", "no dots", "an empty name"],
)
def test_a_region_table_that_cannot_be_used_is_refused_in_words(data):
    with pytest.raises(RegionsUnusable, match="stays"):
        Regions.read(data)


@pytest.mark.parametrize(
    "data", [b"{", b"[]", b'{"suket": "maybe"}', b'{"retention_days": 0}', b'{"retention_days": true}']
)
def test_a_policy_that_cannot_be_used_is_refused_in_words(data):
    with pytest.raises(PolicyUnusable, match="stays"):
        OfficePolicy.read(data)
    assert OfficePolicy.read(b'{"suket": "off", "of a later version": 1}') == OfficePolicy("off")


def test_lists_that_drop_a_code_in_force_are_refused():
    before = CodeLists.read(lists(agama=[NEW_FAITH]))
    with pytest.raises(CodeListsUnusable, match="code 77 of agama is missing"):
        packaged_codes().check_follows(before)
    before.check_follows(packaged_codes())


def test_biodata_is_judged_by_what_is_in_force(place):
    from office_examples import SITI

    place.hear(CODE_LISTS, 1, lists(agama=[NEW_FAITH]))
    newer = replace(SITI, religion=77)
    assert newer.validate(reference=place.master.reference()) == newer
