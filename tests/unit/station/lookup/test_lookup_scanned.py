"""What a scanner types into the start page's field, and what a camera shows."""

from base64 import urlsafe_b64encode
from io import BytesIO

import pytest
from PIL import Image

from rekam.documents.code import Claims, identity, sign
from rekam.documents.papers import PaperKind
from rekam.documents.qr import picture
from rekam.drill.demo import PIN
from rekam.station.lookup.numbers import slips
from rekam.station.lookup.qr_frame import codes_in
from rekam.station.lookup.scanned import CodeSaysNothing, Scanned, scanned
from rekam.station.papers import _key
from rekam.trust.clock import SystemClock
from rekam.web.testing import PageClient
from station_counter import OPERATOR

NIK, KK = "3174015703900001", "3174010101100007"
ID = bytes(range(32))
NOTHING = [
    "https://example.org/menu?table=7",
    "WIFI:S:Kantor;T:WPA;P:rahasia;;",
    "BEGIN:VCARD\nFN:Budi\nEND:VCARD",
    "https://example.org/" + "a" * 3980,
    "Sebuah puisi " * 300,
    "P<IDNRAHMAWATI<<SITI<<<<<<<<<<<<<<<<<<<<<<<<\nC1234567<8IDN9003175F3001011<<<<<<<<<<<<<<08",
]


@pytest.mark.parametrize(
    "typed",
    ["Siti Rahmawati", "SITI 17-03-1990", NIK, f" NIK: {NIK[:6]}.{NIK[6:12]} {NIK[12:]} ", "3174", "W" * 200, "", "M."],
)
def test_what_a_person_types_is_no_code(typed):
    assert scanned(typed) is None


@pytest.mark.parametrize(
    ("code", "found"),
    [
        (f"{KK}\r\n{NIK}\r\nSITI RAHMAWATI", Scanned(numbers=(KK, NIK))),
        (f"https://example.org/ktp?nik={NIK}&x=1", Scanned(numbers=(NIK,))),
        (f"I<IDN1234567890<<<<<<<<<<<<<<<<\n9003175F3001011IDN<<<<<<<<<<<8\n{NIK}<<<<", Scanned(numbers=(NIK,))),
        (f"NIK#{NIK}#SITI#{NIK}", Scanned(numbers=(NIK,))),
        ("317401-01/1/000042", Scanned(packet="317401-01/1/000042")),
        ("317401-01/1/r0007", Scanned(referral="317401-01/1/R0007")),
        (
            f"https://portal.example/bukti#317401-01/1/000042/{urlsafe_b64encode(ID).decode().rstrip('=')}/AAAA",
            Scanned(packet="317401-01/1/000042", packet_id=ID.hex()),
        ),
    ],
)
def test_numbers_are_found_in_whatever_a_scanner_types(code, found):
    assert scanned(code) == found


@pytest.mark.parametrize("code", NOTHING, ids=lambda code: code[:12])
def test_a_code_that_names_nobody_is_told_from_a_name(code):
    with pytest.raises(CodeSaysNothing):
        scanned(code)


def test_thousands_of_digits_are_one_wrong_number_and_cost_nothing():
    assert slips("1" * 4000) == []
    assert scanned("1" * 4000) is None


@pytest.fixture
def client(counter):
    with PageClient(counter.app()) as client:
        client.post("/sign-in", {"operator": OPERATOR, "pin": PIN})
        yield client


def signed(counter, **claims):
    identity_ = counter.station.here.identity
    given = {"paper": PaperKind.PROOF, "issuer": "urn:rekam:office:3174", "issued_at": SystemClock().wall()}
    return sign(Claims(**given | claims), _key(identity_))


def scan(client, text):
    return client.post("/", {"text": text}).headers["location"]


def test_the_code_on_a_proof_opens_its_recording_and_no_other(client, counter):
    saved = counter.save(counter.adults()[0].nik)
    own = {"number": saved.number, "packet_id": saved.packet_id, "salt": saved.salt}
    assert scan(client, signed(counter, **own)) == f"/recordings/{saved.packet_id}"
    assert scan(client, signed(counter, **own) + "\r\n") == f"/recordings/{saved.packet_id}"
    for wrong, sentence in (
        ({"packet_id": "ab" * 32}, "bukan paket yang disimpan"),
        ({"number": "317402-01/1/000004"}, "dibuat di stasiun 317402-01"),
        ({"number": "317401-01/1/000999"}, "317401-01/1/000999"),
    ):
        at = scan(client, signed(counter, **own | wrong))
        page = client.get(at)
        assert page.status_code == 422
        assert sentence in page.text


def test_a_letter_or_an_identity_code_opens_its_resident_and_the_address_holds_no_nik(client, counter):
    person, *_ = counter.adults()
    code = signed(counter, paper=PaperKind.SUKET, number="470/1", identity=identity(person))
    for text in (code, f"https://example.org/?nik={person.nik}", f"{person.nik}\nSITI\nX"):
        at = scan(client, text)
        assert at.startswith("/residents/")
        assert person.nik not in at
        assert person.name in client.get(at).text
    family = client.get(scan(client, f"KK#{person.kk}#")).text
    assert all(one.name in family for one in counter.station.here.residents.family(person.kk))


@pytest.mark.parametrize("code", [*NOTHING[::3], "9" * 4000, "https://x.example/" + "0" * 16])
def test_a_code_of_somebody_else_gets_one_sentence_and_changes_nothing(client, counter, code):
    answer = client.get(scan(client, code))
    assert answer.status_code == 422
    assert any(said in answer.text for said in ("Tidak ada yang berubah", "Tidak ada data yang berubah"))
    assert counter.station.here.drafts.count() == 0


def frame(text):
    """A photograph of a screen or a sheet: the code, slightly turned, on grey."""
    code = Image.open(BytesIO(picture(text))).convert("L").resize((560, 560))
    seen = Image.new("L", (1280, 720), 190)
    seen.paste(code, (360, 80))
    out = BytesIO()
    seen.rotate(6, fillcolor=190).save(out, "JPEG", quality=80)
    return out.getvalue()


def test_a_camera_s_picture_leads_where_its_code_does_and_any_other_picture_nowhere(client, counter):
    saved = counter.save(counter.adults()[0].nik)
    code = signed(counter, number=saved.number, packet_id=saved.packet_id, salt=saved.salt)
    assert codes_in(frame(code)) == [code]

    def sent(picture_):
        return client.post("/scan", files={"image": ("code.jpg", picture_, "image/jpeg")})

    assert sent(frame(code)).json() == {"to": f"/recordings/{saved.packet_id}"}
    blank = BytesIO()
    Image.new("L", (640, 480), 128).save(blank, "JPEG")
    assert sent(blank.getvalue()).status_code == 204
    assert sent(b"no picture").status_code == 204
    assert sent(frame("https://example.org/menu")).json()["to"].startswith("/?found=")
    client.post("/sign-out")
    assert sent(frame(code)).status_code in {303, 401}
