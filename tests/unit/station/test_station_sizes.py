"""What is too large is told at the sample and at saving, and what was saved is refused nowhere for its size."""

import io
from dataclasses import dataclass, replace

import pytest

from rekam.enrolment.amount import Amount
from rekam.enrolment.identifiers import PacketNumber
from rekam.enrolment.sample import ALL_SLOTS, Slot
from rekam.exchange.in_memory import InMemoryRegister
from rekam.exchange.inbox import Inbox
from rekam.exchange.policy import OfficePolicy, PolicyUnusable
from rekam.packet.content import read_content, write_content
from rekam.packet.limits import MAX_MANIFEST_BYTES, MAX_PACKET_BYTES, MAX_SAMPLE_BYTES, packet_bytes
from rekam.packet.seal import seal
from rekam.packet.unseal import unseal
from rekam.station.sizes import RecordingTooLarge, SampleTooLarge, Sizes, WordsTooLong
from rekam.storage.blobs import BlobStore
from rekam.storage.disk import RealDisk
from rekam.trust.clock import SystemClock
from rekam.trust.keys import OpeningKey, SigningKey
from rekam.trust.random import SystemRandom
from station_counter import capture

FINGER, NUMBER = Slot.parse("finger-2"), PacketNumber.parse("317401-01/1/000001")


@dataclass
class Policy:
    """Master data that holds an office's policy and nothing else."""

    packet_bytes: int | None = None

    def policy(self):
        return OfficePolicy(packet_bytes=self.packet_bytes)


def with_limit(counter, limit):
    here = counter.station.here
    here.sizes = Sizes(Policy(limit))
    here.saving = replace(here.saving, sizes=here.sizes)
    return here


def with_images(counter, operator, size):
    """A complete sitting whose fingers and irises have `size` bytes each."""
    sitting_id = counter.filled(counter.adults()[0].nik, operator)
    for slot in ALL_SLOTS[2:]:
        sitting = counter.station.sittings.find(sitting_id)
        taken = replace(capture(slot), image=bytes(size))
        counter.station.here.drafts.keep(sitting.with_capture(taken), taken)
    return sitting_id


def test_the_sample_that_makes_a_recording_too_large_is_named_when_it_is_taken(counter, operator):
    with_limit(counter, 6_000_000)
    sitting_id = with_images(counter, operator, 100_000)
    with pytest.raises(RecordingTooLarge) as told:
        counter.station.sittings.upload(sitting_id, FINGER, bytes(5_000_000), "image/png")
    assert told.value.facts["slot"] == FINGER
    assert "5.0 MB" in str(told.value)
    sitting = counter.station.sittings.find(sitting_id)
    assert len(sitting.captures[FINGER].image) == 100_000
    assert sitting.attempts[FINGER] == 2


def test_a_sample_beyond_what_one_may_have_is_told_in_megabytes(counter, operator):
    sitting_id = counter.filled(counter.adults()[0].nik, operator)
    with pytest.raises(SampleTooLarge, match=r"has 8\.4 MB"):
        counter.station.sittings.upload(sitting_id, FINGER, bytes(MAX_SAMPLE_BYTES + 1), "image/png")


def test_a_limit_that_was_lowered_meanwhile_is_told_at_saving_and_nothing_is_sealed(counter, operator):
    sitting_id = with_images(counter, operator, 500_000)
    here = with_limit(counter, 4_000_000)
    with pytest.raises(RecordingTooLarge, match="usual resolution"):
        counter.station.sittings.save(sitting_id, operator, consent=True)
    assert here.recordings.count() == 0
    assert list(here.blobs.ids()) == []
    assert here.drafts.find(sitting_id).problems(operator.operator.subject) == ()


def test_reasons_longer_than_a_manifest_holds_are_told_before_sealing(counter, operator):
    here = counter.station.here
    sitting = counter.station.sittings.find(counter.filled(counter.adults()[0].nik, operator))
    enrolment = sitting.enrolment(operator="op", consent=True, recorded_at="")
    here.sizes.check_recording(enrolment, bytes(MAX_MANIFEST_BYTES))
    with pytest.raises(WordsTooLong):
        here.sizes.check_recording(enrolment, bytes(MAX_MANIFEST_BYTES + 1))


def test_what_passes_at_the_last_sample_is_saved(counter, operator):
    images = 12 * 300_000
    with_limit(counter, packet_bytes(images + 200_000, MAX_MANIFEST_BYTES))
    sitting_id = with_images(counter, operator, 300_000)
    sitting = counter.station.sittings.find(sitting_id)
    counter.station.here.sizes.check_sample(sitting, FINGER, bytes(300_000))
    recording = counter.station.sittings.save(sitting_id, operator, consent=True)
    assert recording.size <= packet_bytes(images + 200_000, MAX_MANIFEST_BYTES)


def test_the_largest_packet_that_a_station_seals_is_taken_in_and_read(counter, operator, tmp_path):
    sitting = counter.station.sittings.find(counter.filled(counter.adults()[0].nik, operator))
    sizes, room = counter.station.here.sizes, MAX_PACKET_BYTES - packet_bytes(0, MAX_MANIFEST_BYTES) - 20_000
    for slot in ALL_SLOTS[4:]:
        size = min(MAX_SAMPLE_BYTES, room)
        room -= size
        if size:
            sizes.check_sample(sitting, slot, bytes(size))
            sitting = sitting.with_capture(replace(capture(slot), image=bytes(size)))
    with pytest.raises(RecordingTooLarge):
        sizes.check_sample(sitting, ALL_SLOTS[2], bytes(100_000))
    enrolment = sitting.enrolment(operator="op", consent=True, recorded_at="")
    station, centre, packet = SigningKey.generate(), OpeningKey.generate(), io.BytesIO()
    sealed = seal(
        write_content(enrolment, ()),
        number=NUMBER,
        previous=bytes(32),
        signer=station,
        recipient=centre.public,
        stamp=SystemClock().stamp(),
        random=SystemRandom(),
        out=packet,
    )
    assert MAX_PACKET_BYTES - 2 * MAX_MANIFEST_BYTES < sealed.size <= MAX_PACKET_BYTES
    inbox = Inbox(
        BlobStore(tmp_path / "office", RealDisk()),
        InMemoryRegister(),
        signer=SigningKey.generate(),
        clock=SystemClock(),
        kind="custody",
        place="3174",
        verify_sender=lambda _chain: station.public,
    )
    inbox.append(sealed.packet_id, 0, packet.getvalue())
    assert inbox.complete(sealed.packet_id, ())
    packet.seek(0)
    assert read_content(unseal(packet, [centre], station.public)).enrolment.samples == enrolment.samples


def test_no_sealed_packet_is_larger_than_its_bound():
    station, centre = SigningKey.generate(), OpeningKey.generate()
    for size in (0, 1, 65_535, 65_536, 65_537, 1_000_003):
        out = io.BytesIO()
        content, stamp = [bytes(size)], SystemClock().stamp()
        sealed = seal(
            content,
            number=NUMBER,
            previous=bytes(32),
            signer=station,
            recipient=centre.public,
            stamp=stamp,
            random=SystemRandom(),
            out=out,
        )
        assert sealed.size <= packet_bytes(size)


def test_a_policy_may_lower_the_limit_and_never_raises_it():
    assert Sizes(Policy(5_000_000)).limit == 5_000_000
    assert Sizes(Policy()).limit == MAX_PACKET_BYTES
    assert OfficePolicy.read(OfficePolicy(packet_bytes=5_000_000).to_bytes()).packet_bytes == 5_000_000
    for wrong in (b'{"packet_bytes": 1}', b'{"packet_bytes": 999999999}', b'{"packet_bytes": "5"}'):
        with pytest.raises(PolicyUnusable):
            OfficePolicy.read(wrong)


def test_amounts_are_said_as_people_say_them():
    assert (Amount(8_400_000).words("id"), str(Amount(8_400_000)), str(Amount(12_000))) == ("8,4 MB", "8.4 MB", "12 kB")
