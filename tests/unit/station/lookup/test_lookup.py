import random
from datetime import date, timedelta

import pytest

from centre_examples import resident
from rekam.enrolment.kk import KkNumber
from rekam.enrolment.nik import Nik, NikWrongLength
from rekam.station.lookup import name_index
from rekam.station.lookup.lookup import How, Lookup
from rekam.station.residents import NotInExtract, Residents
from rekam.station.store import StationStore
from rekam.storage.sqlite import open_encrypted

BORN = date(1990, 8, 17)
NAMES = (
    "MUHAMMAD RIZKI PRATAMA", "SITI AMINAH", "SOEHARTO", "NURHIDAYAT", "NUR HIDAYAH", "ABDUL AZIZ", "DEWI LESTARI",
    "AGUS SALIM", "M. YUSUF", "I GUSTI NGURAH RAI", "O'BRIEN D\"ANGELO", "李 明", "Q" * 200, "TJAHJO KOEMOLO",
    "SITI AMINAH",
)  # fmt: skip


@pytest.fixture(scope="module")
def residents(tmp_path_factory):
    store = StationStore(open_encrypted(tmp_path_factory.mktemp("extract") / "station.db", bytes(32)))
    here = Residents(store)
    kk = KkNumber("3174012108150007")
    here.load(resident(n, name, birth_date=BORN + timedelta(days=40 * n), kk=kk) for n, name in enumerate(NAMES, 1))
    yield here
    store.close()


@pytest.fixture(scope="module")
def lookup(residents):
    return Lookup(residents)


def names(found):
    return [person.name for person in found.people]


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("muhamad riski pratama", "MUHAMMAD RIZKI PRATAMA"),
        ("M. Rizki Pratama", "MUHAMMAD RIZKI PRATAMA"),
        ("Pratama Moch Rizky", "MUHAMMAD RIZKI PRATAMA"),
        ("mohammad rizki p", "MUHAMMAD RIZKI PRATAMA"),
        ("Suharto", "SOEHARTO"),
        ("suhato", "SOEHARTO"),
        ("nur hidayat", "NURHIDAYAT"),
        ("nurhidayah", "NUR HIDAYAH"),
        ("Abd Asis", "ABDUL AZIZ"),
        ("dewi lestri", "DEWI LESTARI"),
        ("Hj. Dewi", "DEWI LESTARI"),
        ("salim agus", "AGUS SALIM"),
        ("muhammad yusuf", "M. YUSUF"),
        ("gusti ngurah", "I GUSTI NGURAH RAI"),
        ("obrien d'angelo", "O'BRIEN D\"ANGELO"),
        ("李 明", "李 明"),
        ("cahyo kumolo", "TJAHJO KOEMOLO"),
        ("Q" * 200, "Q" * 200),
    ],
)
def test_the_one_who_is_meant_comes_first(lookup, typed, meant):
    assert names(lookup.ask(typed))[:1] == [meant]


def test_the_birth_date_tells_two_of_one_name_apart_also_with_a_slip(lookup):
    born = BORN + timedelta(days=40 * 15)
    for typed in (f"{born:%d-%m-%Y}", f"{born:%d%m%Y}", f"{born.day + 1:02d}-{born:%m-%Y}"):
        assert next(person.birth_date for person in lookup.ask(f"Siti Aminah {typed}").people) == born


def test_a_birth_date_alone_lists_who_was_born_then_first(lookup):
    born = BORN + timedelta(days=40 * 3)
    assert names(lookup.ask(f"{born:%d-%m-%Y}"))[0] == "SOEHARTO"


def test_a_nik_that_is_right_is_certain_however_it_is_pasted(lookup, residents):
    nik = resident(2, "").nik
    for typed in (nik, nik.grouped(), f"NIK: {nik}", ".".join(nik)):
        found = lookup.ask(typed)
        assert (names(found), found.certain, found.read_as) == (["SITI AMINAH"], True, "")


def test_letters_read_as_digits_are_told_and_nothing_is_opened_unseen(lookup):
    found = lookup.ask(resident(2, "").nik.replace("0", "O", 1))
    assert (names(found), found.certain, found.read_as) == (["SITI AMINAH"], False, resident(2, "").nik)


def test_a_nik_with_one_slip_lists_who_may_be_meant_and_says_that_it_is_another(lookup):
    nik = Nik("3174015703900002")
    found = lookup.ask(nik[:-2] + nik[-1] + nik[-2])
    assert found.how is How.LIKE_NUMBER
    assert isinstance(found.problem, NotInExtract)
    assert not found.certain
    shorter = lookup.ask(nik[:-1])
    assert nik in [person.nik for person in shorter.people]


def test_a_number_that_is_nobodys_says_why(lookup):
    assert lookup.ask("31740157039").problem is None
    assert isinstance(lookup.ask("31740157039000299").problem, NikWrongLength)
    assert lookup.ask("9999999999999999").problem is not None


def test_a_family_card_lists_the_family(lookup):
    assert sorted(names(lookup.ask("3174 0121 0815 0007"))) == sorted(NAMES)


@pytest.mark.parametrize("typed", ["", " ", "a", "'; DROP TABLE resident; --", "%", "\x00", "🙂", "x" * 4000, "- - -"])
def test_whatever_is_typed_is_answered(lookup, typed):
    lookup.ask(typed)


def test_whoever_is_renamed_is_found_by_the_new_name_alone(tmp_path):
    with_store(tmp_path, _renamed)


def _renamed(here):
    here.load([resident(1, "SITI AMINAH"), resident(2, "SITI RAHMA")])
    here.load([resident(1, "AISYAH PUTRI")])
    ask = Lookup(here).ask
    assert names(ask("aisah putri")) == ["AISYAH PUTRI"]
    assert names(ask("siti aminah")) == []
    assert names(ask("siti")) == ["SITI RAHMA"]
    assert here._store.rows("SELECT people FROM name_sound WHERE sound = 'SITI'") == [(1,)]


def with_store(tmp_path, act):
    store = StationStore(open_encrypted(tmp_path / "station.db", bytes(32)))
    try:
        act(Residents(store))
    finally:
        store.close()


def test_an_index_that_was_cut_short_or_is_of_another_edition_is_made_up_for(tmp_path, monkeypatch):
    def act(here):
        people = [resident(n, f"{name} {n}") for n, name in enumerate(NAMES, 1)]
        monkeypatch.setattr(name_index, "_PIECE", 4)
        stops = iter([False, False, True])
        load, here.names.catch_up = here.names.catch_up, lambda told: 0
        here.load(people)
        here.names.catch_up = load
        assert here.names.catch_up(stop=lambda: next(stops)) == 8
        assert here.names.missing() == len(NAMES) - 8
        told = []
        assert here.names.catch_up(lambda done, every: told.append((done, every))) == len(NAMES) - 8
        assert told[-1] == (7, 7)
        monkeypatch.setattr(name_index, "EDITION", 2)
        here.names = name_index.NameIndex(here._store)  # a newer program starts
        assert here.names.missing() == len(NAMES)
        here.names.catch_up()
        assert here.names.missing() == 0
        assert names(Lookup(here).ask("suharto"))[0].startswith("SOEHARTO")
        bearers = here._store.rows("SELECT sum(people), (SELECT count(*) FROM name_bearer) FROM name_sound")
        assert bearers[0][0] == bearers[0][1]

    with_store(tmp_path, act)


def test_of_a_thousand_names_with_a_slip_each_the_right_one_is_among_the_first(tmp_path):
    chosen = random.Random(41)
    first = ["AGUS", "BUDI", "DEWI", "EKA", "FITRI", "GALIH", "HENDRA", "INDAH", "JOKO", "KARTIKA", "LESTARI", "MEGA", "NANDA", "PUTRA", "RINA", "SRI", "TRI", "UTAMI", "VERA", "WAHYU", "YANTO", "ZAHRA"]  # fmt: skip
    last = [
        "SANTOSO",
        "WIBOWO",
        "SAPUTRA",
        "HIDAYAT",
        "KURNIAWAN",
        "NUGROHO",
        "SETIAWAN",
        "RAHMAWATI",
        "HANDAYANI",
        "SUSANTI",
    ]
    people = [
        resident(
            n, f"{chosen.choice(first)} {chosen.choice(first)} {chosen.choice(last)}", birth_date=BORN + timedelta(n)
        )
        for n in range(1, 1001)
    ]

    def slipped(name):
        at = chosen.randrange(1, len(name) - 1)
        kind = chosen.randrange(3)
        return name[:at] + name[at + 1 :] if kind == 0 else name[:at] + name[at] + name[at:] if kind == 1 else (
            name[: at - 1] + name[at] + name[at - 1] + name[at + 1 :]
        )  # fmt: skip

    def act(here):
        here.load(people)
        lookup, missed = Lookup(here), 0
        for person in chosen.sample(people, 60):
            found = lookup.ask(f"{slipped(person.name)} {person.birth_date:%d-%m-%Y}")
            missed += person.nik not in [one.nik for one in found.people[:2]]
        assert missed <= 1

    with_store(tmp_path, act)
