import base64
import json
from datetime import UTC, datetime, timedelta

import pytest

from rekam.trust.device_maker import UnsafeDeviceKey, UnsafeDeviceMaker
from rekam.trust.jwt import JwtAltered, JwtUnreadable, Makers, MakerUnreadable, NoSuchMaker, to_base64url, unsigned

NOW = datetime(2026, 11, 22, tzinfo=UTC)
YEAR = timedelta(days=365)


@pytest.fixture(scope="module")
def maker():
    return UnsafeDeviceMaker.create(NOW)


@pytest.fixture(scope="module")
def device(maker):
    return maker.device("SIM-1", NOW - YEAR, NOW + YEAR)


@pytest.fixture(scope="module")
def makers(maker):
    return Makers([maker.root])


def with_header(token, **changed):
    head, body, signature = token.split(".")
    held = json.loads(base64.urlsafe_b64decode(head + "=" * (-len(head) % 4))) | changed
    return ".".join([to_base64url(json.dumps(held).encode()), body, signature])


def test_what_a_trusted_makers_device_signed_is_read_with_its_signer(makers, device):
    signed = makers.verify(device.sign({"serialNo": "SIM-1"}))
    assert signed.payload == {"serialNo": "SIM-1"}
    assert signed.subject == "CN=SIM-1"
    assert signed.in_force(NOW)
    assert not signed.in_force(NOW + 2 * YEAR)


def test_a_changed_payload_is_refused(makers, device):
    head, _, signature = device.sign({"quality": 10}).split(".")
    with pytest.raises(JwtAltered):
        makers.verify(f"{head}.{to_base64url(json.dumps({'quality': 90}).encode())}.{signature}")


def test_a_device_of_a_maker_whom_nobody_named_is_refused(device):
    stranger = UnsafeDeviceMaker.create(NOW, "Rekam simulated devices, NOT FOR REAL RESIDENTS")
    with pytest.raises(NoSuchMaker):
        Makers([stranger.root]).verify(device.sign({}))


def test_a_device_cannot_vouch_for_another(makers, maker, device):
    impostor = UnsafeDeviceMaker(device.key, device.certificate).device("X", NOW - YEAR, NOW + YEAR)
    token = impostor.sign({})
    both = [base64.b64encode(one.public_bytes(_der())).decode() for one in (impostor.certificate, device.certificate)]
    with pytest.raises(NoSuchMaker):
        makers.verify(with_header(token, x5c=both))


def test_a_header_changed_after_signing_is_an_altered_message(makers, maker, device):
    with_chain = with_header(device.sign({"a": 1}), x5c=[_b64(device.certificate), _b64(maker.root)])

    with pytest.raises(JwtAltered):
        makers.verify(with_chain)


def test_a_pinned_device_is_trusted_without_its_maker(device):
    assert Makers([device.certificate]).verify(device.sign({"a": 1})).payload == {"a": 1}


@pytest.mark.parametrize("algorithm", ["none", "HS256", "RS512", None])
def test_only_rs256_is_taken_whatever_the_header_asks_for(makers, device, algorithm):
    with pytest.raises(JwtUnreadable):
        makers.verify(with_header(device.sign({}), alg=algorithm))


@pytest.mark.parametrize(
    "token",
    [None, 7, "", "a.b", "a.b.c", "e30.e30.", "..", "e30.e30.e30", "*.*.*", to_base64url(b"[]") + ".e30.e30", {"a": 1}],
    ids=repr,
)
def test_what_is_no_token_is_told_and_nothing_else_happens(makers, token):
    with pytest.raises((JwtUnreadable, NoSuchMaker)):
        makers.verify(token)


@pytest.mark.parametrize("x5c", [[], ["!"], "", [1], {}, ["AAAA"] * 9], ids=repr)
def test_a_certificate_that_cannot_be_read_is_told(makers, device, x5c):
    with pytest.raises(JwtUnreadable):
        makers.verify(with_header(device.sign({}), x5c=x5c))


def test_an_unsigned_word_of_a_device_is_read_for_finding_it():
    assert unsigned(to_base64url(b'{"serialNo": "1"}')) == {"serialNo": "1"}
    with pytest.raises(JwtUnreadable):
        unsigned("a.b")


def test_the_folder_of_makers_reads_what_it_can_and_names_what_it_cannot(tmp_path, maker, device):
    (tmp_path / "maker.pem").write_bytes(maker.root_pem)
    (tmp_path / "broken.crt").write_bytes(b"not a certificate")
    (tmp_path / "notes.txt").write_bytes(b"ignored")
    makers = Makers.of_folder(tmp_path)
    assert len(makers) == 1
    assert [(type(problem), problem.facts["file"]) for problem in makers.problems] == [(MakerUnreadable, "broken.crt")]
    assert makers.verify(device.sign({"a": 1})).payload == {"a": 1}
    assert len(Makers.of_folder(tmp_path / "absent")) == 0


def test_a_maker_kept_in_a_key_file_certifies_devices_that_its_root_still_knows(maker, makers):
    again = UnsafeDeviceMaker.from_bytes(maker.key_bytes, maker.root_pem)
    later = again.device("SIM-2", NOW - YEAR, NOW + YEAR)
    assert isinstance(later, UnsafeDeviceKey)
    assert makers.verify(later.sign({})).subject == "CN=SIM-2"


def _der():
    from cryptography.hazmat.primitives.serialization import Encoding

    return Encoding.DER


def _b64(certificate):
    return base64.b64encode(certificate.public_bytes(_der())).decode()
