"""Whatever is fed to a station or typed at its command line: one sentence that says what to do, nothing half-written.

Bad input that other tests hold is cited in docs/never.md.
"""

import io
import os
import shutil
import socket
import sys
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import structlog
from PIL import Image

from centre_examples import resident, town
from rekam.abis.errors import EmptyImage, ImageTooLarge, TruncatedImage, UnreadableImage, WrongKindOfImage
from rekam.abis.synthetic.person import Person
from rekam.abis.synthetic.png import encode_png
from rekam.apps import cli
from rekam.centre.verdict import Queue
from rekam.drill.demo import PIN
from rekam.drill.ports import free_port
from rekam.enrolment.biodata import InvalidBiodata, UnknownBiodataCode
from rekam.enrolment.nik import NikHasLetters, NikImpossibleDate, NikUnknownProvince, NikWrongLength
from rekam.enrolment.sample import Slot
from rekam.enrolment.slot import UnknownSlot
from rekam.station.residents import NotInExtract
from rekam.station.sizes import SampleTooLarge
from rekam.station.store import StationStore
from rekam.storage.errors import DataFromNewerVersion, FolderInUse
from rekam.storage.folder import DataFolder
from rekam.web.i18n import Language, error_text, speaking
from small_country import OPERATOR, STATION, Link, country, open_station

pytestmark = pytest.mark.xdist_group("bad input")

SITI = resident(1, "SITI RAHMAWATI")


def png(pixels: np.ndarray) -> bytes:
    out = io.BytesIO()
    Image.fromarray(pixels).save(out, "PNG")
    return out.getvalue()


def cat() -> bytes:
    """A drawn cat: round head, two ears, eyes, whiskers, fur."""
    rows, columns = np.mgrid[0:400, 0:400]
    picture = 150 + np.random.default_rng(3).normal(0, 14, (400, 400))
    picture[np.hypot(rows - 230, columns - 200) < 130] -= 50
    for side in (-1, 1):
        ear = (np.abs(columns - 200 - side * 85) < (rows - 40) / 2) & (rows > 40) & (rows < 150)
        picture[ear] -= 60
        picture[np.hypot(rows - 205, (columns - 200 - side * 50) * 1.6) < 30] = 225
        picture[np.hypot((rows - 205) / 2, columns - 200 - side * 50) < 8] = 10
        for tilt in (-0.15, 0.0, 0.15):
            whisker = np.abs(rows - 270 - tilt * (columns - 200)) < 1.2
            picture[whisker & (side * (columns - 200) > 30) & (side * (columns - 200) < 170)] = 240
    return png(np.clip(picture, 0, 255).astype(np.uint8))


def fifty_megapixels() -> bytes:
    return png(np.zeros((6250, 8000), np.uint8))


def finger() -> bytes:
    return encode_png(Person(1).finger(7))


@pytest.fixture(scope="module")
def folder(tmp_path_factory) -> Path:
    return country(tmp_path_factory.mktemp("bad") / "country", SITI)


@pytest.fixture(scope="module")
def station(folder):
    station = open_station(folder, Link())
    station.sign_in(OPERATOR, PIN)
    yield station
    station.close()


def rows(station) -> dict[str, list]:
    """All that the station holds but for the count of attempts, which an image of the wrong kind raises."""
    store = station.here.store
    tables = ("resident", "draft_capture", "abandoned", "recording", "outbox", "chain_head", "template", "paper")
    return {table: store.rows(f"SELECT * FROM {table}") for table in tables}


def tells(problem, phrase: str) -> None:
    """The sentence names the way on, in English and in Indonesian."""
    assert phrase in str(problem)
    assert "{" not in str(problem)
    with speaking(Language.INDONESIAN):
        assert error_text(problem) != str(problem)


IMAGES = {
    "bytes that are no image": ("finger-7", lambda: b"not an image at all", UnreadableImage, "Capture again"),
    "a zero-byte file": ("finger-7", lambda: b"", EmptyImage, "Capture the sample again"),
    "a file that breaks off": ("finger-7", lambda: finger()[:-900], TruncatedImage, "Capture or copy it again"),
    "a cat for a fingerprint": ("finger-7", cat, WrongKindOfImage, "Check that the right device"),
    "a cat for an iris": ("iris-1", cat, WrongKindOfImage, "Check that the right device"),
    "50 megapixels for a fingerprint": ("finger-7", fifty_megapixels, ImageTooLarge, "usual size"),
    "50 megapixels for a photo": ("photo", fifty_megapixels, ImageTooLarge, "usual size"),
    "50 megapixels for a signature": ("signature", fifty_megapixels, ImageTooLarge, "usual size"),
    "a zero-byte photo": ("photo", lambda: b"", EmptyImage, "Capture the sample again"),
    "nine megabytes of anything": ("finger-7", lambda: bytes(9 << 20), SampleTooLarge, "usual resolution"),
}


@pytest.mark.parametrize("what", IMAGES)
def test_an_image_that_cannot_be_used_is_refused_in_words_and_leaves_nothing(station, what):
    slot, image, error, phrase = IMAGES[what]
    operator = station.sign_in(OPERATOR, PIN)
    sitting = station.sittings.open(SITI.nik, operator)
    before = rows(station)
    with pytest.raises(error) as refused:
        station.sittings.upload(sitting.sitting_id, Slot.parse(slot), image(), "image/png")
    tells(refused.value, phrase)
    assert rows(station) == before
    assert Slot.parse(slot) not in station.sittings.find(sitting.sitting_id).captures


NIKS = {
    "letters": ("3174O15703900001", NikHasLetters, "Type"),
    "fifteen digits": ("317401570390001", NikWrongLength, "Type"),
    "the 31st of February": ("3174013102900001", NikImpossibleDate, "Type the NIK again"),
    "a province that never was": ("9974015703900001", NikUnknownProvince, "family card"),
    "a NIK that nobody here has": ("3174015703900999", NotInExtract, "ask the office"),
}


@pytest.mark.parametrize("what", NIKS)
def test_a_nik_that_cannot_be_is_refused_in_words_and_opens_no_sitting(station, what):
    nik, error, phrase = NIKS[what]
    before = rows(station), station.here.drafts.count()
    with pytest.raises(error) as refused:
        station.sittings.open(nik, station.sign_in(OPERATOR, PIN))
    tells(refused.value, phrase)
    assert (rows(station), station.here.drafts.count()) == before


CODES = {
    "an unknown religion": (
        lambda: replace(SITI, religion=99).validate(),
        UnknownBiodataCode,
        "choose a value from the list",
    ),
    "an unknown occupation": (
        lambda: replace(SITI, occupation=999).validate(),
        UnknownBiodataCode,
        "choose a value from the list",
    ),
    "an unknown blood group": (
        lambda: replace(SITI, blood_type=77).validate(),
        UnknownBiodataCode,
        "choose a value from the list",
    ),
    "an unknown village": (lambda: replace(SITI, village="99.99.99.9999").validate(), InvalidBiodata, "family card"),
    "an eleventh finger": (lambda: Slot.parse("finger-11"), UnknownSlot, "Positions are"),
}


@pytest.mark.parametrize("what", CODES)
def test_an_unknown_code_is_named_in_words(what):
    act, error, phrase = CODES[what]
    with pytest.raises(error) as refused:
        act()
    tells(refused.value, phrase)


def test_a_packet_with_an_unknown_code_waits_for_people_and_delays_nobody(tmp_path):
    with town(tmp_path / "centre", SITI, resident(2, "DEWI LESTARI")) as here:
        odd = here.record(replace(SITI, religion=99), 1)
        good = here.record(resident(2, "DEWI LESTARI"), 2)
        here.work()
        assert (here.status(odd), here.status(good)) == ("REQUEST_VALIDATION", "PRINT_READY_RECORD")
        (waiting,) = here.centre.casebook.waiting_in(Queue.VALIDATION)
        assert waiting.packet_id == odd
        assert here.centre.counts().adds_up


def test_a_station_whose_store_is_of_a_newer_version_opens_nothing_and_changes_nothing(folder, tmp_path):
    newer = shutil.copytree(folder, tmp_path / "country")
    home = newer / f"station-{STATION}"
    locked = open_station(newer, Link())
    key = locked.operators.sign_in(OPERATOR, PIN).store_key
    store = StationStore.open(home / "station.db", key)
    with store.tx() as tx:
        tx.execute("INSERT INTO rekam_migration VALUES ('rekam.station', 99, 'later', 'x')")
    store.close()
    before = (home / "station.db").read_bytes()
    with pytest.raises(DataFromNewerVersion) as refused:
        locked.sign_in(OPERATOR, PIN)
    tells(refused.value, "Install the newer version again")
    assert not locked.is_open
    assert (home / "station.db").read_bytes() == before


# under a test, cyclopts asks whether reading sys.argv was meant: it was, `main` is what the installed command runs
argv_is_meant = pytest.mark.filterwarnings("ignore:Cyclopts application invoked")


@pytest.fixture
def rekam(monkeypatch, capsys):
    """Runs the command line in this process, as the installed command does; its exit code and what it told."""

    def run(*words: object) -> tuple[int, str]:
        monkeypatch.setattr(sys, "argv", ["rekam", *map(str, words)])
        monkeypatch.setenv("COLUMNS", "400")
        with pytest.raises(SystemExit) as ended:
            cli.main()
        return ended.value.code, capsys.readouterr().err

    yield run
    structlog.reset_defaults()


def place(folder: Path, name: str) -> tuple[object, ...]:
    kind = name.partition("-")[0]
    up = {"station": ("--office", "http://127.0.0.1:9"), "office": ("--centre", "http://127.0.0.1:9")}.get(kind, ())
    return (kind, "--data", folder / name, "--keys", folder / "keys" / f"{name}.keys", *up)


def files(folder: Path) -> dict[str, bytes]:
    held = (path for path in folder.rglob("*") if path.is_file() and path.name not in {"process.lock", "rekam.json"})
    return {str(path): path.read_bytes() for path in held}


@argv_is_meant
@pytest.mark.parametrize("name", [f"station-{STATION}", "office-3174", "centre"])
def test_a_port_in_use_is_told_before_anything_starts(folder, rekam, name):
    before = files(folder / name)
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        code, told = rekam(*place(folder, name), "--port", taken.getsockname()[1])
    assert (code, "Nothing was started" in told, "choose another port with --port" in told) == (2, True, True)
    assert "Traceback" not in told
    assert files(folder / name) == before


@argv_is_meant
@pytest.mark.parametrize("name", ["office-3174", "centre"])
def test_a_database_that_is_not_there_is_told_with_what_to_do(folder, rekam, monkeypatch, name):
    monkeypatch.setenv("DATABASE_URL", f"postgresql://rekam@127.0.0.1:{free_port()}/rekam")
    before = files(folder / name)
    code, told = rekam(*place(folder, name), "--port", free_port())
    assert (code, "Start the database or correct its address" in told) == (2, True)
    assert "Traceback" not in told
    assert files(folder / name) == before


@argv_is_meant
@pytest.mark.parametrize("name", [f"station-{STATION}", "office-3174"])
def test_a_data_folder_of_a_newer_version_is_left_alone(folder, tmp_path, rekam, name):
    newer = shutil.copytree(folder, tmp_path / "country")
    kind = name.partition("-")[0]
    (newer / name / "rekam.json").write_text(f'{{"place": "{kind}", "layout": 99}}')
    before = files(newer / name)
    code, told = rekam(*place(newer, name), "--port", free_port())
    assert (code, "Install the newer version again" in told) == (2, True)
    assert files(newer / name) == before


@argv_is_meant
def test_a_folder_that_is_no_place_or_another_place_is_told(folder, tmp_path, rekam):
    (tmp_path / "empty").mkdir()
    for data in (tmp_path / "empty", folder / "centre"):
        station = ("station", "--data", data, "--keys", folder / "keys" / "centre.keys", "--office", "http://x")
        code, told = rekam(*station, "--port", free_port())
        assert (code, "is not the data folder of a station" in told) == (2, True)
    assert list((tmp_path / "empty").iterdir()) == []


@argv_is_meant
def test_a_folder_in_use_by_another_process_is_told_with_its_number(folder, rekam):
    with DataFolder(folder / f"station-{STATION}", "station"):
        code, told = rekam(*place(folder, f"station-{STATION}"), "--port", free_port())
    assert (code, f"number {os.getpid()}" in told) == (2, True)
    assert str(FolderInUse.template).split("{")[0] in told


@argv_is_meant
def test_a_missing_key_file_is_told(folder, rekam):
    words = place(folder, f"station-{STATION}")
    away = (*words[:4], folder / "keys" / "elsewhere.keys", *words[5:])
    code, told = rekam(*away, "--port", free_port())
    assert code == 2
    assert "elsewhere.keys" in told
    assert "Traceback" not in told
