from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rekam.enrolment.errors import RekamError
from rekam.trust.certificates import (
    Certificate,
    CertificateForbidden,
    CertificateUnreadable,
    ChainBroken,
    chain_from_bytes,
    chain_to_bytes,
    issue,
    verify_chain,
)
from rekam.trust.cose import sign1
from rekam.trust.keys import SigningKey
from rekam.trust.random import SeededRandomUnsafeForTests
from rekam.trust.sealing import OpeningKey

RANDOM = SeededRandomUnsafeForTests("certificates")
ROOT, OFFICE, STATION, OPERATOR = (SigningKey.generate(RANDOM) for _ in range(4))
PARCELS = OpeningKey.generate(random=RANDOM)
OFFICE_CERTIFICATE = Certificate("office", "3174", "Sudin Dukcapil Jakarta Selatan", OFFICE.public, PARCELS.public)
STATION_CERTIFICATE = Certificate("station", "317401-01", "Kecamatan Tebet", STATION.public, epoch=2)
BY_ROOT = issue(OFFICE_CERTIFICATE, ROOT, random=RANDOM)
(OFFICE_READ,) = verify_chain((BY_ROOT,), ROOT.public)
CHAIN = (issue(STATION_CERTIFICATE, OFFICE, by=OFFICE_READ, random=RANDOM), BY_ROOT)


def test_a_station_is_proved_up_to_the_centres_root():
    station, office = verify_chain(CHAIN, ROOT.public)
    assert station == replace(STATION_CERTIFICATE, issuer_key_id=OFFICE.key_id, serial=station.serial)
    assert office == replace(OFFICE_CERTIFICATE, issuer_key_id=ROOT.key_id, serial=office.serial)
    assert office.sealing == PARCELS.public
    assert len(station.serial) == 8


def test_a_chain_travels_as_one_cbor_array():
    assert chain_from_bytes(chain_to_bytes(CHAIN)) == CHAIN


@pytest.mark.parametrize("kind", ["operator", "supervisor", "document"])
def test_an_office_certifies_its_staff_and_document_keys(kind):
    subject = "317401-01" if kind == "document" else "siti"
    leaf = issue(Certificate(kind, subject, "Siti", OPERATOR.public), OFFICE, by=OFFICE_READ)
    assert verify_chain((leaf, BY_ROOT), ROOT.public)[0].kind == kind


@pytest.mark.parametrize(
    ("kind", "subject"),
    [("station", "317501-01"), ("document", "3175"), ("office", "3174"), ("centre", "centre"), ("king", "3174")],
)
def test_an_office_certifies_neither_other_regencies_nor_its_equals(kind, subject):
    with pytest.raises(CertificateForbidden, match=f"3174 must not certify {kind} '{subject}'"):
        issue(Certificate(kind, subject, "x", OPERATOR.public), OFFICE, by=OFFICE_READ)


@pytest.mark.parametrize("kind", ["station", "operator", "supervisor", "document"])
def test_the_root_certifies_no_station_and_no_person(kind):
    with pytest.raises(CertificateForbidden):
        issue(Certificate(kind, "317401-01", "x", OPERATOR.public), ROOT)


def test_rights_are_checked_again_when_a_chain_is_read():
    rogue = replace(STATION_CERTIFICATE, subject="110101-01", issuer_key_id=OFFICE.key_id, serial=bytes(8))
    forged = sign1(rogue.to_bytes(), OFFICE, kind="rekam/certificate")
    with pytest.raises(CertificateForbidden):
        verify_chain((forged, BY_ROOT), ROOT.public)


def test_a_station_certifies_nobody():
    station = verify_chain(CHAIN, ROOT.public)[0]
    with pytest.raises(CertificateForbidden):
        issue(Certificate("operator", "siti", "Siti", OPERATOR.public), STATION, by=station)


def test_an_issuer_needs_the_key_of_its_certificate():
    with pytest.raises(CertificateForbidden):
        issue(STATION_CERTIFICATE, STATION, by=OFFICE_READ)


@pytest.mark.parametrize(
    ("chain", "root"),
    [
        pytest.param(CHAIN, OFFICE, id="another root"),
        pytest.param(CHAIN[:1], ROOT, id="the office is missing"),
        pytest.param(CHAIN[::-1], ROOT, id="root first"),
        pytest.param((), ROOT, id="nothing"),
        pytest.param((*CHAIN, BY_ROOT, BY_ROOT), ROOT, id="too long"),
    ],
)
def test_a_chain_that_does_not_lead_to_the_root_is_refused(chain, root):
    with pytest.raises(ChainBroken):
        verify_chain(chain, root.public)


def test_no_byte_of_a_certificate_can_be_changed():
    for place in range(len(CHAIN[0])):
        changed = bytearray(CHAIN[0])
        changed[place] ^= 0x10
        with pytest.raises((ChainBroken, CertificateUnreadable)):
            verify_chain((bytes(changed), BY_ROOT), ROOT.public)


@given(st.binary(max_size=200))
def test_any_payload_that_an_office_signs_is_read_or_refused_in_our_words(payload):
    with pytest.raises(RekamError):
        verify_chain((sign1(payload, OFFICE, kind="rekam/certificate"), BY_ROOT), ROOT.public)


@pytest.mark.parametrize("data", [b"", b"\x81", b"\x81\x01", b"\x01"])
def test_bytes_that_are_no_chain_are_refused(data):
    with pytest.raises(CertificateUnreadable):
        chain_from_bytes(data)
