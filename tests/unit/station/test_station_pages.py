import logging
import tempfile
from datetime import UTC, datetime

import numpy as np
import pytest

from rekam.abis.synthetic.person import Person
from rekam.abis.synthetic.png import encode_png
from rekam.drill.demo import PIN
from rekam.enrolment.sample import Slot
from rekam.exchange.errors import RemoteUnreachable
from rekam.station.pages.words import advice
from rekam.station.printing.tray import PaperTray
from rekam.station.sending import LineState
from rekam.web.searches import Searches
from rekam.web.testing import PageClient
from station_counter import OPERATOR, STATION, capture

FINGER = Slot.parse("finger-2")


@pytest.fixture
def client(counter):
    with PageClient(counter.app()) as client:
        yield client


@pytest.fixture
def signed_in(client):
    assert client.post("/sign-in", {"operator": OPERATOR, "pin": PIN}).status_code == 303
    return client


@pytest.fixture
def sitting(counter, signed_in):
    """The address of a sitting whose biodata is confirmed."""
    at = signed_in.post("/sittings", {"nik": counter.adults()[0].nik}).headers["location"]
    signed_in.post(f"{at}/biodata")
    return at


def upload(client, at, slot, image):
    return client.post(f"{at}/upload?slot={slot}", files={"image": ("x.png", image, "image/png")}, follow=True)


@pytest.mark.parametrize(
    "path",
    [
        "/",
        "/recordings",
        "/notices",
        "/sittings/" + "0" * 32,
        "/sittings/" + "0" * 32 + "/images/photo",
        "/recordings/x",
    ],
)
def test_every_page_but_sign_in_asks_who_is_there(client, path):
    answer = client.get(path)
    assert (answer.status_code, answer.headers["location"].partition("?")[0]) == (303, "/sign-in")


def test_until_the_office_answered_or_failed_to_a_station_says_that_it_is_asking():
    line = LineState()
    assert not line.is_heard
    line.trouble = RemoteUnreachable(place="Disdukcapil", reason="no answer")
    assert line.is_heard
    assert not line.reached(datetime(2016, 10, 3, tzinfo=UTC))


def test_before_the_first_sign_in_no_bar_claims_that_everything_was_sent(client):
    page = client.get("/sign-in").text
    assert "Operator Tebet" in page
    assert "Semua terkirim" not in page
    assert client.get("/bar").status_code == 204


def test_wrong_pins_are_told_and_from_the_fourth_on_so_is_the_time_to_wait(client, counter):
    wrong = {"operator": OPERATOR, "pin": "000000"}
    assert [client.post("/sign-in", wrong).status_code for _ in range(3)] == [401, 401, 401]
    answer = client.post("/sign-in", {"operator": OPERATOR, "pin": PIN})
    assert answer.status_code == 429
    assert "5 detik lagi" in answer.text
    counter.clock.advance(5)
    assert client.post("/sign-in", {"operator": OPERATOR, "pin": PIN}).status_code == 303


def test_a_screen_that_nobody_touches_locks_itself_and_sending_goes_on(signed_in, counter):
    counter.clock.advance(15 * 60 - 1)
    assert signed_in.get("/").status_code == 200
    counter.clock.advance(15 * 60 + 1)
    assert signed_in.get("/").status_code == 303
    assert counter.station.is_open
    assert signed_in.get("/bar").status_code == 200


def test_signing_out_ends_the_session_and_leads_to_no_other_site(signed_in):
    signed_in.post("/sign-out")
    assert signed_in.get("/").status_code == 303
    answer = signed_in.post("/sign-in", {"operator": OPERATOR, "pin": PIN, "next": "https://elsewhere.example/"})
    assert answer.headers["location"] == "/"


def test_no_nik_and_no_name_ever_stands_in_an_address(signed_in, counter, caplog):
    caplog.set_level(logging.DEBUG)
    person = counter.adults()[0]
    found = signed_in.post("/", {"text": person.nik}).headers["location"]
    listed = signed_in.post("/", {"text": person.name[:3]}).headers["location"]
    begun = signed_in.post("/sittings", {"nik": person.nik}).headers["location"]
    for address in (found, listed, begun):
        assert person.nik not in address
        assert person.name[:3] not in address
    assert person.name in signed_in.get(found).text


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("3174999999999999", "NIK"),
        ("9999010190000001", "NIK"),
        ("tidak ada namanya", "Tidak ada yang cocok"),
    ],
    ids=["an impossible date", "an unknown province", "nobody of that name"],
)
def test_a_search_that_finds_nobody_says_why(signed_in, text, told):
    answer = signed_in.post("/", {"text": text}, follow=True)
    assert answer.status_code in {200, 422}
    assert told in answer.text


def test_a_family_is_found_by_its_card_and_a_nik_may_hold_spaces(signed_in, counter):
    person = counter.adults()[0]
    family = counter.station.here.residents.family(person.kk)
    page = signed_in.post("/", {"text": person.kk}, follow=True).text
    assert all(one.name in page for one in family)
    spaced = f"{person.nik[:6]} {person.nik[6:12]} {person.nik[12:]}"
    assert person.name in signed_in.post("/", {"text": spaced}, follow=True).text


def test_images_are_shown_to_the_signed_in_screen_alone_and_kept_by_no_browser(signed_in, sitting, counter):
    taken = capture(Slot.parse("photo"))
    open_one = counter.station.sittings.find(sitting.rpartition("/")[2]).with_capture(taken)
    counter.station.here.drafts.keep(open_one, taken)
    image = signed_in.get(f"{sitting}/images/photo")
    assert (image.content, image.headers["content-type"]) == (taken.image, "image/png")
    assert image.headers["cache-control"] == "no-store"
    assert signed_in.get(f"{sitting}/images/iris-1").status_code == 404
    signed_in.post("/sign-out")
    assert signed_in.get(f"{sitting}/images/photo").status_code == 303


@pytest.mark.parametrize(
    ("image", "told"),
    [(b"", "kosong"), (b"GIF89a", "tidak dapat dibaca"), (bytes(9_000_000), "lebih dari")],
    ids=["zero bytes", "no image", "nine megabytes"],
)
def test_a_bad_file_is_told_in_a_sentence_on_the_page_of_its_step(signed_in, sitting, image, told):
    answer = upload(signed_in, sitting, "finger-2", image)
    assert answer.url.path == f"{sitting}/fingers"
    assert told in answer.text
    assert "finger-2 " not in answer.text.partition('role="alert"')[2].partition("</div>")[0]


def test_a_portrait_for_a_fingerprint_is_told_and_not_taken(signed_in, sitting, counter):
    portrait = encode_png(Person(3).photo(1990, 1))
    upload(signed_in, sitting, "finger-2", portrait)
    assert not counter.station.sittings.find(sitting.rpartition("/")[2]).filled(FINGER)


def test_an_uploaded_image_never_touches_the_disk_unencrypted(signed_in, sitting, monkeypatch):
    spilled = []
    monkeypatch.setattr(tempfile.SpooledTemporaryFile, "rollover", spilled.append)
    noise = np.random.default_rng(1).integers(0, 255, (1500, 1200, 3), np.uint8)
    image = encode_png(noise)
    assert len(image) > 2_000_000
    upload(signed_in, sitting, "photo", image)
    assert spilled == []


def test_what_a_finger_lacks_is_told_with_what_to_do(signed_in, sitting):
    whole = Person(7).finger(2, 1).pixels
    corner = np.full_like(whole, 250)
    corner[:90, :90] = whole[150:240, 150:240]
    for attempt in range(1, 4):
        page = upload(signed_in, sitting, "finger-2", encode_png(corner)).text
        assert "Hanya sebagian jari" in page or "Ciri jari terlalu sedikit" in page
        assert ("Pakai yang terbaik" in page) == (attempt == 3)
    kept = signed_in.post(f"{sitting}/keep", {"slot": "finger-2"}, follow=True)
    assert kept.url.path == f"{sitting}/fingers"


def test_every_reason_of_the_engine_has_words_of_its_own():
    from rekam.abis.face.quality import PhotoReason
    from rekam.abis.finger.template import REASONS
    from rekam.abis.iris.template import IrisReason
    from rekam.enrolment.sample import Modality

    unknown = advice(Modality.FINGER, ["unheard-of"])
    for modality, reasons in (
        (Modality.FINGER, REASONS),
        (Modality.IRIS, IrisReason),
        (Modality.PHOTO, PhotoReason),
        (Modality.SIGNATURE, ("empty", "not-a-signature")),
    ):
        for reason in reasons:
            assert advice(modality, [str(reason)]) != unknown, (modality, reason)


def test_a_review_lists_what_is_missing_with_the_way_there(signed_in, sitting):
    page = signed_in.get(f"{sitting}/review").text
    assert f"{sitting}/photo?slot=photo" in page
    assert "Simpan rekaman" not in page
    assert signed_in.post(f"{sitting}/review", {"consent": "yes"}).status_code == 422


def test_a_double_click_on_save_and_a_stale_page_lead_to_the_one_recording(signed_in, counter):
    sitting_id = counter.filled(counter.adults()[0].nik, counter.sign_in())
    answers = [signed_in.post(f"/sittings/{sitting_id}/review", {"consent": "yes"}) for _ in range(2)]
    assert {answer.status_code for answer in answers} == {303}
    assert len({answer.headers["location"] for answer in answers}) == 1
    stale = signed_in.get(f"/sittings/{sitting_id}/review", follow=True)
    assert stale.url.path == answers[0].headers["location"].removesuffix("/saved")
    assert counter.station.here.recordings.count() == 1


def test_nothing_is_saved_without_the_residents_consent(signed_in, counter):
    sitting_id = counter.filled(counter.adults()[0].nik, counter.sign_in())
    answer = signed_in.post(f"/sittings/{sitting_id}/review", {})
    assert answer.status_code == 422
    assert counter.station.here.recordings.count() == 0


def test_closing_a_sitting_asks_why(signed_in, sitting, counter):
    assert signed_in.post(f"{sitting}/close", {"reason": " "}).status_code == 422
    assert counter.station.here.drafts.count() == 1
    assert signed_in.post(f"{sitting}/close", {"reason": "Biodata salah"}).headers["location"] == "/"
    assert counter.station.here.drafts.count() == 0


def test_papers_open_as_pdf_and_each_copy_is_noted(signed_in, counter):
    recording = counter.save(counter.adults()[0].nik)
    for kind in ("proof", "suket"):
        paper = signed_in.post(f"/recordings/{recording.packet_id}/{kind}")
        assert (paper.status_code, paper.content[:4], paper.headers["cache-control"]) == (200, b"%PDF", "no-store")
    page = signed_in.get(f"/recordings/{recording.packet_id}").text
    assert "Sudah dicetak 1 kali" in page
    assert "470/0001/3174/2026" in page
    assert signed_in.post(f"/recordings/{recording.packet_id}/proof").status_code == 422
    again = signed_in.post(f"/recordings/{recording.packet_id}/proof", {"reason": "rusak atau tidak terbaca"})
    assert again.content.startswith(b"%PDF")
    assert "rusak atau tidak terbaca" in signed_in.get(f"/recordings/{recording.packet_id}").text


def test_a_letter_made_void_gives_its_number_up_with_a_reason(signed_in, counter):
    recording = counter.save(counter.adults()[0].nik)
    address = f"/recordings/{recording.packet_id}/suket"
    signed_in.post(address)
    assert signed_in.post(f"{address}/void", {"reason": " "}).status_code == 422
    assert signed_in.post(f"{address}/void", {"reason": "Nama salah"}).status_code == 303
    assert signed_in.post(f"{address}/void", {"reason": "Nama salah"}).status_code == 409
    assert "470/0002" not in signed_in.get(f"/recordings/{recording.packet_id}").text
    signed_in.post(address, {"reason": "rusak atau tidak terbaca"})
    assert "470/0002/3174/2026" in signed_in.get(f"/recordings/{recording.packet_id}").text


def test_what_a_printer_did_not_print_waits_on_the_page_until_somebody_prints_it(signed_in, counter):
    tray = PaperTray(sheets=0)
    counter.station.here.printer._make = lambda _address, _certificate: tray
    counter.station.here.printer._certificate_of = lambda _address: ""
    assert signed_in.post("/printing/printer", {"address": "ipp://meja/ipp/print"}).status_code == 303
    recording = counter.save(counter.adults()[0].nik)
    home = f"/recordings/{recording.packet_id}"
    assert signed_in.post(f"{home}/proof").headers["location"] == home
    assert "kehabisan kertas" in signed_in.get(home).text
    page = signed_in.get("/printing").text
    assert "Menunggu, belum dicetak" in page
    assert "2.000 nomor tersedia" in page
    assert "surat belum pasti tercetak" in signed_in.get("/system").text
    tray.sheets = 10
    assert signed_in.post("/printing/send").headers["location"] == "/printing"
    assert len(tray.printed) == 1
    assert "Sudah dicetak" in signed_in.get("/printing").text


def test_an_address_that_is_no_printers_is_told_at_its_field(signed_in):
    answer = signed_in.post("/printing/printer", {"address": "http://meja"})
    assert answer.status_code == 422
    assert "bukan alamat pencetak" in answer.text


def test_the_outbox_shows_what_waits_oldest_first_and_what_the_office_refused(signed_in, counter):
    first, second = (counter.save(person.nik) for person in counter.adults(2))
    counter.station.here.line.outbox.failed(second.packet_id, "PacketRefused", "alasan kantor")
    assert "alasan kantor" in signed_in.get("/recordings").text
    page = signed_in.get("/outbox").text
    assert page.index("alasan kantor") < page.index(first.name)
    assert signed_in.post("/outbox/send").headers["location"] == "/outbox"
    page = signed_in.get("/outbox").text
    assert "alasan kantor" not in page
    assert page.index(first.name) < page.index(second.name)


def test_a_form_from_another_site_is_refused(signed_in, counter):
    answer = signed_in.post(
        "/sittings", {"nik": counter.adults()[0].nik}, headers={"Origin": "https://elsewhere.example"}
    )
    assert answer.status_code == 403
    assert counter.station.here.drafts.count() == 0


def test_searches_are_forgotten_in_time_and_never_guessed():
    searches = Searches()
    first = searches.remember("siti")
    assert searches.remember("siti") == first
    assert searches.recall(first) == "siti"
    assert searches.recall("nonsense") == ""
    for number in range(10_000):
        searches.remember(str(number))
    assert searches.recall(first) == ""
    assert len(searches._texts) == len(searches._tokens) == 10_000


def test_the_station_names_itself_on_its_pages(signed_in):
    assert STATION in signed_in.get("/").text
