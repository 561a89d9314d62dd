"""A new operator, and a new key after a forgotten PIN: station and office, by line and by text, and all that goes wrong."""

from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime

import psycopg
import pytest

from exchange_server import serving_app
from office_examples import (
    CENTRE,
    DOCUMENT,
    OFFICE,
    OTHER_OFFICE,
    ROOT,
    STATION,
    STATION_STAFF,
    TODAY,
    emptied,
    staffed_world,
)
from rekam.apps.ceremony import Staff
from rekam.enrolment.identifiers import StationId
from rekam.exchange.errors import RequestRefused, SenderForbidden, SenderRevoked
from rekam.exchange.key_request import (
    KeyAnswer,
    KeyAnswerUnreadable,
    KeyRequest,
    KeyRequestUnproved,
    sign_key_request,
)
from rekam.exchange.key_request_text import (
    answer_from_text,
    answer_to_text,
    request_from_text,
    request_to_text,
    wrapped,
)
from rekam.exchange.key_requests import HttpKeyRequests
from rekam.exchange.recovery import CodeWrong
from rekam.exchange.signed_http import SignedHttp
from rekam.office.app import create_office_app
from rekam.office.key_decisions import KeyRequestClosed, RefusalNeedsReason, SupervisorsNotHeard
from rekam.office.station_staff import joined
from rekam.station.certified_role import OperatorUncertified, certified
from rekam.station.key_answers import CROSSED, KeyAnswers
from rekam.station.key_requests import (
    AlreadySupervisor,
    KeyRequests,
    NameUnusable,
    NoSuchKeyRequest,
    OnlySupervisorsAsk,
    OwnPinForgotten,
)
from rekam.station.unlock import NotCertifiedYet, Operator, Operators
from rekam.trust.certificates import verify_chain
from rekam.trust.clock import SteppedClock, SystemClock
from rekam.trust.keys import SigningKey
from rekam.trust.pairing import spaced
from rekam.trust.pin import Cost, WrongPin
from rekam.trust.random import SeededRandomUnsafeForTests
from rekam.web.staff import InMemoryStaffStore
from station_identity import station_identity

NAME, PIN, NEW, STORE_KEY = "317401-01", "204816", "730516", bytes(range(32))
HOLDERS = {subject: OFFICE.staff(Staff(subject, name, role, PIN)) for subject, name, role in STATION_STAFF}
IDENTITY = replace(
    station_identity(),
    signing=STATION.key,
    chain=STATION.chain,
    document=DOCUMENT.key,
    document_chain=DOCUMENT.chain,
    centre_chain=CENTRE.chain,
    root=ROOT,
)


class Line:
    """The station's line to the office: one call, or none while it is cut."""

    def __init__(self, office):
        self.office = office

    def ask(self, data):
        return self.office.operator_keys.asked(data, NAME)

    def withdraw(self, digest):
        return self.office.operator_keys.withdrawn(digest, NAME, 1)


@pytest.fixture(scope="module")
def _world(tmp_path_factory):
    with staffed_world(tmp_path_factory.mktemp("keys")) as made:
        yield made


@pytest.fixture
def office(_world):
    """One database for the file; each test begins with its tables empty."""
    return emptied(_world.office, "key_request, key_approval, key_issue, key_withdrawal, exchange.fence")


class Counter:
    """A station's staff, and what they ask for."""

    def __init__(self, folder):
        clock = SteppedClock(TODAY)
        self.operators = Operators(folder / "operators.cbor", clock, cost=Cost(64, 1, 1))
        for subject, name, role in STATION_STAFF:
            holder = HOLDERS[subject]
            self.operators.add(Operator(subject, name, role), PIN, holder.key, holder.chain, STORE_KEY)
        self.ended = []
        random = SeededRandomUnsafeForTests("keys of operators")
        self.keys = KeyRequests(self.operators, IDENTITY, random, lambda: datetime(2017, 3, 20, tzinfo=UTC))
        self.answers = KeyAnswers(self.operators, self.keys, IDENTITY, self.ended.append)
        self.supervisor = self.operators.sign_in("spv-1", PIN)


@pytest.fixture
def counter(tmp_path):
    return Counter(tmp_path)


def approve(office, asked, *officials, heard=False):
    for official in officials or ("budi", "sri"):
        office.operator_keys.decisions.approve(asked.digest, official, spaced(asked.letters), heard=heard)


def on_the_list(office, subject):
    """What the office says of somebody who joined."""
    with office.pool.connection() as tx:
        return tuple(who for who in joined(tx, NAME) if who[0] == subject)


def test_a_forgotten_pin_is_replaced_over_the_line_and_the_old_key_signs_nothing_more(office, counter):
    old = counter.operators.sign_in("op-1", PIN)
    asked = counter.keys.ask_forgotten("op-1", NEW, counter.supervisor)
    assert counter.answers.bring(Line(office)) == 0
    assert counter.keys.find("op-1").heard
    assert counter.operators.sign_in("op-1", PIN).signing.public == old.signing.public
    with pytest.raises(WrongPin):
        counter.operators.sign_in("op-1", NEW)
    approve(office, asked, "budi", "budi")
    assert counter.answers.bring(Line(office)) == 0
    approve(office, asked, "sri")
    assert counter.answers.bring(Line(office)) == 1
    assert counter.keys.waiting() == []
    assert counter.ended == ["op-1"]
    new = counter.operators.sign_in("op-1", NEW)
    leaf = verify_chain(new.chain, ROOT)[0]
    assert (leaf.subject, leaf.kind, leaf.name, leaf.epoch) == ("op-1", "operator", "Operator Satu", 2)
    assert leaf.signing == new.signing.public != old.signing.public
    assert new.store_key == STORE_KEY
    with pytest.raises(WrongPin):
        counter.operators.sign_in("op-1", PIN)
    assert office.operator_keys.book.find(asked.digest).ends == old.signing.public.key_id.hex()


def test_a_new_operator_comes_by_text_alone_and_is_known_at_the_next_recovery(office, counter):
    asked = counter.keys.ask_new("  Ayu   Lestari ", NEW, counter.supervisor)
    with pytest.raises(NotCertifiedYet):
        counter.operators.sign_in(asked.subject, NEW)
    assert [one.subject for one in counter.operators.listed()] == ["op-1", "spv-1"]
    carried = wrapped(request_to_text(asked.data)).lower()
    known = office.operator_keys.take(request_from_text(carried), "text")
    assert (known.name, known.role, known.why, known.came, known.asked_by) == (
        *("Ayu Lestari", "operator", "new", "text"), "Supervisor",
    )  # fmt: skip
    assert office.operator_keys.book.waiting() == 1
    approve(office, asked)
    text = wrapped(answer_to_text(office.operator_keys.answer(known.request)))
    for _ in range(2):
        assert counter.answers.take(answer_from_text(text)).outcome == "issued"
    assert counter.operators.sign_in(asked.subject, NEW).operator.name == "Ayu Lestari"
    with office.pool.connection() as tx:
        assert joined(tx, NAME) == ((asked.subject, "Ayu Lestari", "operator"),)
    again = counter.keys.ask_forgotten(asked.subject, "918273", counter.supervisor)
    assert counter.answers.bring(Line(office)) == 0
    approve(office, again)
    counter.answers.bring(Line(office))
    assert verify_chain(counter.operators.sign_in(asked.subject, "918273").chain, ROOT)[0].epoch == 3


def test_a_request_fits_a_qr_code_and_reads_the_same_however_it_is_typed(counter):
    asked = counter.keys.ask_forgotten("op-1", NEW, counter.supervisor)
    text = request_to_text(asked.data)
    assert len(text) < 1400
    assert request_from_text(f"\n {wrapped(text).lower()} ") == asked.data
    for damaged in ("", text[:-3] + "1", text.replace("MINTA", "JAWAB"), "halo"):
        with pytest.raises(KeyRequestUnproved):
            request_from_text(damaged)
    with pytest.raises(KeyAnswerUnreadable, match="the other one"):
        answer_from_text(text)


def test_nobody_is_certified_on_one_official_nor_on_other_letters(office, counter):
    asked = counter.keys.ask_new("Ayu Lestari", NEW, counter.supervisor)
    counter.answers.bring(Line(office))
    for _ in range(3):
        with pytest.raises(CodeWrong):
            office.operator_keys.decisions.approve(asked.digest, "budi", "BBBB-BBBB")
    with pytest.raises(KeyRequestClosed):
        approve(office, asked, "budi")
    assert counter.answers.bring(Line(office)) == 1
    refused = next(one for one in counter.operators.standings() if one.operator.subject == asked.subject)
    assert (refused.usable, refused.refused) == (False, "letters")
    with pytest.raises(psycopg.errors.RestrictViolation), office.pool.connection() as tx:
        tx.execute(f"INSERT INTO key_issue (request, certificate) VALUES ('{asked.digest}', '')")
    counter.keys.dismiss(asked.subject)
    assert [one.operator.subject for one in counter.operators.standings()] == ["op-1", "spv-1"]


def test_a_refusal_comes_with_its_reason_and_the_old_pin_goes_on(office, counter):
    asked = counter.keys.ask_forgotten("op-1", NEW, counter.supervisor)
    counter.answers.bring(Line(office))
    with pytest.raises(RefusalNeedsReason):
        office.operator_keys.decisions.refuse(asked.digest, "budi", "  ")
    office.operator_keys.decisions.refuse(asked.digest, "budi", "Tidak ada yang menjawab telepon")
    assert counter.answers.bring(Line(office)) == 1
    standing = next(one for one in counter.operators.standings() if one.operator.subject == "op-1")
    assert (standing.usable, standing.refused) == (True, "Tidak ada yang menjawab telepon")
    assert counter.operators.sign_in("op-1", PIN)
    counter.keys.dismiss("op-1")
    assert not any(one.refused for one in counter.operators.standings())


def test_asked_twice_the_newer_counts_and_an_answer_to_the_older_changes_nothing(office, counter):
    first = counter.keys.ask_forgotten("op-1", NEW, counter.supervisor)
    counter.answers.bring(Line(office))
    second = counter.keys.ask_forgotten("op-1", "918273", counter.supervisor)
    counter.answers.bring(Line(office))
    assert office.operator_keys.book.find(first.digest).closed == "replaced"
    approve(office, second)
    with pytest.raises(NoSuchKeyRequest):
        counter.answers.take(office.operator_keys.answer(first.digest))
    assert counter.answers.bring(Line(office)) == 1
    assert counter.operators.sign_in("op-1", "918273")


def test_what_is_withdrawn_leaves_no_key_and_the_office_cannot_certify_it_whatever_comes_later(office, counter):
    asked = counter.keys.ask_new("Ayu Lestari", NEW, counter.supervisor)
    counter.keys.withdraw(asked.subject)
    assert "slot" not in counter.operators.file.read()[asked.subject]["asked"]
    assert counter.answers.bring(Line(office)) == 1
    assert counter.keys.waiting() == []
    assert asked.subject not in counter.operators.file.read()
    assert office.operator_keys.take(asked.data, "text").closed == "withdrawn"
    with pytest.raises(KeyRequestClosed):
        approve(office, asked, "budi")
    with pytest.raises(NoSuchKeyRequest):
        counter.answers.take(office.operator_keys.answer(asked.digest))


def test_withdrawn_here_and_certified_there_ends_the_old_key_on_both_sides_and_says_so(office, counter):
    asked = counter.keys.ask_forgotten("op-1", NEW, counter.supervisor)
    counter.answers.bring(Line(office))
    approve(office, asked)
    counter.keys.withdraw("op-1")
    assert counter.answers.bring(Line(office)) == 1
    standing = next(one for one in counter.operators.standings() if one.operator.subject == "op-1")
    assert (standing.usable, standing.refused) == (False, CROSSED)
    for pin in (PIN, NEW):
        with pytest.raises(NotCertifiedYet):
            counter.operators.sign_in("op-1", pin)
    once_more = counter.keys.ask_forgotten("op-1", NEW, counter.supervisor)
    counter.answers.bring(Line(office))
    approve(office, once_more)
    assert counter.answers.bring(Line(office)) == 1
    assert counter.operators.sign_in("op-1", NEW)


def test_a_disk_set_back_before_the_request_takes_no_answer_and_one_set_back_after_it_takes_it_again(office, counter):
    file = counter.operators.file.path
    before = file.read_bytes()
    asked = counter.keys.ask_forgotten("op-1", NEW, counter.supervisor)
    waiting = file.read_bytes()
    office.operator_keys.take(asked.data, "text")
    approve(office, asked)
    answer = office.operator_keys.answer(asked.digest)
    file.write_bytes(before)
    with pytest.raises(NoSuchKeyRequest):
        counter.answers.take(answer)
    assert file.read_bytes() == before
    file.write_bytes(waiting)
    assert counter.answers.bring(Line(office)) == 1
    assert counter.operators.sign_in("op-1", NEW)


def test_an_answer_of_nobody_of_another_station_or_with_another_key_changes_nothing(office, counter):
    asked = counter.keys.ask_forgotten("op-1", NEW, counter.supervisor)
    office.operator_keys.take(asked.data, "text")
    approve(office, asked)
    answer = office.operator_keys.answer(asked.digest)
    before = counter.operators.file.path.read_bytes()
    said = KeyAnswer.read(answer, OFFICE.holder.key.public)
    forged = [
        said.signed(STATION.key),
        replace(said, station="317401-02").signed(OFFICE.holder.key),
        replace(said, epoch=2).signed(OFFICE.holder.key),
        replace(said, certificate=HOLDERS["op-1"].chain[0]).signed(OFFICE.holder.key),
        answer[:-1],
        b"",
    ]
    for data in forged:
        with pytest.raises((KeyAnswerUnreadable, NoSuchKeyRequest)):
            counter.answers.take(data)
    assert counter.operators.file.path.read_bytes() == before


def test_the_office_takes_no_request_that_a_supervisor_of_that_station_did_not_sign(office, counter, tmp_path):
    operator = counter.operators.sign_in("op-1", PIN)
    with pytest.raises(OnlySupervisorsAsk):
        counter.keys.ask_new("Ayu Lestari", NEW, operator)
    bold = replace(operator, operator=replace(operator.operator, role="supervisor"))  # the file says so
    asked = counter.keys.ask_new("Ayu Lestari", NEW, bold)
    with pytest.raises(KeyRequestUnproved, match="signed by operator"):
        office.operator_keys.take(asked.data, "text")
    stranger = OFFICE.staff(Staff("spv-9", "Supervisor Lain", "supervisor", PIN))
    elsewhere = replace(counter.supervisor, signing=stranger.key, chain=stranger.chain)
    asked = counter.keys.ask_new("Bayu", NEW, elsewhere)
    with pytest.raises(KeyRequestUnproved, match="no supervisor"):
        office.operator_keys.take(asked.data, "text")
    asked = counter.keys.ask_new("Citra", NEW, counter.supervisor)
    with pytest.raises(KeyRequestUnproved, match="brought by"):
        office.operator_keys.asked(asked.data, "317401-02")
    with pytest.raises(KeyRequestUnproved):
        office.operator_keys.take(asked.data[:-1] + bytes([asked.data[-1] ^ 1]), "text")


def test_a_station_whose_key_was_withdrawn_gets_no_operators(office, counter):
    asked = counter.keys.ask_new("Ayu Lestari", NEW, counter.supervisor)
    office.operator_keys.take(asked.data, "text")
    with office.pool.connection() as tx:
        office.withdrawals.withdraw(tx, NAME, 1, reason="dicuri")
    with pytest.raises(SenderRevoked):
        approve(office, asked, "budi")
    later = counter.keys.ask_new("Bayu", NEW, counter.supervisor)
    with pytest.raises(SenderRevoked):
        office.operator_keys.take(later.data, "text")


def test_names_are_asked_for_and_nobody_asks_for_their_own(counter):
    for name in ("", " ", "x" * 81, "Operator Satu", "operator satu", "a\x00b"):
        with pytest.raises(NameUnusable):
            counter.keys.ask_new(name, NEW, counter.supervisor)
    with pytest.raises(OwnPinForgotten):
        counter.keys.ask_forgotten("spv-1", NEW, counter.supervisor)


def test_a_supervisor_asks_for_another_and_the_certificate_alone_says_the_role(office, counter):
    asked = counter.keys.ask_new("Ayu Lestari", NEW, counter.supervisor, "supervisor")
    known = office.operator_keys.take(asked.data, "text")
    assert (known.role, known.why, known.alone) == ("supervisor", "new", False)
    approve(office, asked)
    counter.answers.take(office.operator_keys.answer(asked.digest))
    made = counter.operators.sign_in(asked.subject, NEW)
    assert verify_chain(made.chain, ROOT)[0].kind == "supervisor"
    assert certified(made, ROOT).operator.role == "supervisor"
    assert on_the_list(office, asked.subject) == ((asked.subject, "Ayu Lestari", "supervisor"),)


def test_where_no_supervisor_is_left_an_operator_becomes_one_with_the_store_and_its_key_untouched(office, counter):
    operator = counter.operators.sign_in("op-1", PIN)
    asked = counter.keys.ask_appointed("op-1", NEW, operator)
    assert counter.answers.bring(Line(office)) == 0
    known = office.operator_keys.book.find(asked.digest)
    assert (known.role, known.why, known.alone, known.asked_by) == ("supervisor", "appointed", True, "Operator Satu")
    assert office.operator_keys.grounds.supervisors(NAME, "op-1") == ["Supervisor"]
    with pytest.raises(SupervisorsNotHeard):
        approve(office, asked)
    approve(office, asked, "budi", heard=True)
    assert counter.operators.sign_in("op-1", PIN).operator.role == "operator"  # until the office has certified it
    approve(office, asked, "sri", heard=True)
    assert counter.answers.bring(Line(office)) == 1
    made = certified(counter.operators.sign_in("op-1", NEW), ROOT)
    assert (made.operator.role, made.store_key) == ("supervisor", STORE_KEY)
    assert verify_chain(made.chain, ROOT)[0].epoch == 2
    assert on_the_list(office, "op-1") == (("op-1", "Operator Satu", "supervisor"),)
    counter.operators.bar("spv-1", by="op-1", at="2017-03-20")
    with pytest.raises(AlreadySupervisor):
        counter.keys.ask_appointed("op-1", PIN, made)
    again = counter.keys.ask_new("Bayu", PIN, made)
    assert office.operator_keys.take(again.data, "text").asked_by == "Operator Satu"


def test_the_only_supervisor_who_forgot_the_pin_gets_a_new_one_through_an_operator(office, counter):
    operator = counter.operators.sign_in("op-1", PIN)
    asked = counter.keys.ask_forgotten("spv-1", NEW, operator)
    counter.answers.bring(Line(office))
    approve(office, asked, heard=True)
    assert counter.answers.bring(Line(office)) == 1
    made = certified(counter.operators.sign_in("spv-1", NEW), ROOT)
    assert (made.operator.role, made.store_key) == ("supervisor", STORE_KEY)
    with pytest.raises(WrongPin):
        counter.operators.sign_in("spv-1", PIN)


def test_the_office_takes_an_operators_word_for_supervisors_only_whatever_the_station_made_of_it(office, counter):
    operator = counter.operators.sign_in("op-1", PIN)
    key = SigningKey(bytes(range(32)))
    wanted = KeyRequest(NAME, 1, f"{NAME}-BCDF", "Ayu Lestari", "operator", "new", key.public)
    stranger = replace(wanted, station="317401-02", subject="317401-02-BCDF", role="supervisor")
    for request, why in ((wanted, "signed by operator"), (stranger, "no station")):
        data = sign_key_request(request, key, operator.signing, operator.chain[0], "operator")
        with pytest.raises(KeyRequestUnproved, match=why):
            office.operator_keys.take(data, "text")


def test_a_role_that_was_written_into_the_file_of_operators_is_not_believed(counter):
    entry = counter.operators.file.read()["op-1"]
    counter.operators.file.put("op-1", {**entry, "role": "supervisor"})
    assert certified(counter.operators.sign_in("op-1", PIN), ROOT).operator.role == "operator"
    counter.operators.file.put("op-1", {**entry, "chain": list(HOLDERS["spv-1"].chain)})
    with pytest.raises(OperatorUncertified):
        certified(counter.operators.sign_in("op-1", PIN), ROOT)


def test_who_is_barred_while_a_new_key_is_asked_for_gets_none(office, counter):
    asked = counter.keys.ask_forgotten("op-1", NEW, counter.supervisor)
    counter.answers.bring(Line(office))
    counter.operators.bar("op-1", by="spv-1", at="2017-03-20")
    assert counter.answers.bring(Line(office)) == 1
    assert office.operator_keys.book.find(asked.digest).closed == "withdrawn"
    with pytest.raises(KeyRequestClosed):
        approve(office, asked)


@contextmanager
def over_http(office, holder):
    app = create_office_app(office, InMemoryStaffStore(SystemClock()))
    with serving_app(app) as address:
        http = SignedHttp(address, place="3174", key=holder.key, chain=holder.chain, clock=SystemClock())
        yield HttpKeyRequests(http)
        http.close()


def test_over_http_it_is_asked_answered_and_taken_back_by_the_station_itself_alone(office, counter):
    with over_http(office, STATION) as line:
        asked = counter.keys.ask_forgotten("op-1", NEW, counter.supervisor)
        assert line.ask(asked.data) is None
        approve(office, asked)
        assert counter.answers.bring(line) == 1
        assert counter.operators.sign_in("op-1", NEW)
        new = counter.keys.ask_new("Ayu Lestari", NEW, counter.supervisor)
        counter.keys.withdraw(new.subject)
        assert counter.answers.bring(line) == 1
        assert counter.keys.waiting() == []
        with pytest.raises(RequestRefused, match="cannot be used"):
            line.ask(b"nothing")
    neighbour = OFFICE.station(StationId("317401-02"), "Tebet 02")
    other = counter.keys.ask_new("Bayu", NEW, counter.supervisor)
    office.operator_keys.take(other.data, "text")
    with over_http(office, neighbour) as line:
        with pytest.raises(RequestRefused, match="brought by 317401-02"):
            line.ask(other.data)
        said = KeyAnswer.read(line.withdraw(bytes.fromhex(other.digest)), OFFICE.holder.key.public)
        assert (said.station, said.outcome) == ("317401-02", "withdrawn")
        unknown = counter.keys.ask_new("Citra", NEW, counter.supervisor)
        line.withdraw(bytes.fromhex(unknown.digest))
    assert office.operator_keys.book.find(other.digest).open
    counter.keys.withdraw(unknown.subject)
    Line(office).withdraw(bytes.fromhex(unknown.digest))
    assert office.operator_keys.take(unknown.data, "text").closed == "withdrawn"
    with over_http(office, OTHER_OFFICE.holder) as line, pytest.raises(SenderForbidden):
        line.ask(other.data)
