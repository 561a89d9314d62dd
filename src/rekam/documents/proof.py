"""The bukti perekaman as PDF (A5): `render_proof`."""

from base64 import urlsafe_b64encode
from collections.abc import Iterable
from dataclasses import asdict
from pathlib import Path

from rekam.documents.code import Claims, DocumentKey, sign
from rekam.documents.copies import copy_mark
from rekam.documents.dates import long_date, moment
from rekam.documents.papers import PaperKind, Proof
from rekam.documents.particulars import printed
from rekam.documents.pictures import portrait
from rekam.documents.qr import picture
from rekam.documents.typesetting import Sheet
from rekam.enrolment.sample import ALL_SLOTS, REASON_WORDS, ExceptionReason, Modality, SampleException
from rekam.enrolment.zones import zone_of_region
from rekam.trust.log.code import log_code
from rekam.trust.log.proof import commitment

__all__ = ["proof_code", "proof_link", "proof_sheet", "render_proof"]

_PAGE = "/bukti"


def proof_code(proof: Proof, key: DocumentKey) -> str:
    """The text of the proof's QR: packet number, id and salt, signed. It names no person."""
    return sign(
        Claims(
            paper=PaperKind.PROOF,
            number=str(proof.number),
            issuer=proof.issuer,
            issued_at=proof.recorded_at,
            packet_id=proof.packet_id,
            salt=proof.salt,
        ),
        key,
    )


def proof_link(proof: Proof) -> str:
    """The text of the QR for the resident's phone, empty where there is no portal: its page "Bukti perekaman", and
    behind the # (which no browser sends) packet number, id and salt, the latter two in base64url (ADR 0028).
    """
    if not proof.check_at.startswith("http"):
        return ""
    values = (bytes.fromhex(proof.packet_id), proof.salt)
    coded = "/".join(urlsafe_b64encode(value).decode().rstrip("=") for value in values)
    return f"{proof.check_at.rstrip('/')}{_PAGE}#{proof.number}/{coded}"


def _captured(proof: Proof, modality: Modality) -> int:
    missing = {held.slot for held in proof.exceptions}
    return sum(slot.modality is modality and slot not in missing for slot in ALL_SLOTS)


def _missing(exceptions: Iterable[SampleException]) -> list[str]:
    """``Guratan aus: jempol kanan, telunjuk kanan``, one text for each reason."""
    by_reason: dict[ExceptionReason, list[str]] = {}
    for held in sorted(exceptions, key=lambda held: held.slot):
        if held.slot.modality is Modality.HAND:
            continue  # the paper tells what was not captured of the person
        by_reason.setdefault(held.reason, []).append(held.slot.label().lower())
    return [f"{REASON_WORDS[reason][0]}: {', '.join(labels)}" for reason, labels in by_reason.items()]


def proof_sheet(proof: Proof, key: DocumentKey) -> Sheet:
    """The paper ready to be set. Raises PictureUnusable."""
    zone = zone_of_region(proof.number.station)
    facts = {
        "person": printed(proof.biodata, proof.reference),
        "letterhead": asdict(proof.letterhead),
        "number": str(proof.number),
        "packet_id": proof.packet_id,
        "recorded_at": moment(proof.recorded_at, zone),
        "recorded_on": long_date(proof.recorded_at.astimezone(zone).date()),
        "place": proof.place,
        "station": proof.station,
        "operator": proof.operator,
        "signature": "terekam" if _captured(proof, Modality.SIGNATURE) else "tidak ada",
        "fingers": f"{_captured(proof, Modality.FINGER)} dari 10 jari",
        "irises": f"{_captured(proof, Modality.IRIS)} dari 2 mata",
        "exceptions": _missing(proof.exceptions),
        "check_at": proof.check_at,
        "log_code": log_code(commitment(proof.packet_id, str(proof.number), proof.salt)),
        "link": proof_link(proof) != "",
        "copy": copy_mark(proof.copy, zone),
    }
    pictures = {"photo": portrait(proof.photo), "code": picture(proof_code(proof, key))}
    if link := proof_link(proof):
        pictures["link"] = picture(link)
    return Sheet("proof", facts, pictures, at=proof.recorded_at)


def render_proof(proof: Proof, *, key: DocumentKey, fonts: Path) -> bytes:
    """The proof as PDF, one page of 148 x 210 mm. Raises FontsMissing, PictureUnusable or PaperNotSet."""
    return proof_sheet(proof, key).pdf(fonts)
