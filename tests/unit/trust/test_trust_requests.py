import base64

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rekam.enrolment.errors import RekamError
from rekam.trust.certificates import Certificate, issue, verify_chain
from rekam.trust.clock import SteppedClock
from rekam.trust.keys import SigningKey
from rekam.trust.message_signatures import signature_base
from rekam.trust.random import SeededRandomUnsafeForTests
from rekam.trust.requests import (
    ReplayGuard,
    RequestAltered,
    RequestReplayed,
    RequestUnsigned,
    sign_request,
    verify_head,
    verify_request,
)

RANDOM = SeededRandomUnsafeForTests("requests")
ROOT, OFFICE, STATION = (SigningKey.generate(RANDOM) for _ in range(3))
BY_ROOT = issue(Certificate("office", "3174", "Jakarta Selatan", OFFICE.public), ROOT)
BY_OFFICE = issue(
    Certificate("station", "317401-01", "Tebet", STATION.public), OFFICE, by=verify_chain((BY_ROOT,), ROOT.public)[0]
)
URL = "https://office.example/exchange/packets/ab%20cd?after=1&x=%2F"


def signed(method="PATCH", url=URL, body=b"bytes", key=STATION):
    return sign_request(method, url, body, key=key, chain=(BY_OFFICE, BY_ROOT), clock=SteppedClock(), random=RANDOM)


def verify(headers, method="PATCH", url=URL, body=b"bytes", root=ROOT):
    return verify_request(method, url, headers, body, root=root.public)


def test_the_signature_base_is_that_of_rfc_9421_appendix_b_2_6():
    components = [
        ("date", "Tue, 20 Apr 2021 02:07:55 GMT"),
        ("@method", "POST"),
        ("@path", "/foo"),
        ("@authority", "example.com"),
        ("content-type", "application/json"),
        ("content-length", "18"),
    ]
    covered = " ".join(f'"{name}"' for name, _ in components)
    base = signature_base(components, f'({covered});created=1618884473;keyid="test-key-ed25519"')
    key = SigningKey(bytes.fromhex("9f8362f87a484a954e6e740c5b4c0e84229139a20aa8ab56ff66586f6a7d29c5"))
    expected = "wqcAqbmYJ2ji2glfAMaRy4gruYYnx2nEFN2HN6jrnDnQCK1u02Gb04v9EDgwUPiu4A0w6vuQv5lIp5WPpBKRCw=="
    assert base64.b64encode(key.sign(base)).decode() == expected


def test_a_signed_request_tells_who_asks_also_behind_a_proxy_that_changes_host_and_case():
    headers = {name.title(): value for name, value in signed().items()}
    request = verify(headers, url=URL.removeprefix("https://office.example"))
    assert request.signer.subject == "317401-01"
    assert request.key_id == STATION.key_id
    assert [certificate.kind for certificate in request.certificates] == ["station", "office"]
    assert request.created == SteppedClock().stamp().wall_ms // 1000


def test_a_request_without_body_or_query_is_signed_too():
    assert verify(signed("GET", "/feed", b""), "GET", "/feed", b"").signer.kind == "station"


@pytest.mark.parametrize(
    "change",
    [
        {"method": "PUT"},
        {"url": URL + "0"},
        {"url": URL.replace("packets", "receipts")},
        {"url": URL.partition("?")[0]},
        {"body": b"other"},
        {"body": b""},
    ],
)
def test_a_changed_request_is_refused(change):
    with pytest.raises(RequestAltered):
        verify(signed(), **change)


def test_a_certificate_of_somebody_else_does_not_help():
    with pytest.raises(RequestAltered):
        verify(signed(key=OFFICE))


def test_a_chain_to_another_root_does_not_help():
    with pytest.raises(RekamError, match="do not lead to the centre"):
        verify(signed(), root=OFFICE)


@pytest.mark.parametrize("name", ["content-digest", "rekam-certificate", "signature-input", "signature"])
@given(value=st.text(max_size=40) | st.just("rekam=::") | st.just("A" * 20_000))
def test_any_value_in_any_header_raises_only_errors_of_the_family(name, value):
    with pytest.raises(RekamError):
        verify(signed() | {name: value})


def test_fewer_covered_components_are_not_accepted():
    headers = signed()
    headers["signature-input"] = headers["signature-input"].replace(' "content-digest"', "")
    with pytest.raises(RequestUnsigned):
        verify(headers)


def test_the_head_alone_tells_who_asks_and_how_long_the_body_will_be():
    request = verify_head("PATCH", URL, signed(), root=ROOT.public)
    assert (request.signer.subject, request.length) == ("317401-01", 5)
    request.check_body(b"bytes")
    for other in (b"", b"byte", b"bytes!", b"other"):
        with pytest.raises(RequestAltered):
            request.check_body(other)


@pytest.mark.parametrize("length", ["0", "6", "05", "5 ", "-5", "5.0", "9" * 30])
def test_the_length_of_the_body_cannot_be_changed(length):
    with pytest.raises((RequestAltered, RequestUnsigned)):
        verify_head("PATCH", URL, signed() | {"content-length": length}, root=ROOT.public)


def test_a_body_whose_length_was_not_signed_is_refused():
    headers = signed(body=b"")
    assert "content-length" not in headers
    with pytest.raises(RequestAltered):
        verify(headers | {"content-length": "5"}, body=b"bytes")


def test_the_same_request_is_refused_the_second_time_and_forgotten_after_many_others():
    guard = ReplayGuard(size=2)
    requests = [verify(signed()) for _ in range(4)]
    guard.check(requests[0])
    for later in requests[1:3]:
        with pytest.raises(RequestReplayed):
            guard.check(requests[0])
        guard.check(later)
    with pytest.raises(RequestReplayed):
        guard.check(requests[1])  # of the last two
    guard.check(requests[3])
    guard.check(requests[0])
