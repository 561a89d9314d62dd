"""The published bytes of a request for an operator's key and its answer (docs/operator-key-format.md) are read as they
always were, and made anew they come out the same.

To publish them anew after a change of format: `python tests/unit/exchange/test_key_request_vectors.py`.
"""

import json
from pathlib import Path

import pytest

from rekam.exchange.key_end import KeyEnd, KeyEndUnproved, read_key_end, sign_key_end
from rekam.exchange.key_request import (
    KeyAnswer,
    KeyAnswerUnreadable,
    KeyRequest,
    KeyRequestUnproved,
    digest_of,
    read_key_request,
    sign_key_request,
)
from rekam.exchange.key_request_text import (
    answer_from_text,
    answer_to_text,
    request_from_text,
    request_to_text,
    stop_from_text,
    stop_to_text,
    wrapped,
)
from rekam.exchange.key_stop import KeyStop, KeyStopUnproved, packed_stops, unpacked_stops
from rekam.trust import cbor
from rekam.trust.certificates import Certificate, issue
from rekam.trust.cose import peek1, sign1
from rekam.trust.keys import SigningKey
from rekam.trust.pin import Cost
from rekam.trust.spoken_code import spoken_code

FILE = Path(__file__).parents[2] / "vectors" / "operator-key.json"
ROOT, OFFICE, SUPERVISOR, OLD, NEW, STATION = (SigningKey(bytes([n]) * 32) for n in range(1, 7))
OFFICE_CERTIFICATE = Certificate("office", "3174", "Sudin Dukcapil", OFFICE.public, serial=bytes(8))
SUPERVISOR_CERTIFICATE = Certificate("supervisor", "spv-1", "Supervisor", SUPERVISOR.public, serial=bytes(8))
OPERATOR_CERTIFICATE = Certificate("operator", "op-1", "Operator", NEW.public, epoch=2, serial=bytes(8))
APPOINTED = KeyRequest("317401-01", 1, "op-1", "Operator", "supervisor", "appointed", NEW.public, OLD.public.key_id)
REQUEST = KeyRequest("317401-01", 1, "op-1", "Operator", "operator", "forgotten", NEW.public, OLD.public.key_id)


STOP = KeyStop("317401-01", 1, "op-1", 2, bytes(range(32)), 1_490_000_000_000)


def made() -> dict[str, str]:
    """Everything on the page, in hex, text and letters."""
    office = issue(OFFICE_CERTIFICATE, ROOT)
    supervisor = issue(SUPERVISOR_CERTIFICATE, OFFICE, by=OFFICE_CERTIFICATE)
    request = sign_key_request(REQUEST, NEW, SUPERVISOR, supervisor)
    certificate = issue(OPERATOR_CERTIFICATE, OFFICE, by=OFFICE_CERTIFICATE)
    answer = KeyAnswer(digest_of(request), "317401-01", 1, "issued", certificate).signed(OFFICE)
    asker = issue(
        Certificate("operator", "op-1", "Operator", OLD.public, serial=bytes(8)), OFFICE, by=OFFICE_CERTIFICATE
    )
    station = Certificate("station", "317401-01", "Tebet", STATION.public, serial=bytes(8))
    station = issue(station, OFFICE, by=OFFICE_CERTIFICATE)
    return {
        "appointed": sign_key_request(APPOINTED, NEW, OLD, asker, "operator").hex(),
        "end": sign_key_end(KeyEnd("317401-01", 1, asker, "replaced", 2, bytes(range(32))), STATION, station).hex(),
        "stop": STOP.signed(OFFICE).hex(),
        "stop_text": stop_to_text(STOP.signed(OFFICE)),
        "root": ROOT.public.to_bytes().hex(),
        "office": office.hex(),
        "request": request.hex(),
        "request_digest": digest_of(request).hex(),
        "request_text": request_to_text(request),
        "letters": spoken_code(request),
        "answer": answer.hex(),
        "answer_text": answer_to_text(answer),
    }


KNOWN = json.loads(FILE.read_text("ascii")) if FILE.exists() else {}
CHAIN = (bytes.fromhex(KNOWN.get("office", "")),)


def test_made_anew_every_byte_and_letter_is_the_published_one():
    assert made() == KNOWN


def test_the_published_request_and_answer_are_read():
    signed = read_key_request(request_from_text(wrapped(KNOWN["request_text"])), CHAIN, ROOT.public)
    assert (signed.request, signed.asked_by.subject) == (REQUEST, "spv-1")
    answer = KeyAnswer.read(answer_from_text(KNOWN["answer_text"]), OFFICE.public)
    assert (answer.request, answer.outcome, answer.reason) == (signed.digest, "issued", "")


def test_the_published_request_of_an_operator_for_a_supervisor_is_read():
    signed = read_key_request(bytes.fromhex(KNOWN["appointed"]), CHAIN, ROOT.public)
    assert (signed.request, signed.asked_by.kind) == (APPOINTED, "operator")


def test_the_published_word_on_a_key_that_ended_is_read_and_no_changed_byte_of_it():
    data = bytes.fromhex(KNOWN["end"])
    said = read_key_end(data, CHAIN, ROOT.public)
    assert (said.whose.subject, said.whose.signing, said.end.after) == ("op-1", OLD.public, 2)
    for at in range(0, len(data), 7):
        with pytest.raises(KeyEndUnproved):
            read_key_end(data[:at] + bytes([data[at] ^ 1]) + data[at + 1 :], CHAIN, ROOT.public)


def test_the_published_stop_is_read_from_its_text_and_from_a_list_and_nothing_else_is():
    data = stop_from_text(wrapped(KNOWN["stop_text"]).lower())
    assert KeyStop.read(data, OFFICE.public) == STOP
    assert unpacked_stops(packed_stops([data, data])) == [data, data]
    for wrong in (b"", b"\xff", cbor.encode({"stops": []}), cbor.encode(["text"])):
        with pytest.raises(KeyStopUnproved):
            unpacked_stops(wrong)
    for text in ("", KNOWN["answer_text"], KNOWN["stop_text"][:-3] + "1"):
        with pytest.raises(KeyStopUnproved):
            stop_from_text(text)


@pytest.mark.parametrize(
    "change",
    [
        {"version": 2},
        {"epoch": 0},
        {"subject": ""},
        {"after": -1},
        {"after": 0},
        {"head": b""},
        {"at_ms": -1},
        {"x": 1},
    ],
    ids=str,
)
def test_a_stop_with_other_fields_is_refused_though_the_office_signed_it(change):
    said = cbor.decode(peek1(bytes.fromhex(KNOWN["stop"]), kind="rekam/key-stop").payload) | change
    with pytest.raises(KeyStopUnproved):
        KeyStop.read(sign1(cbor.encode(said), OFFICE, kind="rekam/key-stop"), OFFICE.public)


def test_no_changed_byte_of_any_is_accepted():
    for name, read, error in (
        ("request", lambda data: read_key_request(data, CHAIN, ROOT.public), KeyRequestUnproved),
        ("answer", lambda data: KeyAnswer.read(data, OFFICE.public), KeyAnswerUnreadable),
        ("stop", lambda data: KeyStop.read(data, OFFICE.public), KeyStopUnproved),
    ):
        data = bytes.fromhex(KNOWN[name])
        for at in range(0, len(data), 7):
            with pytest.raises(error):
                read(data[:at] + bytes([data[at] ^ 1]) + data[at + 1 :])
        for changed in (data[:-1], data + b"\0", b"", bytes(5000)):
            with pytest.raises(error):
                read(changed)


@pytest.mark.parametrize(
    "change",
    [
        {"version": 2},
        {"role": "expert"},
        {"why": "moved"},
        {"ends": b""},
        {"why": "new"},
        {"why": "appointed"},
        {"name": " Operator"},
        {"name": "x" * 81},
        {"station": "here"},
        {"epoch": 0},
        {"more": 1},
    ],
    ids=str,
)
def test_a_request_with_other_fields_is_refused_whoever_signed_it(change):
    inner = sign1(cbor.encode(cbor.decode(REQUEST.to_bytes()) | change), NEW, kind="rekam/operator-key")
    outer = cbor.decode(peek1(bytes.fromhex(KNOWN["request"]), kind="rekam/operator-key-request").payload)
    data = sign1(cbor.encode(outer | {"request": inner}), SUPERVISOR, kind="rekam/operator-key-request")
    with pytest.raises(KeyRequestUnproved):
        read_key_request(data, CHAIN, ROOT.public)


def test_another_request_has_other_letters():
    cheap = Cost(64, 1, 1)
    assert len({spoken_code(bytes([n]), cost=cheap) for n in range(50)}) == 50


if __name__ == "__main__":
    FILE.write_text(json.dumps(made(), indent=1) + "\n", "ascii")
