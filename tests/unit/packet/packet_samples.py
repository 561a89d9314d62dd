"""A small country for the tests of packets: one centre, one office, one station, its staff, one recording."""

import io

from rekam.enrolment.check import CheckAdvice, CheckAnswer
from rekam.enrolment.enrolment import Enrolment
from rekam.enrolment.identifiers import PacketNumber
from rekam.enrolment.sample import ExceptionReason, Sample, SampleException
from rekam.enrolment.slot import Slot
from rekam.packet.header import FIRST_PREVIOUS
from rekam.packet.seal import seal
from rekam.trust.certificates import Certificate, issue, verify_chain
from rekam.trust.clock import SteppedClock
from rekam.trust.keys import SigningKey
from rekam.trust.random import SeededRandomUnsafeForTests
from rekam.trust.sealing import OpeningKey, Suite
from resident_examples import SITI

RANDOM = SeededRandomUnsafeForTests("packets")
ROOT, OFFICE, STATION, OTHER_STATION, OPERATOR, SUPERVISOR = (SigningKey.generate(RANDOM) for _ in range(6))
CENTRE = OpeningKey.generate(Suite.X25519, RANDOM)
HYBRID_CENTRE = OpeningKey.generate(Suite.HYBRID, RANDOM)
NUMBER = PacketNumber.parse("317401-01/1/000042")

OFFICE_CERTIFICATE = issue(Certificate("office", "3174", "Jakarta Selatan", OFFICE.public), ROOT, random=RANDOM)
(BY_OFFICE,) = verify_chain((OFFICE_CERTIFICATE,), ROOT.public)


def chain(kind, subject, key, **changes):
    """A chain, leaf first, that the office issues."""
    certificate = Certificate(kind, subject, subject, key.public, **changes)
    return (issue(certificate, OFFICE, by=BY_OFFICE, random=RANDOM), OFFICE_CERTIFICATE)


def sealed(content=b"recording", **changes):
    """The bytes of one packet and what sealing said of it."""
    out = io.BytesIO()
    facts = {
        "number": NUMBER,
        "previous": FIRST_PREVIOUS,
        "signer": STATION,
        "recipient": CENTRE.public,
        "stamp": SteppedClock().stamp(),
        "random": RANDOM,
    }
    said = seal([content] if isinstance(content, bytes) else content, out=out, **facts | changes)
    return out.getvalue(), said


RECORDING = Enrolment(
    sitting_id="0123456789abcdef0123456789abcdef",
    biodata=SITI,
    samples=(
        Sample(Slot.parse("photo"), "image/jpeg", b"a photo" * 50, 80, 1, "simulated/1"),
        Sample(Slot.parse("finger-7"), "image/png", b"a finger" * 40, 61, 2, "simulated/1", forced=True),
        Sample(Slot.parse("iris-1"), "image/png", b"an iris", 70, 1, "simulated/1"),
    ),
    exceptions=(SampleException(Slot.parse("finger-2"), ExceptionReason.BANDAGED, 1, 12, "rudi", "luka bakar"),),
    consent=True,
    check=CheckAdvice(CheckAnswer.NOT_RECORDED, "filter 2016-10-01", "2016-10-01"),
    operator="siti.op",
    supervisor="rudi",
    recorded_at="2016-10-03T01:00:00Z",
)
