import json
import zlib
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
from documents_samples import ISSUER, SITI, authority, card, proof, suket
from hypothesis import given, settings
from hypothesis import strategies as st

from rekam.documents import base45
from rekam.documents.card import card_code
from rekam.documents.code import CWT_TAG, Claims, DocumentKey, identity, sign
from rekam.documents.papers import PaperKind
from rekam.documents.proof import proof_code
from rekam.documents.signers import SignerMayNotSign, Signers, SignerUnknown
from rekam.documents.suket import suket_code
from rekam.documents.verification import (
    CodeAltered,
    CodeUnreadable,
    KeyWithdrawn,
    PaperExpired,
    WhenUnproved,
    verify_qr,
)
from rekam.documents.withdrawals import Withdrawals
from rekam.trust.certificates import Certificate, issue
from rekam.trust.cose import sign1
from rekam.trust.keys import SigningKey
from rekam.trust.random import SeededRandomUnsafeForTests

VECTORS = json.loads((Path(__file__).parents[2] / "vectors" / "documents" / "codes.json").read_text("utf-8"))
HERE = authority()
SPRING = datetime(2017, 4, 1, tzinfo=UTC)


def packed(token):
    return base45.encode(zlib.compress(token))


def unpacked(text):
    return zlib.decompress(base45.decode(text))


@given(st.binary(max_size=200))
def test_base45_reads_back(data):
    assert base45.decode(base45.encode(data)) == data


@pytest.mark.parametrize(("data", "text"), [(b"AB", "BB8"), (b"Hello!!", "%69 VD92EX0"), (b"base-45", "UJCLQE7W581")])
def test_base45_writes_the_examples_of_rfc_9285(data, text):
    assert base45.encode(data) == text


@pytest.mark.parametrize("text", ["A", "abc", "GGW", ":::", "BB8B", "BB\n"])
def test_what_is_not_base45_is_refused(text):
    with pytest.raises(base45.NotBase45):
        base45.decode(text)


@pytest.mark.parametrize(
    ("text", "paper", "number"),
    [
        (proof_code(proof(), HERE.key), PaperKind.PROOF, "317401-01/1/000042"),
        (suket_code(suket(), HERE.key), PaperKind.SUKET, "470/0231/DUKCAPIL-JS/III/2017"),
        (card_code(card(), HERE.key), PaperKind.CARD, "BLK 2017 0031742"),
    ],
    ids=["proof", "suket", "card"],
)
def test_every_papers_code_is_verified_with_the_offices_certificate_alone(text, paper, number):
    verified = verify_qr(text, HERE.signers(), now=SPRING)
    assert (verified.claims.paper, verified.claims.number, verified.claims.issuer) == (paper, number, ISSUER)
    assert verified.signed_by.subject == "317401-01"


def test_a_code_without_a_certificate_is_verified_where_the_keys_chain_is_known():
    short = suket_code(suket(), DocumentKey(HERE.document))
    assert len(short) < len(suket_code(suket(), HERE.key)) - 300
    known = Signers(HERE.root.public, [(HERE.document_certificate, *HERE.office_chain)])
    assert verify_qr(short, known, now=SPRING).claims.identity[1] == SITI.nik
    with pytest.raises(SignerUnknown):
        verify_qr(short, HERE.signers(), now=SPRING)


def test_a_proof_names_the_packet_and_no_person():
    claims = verify_qr(proof_code(proof(), HERE.key), HERE.signers(), now=SPRING).claims
    assert (claims.packet_id, claims.salt) == (proof().packet_id, proof().salt)
    assert claims.identity == {}
    assert SITI.nik.encode() not in unpacked(proof_code(proof(), HERE.key))


def test_the_identity_is_claim_169_as_its_specification_numbers_it():
    assert verify_qr(suket_code(suket(), HERE.key), HERE.signers(), now=SPRING).claims.identity == {
        1: "3174015503900001",
        2: "1",
        3: "ind",
        4: "SITI RAHMAWATI",
        8: "19900315",
        9: 2,
        10: "JL. TEBET TIMUR DALAM II NO. 14\nRT 004/RW 007",
        13: "IDN",
        14: 2,
        21: "31.74.01.1001",
        23: "IDN",
    }


def test_what_claim_169_has_no_value_for_is_left_out():
    widow = identity(replace(SITI, marital_status=4))
    foreigner = identity(replace(SITI, citizenship=2, itap_until=date(2019, 1, 1)))
    assert 14 not in widow
    assert 13 not in foreigner


def test_a_suket_expires_with_its_last_day_and_says_until_when_it_was_valid():
    text = suket_code(suket(valid_until=date(2017, 9, 21)), HERE.key)
    assert verify_qr(text, HERE.signers(), now=datetime(2017, 9, 21, 23, 59, 59, tzinfo=UTC))
    with pytest.raises(PaperExpired, match="21 September 2017"):
        verify_qr(text, HERE.signers(), now=datetime(2017, 9, 22, tzinfo=UTC))


def test_a_citizens_card_never_expires_and_a_foreigners_does():
    citizen, foreigner = card_code(card(), HERE.key), card_code(card(valid_until=date(2019, 1, 1)), HERE.key)
    far = datetime(2090, 1, 1, tzinfo=UTC)
    assert verify_qr(citizen, HERE.signers(), now=far).claims.expires_at is None
    with pytest.raises(PaperExpired):
        verify_qr(foreigner, HERE.signers(), now=far)


def test_another_countrys_office_is_a_stranger():
    with pytest.raises(SignerUnknown):
        verify_qr(suket_code(suket(), authority("elsewhere").key), HERE.signers(), now=SPRING)


def test_an_offices_own_key_may_not_sign_papers():
    random = SeededRandomUnsafeForTests("office signs")
    root, office = SigningKey.generate(random), SigningKey.generate(random)
    signed = issue(Certificate("office", "3174", "Jakarta Selatan", office.public), root, random=random)
    with pytest.raises(SignerMayNotSign, match="3174"):
        verify_qr(suket_code(suket(), DocumentKey(office)), Signers(root.public, [(signed,)]), now=SPRING)


def test_a_certificate_for_another_key_introduces_nobody():
    thief = SigningKey.generate(SeededRandomUnsafeForTests("thief"))
    with pytest.raises(SignerUnknown):
        verify_qr(suket_code(suket(), DocumentKey(thief, HERE.document_certificate)), HERE.signers(), now=SPRING)


TOKEN = unpacked(suket_code(suket(), HERE.key))


@settings(max_examples=300, deadline=None)
@given(st.integers(0, len(TOKEN) * 8 - 1))
def test_any_changed_bit_is_refused(bit):
    changed = bytearray(TOKEN)
    changed[bit // 8] ^= 1 << (bit % 8)
    with pytest.raises((CodeAltered, CodeUnreadable, SignerUnknown)):
        verify_qr(packed(bytes(changed)), HERE.signers(), now=SPRING)


def test_a_changed_name_is_told_as_altered():
    altered = TOKEN.replace(b"SITI RAHMAWATI", b"SITI RAHMAWATA")
    with pytest.raises(CodeAltered):
        verify_qr(packed(altered), HERE.signers(), now=SPRING)


@given(st.text(max_size=60) | st.binary(max_size=60).map(base45.encode) | st.binary(max_size=60).map(packed))
def test_any_other_text_is_unreadable(text):
    with pytest.raises(CodeUnreadable):
        verify_qr(text, HERE.signers(), now=SPRING)


def test_a_token_of_no_paper_is_unreadable_even_when_a_document_key_signed_it():
    token = sign1(b"\xa1\x01\x61x", HERE.document, kind="application/cwt")
    known = Signers(HERE.root.public, [(HERE.document_certificate, *HERE.office_chain)])
    with pytest.raises(CodeUnreadable, match="of no paper"):
        verify_qr(packed(token), known, now=SPRING)


def test_a_receipt_is_no_paper():
    with pytest.raises(CodeUnreadable):
        verify_qr(packed(sign1(b"\xa0", HERE.document, kind="rekam/receipt")), HERE.signers(), now=SPRING)


def test_a_code_that_unpacks_to_a_flood_is_refused_before_it_does():
    with pytest.raises(CodeUnreadable, match="something else"):
        verify_qr(base45.encode(zlib.compress(bytes(50_000_000), 9)), HERE.signers(), now=SPRING)


def test_the_cwt_tag_is_read_and_not_written():
    assert not TOKEN.startswith(CWT_TAG)
    assert verify_qr(packed(CWT_TAG + TOKEN), HERE.signers(), now=SPRING).claims.number == suket().number


moments = st.datetimes(datetime(2011, 1, 1), datetime(2100, 1, 1)).map(lambda at: at.replace(microsecond=0, tzinfo=UTC))


@settings(deadline=None, max_examples=50)
@given(st.sampled_from(PaperKind), st.text(max_size=30), moments, st.none() | moments, st.binary(max_size=32))
def test_claims_read_back(paper, number, issued_at, expires_at, salt):
    claims = Claims(paper, number, ISSUER, issued_at, expires_at, {1: "x"}, "ab" * 32, salt)
    before = (expires_at or issued_at) - timedelta(seconds=1)
    assert verify_qr(sign(claims, HERE.key), HERE.signers(), now=before).claims == claims


def signers_of(vector):
    from rekam.trust.keys import VerifyKey

    chains = [[bytes.fromhex(certificate) for certificate in chain] for chain in vector["chains"]]
    return Signers(VerifyKey(bytes.fromhex(vector["root"])), chains)


@pytest.mark.parametrize("vector", VECTORS["valid"], ids=lambda vector: vector["name"])
def test_a_published_code_says_what_its_vector_says(vector):
    claims = verify_qr(vector["text"], signers_of(VECTORS), now=datetime.fromisoformat(vector["now"])).claims
    assert (str(claims.paper), claims.number, claims.packet_id, claims.salt.hex()) == (
        vector["paper"],
        vector["number"],
        vector["packet_id"],
        vector["salt"],
    )
    assert {str(key): value for key, value in claims.identity.items()} == vector["identity"]
    assert unpacked(vector["text"]).hex() == vector["token"]


@pytest.mark.parametrize("vector", VECTORS["refused"], ids=lambda vector: vector["name"])
def test_a_published_bad_code_is_refused_with_its_own_error(vector):
    errors = (CodeAltered, CodeUnreadable, SignerUnknown, SignerMayNotSign, PaperExpired)
    with pytest.raises(errors) as refused:
        verify_qr(vector["text"], signers_of(VECTORS), now=datetime.fromisoformat(vector["now"]))
    assert refused.value.code == vector["error"]


def test_the_published_codes_are_written_again_bit_for_bit():
    written = {"proof": proof_code(proof(), HERE.key), "suket": suket_code(suket(), HERE.key)}
    written["card"] = card_code(card(), HERE.key)
    for vector in VECTORS["valid"]:
        if vector["name"] in written:
            assert unpacked(written[vector["name"]]).hex() == vector["token"]


def withdrawn(after=50, at=datetime(2017, 3, 25, tzinfo=UTC), epoch=1):
    """The list of `keys.json`: the samples' station, whose proof is number 42 of 20 March, its letter of 21 March."""
    item = {"station": "317401-01", "epoch": epoch, "after": after, "at_ms": round(at.timestamp() * 1000)}
    return Withdrawals.from_maps([item | {"log_size": 1000}])


def doubt(text, withdrawals, position=None):
    return verify_qr(text, HERE.signers(), now=SPRING, withdrawals=withdrawals, position=position).doubt


def test_a_proof_that_the_log_held_before_its_key_was_withdrawn_raises_no_alarm():
    text = proof_code(proof(), HERE.key)
    assert doubt(text, Withdrawals()) is None
    assert doubt(text, withdrawn(), position=999) is None
    for position in (1000, None):
        found = doubt(text, withdrawn(), position=position)
        assert isinstance(found, WhenUnproved)
        assert found.facts == {"day": date(2017, 3, 25), "number": "317401-01/1/000042"}


def test_a_proof_beyond_what_its_office_believes_is_not_accepted_wherever_it_is_in_the_log():
    with pytest.raises(KeyWithdrawn):
        doubt(proof_code(proof(), HERE.key), withdrawn(after=41), position=3)


def test_a_letters_own_date_speaks_against_it_and_never_for_it():
    text = suket_code(suket(), HERE.key)
    assert isinstance(doubt(text, withdrawn()), WhenUnproved)
    with pytest.raises(KeyWithdrawn):
        doubt(text, withdrawn(at=datetime(2017, 3, 21, tzinfo=UTC)))


def test_the_keys_of_a_station_that_was_set_up_anew_are_believed():
    assert doubt(suket_code(suket(), HERE.key), withdrawn(epoch=2)) is None
    with pytest.raises(ValueError, match="317401-01"):
        Withdrawals.from_maps([{"station": "317401-01"}])
