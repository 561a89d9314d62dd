"""One resident's papers and the keys that sign them, for the tests of this folder. Everybody here is drawn."""

import math
from dataclasses import dataclass
from datetime import UTC, date, datetime
from io import BytesIO
from pathlib import Path

from PIL import Image, ImageDraw, ImageFilter

from rekam.documents.code import DocumentKey
from rekam.documents.dates import half_a_year_after
from rekam.documents.papers import Card, Letterhead, Official, Proof, Suket, SuketBasis
from rekam.documents.signers import Signers
from rekam.enrolment.identifiers import PacketNumber
from rekam.enrolment.sample import ExceptionReason, SampleException, Slot
from rekam.enrolment.status import Status
from rekam.trust.certificates import Certificate, issue
from rekam.trust.keys import SigningKey
from rekam.trust.random import SeededRandomUnsafeForTests
from resident_examples import SITI

_ROOT = Path(__file__).resolve().parents[3]
# what make sets up for the pages, or npm's own folder
FONTS = next(
    folder
    for folder in (_ROOT / "src/rekam/web/assets/vendor/fonts", _ROOT / "node_modules/@expo-google-fonts/inter")
    if folder.is_dir() or "node_modules" in folder.parts
)


@dataclass(frozen=True)
class Authority:
    """A centre's root, one office under it and that office's document key."""

    root: SigningKey
    office_chain: tuple[bytes, ...]
    document_certificate: bytes
    document: SigningKey

    @property
    def key(self) -> DocumentKey:
        return DocumentKey(self.document, self.document_certificate)

    def signers(self) -> Signers:
        """What a verifier holds: the offices, not their document keys."""
        return Signers(self.root.public, [self.office_chain])


def authority(seed="country", regency="3174"):
    random = SeededRandomUnsafeForTests(seed)
    root, office, document = (SigningKey.generate(random) for _ in range(3))
    office_certificate = Certificate("office", regency, "Disdukcapil Jakarta Selatan", office.public)
    office_signed = issue(office_certificate, root, random=random)
    document_certificate = issue(
        Certificate("document", f"{regency}01-01", "Tebet 01", document.public),
        office,
        by=office_certificate,
        random=random,
    )
    return Authority(root, (office_signed,), document_certificate, document)


def drawn_photo():
    """A drawn head and shoulders on red: nobody's face."""
    image = Image.new("RGB", (480, 640), (196, 30, 42))
    pen = ImageDraw.Draw(image)
    pen.ellipse((60, 440, 420, 900), fill=(38, 70, 120))
    pen.polygon([(190, 470), (290, 470), (240, 560)], fill=(245, 245, 245))
    pen.rectangle((205, 380, 275, 480), fill=(190, 140, 108))
    pen.ellipse((130, 110, 350, 420), fill=(28, 24, 24))
    pen.ellipse((145, 150, 335, 430), fill=(206, 156, 122))
    for x in (195, 285):
        pen.ellipse((x - 17, 275, x + 17, 293), fill=(250, 250, 250))
        pen.ellipse((x - 8, 275, x + 8, 293), fill=(40, 26, 20))
        pen.arc((x - 26, 248, x + 26, 285), 200, 340, fill=(30, 22, 22), width=7)
    pen.line((240, 290, 232, 340, 248, 342), fill=(160, 108, 84), width=5)
    pen.arc((205, 350, 275, 392), 20, 160, fill=(150, 60, 60), width=7)
    pen.pieslice((140, 105, 340, 330), 180, 360, fill=(28, 24, 24))
    out = BytesIO()
    image.filter(ImageFilter.GaussianBlur(1.5)).save(out, "PNG")
    return out.getvalue()


def drawn_signature():
    image = Image.new("L", (700, 260), 250)
    points = [
        (60 + 5.6 * t, 130 + 70 * math.sin(t / 5.5) * math.cos(t / 17) - 22 * math.sin(t / 2.1)) for t in range(105)
    ]
    ImageDraw.Draw(image).line(points, fill=25, width=7, joint="curve")
    out = BytesIO()
    image.save(out, "PNG")
    return out.getvalue()


OFFICE = Letterhead(
    government="Pemerintah Kota Administrasi Jakarta Selatan",
    agency="Suku Dinas Kependudukan dan Pencatatan Sipil",
    address="Jl. Radio V No. 1, Kebayoran Baru, Jakarta Selatan 12130",
    contact="Telepon (021) 0000000",
)
ISSUER = "https://disdukcapil-3174.example"
NUMBER = PacketNumber.parse("317401-01/1/000042")


def proof(**changes):
    facts = {
        "biodata": SITI,
        "photo": drawn_photo(),
        "number": NUMBER,
        "packet_id": "9f2c64f7b0f3a51d0b1f8b6b6f2d0e5c4a3f2e1d0c9b8a79685746352413f2e1",
        "salt": bytes(range(16)),
        "recorded_at": datetime(2017, 3, 20, 2, 14, tzinfo=UTC),
        "letterhead": OFFICE,
        "station": "Kecamatan Tebet, loket 1",
        "place": "Tebet",
        "operator": "Budi Santoso",
        "issuer": ISSUER,
        "exceptions": (SampleException(Slot.parse("finger-10"), ExceptionReason.BANDAGED, 1, None, "supervisor-1"),),
        "check_at": "status.disdukcapil.example",
    }
    return Proof(**(facts | changes))


def suket(**changes):
    facts = {
        "biodata": SITI,
        "photo": drawn_photo(),
        "number": "470/0231/DUKCAPIL-JS/III/2017",
        "packet_number": NUMBER,
        "recorded_on": date(2017, 3, 20),
        "status": Status.PRINT_READY_RECORD,
        "basis": SuketBasis.REGISTER,
        "letterhead": OFFICE,
        "place": "Jakarta",
        "issued_on": date(2017, 3, 21),
        "valid_until": half_a_year_after(date(2017, 3, 21)),
        "official": Official(
            post="Kepala Suku Dinas Kependudukan dan Pencatatan Sipil Kota Administrasi Jakarta Selatan",
            name="Drs. H. AHMAD FAUZI, M.Si.",
            nip="196505171990031004",
            rank="Pembina Tingkat I (IV/b)",
        ),
        "issuer": ISSUER,
    }
    return Suket(**(facts | changes))


def card(**changes):
    facts = {
        "biodata": SITI,
        "photo": drawn_photo(),
        "signature": drawn_signature(),
        "issued_at": "Jakarta Selatan",
        "issued_on": date(2017, 3, 22),
        "blank_number": "BLK 2017 0031742",
        "issuer": ISSUER,
    }
    return Card(**(facts | changes))
