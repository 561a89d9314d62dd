"""A courier's trip: what waits goes out, what arrives is receipted, what comes back is believed only by its proof."""

from dataclasses import replace

import pytest

from courier_examples import (
    FEED,
    STICK,
    STRANGER,
    FailingStick,
    Receiver,
    Sender,
    bundles,
    content,
    flip,
    put,
    stick,
    written,
)
from exchange_examples import OTHER_STATION, packet, packets
from rekam.exchange.courier.errors import BundleForAnother, StickFull, StickGone, StickReadOnly
from rekam.exchange.courier.taking_in import courier_in
from rekam.exchange.errors import SenderRevoked
from rekam.storage.errors import MirrorAway
from rekam.storage.memory_disk import MemoryDisk


def test_what_waits_arrives_with_receipts_and_the_feed_comes_home_on_the_same_stick():
    office, medium = Receiver(), stick()
    office.feed.append(FEED, "notice", b"one")
    sender = Sender(packets(3))
    report = sender.out(medium)
    assert (report.packets, report.left, len(report.files)) == (3, 0, 1)
    assert len(sender.outbox.waiting(10)) == 3, "only receipts deliver"
    (taken,) = office.take_all(medium)
    assert (taken.listed, taken.taken, taken.known, taken.refused, taken.ending) == (3, 3, 0, (), "whole")
    assert (taken.answer.receipts, taken.answer.last) == (3, 1)
    back = sender.back(medium)
    assert (back.taken, back.known, back.entries, back.doubted) == (3, 0, 1, [])
    assert sender.outbox.waiting(10) == []
    assert sender.sink.state == {1: b"one"}


def test_a_station_may_be_read_at_the_centre_directly():
    centre, medium = Receiver("acceptance"), stick()
    sender = Sender(packets(2))
    sender.out(medium, to="centre")
    centre.take_all(medium)
    assert sender.back(medium).taken == 2
    assert all(sender.outbox.receipts.values())


def test_the_same_stick_twice_changes_nothing_and_renews_the_answer():
    sender, medium, path, _made = written(3)
    office = Receiver()
    first = office.take(medium, path)
    office.feed.append(FEED, "notice", b"meanwhile")
    again = office.take(medium, path)
    assert (first.taken, again.taken, again.known, again.answer.receipts) == (3, 0, 3, 3)
    assert len(office.arrived) == 3
    assert sender.back(medium).entries == 1
    repeated = sender.back(medium)
    assert (repeated.taken, repeated.known, repeated.entries, repeated.doubted) == (0, 3, 0, [])


def test_sticks_out_of_order_and_one_that_stays_away_harm_nothing():
    office, first, second = Receiver(), stick(), stick()
    made = packets(4)
    sender = Sender(made[:2])
    sender.out(first)
    sender.put(made[2])
    sender.put(made[3])
    sender.out(second)
    office.feed.append(FEED, "notice", b"one")
    office.take_all(second)
    office.feed.append(FEED, "notice", b"two")
    office.take_all(first)
    assert office.held() == {each.id for each in made}
    assert sender.back(second).entries == 1
    assert sender.back(first).entries == 1, "the later answer begins where the stick's cursor stood"
    assert sender.back(second).entries == 0
    assert sender.outbox.waiting(10) == []


def test_a_stick_pulled_out_while_copying_goes_on_after_the_last_whole_packet():
    made, medium = packets(6, size=5000), stick()
    sender = Sender(made)
    with pytest.raises(StickGone):
        sender.out(FailingStick(medium, after=20_000))
    assert bundles(medium) == []
    medium.power_cut()
    copied = []
    report = sender.out(medium, told=lambda what, done, _all: copied.append(done) if what == "copy" else None)
    assert (report.packets, report.left) == (6, 0)
    office = Receiver()
    assert office.take_all(medium)[0].taken == 6


def test_what_was_verified_is_not_copied_again():
    made, medium = packets(6, size=5000), stick()
    sender = Sender(made)
    with pytest.raises(StickGone):
        sender.out(FailingStick(medium, after=20_000))
    (unfinished,) = [path for path in medium.files(STICK) if path.name.endswith(".part")]
    put(medium, unfinished, content(medium, unfinished))  # what was written reached the medium
    copied = []
    sender.out(medium, told=lambda what, done, _all: copied.append(done) if what == "copy" else None)
    assert copied[0] > 3 * 5000, "three packets lay there whole"
    assert Receiver().take_all(medium)[0].taken == 6


def test_out_again_on_the_same_stick_copies_only_what_is_new_or_went_bad():
    sender, medium, path, _made = written(3)
    assert (sender.out(medium).packets, sender.out(medium).already) == (0, 3)
    flip(medium, path, -100)  # in the third packet
    again = sender.out(medium)
    assert (again.packets, again.already) == (1, 2)
    office = Receiver()
    office.take_all(medium)
    assert len(office.held()) == 3


def test_a_file_that_fat32_cannot_hold_becomes_several_each_complete_in_itself():
    made, medium = packets(5, size=20_000), stick()
    sender = Sender(made)
    report = sender.out(medium, file_limit=64_000)
    assert len(report.files) == 3
    assert all(medium.size(STICK / name) <= 64_000 for name in report.files)
    office = Receiver()
    for path in reversed(bundles(medium)):
        assert office.take(medium, path).refused == ()
    assert len(office.held()) == 5
    assert sender.back(medium).taken == 5


def test_max_bytes_takes_the_oldest_and_says_how_many_stay():
    made, medium = packets(5, size=2000), stick()
    sender = Sender(made)
    report = sender.out(medium, max_bytes=8_000)
    assert (report.packets, report.left) == (2, 3)
    office = Receiver()
    office.take_all(medium)
    assert office.held() == {each.id for each in made[:2]}


def test_a_packet_that_went_bad_at_the_sender_stays_there_with_its_reason():
    disk, medium = MemoryDisk(), stick()
    made = packets(3)
    sender = Sender(made, disk=disk)
    flip(disk, sender.blobs.path(made[1].id), -1)
    report = sender.out(medium)
    assert report.packets == 2
    assert [(each.number, each.code) for each in report.left_out] == [(made[1].number, "BlobDamaged")]


def test_a_place_with_nothing_to_send_still_asks_for_the_feed_and_asks_once():
    medium, sender, office = stick(), Sender(), Receiver()
    office.feed.append(FEED, "notice", b"one")
    assert len(sender.out(medium).files) == 1
    assert sender.out(medium).files == ()
    office.take_all(medium)
    assert sender.back(medium).entries == 1


@pytest.mark.parametrize(("error", "told"), [(28, StickFull), (30, StickReadOnly), (5, StickGone), (19, StickGone)])
def test_what_the_stick_says_is_told_in_a_sentence_and_nothing_counts_as_sent(error, told):
    sender, medium = Sender(packets(2)), stick()
    with pytest.raises(told) as caught:
        sender.out(FailingStick(medium, after=100, error=error))
    assert "safe" in str(caught.value)
    assert bundles(medium) == []
    assert len(sender.outbox.waiting(10)) == 2


def test_a_stick_without_room_for_one_packet_is_full():
    medium = stick()
    medium.free = (1 << 20) + 20_000
    with pytest.raises(StickFull):
        Sender(packets(1, size=30_000)).out(medium)


def test_a_stick_for_another_place_is_left_alone():
    _sender, medium, path, _made = written(1, to="centre")
    office = Receiver()
    with pytest.raises(BundleForAnother):
        office.take(medium, path)
    assert office.arrived == []


def test_a_station_of_another_office_is_not_taken_in_here_but_at_the_centre():
    stranger = Sender([], place=STRANGER)
    medium = stick()
    stranger.out(medium, to="any")
    (path,) = bundles(medium)
    with pytest.raises(BundleForAnother):
        Receiver().take(medium, path)
    assert Receiver("acceptance").take(medium, path).listed == 0


def test_a_packet_that_its_station_did_not_seal_is_refused_and_the_others_are_taken():
    good, medium, office = packets(2), stick(), Receiver()
    forged = packet(3, b"forged", signer=OTHER_STATION.key)
    sender = Sender([good[0], forged, good[1]])
    sender.out(medium)
    (report,) = office.take_all(medium)
    assert (report.taken, [(each.number, each.code) for each in report.refused]) == (
        2,
        [(forged.number, "SealedByAnotherStation")],
    )
    back = sender.back(medium)
    assert (back.taken, [each.number for each in back.refused]) == (2, [forged.number])
    assert [each.packet_id for each in sender.outbox.waiting(10)] == [forged.id]


def test_a_writer_whose_key_was_withdrawn_gets_receipts_and_no_feed():
    sender, medium, path, _made = written(2)
    office = Receiver()
    office.feed.append(FEED, "notice", b"one")

    def withdrawn(certificates) -> None:
        raise SenderRevoked(station=certificates[0].subject, epoch=1, first=1)

    destination = office.destination()
    destination = replace(destination, answering=replace(destination.answering, check_reader=withdrawn))
    report = courier_in(destination, medium, path)
    assert (report.taken, report.answer.receipts, report.answer.last) == (2, 2, 0)
    assert isinstance(report.answer.feed_problem, SenderRevoked)
    assert (sender.back(medium).taken, sender.sink.state) == (2, {})


def test_no_receipt_leaves_on_a_stick_before_the_twin_has_what_it_tells():
    _sender, medium, path, made = written(2)
    office, told = Receiver(), []
    destination = office.destination()

    def settle() -> None:
        told.append(len(destination.inbox.receipts([one.id for one in made])))
        if len(told) == 1:
            raise MirrorAway(reason="it is behind")

    destination = replace(destination, answering=replace(destination.answering, settle=settle))
    before = bundles(medium)
    report = courier_in(destination, medium, path)
    assert (report.taken, report.answer) == (2, None)
    assert isinstance(report.answer_problem, MirrorAway)
    assert bundles(medium) == before
    again = courier_in(destination, medium, path)
    assert again.answer.receipts == 2
    assert told == [2, 2], "asked after the last packet was taken in"


def test_a_full_stick_keeps_the_answer_back_and_the_packets_in():
    _sender, medium, path, _made = written(2)
    report = Receiver().take(FailingStick(medium, after=50, error=28), path)
    assert report.taken == 2
    assert isinstance(report.answer_problem, StickFull)


def test_receipts_for_another_station_take_nothing_off():
    sender, medium, path, _made = written(2)
    Receiver().take(medium, path)
    other = Sender([packet(1, station=OTHER_STATION)], place=OTHER_STATION)
    report = other.back(medium)
    assert report.taken == 0
    assert [each.code for each in report.doubted] == ["BundleForAnother"]
    assert len(other.outbox.waiting(10)) == 1
    assert len(sender.outbox.waiting(10)) == 2
