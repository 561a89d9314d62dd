"""Whatever happens to a stick: taken in part with a report or refused with a sentence, never half-believed."""

import io
from dataclasses import replace
from functools import cache

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from courier_examples import STICK, Receiver, content, put, stick, written
from exchange_examples import ROOT, STATION, packets
from rekam.enrolment.errors import RekamError
from rekam.exchange.courier import errors
from rekam.exchange.courier.bundle import Bundle
from rekam.exchange.courier.frame import TRAILER_BYTES, head_bytes, read_head, trailer_bytes
from rekam.exchange.courier.manifest import Manifest
from rekam.exchange.courier.stick import RealStick
from rekam.trust.keys import SigningKey

REGIONS = ("magic", "version", "length", "manifest", "packet header", "ciphertext", "trailer")


@cache
def whole() -> tuple[bytes, tuple]:
    """A bundle of three packets, and the packets."""
    _sender, medium, path, made = written(3, size=900)
    return content(medium, path), tuple(made)


@cache
def head():
    return read_head(io.BytesIO(whole()[0]), ROOT, "x")


def region(name: str) -> range:
    """Where in the file a kind of byte lies."""
    start, item = len(head().raw), head().manifest.items[1]
    first = start + item.offset
    return {
        "magic": range(8),
        "version": range(8, 10),
        "length": range(10, 14),
        "manifest": range(14, start),
        "packet header": range(first, first + 400),
        "ciphertext": range(first + item.size - 300, first + item.size),
        "trailer": range(head().length - TRAILER_BYTES, head().length),
    }[name]


def read(data: bytes):
    """What an office makes of a file: its report (or the error that refused it), and the office."""
    medium, office = stick(), Receiver()
    path = put(medium, STICK / "found.rekam", data)
    try:
        return office.take(medium, path), office
    except errors.CourierError as refused:
        return refused, office


def never_half_believed(outcome, office) -> None:
    known = {packet.id: packet.data for packet in whole()[1]}
    assert office.held() <= known.keys()
    for packet_id in office.held():
        with office.inbox._blobs.open(packet_id) as file:
            assert file.read() == known[packet_id]
    if isinstance(outcome, RekamError):
        assert office.held() == set()
        assert "Nothing was taken in" in str(outcome)
    else:
        assert outcome.taken == len(office.held())
        assert outcome.taken + len(outcome.refused) + outcome.waiting == outcome.listed == 3
        assert outcome.stopped_by is None


@pytest.mark.parametrize("name", REGIONS)
@settings(max_examples=25)
@given(data=st.data())
def test_a_flipped_bit_costs_at_most_what_it_hit(name, data):
    good = bytearray(whole()[0])
    good[data.draw(st.sampled_from(region(name)))] ^= 1 << data.draw(st.integers(0, 7))
    outcome, office = read(bytes(good))
    never_half_believed(outcome, office)
    if name in {"magic", "version", "length", "manifest"}:
        assert isinstance(outcome, errors.CourierError)
    elif name == "trailer":
        assert (outcome.taken, outcome.ending) == (3, "torn")
    else:
        assert (outcome.taken, [each.number for each in outcome.refused]) == (2, [whole()[1][1].number])


@pytest.mark.parametrize("name", REGIONS)
@settings(max_examples=15)
@given(data=st.data())
def test_a_torn_file_gives_every_packet_that_is_whole(name, data):
    end = data.draw(st.sampled_from(region(name)))
    outcome, office = read(whole()[0][:end])
    never_half_believed(outcome, office)
    if end < len(head().raw):
        assert isinstance(outcome, errors.BundleEmpty if end == 0 else errors.BundleTorn)
    else:
        complete = sum(len(head().raw) + item.end <= end for item in head().manifest.items)
        assert (outcome.taken, outcome.ending) == (complete, "torn")
        assert {each.code for each in outcome.refused} <= {"ItemTorn"}


@settings(max_examples=30)
@given(st.permutations(range(3)), st.lists(st.integers(0, 2), max_size=3))
def test_contents_in_another_order_or_doubled_are_not_believed(order, doubled):
    data, start = whole()[0], len(head().raw)
    parts = [data[start + item.offset : start + item.end] for item in head().manifest.items]
    mixed = data[:start] + b"".join(parts[i] for i in [*order, *doubled]) + data[-TRAILER_BYTES:]
    outcome, office = read(mixed)
    never_half_believed(outcome, office)
    in_place = {whole()[1][i].id for i in range(3) if order[i] == i}
    assert office.held() == in_place
    assert outcome.ending == ("torn" if doubled else "whole")


@settings(max_examples=40)
@given(st.binary(max_size=200), st.integers(0, 12))
def test_no_bytes_make_it_stumble(data, kept):
    outcome, office = read(whole()[0][:kept] + data)
    assert isinstance(outcome, errors.CourierError)
    assert office.held() == set()


@settings(max_examples=20)
@given(st.binary(min_size=1, max_size=100))
def test_bytes_after_the_end_are_told_and_not_looked_at(more):
    outcome, office = read(whole()[0] + more)
    assert (outcome.taken, outcome.ending) == (3, "more")
    never_half_believed(outcome, office)


def forged(**changes) -> bytes:
    """A file whose manifest says something else, signed by the station itself."""
    manifest = replace(head().manifest, **changes)
    raw = head_bytes(manifest, STATION.key)
    data = whole()[0]
    return raw + data[len(head().raw) : -TRAILER_BYTES] + trailer_bytes(raw, manifest.contents)


def test_a_manifest_that_names_what_is_not_there_gives_the_rest():
    ghost = packets(4, size=900)[3]
    items = (*head().manifest.items, replace(head().manifest.items[0], sha256=ghost.id, note=ghost.number))
    outcome, office = read(forged(items=Manifest.packed(replace(head().manifest, items=items)).items))
    assert (outcome.listed, outcome.taken, outcome.ending) == (4, 3, "torn")
    assert [(each.number, each.code) for each in outcome.refused] == [(ghost.number, "ItemTorn")]
    assert len(office.held()) == 3


@pytest.mark.parametrize(
    "changes",
    [
        {"items": tuple(replace(item, offset=item.offset + 1) for item in head().manifest.items)},
        {"items": (head().manifest.items[0], replace(head().manifest.items[0], offset=head().manifest.items[0].end))},
        {"items": tuple(replace(item, station=7) for item in head().manifest.items)},
        {"items": tuple(replace(item, station=-1) for item in head().manifest.items)},
        {"items": tuple(replace(item, note="x" * 201) for item in head().manifest.items)},
        {"trip": b"short"},
        {"part": 0},
        {"cursor": -1},
        {"purpose": "sideways"},
        {"chain": ()},
    ],
    ids=["gap", "twice", "no such chain", "no chain", "long note", "trip", "part", "cursor", "purpose", "unsigned"],
)
def test_a_manifest_with_impossible_values_is_refused_although_it_is_signed(changes):
    outcome, office = read(forged(**changes))
    assert isinstance(outcome, errors.BundleUnreadable)
    assert office.held() == set()


def test_a_stick_of_another_country_is_given_back():
    medium = stick()
    path = put(medium, STICK / "found.rekam", whole()[0])
    with pytest.raises(errors.ForeignBundle):
        Bundle(medium, path, SigningKey.generate().public)


def test_a_place_that_writes_in_anothers_name_is_foreign():
    outcome, _office = read(forged(sender="3174"))
    assert isinstance(outcome, errors.ForeignBundle)


def test_an_answer_is_no_delivery_and_a_delivery_no_answer():
    sender, medium, path, _made = written(1)
    office = Receiver()
    (answer,) = (STICK / name for name in office.take(medium, path).answer.files)
    with pytest.raises(errors.AnswerInstead):
        office.take(medium, answer)
    assert [each.code for each in sender.back(medium, path).doubted] == ["PacketsInstead"]


@settings(max_examples=60)
@given(st.data())
def test_a_damaged_answer_delivers_nothing_it_does_not_prove(data):
    sender, medium, path, made = written(3)
    office = Receiver()
    (name,) = office.take(medium, path).answer.files
    good = bytearray(content(medium, STICK / name))
    at = data.draw(st.integers(0, len(good) - 1))
    good[at] ^= 1 << data.draw(st.integers(0, 7))
    put(medium, STICK / name, bytes(good))
    report = sender.back(medium)
    assert report.doubted or report.taken == 3, "only the trailer proves nothing"
    assert len(sender.outbox.waiting(10)) == 3 - report.taken
    put(medium, STICK / name, bytes(good[:at]) + bytes([good[at] ^ 255]) + bytes(good[at + 1 :]))
    office.take(medium, path)
    assert sender.back(medium).taken == 3 - report.taken, "brought again, it delivers"
    assert {each.id for each in made} == set(sender.outbox.receipts)


def test_a_stick_pulled_out_while_it_is_read_leaves_the_rest_waiting():
    class Pulled:
        """Gone after the second packet."""

        def __init__(self, inner):
            self.inner, self.opened, self.gone = inner, 0, False

        def __getattr__(self, name):
            return getattr(self.inner, name)

        def open_read(self, path):
            self.opened += 1
            self.gone = self.opened > 4
            if self.gone:
                raise OSError(5, "Input/output error")
            return self.inner.open_read(path)

        def size(self, path):
            return None if self.gone else self.inner.size(path)

    _sender, medium, path, _made = written(4)
    office = Receiver()
    report = office.take(Pulled(medium), path)
    assert isinstance(report.stopped_by, errors.StickGone)
    assert report.taken + report.waiting == 4
    assert report.waiting > 0
    assert office.take(medium, path).taken == report.waiting


def test_one_bad_sector_costs_one_packet():
    class BadSector:
        def __init__(self, inner, at):
            self.inner, self.at = inner, at

        def __getattr__(self, name):
            return getattr(self.inner, name)

        def open_read(self, path):
            outer, file = self, self.inner.open_read(path)

            class File:
                def __enter__(self):
                    return self

                def __exit__(self, *_):
                    return None

                def seek(self, offset):
                    return file.seek(offset)

                def read(self, count):
                    if file.tell() <= outer.at < file.tell() + count:
                        raise OSError(5, "Input/output error")
                    return file.read(count)

            return File()

    _sender, medium, path, made = written(3)
    at = len(head().raw) + 10 + Bundle(medium, path, ROOT).manifest.items[1].offset
    report = Receiver().take(BadSector(medium, at), path)
    assert report.taken == 2
    assert [(each.number, each.code) for each in report.refused] == [(made[1].number, "ItemUnreadable")]


@pytest.mark.parametrize("what", ["a folder", "nothing"])
def test_what_is_no_file_is_told(tmp_path, what):
    path = tmp_path / "stick.rekam"
    if what == "a folder":
        path.mkdir()
    with pytest.raises(errors.NotABundleFile):
        Receiver().take(RealStick(), path)


@pytest.mark.parametrize("beyond", [1, 2, 5000])
def test_more_bytes_than_a_packet_has_lying_at_the_office_already_stop_no_stick(beyond):
    data, made = whole()
    medium, office = stick(), Receiver()
    path = put(medium, STICK / "found.rekam", data)
    office.inbox.append(made[1].id, 0, bytes(len(made[1].data) + beyond))  # by anybody who may upload
    report = office.take(medium, path)
    assert (report.taken, report.refused, report.stopped_by) == (3, (), None)
    assert office.held() == {one.id for one in made}
