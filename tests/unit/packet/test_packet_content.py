import io
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from packet_samples import CENTRE, OPERATOR, RECORDING, STATION, SUPERVISOR, chain, sealed

from rekam.enrolment.errors import RekamError
from rekam.enrolment.manifest import ImageDiffers, ManifestVersionUnknown
from rekam.enrolment.sample import Sample, Slot
from rekam.packet.attestation import Attestation, attest
from rekam.packet.content import manifest_bytes, read_content, write_content
from rekam.packet.errors import ContentUnreadable, PacketTruncated
from rekam.packet.unseal import unseal
from rekam.trust import cbor

MANIFEST = manifest_bytes(RECORDING)
ATTESTATIONS = (
    attest(MANIFEST, OPERATOR, chain("operator", "siti.op", OPERATOR)),
    attest(MANIFEST, SUPERVISOR, chain("supervisor", "rudi", SUPERVISOR), role="supervisor"),
)
CONTENT = b"".join(write_content(RECORDING, ATTESTATIONS))


def test_a_recording_and_its_attestations_come_back_as_they_were():
    content = read_content(io.BytesIO(CONTENT))
    assert content.enrolment == RECORDING
    assert content.attestations == ATTESTATIONS
    assert content.manifest_bytes == MANIFEST


def test_a_recording_goes_through_a_packet():
    data, _ = sealed(write_content(RECORDING, ATTESTATIONS), chunk_bytes=1024)
    assert read_content(unseal(io.BytesIO(data), [CENTRE], STATION.public)).enrolment == RECORDING
    with pytest.raises(PacketTruncated):
        read_content(unseal(io.BytesIO(data[:-1]), [CENTRE], STATION.public))


def test_images_follow_in_the_manifests_order_whatever_the_order_of_capture():
    shuffled = replace(RECORDING, samples=RECORDING.samples[::-1])
    assert b"".join(write_content(shuffled, ATTESTATIONS)) == CONTENT


@pytest.mark.parametrize("kept", range(0, len(CONTENT), 37))
def test_content_cut_anywhere_is_refused(kept):
    with pytest.raises(ContentUnreadable):
        read_content(io.BytesIO(CONTENT[:kept]))


def test_bytes_after_the_last_image_are_refused():
    with pytest.raises(ContentUnreadable, match="follow"):
        read_content(io.BytesIO(CONTENT + b"x"))


def test_a_changed_image_is_named():
    changed = bytearray(CONTENT)
    changed[-1] ^= 1
    with pytest.raises(ImageDiffers, match="iris-1"):
        read_content(io.BytesIO(bytes(changed)))


def rewritten(**changes):
    manifest = cbor.encode(cbor.decode(MANIFEST) | changes)
    return read_content(io.BytesIO(manifest + CONTENT[len(MANIFEST) :]))


@pytest.mark.parametrize(
    "entries",
    [
        None,
        [1],
        [{"slot": "photo"}],
        [{"slot": "photo", "size": -1}],
        [{"slot": "photo", "size": 2**40}],
        [{"slot": "photo", "size": 1}, {"slot": "photo", "size": 1}],
        [{"slot": "tail", "size": 1}],
    ],
    ids=str,
)
def test_entries_that_name_no_images_are_refused(entries):
    with pytest.raises(RekamError):
        rewritten(entries=entries)


@pytest.mark.parametrize("items", [1, [1], [[b"s"]], [[b"s", [1]]], [["s", []]], [[b"s", [], 1]]], ids=str)
def test_attestations_of_another_shape_are_refused(items):
    with pytest.raises(ContentUnreadable, match="attestations"):
        read_content(io.BytesIO(MANIFEST + cbor.encode(items)))


@settings(max_examples=150, deadline=None)
@given(st.integers(0, len(MANIFEST) + 800), st.integers(1, 255))
def test_any_changed_byte_of_manifest_or_attestations_gives_a_recording_or_our_error(place, bits):
    changed = bytearray(CONTENT)
    changed[place] ^= bits
    try:
        content = read_content(io.BytesIO(bytes(changed)))
    except RekamError:
        return
    assert content.manifest_bytes != MANIFEST or content.attestations != ATTESTATIONS


def test_a_recording_without_attestations_is_read_and_left_to_the_stage_that_asks_for_them():
    assert read_content(io.BytesIO(b"".join(write_content(RECORDING, ())))).attestations == ()
    assert Attestation(b"", ()) not in ATTESTATIONS


def test_the_photo_of_a_hand_travels_sealed_like_any_sample():
    hand = Sample(Slot.parse("hand-1"), "image/jpeg", b"a hand" * 90, 88, 1, "browser")
    shown = replace(RECORDING, samples=(*RECORDING.samples, hand))
    data, _ = sealed(write_content(shown, ATTESTATIONS), chunk_bytes=1024)
    assert hand.image not in data
    read = read_content(unseal(io.BytesIO(data), [CENTRE], STATION.public))
    assert read.enrolment.sample(hand.slot) == hand
    assert cbor.decode(read.manifest_bytes)["version"] == 2


def test_a_recording_of_a_newer_rekam_asks_for_an_update_before_anything_in_it_is_called_nonsense():
    manifest = {**RECORDING.manifest(), "version": 4, "entries": [{"slot": "voice-1", "size": 3}]}
    with pytest.raises(ManifestVersionUnknown):
        read_content(io.BytesIO(cbor.encode(manifest) + cbor.encode([]) + b"abc"))
