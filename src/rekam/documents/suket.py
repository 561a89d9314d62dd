"""The surat keterangan pengganti KTP-el as PDF (A4): `render_suket`."""

from dataclasses import asdict
from pathlib import Path

from rekam.documents.code import Claims, DocumentKey, day_after, identity, sign, start_of
from rekam.documents.copies import copy_mark
from rekam.documents.dates import long_date
from rekam.documents.papers import PaperKind, Suket, SuketBasis
from rekam.documents.particulars import printed
from rekam.documents.pictures import portrait
from rekam.documents.qr import picture
from rekam.documents.typesetting import Sheet
from rekam.enrolment.status import words
from rekam.enrolment.zones import zone_of_region

__all__ = ["render_suket", "suket_code", "suket_sheet"]

_STATEMENTS = {
    SuketBasis.REGISTER: (
        "Penduduk tersebut telah melakukan perekaman KTP-el pada tanggal {day} dan datanya telah tercantum "
        "dalam basis data kependudukan."
    ),
    SuketBasis.FAMILY_CARD: (
        "Penduduk tersebut telah melakukan perekaman KTP-el pada tanggal {day}. Identitasnya tercantum pada "
        "Kartu Keluarga Nomor {kk}; hasil penunggalan dari pusat data belum diterima pada saat surat ini diterbitkan."
    ),
}


def suket_code(suket: Suket, key: DocumentKey) -> str:
    """The text of the letter's QR: Claim 169, which expires with the letter."""
    return sign(
        Claims(
            paper=PaperKind.SUKET,
            number=suket.number,
            issuer=suket.issuer,
            issued_at=start_of(suket.issued_on),
            expires_at=day_after(suket.valid_until),
            identity=identity(suket.biodata),
        ),
        key,
    )


def suket_sheet(suket: Suket, key: DocumentKey) -> Sheet:
    """The paper ready to be set. Raises PictureUnusable."""
    statement = _STATEMENTS[suket.basis]
    facts = {
        "person": printed(suket.biodata, suket.reference),
        "letterhead": asdict(suket.letterhead),
        "official": asdict(suket.official),
        "number": suket.number,
        "packet_number": str(suket.packet_number),
        "statement": statement.format(day=long_date(suket.recorded_on), kk=suket.biodata.kk),
        "uses": ", ".join(suket.uses),
        "status_code": suket.status.value,
        "status_short": suket.status.abbreviation or suket.status.value,
        "status_words": words(suket.status),
        "place": suket.place,
        "issued_on": long_date(suket.issued_on),
        "valid_until": long_date(suket.valid_until),
        "copy": copy_mark(suket.copy, zone_of_region(suket.packet_number.station)),
    }
    pictures = {"photo": portrait(suket.photo), "code": picture(suket_code(suket, key))}
    return Sheet("suket", facts, pictures, at=start_of(suket.issued_on))


def render_suket(suket: Suket, *, key: DocumentKey, fonts: Path) -> bytes:
    """The letter as PDF, one A4 page. Raises FontsMissing, PictureUnusable or PaperNotSet."""
    return suket_sheet(suket, key).pdf(fonts)
