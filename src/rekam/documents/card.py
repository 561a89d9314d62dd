"""The KTP-el as PDF, front and back at ID-1: `render_card`."""

from pathlib import Path

from rekam.documents.code import Claims, DocumentKey, day_after, identity, sign, start_of
from rekam.documents.dates import short_date
from rekam.documents.guilloche import ground
from rekam.documents.papers import Card, PaperKind
from rekam.documents.particulars import printed
from rekam.documents.pictures import ink, portrait
from rekam.documents.qr import picture
from rekam.documents.typesetting import Sheet

__all__ = ["card_code", "card_sheet", "render_card"]


def card_code(card: Card, key: DocumentKey) -> str:
    """The text of the card's QR: Claim 169, without expiry where the card is valid for life."""
    return sign(
        Claims(
            paper=PaperKind.CARD,
            number=card.blank_number,
            issuer=card.issuer,
            issued_at=start_of(card.issued_on),
            expires_at=day_after(card.valid_until) if card.valid_until else None,
            identity=identity(card.biodata),
        ),
        key,
    )


def card_sheet(card: Card, key: DocumentKey) -> Sheet:
    """The paper ready to be set. Raises PictureUnusable."""
    person = printed(card.biodata, card.reference)
    facts = {
        "person": person,
        "regency": person["regency"].removeprefix("KABUPATEN ADMINISTRASI ").removeprefix("KOTA ADMINISTRASI "),
        "issued_at": card.issued_at.upper(),
        "issued_on": short_date(card.issued_on),
        "valid_until": short_date(card.valid_until) if card.valid_until else "SEUMUR HIDUP",
        "blank_number": card.blank_number,
        "microprint": f"{card.biodata.nik} {card.biodata.name}",
        "signed": card.signature is not None,
    }
    pictures = {
        "photo": portrait(card.photo),
        "code": picture(card_code(card, key)),
        "ground": ground(),
    }
    if card.signature is not None:
        pictures["signature"] = ink(card.signature)
    return Sheet("card", facts, pictures, at=start_of(card.issued_on))


def render_card(card: Card, *, key: DocumentKey, fonts: Path) -> bytes:
    """The card as PDF: two pages of 85.60 x 53.98 mm, front and back.

    Raises FontsMissing, PictureUnusable or PaperNotSet.
    """
    return card_sheet(card, key).pdf(fonts)
