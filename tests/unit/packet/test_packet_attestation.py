import pytest
from packet_samples import OPERATOR, ROOT, STATION, SUPERVISOR, chain

from rekam.enrolment.identifiers import StationId
from rekam.packet.attestation import (
    Attestation,
    AttestationInvalid,
    AttestationMissing,
    AttestedElsewhere,
    attest,
    check_attestations,
)
from rekam.trust import cbor
from rekam.trust.certificates import ChainBroken
from rekam.trust.cose import sign1
from rekam.trust.keys import SigningKey

MANIFEST = b"the manifest"
BY_OPERATOR = attest(MANIFEST, OPERATOR, chain("operator", "siti", OPERATOR))
BY_SUPERVISOR = attest(MANIFEST, SUPERVISOR, chain("supervisor", "rudi", SUPERVISOR), role="supervisor")


def check(*attestations, manifest=MANIFEST, operator="siti", supervisor="rudi", station="317401-01", root=ROOT):
    return check_attestations(
        manifest,
        attestations,
        operator=operator,
        supervisor=supervisor,
        station=StationId(station),
        root=root.public,
    )


def test_operator_and_supervisor_are_proved():
    signatories = check(BY_OPERATOR, BY_SUPERVISOR)
    assert signatories.operator.subject == "siti"
    assert signatories.supervisor.subject == "rudi"


def test_a_recording_without_supervisor_needs_the_operator_alone():
    assert check(BY_OPERATOR, supervisor=None).supervisor is None


def test_a_missing_signature_is_named():
    with pytest.raises(AttestationMissing, match="operator siti"):
        check(BY_SUPERVISOR)
    with pytest.raises(AttestationMissing, match="supervisor rudi"):
        check(BY_OPERATOR)
    with pytest.raises(AttestationMissing, match="operator budi"):
        check(BY_OPERATOR, BY_SUPERVISOR, operator="budi")


def test_a_signature_on_another_recording_is_refused():
    with pytest.raises(AttestationInvalid, match="another recording"):
        check(BY_OPERATOR, BY_SUPERVISOR, manifest=b"another")


def test_a_supervisor_whom_nobody_named_and_a_role_twice_are_refused():
    with pytest.raises(AttestationInvalid):
        check(BY_OPERATOR, BY_SUPERVISOR, supervisor=None)
    with pytest.raises(AttestationInvalid, match="twice"):
        check(BY_OPERATOR, BY_OPERATOR)


def test_an_operator_cannot_act_as_supervisor_but_a_supervisor_may_record():
    posing = attest(MANIFEST, OPERATOR, chain("operator", "rudi", OPERATOR), role="supervisor")
    with pytest.raises(AttestationInvalid, match="operator signed as supervisor"):
        check(BY_OPERATOR, posing)
    recording = attest(MANIFEST, SUPERVISOR, chain("supervisor", "rudi", SUPERVISOR))
    assert check(recording, operator="rudi", supervisor=None).operator.kind == "supervisor"


def test_nobody_confirms_their_own_recording():
    recording = attest(MANIFEST, SUPERVISOR, chain("supervisor", "rudi", SUPERVISOR))
    with pytest.raises(AttestationInvalid, match="same person"):
        check(recording, BY_SUPERVISOR, operator="rudi")
    alias = attest(MANIFEST, SUPERVISOR, chain("operator", "siti", SUPERVISOR))
    with pytest.raises(AttestationInvalid, match="same person"):
        check(alias, BY_SUPERVISOR)


def test_a_station_cannot_sign_for_a_person():
    by_station = attest(MANIFEST, STATION, chain("station", "317401-01", STATION))
    with pytest.raises(AttestationInvalid, match="station signed as operator"):
        check(by_station, BY_SUPERVISOR)


def test_staff_of_another_office_do_not_count():
    with pytest.raises(AttestedElsewhere, match="office 3174"):
        check(BY_OPERATOR, BY_SUPERVISOR, station="317501-01")


def test_a_key_without_its_certificate_does_not_count():
    stranger = SigningKey.generate()
    with pytest.raises(AttestationInvalid):
        check(attest(MANIFEST, stranger, BY_OPERATOR.chain), BY_SUPERVISOR)
    with pytest.raises(ChainBroken):
        check(Attestation(BY_OPERATOR.signature, ()), BY_SUPERVISOR)
    with pytest.raises(ChainBroken):
        check(BY_OPERATOR, BY_SUPERVISOR, root=stranger)


@pytest.mark.parametrize(
    "fields", [{}, 7, {"manifest": b"", "role": "king"}, {"manifest": b"", "role": "operator", "x": 1}]
)
def test_other_things_that_an_operator_signed_are_no_attestation(fields):
    signature = sign1(cbor.encode(fields), OPERATOR, kind="rekam/attestation")
    with pytest.raises(AttestationInvalid):
        check(Attestation(signature, BY_OPERATOR.chain), BY_SUPERVISOR)
