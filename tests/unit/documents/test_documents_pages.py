import shutil
import subprocess
from base64 import urlsafe_b64decode
from dataclasses import replace
from datetime import date, datetime
from io import BytesIO

import pytest
import zxingcpp
from documents_samples import FONTS, SITI, authority, card, drawn_photo, drawn_signature, proof, suket
from PIL import Image
from pypdf import PdfReader

from rekam.documents import guilloche
from rekam.documents.card import card_code, card_sheet, render_card
from rekam.documents.papers import SuketBasis
from rekam.documents.pictures import PictureUnusable, ink, portrait
from rekam.documents.proof import proof_code, proof_link, proof_sheet, render_proof
from rekam.documents.suket import render_suket, suket_code, suket_sheet
from rekam.documents.typesetting import FontsMissing, PaperNotSet, Sheet
from rekam.enrolment.sample import ALL_SLOTS, ExceptionReason, Modality, SampleException
from rekam.enrolment.status import Status
from rekam.trust.log.code import log_code
from rekam.trust.log.proof import commitment

KEY = authority().key
MM = 72 / 25.4
RENDER = {
    "proof": lambda: render_proof(proof(), key=KEY, fonts=FONTS),
    "suket": lambda: render_suket(suket(), key=KEY, fonts=FONTS),
    "card": lambda: render_card(card(), key=KEY, fonts=FONTS),
}
CODES = {
    "proof": lambda: proof_code(proof(), KEY),
    "suket": lambda: suket_code(suket(), KEY),
    "card": lambda: card_code(card(), KEY),
}
SHEETS = {
    "proof": lambda: proof_sheet(proof(), KEY),
    "suket": lambda: suket_sheet(suket(), KEY),
    "card": lambda: card_sheet(card(), KEY),
}


@pytest.fixture(scope="module")
def pdfs():
    return {name: render() for name, render in RENDER.items()}


def read(pdf):
    return PdfReader(BytesIO(pdf))


def words(pdf):
    return " ".join("".join(page.extract_text() for page in read(pdf).pages).split())


def typefaces(page):
    fonts = page["/Resources"]["/Font"].get_object()
    for font in fonts.values():
        descendant = font.get_object()["/DescendantFonts"][0].get_object()
        descriptor = descendant["/FontDescriptor"].get_object()
        assert {"/FontFile2", "/FontFile3"} & set(descriptor), "the typeface is named and not embedded"
        yield descriptor["/FontName"].split("+")[-1]


@pytest.mark.parametrize("name", RENDER)
def test_inter_is_embedded_and_nothing_else(pdfs, name):
    found = {face for page in read(pdfs[name]).pages for face in typefaces(page)}
    assert {"Inter-Regular", "Inter-Bold"} <= found
    assert all(face.startswith("Inter") for face in found), found


@pytest.mark.parametrize(
    ("name", "pages", "width", "height"), [("proof", 1, 148, 210), ("suket", 1, 210, 297), ("card", 2, 85.6, 53.98)]
)
def test_each_paper_has_its_size(pdfs, name, pages, width, height):
    document = read(pdfs[name])
    assert len(document.pages) == pages
    for page in document.pages:
        assert float(page.mediabox.width) == pytest.approx(width * MM, abs=0.1)
        assert float(page.mediabox.height) == pytest.approx(height * MM, abs=0.1)


@pytest.mark.parametrize("name", RENDER)
def test_each_paper_is_fit_for_archives_and_screen_readers(pdfs, name):
    catalogue = read(pdfs[name]).trailer["/Root"]
    claims = catalogue["/Metadata"].get_object().get_data().decode()
    assert "<pdfaid:part>2</pdfaid:part>" in claims
    assert "<pdfaid:conformance>A</pdfaid:conformance>" in claims
    assert "<pdfuaid:part>1</pdfuaid:part>" in claims
    assert catalogue["/Lang"] == "id"


@pytest.mark.parametrize("name", SHEETS)
def test_the_code_is_read_off_the_printed_page(pdfs, name, tmp_path):
    if shutil.which("pdftoppm"):
        pdf = tmp_path / "paper.pdf"
        pdf.write_bytes(pdfs[name])
        subprocess.run(["pdftoppm", "-png", "-r", "200", pdf, tmp_path / "page"], check=True)
        pages = [path.read_bytes() for path in sorted(tmp_path.glob("page*.png"))]
    else:
        pages = SHEETS[name]().pages(FONTS, ppi=200)
    found = [code.text for page in pages for code in zxingcpp.read_barcodes(Image.open(BytesIO(page)))]
    assert found == [CODES[name]()]


@pytest.mark.parametrize(
    "portal", ["https://portal.dukcapil.go.id", "https://portal.dukcapil.go.id/", "http://127.0.0.1:8402"]
)
def test_the_proofs_second_code_leads_a_phone_to_the_portal_and_one_page_holds_both(portal):
    with_link = replace(proof(), check_at=portal)
    (page,) = proof_sheet(with_link, KEY).pages(FONTS, ppi=200)
    found = {code.text for code in zxingcpp.read_barcodes(Image.open(BytesIO(page)))}
    assert found == {proof_code(with_link, KEY), proof_link(with_link)}
    address, _, fragment = proof_link(with_link).partition("#")
    assert address == portal.rstrip("/") + "/bukti"
    number, packet_id, salt = fragment.rsplit("/", 2)
    assert number == str(with_link.number)
    assert urlsafe_b64decode(packet_id + "=") == bytes.fromhex(with_link.packet_id)
    assert urlsafe_b64decode(salt + "==") == with_link.salt


def test_the_proof_prints_the_code_that_the_log_knows_it_by():
    entry = commitment(proof().packet_id, str(proof().number), proof().salt)
    assert log_code(entry) in words(render_proof(proof(), key=KEY, fonts=FONTS))


def test_pages_for_screens_have_the_size_asked_for():
    front, back = SHEETS["card"]().pages(FONTS, ppi=254)
    assert Image.open(BytesIO(front)).size == Image.open(BytesIO(back)).size == (856, 540)


def test_the_same_facts_give_the_same_bytes(pdfs):
    assert RENDER["suket"]() == pdfs["suket"]


def test_the_suket_holds_every_field_of_the_circular(pdfs):
    text = words(pdfs["suket"])
    for field in (
        "PEMERINTAH KOTA ADMINISTRASI JAKARTA SELATAN",
        "SUKU DINAS KEPENDUDUKAN DAN PENCATATAN SIPIL",
        "SURAT KETERANGAN PENGGANTI KTP-el",
        "Nomor: 470/0231/DUKCAPIL-JS/III/2017",
        "3174015503900001",
        "3174011208090003",
        "SITI RAHMAWATI",
        "JAKARTA, 15 Maret 1990",
        "PEREMPUAN",
        "Golongan darah : O",
        "JL. TEBET TIMUR DALAM II NO. 14",
        "004/007",
        "TEBET TIMUR",
        "ISLAM",
        "KAWIN",
        "GURU",
        "WNI",
        "telah tercantum dalam basis data kependudukan",
        "pemilihan umum, perbankan, keimigrasian, kepolisian (SIM, SKCK), asuransi, BPJS, pernikahan",
        "6 (enam) bulan",
        "21 September 2017",
        "Jakarta, 21 Maret 2017",
        "Drs. H. AHMAD FAUZI, M.Si.",
        "NIP. 196505171990031004",
        "PRINT_READY_RECORD",
        "PRR",
        "471.13/10231/DUKCAPIL tanggal 29 September 2016",
    ):
        assert field in text, field


def test_a_suket_from_the_family_card_does_not_claim_the_register():
    letter = suket(basis=SuketBasis.FAMILY_CARD, status=Status.SENT_FOR_ENROLLMENT)
    text = words(render_suket(letter, key=KEY, fonts=FONTS))
    assert "tercantum pada Kartu Keluarga Nomor 3174011208090003" in text
    assert "belum diterima" in text
    assert "telah tercantum dalam basis data" not in text


def test_the_card_holds_every_printed_field(pdfs):
    front = " ".join(read(pdfs["card"]).pages[0].extract_text().split())
    for field in (
        "PROVINSI DAERAH KHUSUS IBUKOTA JAKARTA",
        "JAKARTA SELATAN",
        "3174015503900001",
        "SITI RAHMAWATI",
        "JAKARTA, 15-03-1990",
        "PEREMPUAN",
        "Gol. Darah : O",
        "JL. TEBET TIMUR DALAM II NO. 14",
        "004/007",
        "TEBET TIMUR",
        "ISLAM",
        "KAWIN",
        "GURU",
        "WNI",
        "SEUMUR HIDUP",
        "22-03-2017",
    ):
        assert field in front, field


def test_the_proof_names_packet_place_time_and_what_is_missing(pdfs):
    text = words(pdfs["proof"])
    for field in (
        "317401-01/1/000042",
        proof().packet_id,
        "20 Maret 2017 pukul 09.14 WIB",
        "9 dari 10 jari",
        "2 dari 2 mata",
        "Dibalut perban: kelingking kiri",
        "317401 550390 0001",
        "status.disdukcapil.example",
        "bukan pengganti KTP-el",
    ):
        assert field in text, field


LONG = replace(
    SITI,
    name="RADEN AYU KARTIKA PUSPITANINGRUM WIDYANINGSIH HADININGRAT SOSROKUSUMO PRAWIROATMODJO DJOJODIHARDJO"[:100],
    address="PERUMAHAN GRIYA INDAH SENTOSA BLOK C-12 NO. 145 GANG MASJID BAITURRAHMAN SEBELAH TIMUR LAPANGAN DESA",
    birth_place="SUNGAI PENUH KERINCI HULU",
    religion=7,
    occupation=96,
)
NOTHING_CAPTURED = tuple(
    SampleException(
        slot,
        ExceptionReason.WORN if slot.modality is Modality.FINGER else ExceptionReason.UNABLE,
        1,
        None,
        "supervisor-1",
    )
    for slot in ALL_SLOTS[1:]
)


@pytest.mark.parametrize(
    ("pdf", "pages"),
    [
        (lambda: render_proof(proof(biodata=LONG, exceptions=NOTHING_CAPTURED), key=KEY, fonts=FONTS), 1),
        (
            lambda: render_proof(
                proof(biodata=LONG, exceptions=NOTHING_CAPTURED, check_at="https://portal.dukcapil.go.id"),
                key=KEY,
                fonts=FONTS,
            ),
            1,
        ),
        (lambda: render_suket(suket(biodata=LONG, basis=SuketBasis.FAMILY_CARD), key=KEY, fonts=FONTS), 1),
        (lambda: render_card(card(biodata=LONG, signature=None), key=KEY, fonts=FONTS), 2),
    ],
    ids=["proof", "proof with a link", "suket", "card"],
)
def test_the_longest_particulars_still_fit_the_paper_whole(pdf, pages):
    made = pdf()
    assert len(read(made).pages) == pages
    text = words(made)
    for word in (*LONG.name.split(), *LONG.address.split()):
        assert word in text, word


def test_markup_in_a_name_is_printed_and_not_obeyed():
    name = "SITI #panic() *R* $x$ <b> \\ @a"
    assert name in words(render_suket(suket(biodata=replace(SITI, name=name)), key=KEY, fonts=FONTS))


def test_missing_fonts_are_told_before_a_paper_looks_wrong(tmp_path):
    with pytest.raises(FontsMissing, match="make run"):
        render_proof(proof(), key=KEY, fonts=tmp_path)


def test_a_template_that_fails_is_told_as_such():
    empty = Sheet("suket", {}, {}, datetime.fromisoformat("2017-03-21T00:00:00+00:00"))
    with pytest.raises(PaperNotSet, match="suket"):
        empty.pdf(FONTS)


@pytest.mark.parametrize("data", [b"", b"not a picture", drawn_photo()[:2000]], ids=["empty", "text", "cut short"])
def test_an_unreadable_photo_makes_no_paper(data):
    with pytest.raises(PictureUnusable, match="photo"):
        render_proof(proof(photo=data), key=KEY, fonts=FONTS)


def test_a_photo_of_fifty_megapixels_is_refused():
    out = BytesIO()
    Image.new("1", (10_000, 5_000)).save(out, "PNG")
    with pytest.raises(PictureUnusable, match="too many"):
        portrait(out.getvalue())


@pytest.mark.parametrize("size", [(640, 480), (480, 640), (100, 900)])
def test_a_photo_of_any_shape_becomes_three_by_four(size):
    out = BytesIO()
    Image.new("RGB", size, (40, 90, 160)).save(out, "BMP")
    assert Image.open(BytesIO(portrait(out.getvalue()))).size == (450, 600)


def test_a_signatures_ground_becomes_clear_and_its_strokes_stay_dark():
    strokes = Image.open(BytesIO(ink(drawn_signature())))
    clear, dark = strokes.getchannel("A").histogram()[0], sum(strokes.getchannel("A").histogram()[200:])
    assert clear > dark > 500


def test_an_empty_signature_is_refused():
    out = BytesIO()
    Image.new("L", (300, 100), 250).save(out, "PNG")
    with pytest.raises(PictureUnusable, match="signature"):
        ink(out.getvalue())


def test_the_cards_ground_is_drawn_the_same_each_time():
    assert guilloche.ground() == guilloche.ground.__wrapped__()
    assert guilloche.ground().count(b"<path") == 3


def test_a_foreigners_card_ends_with_the_permit():
    made = render_card(card(valid_until=date(2019, 1, 1)), key=KEY, fonts=FONTS)
    front = read(made).pages[0].extract_text()
    assert "01-01-2019" in front
    assert "SEUMUR HIDUP" not in front
