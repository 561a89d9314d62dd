"""Corrected biodata from the office to a running station: sealed to it, in order, each once, newer over older alone."""

import json
from contextlib import nullcontext
from dataclasses import replace
from datetime import date

import psycopg
import pytest

from rekam.apps import residents_command
from rekam.enrolment.errors import RekamError
from rekam.exchange.corrections import CORRECTION, PAGE, PARCEL, Correction, Note, Question, corrections_feed
from rekam.exchange.errors import FeedFromAnother, FeedGap, RemoteUnreachable
from rekam.exchange.feed import Batch, Entry, seal_batch
from rekam.exchange.signed_correction import SignedCorrection, sign_correction
from rekam.office.corrections import Brought, Wanted
from rekam.office.keeping import Keepsake
from rekam.office.office import TABLES
from rekam.packet.content import read_content
from rekam.packet.errors import ParcelForAnotherPlace
from rekam.packet.parcel import seal_parcel
from rekam.packet.unseal import unseal
from rekam.station.family import Standing as FamilyStanding
from rekam.station.referral.changes import Field, mark_of
from rekam.station.referral.referral import Standing
from rekam.storage.testing import fresh_pool
from rekam.trust import keyfile
from rekam.trust.keys import SigningKey
from rekam.trust.random import SeededRandomUnsafeForTests
from rekam.trust.sealing import OpeningKey
from small_country import open_office
from station_counter import OPERATOR, STATION
from station_counter import counter as make_counter

OTHER_STATION = "317402-01"


class Line:
    """The office as the station reaches it; can be cut, and remembers what went over it."""

    def __init__(self):
        self.office, self.cut, self.parcels = None, False, []

    def ask(self, question):
        if self.cut:
            raise RemoteUnreachable(place="Sudin Dukcapil", reason="no connection")
        parcel = self.office.correction_answers.answer(STATION, question)
        self.parcels += [parcel] if parcel else []
        return parcel


class World:
    def __init__(self, folder, pool):
        self.line = Line()
        self.counter = make_counter(folder / "country", corrections=lambda _identity: self.line)
        self.office = self.line.office = open_office(folder / "country", pool, None, clock=self.counter.clock)
        self.counter.sign_in()
        self.person = self.counter.adults()[0]

    @property
    def here(self):
        return self.counter.station.here

    def wanted(self, person=None, **changes):
        """Somebody as the family card has them now."""
        now = self.office.corrections.now([(person or self.person).nik])
        held = next(iter(now.values()), None)
        said = {name: changes.pop(name) for name in ("note", "since", "confirms") if name in changes}
        return Wanted(replace(person or self.person, **changes), seen=held.version if held else 0, **said)

    def correct(self, person=None, **changes):
        self.counter.clock.advance(2)
        return self.office.corrections.bring([self.wanted(person, **changes)], "siti", "form")

    def now(self, person=None):
        return self.here.residents.find((person or self.person).nik)

    def refer(self, said="SITI AMINAH"):
        sitting = self.counter.station.sittings.open(self.person.nik, self.counter.sign_in())
        lines = {Field.NAME: said}
        made = self.here.referrals.refer(sitting.sitting_id, sitting.biodata, lines, ("kk",), "", OPERATOR)
        return sitting.sitting_id, made


@pytest.fixture
def world(tmp_path):
    with fresh_pool(*TABLES) as pool:
        made = World(tmp_path, pool)
        yield made
        made.counter.station.close()


def test_a_correction_reaches_the_station_is_found_by_its_new_name_and_comes_once(world):
    assert world.correct(name="NYAI ARSANTI") == Brought(taken=1)
    assert world.correct(name="NYAI ARSANTI") == Brought(same=1)
    assert world.here.corrections.bring() == 1
    assert world.now().name == "NYAI ARSANTI"
    assert [one.nik for one in world.here.lookup.ask("Nyai Arsanti").people] == [world.person.nik]
    assert world.person.nik not in [one.nik for one in world.here.lookup.ask(world.person.name).people]
    assert world.here.corrections.bring() == 0
    (at_station, *_) = world.office.correction_answers.standing()
    assert (at_station.last, at_station.heard, at_station.ahead) == (1, 1, False)
    assert [one.nik for one in world.here.residents.family(world.person.kk) if one.name == "NYAI ARSANTI"]


def evidence(world, saved):
    """What a saved recording brings the centre: opened with its key, proved up to its root."""
    keys = keyfile.load(world.counter.folder / "keys" / "centre.keys")
    with world.here.blobs.open(saved.packet_id) as packet:
        opening = OpeningKey.from_bytes(keys["opening"])
        recorded = read_content(unseal(packet, [opening], world.here.identity.signing.public)).enrolment
    if recorded.correction is None:
        return None
    return SignedCorrection.from_bytes(recorded.correction).verified(world.here.identity.root)


def test_a_recording_brings_the_centre_what_the_office_signed_of_that_resident_and_of_nobody_else(world):
    other = world.counter.adults(2)[1]
    world.correct(name="NYAI ARSANTI")
    world.here.corrections.bring()
    correction, office = evidence(world, world.counter.save(world.person.nik))
    assert (correction.biodata, correction.note) == (replace(world.person, name="NYAI ARSANTI"), Note.NONE)
    assert (office.kind, office.subject) == ("office", "3174")
    assert evidence(world, world.counter.save(other.nik)) is None


def test_a_recording_of_biodata_as_they_were_before_brings_no_correction_of_them(world):
    operator = world.counter.sign_in()
    sitting_id = world.counter.filled(world.person.nik, operator)
    world.correct(name="NYAI ARSANTI")
    world.here.corrections.bring()
    world.correct(name="NYAI ARSANTI PUTRI")
    with pytest.raises(RekamError):
        world.counter.station.sittings.save(sitting_id, operator, consent=True)
    newer = world.counter.station.sittings.newer_biodata(world.counter.station.sittings.find(sitting_id))
    world.counter.station.sittings.confirm_newer(sitting_id, mark_of(newer))
    saved = world.counter.station.sittings.save(sitting_id, operator, consent=True)
    correction, _ = evidence(world, saved)
    assert correction.biodata.name == "NYAI ARSANTI", "what the station knew, and the resident said yes to"


def test_a_correction_that_another_key_signed_changes_nothing_and_holds_up_no_other(world):
    forged = sign_correction(Correction(9, replace(world.person, name="PALSU")), SigningKey(bytes(range(32))))
    right = sign_correction(Correction(8, replace(world.person, name="BENAR")), world.office.signing)
    question = world.here.corrections.question()
    entries = (Entry(1, CORRECTION, forged), Entry(2, CORRECTION, right))
    signed = seal_batch(Batch(corrections_feed(STATION, "life"), 1, entries), world.office.signing)
    random = SeededRandomUnsafeForTests("forged")
    parcel = seal_parcel(signed, kind=PARCEL, recipient=question.key, signer=world.office.signing, random=random)
    world.here.corrections.take(parcel)
    assert world.now().name == "BENAR"


def test_nothing_on_the_way_says_whom_it_is_about_and_no_other_station_opens_it(world):
    world.correct(name="NYAI ARSANTI")
    world.here.corrections.bring()
    (parcel,) = world.line.parcels
    for secret in (world.person.nik, "ARSANTI", world.person.kk):
        assert secret.encode() not in parcel
    other = OpeningKey.generate(random=SeededRandomUnsafeForTests("other"))
    asked = Question("", 0, 0, other.public)
    with pytest.raises(ParcelForAnotherPlace):
        world.here.corrections.take(world.office.correction_answers.answer(STATION, asked.to_bytes()))
    own = replace(world.here.corrections.question(), life="", after=0)
    with pytest.raises(FeedFromAnother):
        world.here.corrections.take(world.office.correction_answers.answer(OTHER_STATION, own.to_bytes()))
    at_rest = world.office.pool
    with at_rest.connection() as tx:
        rows = tx.execute("SELECT to_json(c)::text FROM resident_change c").fetchall()
    assert not any(secret in str(rows) for secret in (world.person.nik, "ARSANTI"))


def test_a_parcel_that_comes_late_twice_or_too_early_never_brings_older_biodata_back(world):
    for name in ("SATU", "DUA", "TIGA"):
        world.correct(name=name)
        world.here.corrections.bring()
    first, second, third = world.line.parcels
    for parcel in (first, third, second, first):
        assert world.here.corrections.take(parcel) == 0
    assert world.now().name == "TIGA"
    behind = replace(world.here.corrections.question(), after=0)
    world.line.parcels.clear()
    whole = world.office.correction_answers.answer(STATION, behind.to_bytes())
    with world.here.store.tx() as tx:
        tx.execute("UPDATE feed_cursor SET n = 0 WHERE feed LIKE 'corrections/%'")
    with pytest.raises(FeedGap):
        world.here.corrections.take(third)
    assert world.here.corrections.take(whole) == 3
    assert world.now().name == "TIGA"
    with pytest.raises(RekamError):
        world.here.corrections.take(whole[:-1] + bytes([whole[-1] ^ 1]))


def test_the_store_itself_lets_no_older_version_replace_a_newer_one(world):
    world.correct(name="SATU")
    world.here.corrections.bring()
    with pytest.raises(Exception, match="older biodata never replace newer"), world.here.store.tx() as tx:
        tx.execute("UPDATE resident SET version = version - 1 WHERE nik = ?", (world.person.nik,))
    assert world.here.residents.load([world.person]) == 1
    assert world.now().name == "SATU", "an extract as the station was set up with is older than any correction"


def test_many_come_in_pages_and_a_cut_goes_on_where_it_was(world, monkeypatch):
    people = world.counter.adults(40)
    wanted = [world.wanted(person, address=f"JL. BARU {n}") for n in range(6) for person in people]
    with pytest.MonkeyPatch.context() as small:
        small.setattr("rekam.office.correction_desk.PAGE", 25)
        for n in range(6):
            world.office.corrections.bring([world.wanted(one, address=f"JL. BARU {n}") for one in people], "s", "file")
        correct, calls = world.here.residents.correct, []

        def cut(corrections, at):
            calls.append(at)
            if len(calls) == 3:
                raise RemoteUnreachable(place="here", reason="power")
            return correct(corrections, at)

        small.setattr(world.here.residents, "correct", cut)
        with pytest.raises(RemoteUnreachable):
            world.here.corrections.bring()
        assert world.here.corrections.question().after == 50
        assert world.here.corrections.bring() == 6 * len(people) - 50
    assert {world.now(one).address for one in people} == {"JL. BARU 5"}
    assert len(wanted) > PAGE


def test_a_referral_is_listed_at_the_office_and_its_sitting_goes_on_with_the_new_biodata(world):
    sitting_id, referral = world.refer()
    world.here.corrections.bring()
    (told,) = world.office.correction_answers.referrals(10)
    assert (told.referral.number, told.referral.said, told.answered) == (
        referral.id.number,
        {"name": "SITI AMINAH"},
        False,
    )
    assert world.office.correction_answers.unanswered() == 1
    world.correct(name="SITI AMINAH")
    assert world.office.correction_answers.unanswered() == 0
    assert world.here.referrals.standing(referral)[0] is Standing.NOT_YET
    world.here.corrections.bring()
    assert world.here.referrals.standing(referral)[0] is Standing.CORRECTED
    sittings = world.counter.station.sittings
    sitting = sittings.find(sitting_id)
    assert sitting.biodata.name == world.person.name, "nothing changes under an operator's hands"
    newer = sittings.newer_biodata(sitting)
    assert newer.name == "SITI AMINAH"
    assert sittings.confirm_newer(sitting_id, mark_of(newer)).biodata.name == "SITI AMINAH"
    world.here.corrections.bring()
    assert world.office.correction_answers.referrals(10) == [], "what is corrected is not told as waiting"


def test_a_card_that_was_right_answers_the_referral_and_changes_nothing(world):
    _, referral = world.refer()
    assert world.correct() == Brought(same=1)
    assert world.correct(confirms=True) == Brought(taken=1)
    world.here.corrections.bring()
    assert world.here.referrals.standing(referral)[0] is Standing.KEPT
    assert world.here.corrections.waiting() == ()


def test_who_died_or_moved_away_is_noted_proposed_to_nobody_and_may_be_recorded_all_the_same(world):
    born = (date(1900, 1, 1), date(2100, 1, 1))
    world.correct(note=Note.DIED, since=date(2026, 3, 3))
    world.here.corrections.bring()
    told = world.here.residents.told(world.person.nik)
    assert (told.note, told.since) == (Note.DIED, date(2026, 3, 3))
    assert world.here.family.member(world.now()).standing is FamilyStanding.NOTED
    assert world.person.nik not in [one.nik for one in world.here.residents.living(born=born)]
    assert world.counter.save(world.person.nik).nik == world.person.nik
    world.correct(note=Note.NONE)
    world.here.corrections.bring()
    assert world.person.nik in [one.nik for one in world.here.residents.living(born=born)]


def test_a_new_resident_goes_to_the_station_of_the_district_alone_and_follows_on_a_move(world):
    new = replace(world.person, nik=type(world.person.nik)("3174011708900099"), name="WARGA BARU")
    elsewhere = replace(new, village="31.74.02.1001")
    assert world.office.corrections.hearers(new) == {STATION}
    assert world.office.corrections.hearers(elsewhere) == {OTHER_STATION}
    assert world.office.corrections.hearers(world.person) == {STATION, OTHER_STATION}, "both have this NIK"
    world.correct(new)
    world.here.corrections.bring()
    assert world.now(new).name == "WARGA BARU"
    world.correct(elsewhere)
    world.here.corrections.bring()
    assert world.now(new).village == "31.74.02.1001", "who held the resident hears where they went"
    assert {one.station: one.last for one in world.office.correction_answers.standing()} == {
        STATION: 2,
        OTHER_STATION: 1,
    }


def test_two_officials_never_overwrite_each_other(world):
    mine, other = world.wanted(name="SATU"), world.wanted(name="DUA")
    assert world.office.corrections.bring([other], "budi", "form").taken == 1
    assert world.office.corrections.bring([mine], "siti", "form") == Brought(outrun=(world.person.nik,))
    assert world.office.corrections.now([world.person.nik])[world.person.nik].biodata.name == "DUA"


def test_what_was_brought_in_and_told_stays(world):
    world.correct(name="SATU")
    for sql in (
        "UPDATE resident_change SET by = 'x'",
        "DELETE FROM resident_news",
        "UPDATE resident_news SET n = 9",
        "UPDATE resident_life SET life = ''",
    ):
        with pytest.raises(psycopg.errors.RestrictViolation), world.office.pool.connection() as tx:
            tx.execute(sql)


def test_a_station_goes_on_when_its_office_was_rebuilt_from_a_keepsake_and_what_was_lost_is_told(world, tmp_path):
    world.correct(name="SATU")
    kept = Keepsake.of(world.office.pool, "3174", 0)
    world.correct(name="DUA")
    world.correct(world.counter.adults(2)[1], name="HILANG")
    world.here.corrections.bring()
    with fresh_pool(*TABLES) as anew:
        kept.restore(anew)
        world.office = world.line.office = open_office(tmp_path / "country", anew, None, clock=world.counter.clock)
        assert world.office.corrections.now([world.person.nik])[world.person.nik].biodata.name == "SATU"
        world.here.corrections.bring()
        assert world.now().name == "DUA", "older is told again and changes nothing"
        assert [one.ahead for one in world.office.correction_answers.standing()] == [True, False]
        world.correct(name="TIGA")
        assert world.here.corrections.bring() == 1
        assert world.now().name == "TIGA"
        world.counter.restart()
        world.counter.sign_in()
        assert world.here.corrections.bring() == 0


def test_a_database_put_back_to_an_older_image_tells_everything_again_under_another_life(world):
    """As when an official restores last week's image of the server: the numbers it gave since are given anew."""
    other = world.counter.adults(3)[2]
    world.correct(name="SATU")
    world.here.corrections.bring()
    lost = world.line.parcels[-1]
    world.correct(name="DUA")
    world.correct(other, name="HILANG")
    world.here.corrections.bring()
    put_back(world.office.pool, to=1)
    assert world.here.corrections.bring() == 1, "the first again, in a life of its own"
    assert world.now().name == "DUA", "it changes nothing"
    world.correct(other, name="TIGA")
    assert world.here.corrections.bring() == 1
    assert world.now(other).name == "TIGA"
    for person in (world.person, other):
        world.correct(person, name="EMPAT")
    put_back(world.office.pool, to=2)
    for person in (world.person, other):
        world.correct(person, name="LIMA")
    assert world.here.corrections.bring() == 2, "these two it never heard"
    world.correct(name="ENAM")
    world.here.corrections.bring()
    put_back(world.office.pool, to=4)
    world.correct(name="TUJUH")
    assert world.here.corrections.bring() > 0, "number five was another"
    assert (world.now().name, world.now(other).name) == ("TUJUH", "LIMA")
    assert world.here.corrections.bring() == 0
    assert world.here.corrections.take(lost) == 0


def put_back(pool, *, to):
    """The tables as they were when the office had brought in `to` corrections."""
    with pool.connection() as tx:
        for table in ("resident_news", "resident_change"):
            tx.execute(f"ALTER TABLE {table} DISABLE TRIGGER USER")
        (last,) = tx.execute(
            "SELECT version FROM resident_change ORDER BY version LIMIT 1 OFFSET %s", (to - 1,)
        ).fetchone()
        tx.execute("DELETE FROM resident_news WHERE version > %s", (last,))
        tx.execute("DELETE FROM resident_change WHERE version > %s", (last,))
        for table in ("resident_news", "resident_change"):
            tx.execute(f"ALTER TABLE {table} ENABLE TRIGGER USER")


def test_a_late_stick_of_an_earlier_life_keeps_no_later_correction_away(world, monkeypatch):
    """An office that was rebuilt, more entries than one page, and then a stick from before."""
    monkeypatch.setattr("rekam.office.correction_desk.PAGE", 2)
    asked = world.here.corrections.question().to_bytes()
    world.correct(name="SATU")
    stick = world.office.correction_answers.answer(STATION, asked)
    with world.office.pool.connection() as tx:
        world.office.corrections.another_life(tx, than=world.office.corrections.life(tx))
    for name in ("DUA", "TIGA", "EMPAT"):
        world.correct(name=name)
    world.here.corrections.bring()
    assert world.now().name == "EMPAT"
    world.here.corrections.take(stick)
    world.correct(name="LIMA")
    world.here.corrections.bring()
    assert world.now().name == "LIMA"


def test_the_command_looks_first_takes_only_when_told_by_whom_and_names_nobody(world, tmp_path, monkeypatch, capsys):
    monkeypatch.setattr(residents_command, "running", lambda _data: nullcontext((world.office.pool, "")))
    where = {"data": world.counter.folder / "office-3174", "keys": world.counter.folder / "keys" / "office-3174.keys"}
    file = tmp_path / "kk.csv"
    file.write_text(f"nik;nama\n{world.person.nik};Nyai Arsanti\n317;x\n", "utf-8")
    with pytest.raises(SystemExit) as ended:
        residents_command.bring(file, **where)
    assert ended.value.code == 1, "a row was refused"
    said = capsys.readouterr().out
    assert "1 change, 0 are new, 0 are the same, 1 cannot be used." in said
    assert "ARSANTI" not in said
    assert world.person.nik not in said
    with pytest.raises(SystemExit) as ended:
        residents_command.bring(file, **where, take=True)
    assert (ended.value.code, world.office.corrections.newest(1)) == (2, [])
    with pytest.raises(SystemExit):
        residents_command.bring(file, **where, take=True, by="siti", as_json=True)
    told = json.loads(capsys.readouterr().out.splitlines()[-1])
    assert (told["taken"], told["refused_rows"]) == (1, [{"row": 3, "code": "NikWrongLength"}])
    assert world.office.corrections.newest(1)[0].by == "siti"
    world.here.corrections.bring()
    assert world.now().name == "NYAI ARSANTI"
    residents_command.status(**where, as_json=True)
    state = json.loads(capsys.readouterr().out)
    assert state["stations"][0] == {"station": STATION, "last": 1, "heard": 1, "ahead": False}
