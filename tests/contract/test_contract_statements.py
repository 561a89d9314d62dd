"""Statements from an office to the centre: one suite for the stores in memory and in PostgreSQL, and over HTTP."""

from dataclasses import dataclass, field, replace

import httpx
import pytest
from fastapi import FastAPI

from exchange_examples import CENTRE_KEY, CLOCK, OFFICE, OTHER_OFFICE, RANDOM, ROOT, STATION
from exchange_server import serving_app
from patience import PATIENCE_S
from rekam.exchange.errors import RemoteUnreachable, RequestRefused, SenderForbidden, StatementRefused
from rekam.exchange.fence import FenceUnreadable
from rekam.exchange.pg.register import EXCHANGE_TABLES
from rekam.exchange.pg.statements import PgStatementOutbox, PgStatements, put_statement
from rekam.exchange.saying_again import SayAgain
from rekam.exchange.signed_http import SignedHttp
from rekam.exchange.statement_sender import StatementSender
from rekam.exchange.statements import Said, SignedStatement, Statement, StatementInbox, state
from rekam.exchange.statements_http import HttpStatements, statements_router
from rekam.exchange.statements_in_memory import InMemoryStatementOutbox, InMemoryStatements
from rekam.storage.testing import fresh_pool

TOLD = "told"


def said(n: int = 1, *, kind: str = TOLD, by=OFFICE, office: str = "3174") -> tuple[Statement, SignedStatement]:
    statement = Statement(kind, office, 1_475_456_400_000 + n, {"n": n})
    return statement, state(statement, by.key, by.chain)


@dataclass
class Harness:
    """A centre whose effect notes n, and an office's outbox."""

    inbox: StatementInbox
    outbox: object
    put: object
    effects: object
    heard: list = field(default_factory=list)

    def sender(self, remote=None) -> StatementSender:
        return StatementSender(self.outbox, remote or self.inbox, CENTRE_KEY.public, CLOCK)


@pytest.fixture(params=["memory", "postgres"])
def harness(request):
    def inbox(register):
        return StatementInbox(register, root=ROOT, signer=CENTRE_KEY, clock=CLOCK)

    if request.param == "memory":
        heard: list[int] = []
        outbox = InMemoryStatementOutbox()
        register = InMemoryStatements({TOLD: lambda statement: heard.append(_n(statement))})
        yield Harness(inbox(register), outbox, outbox.put, lambda: sorted(heard))
        return
    with fresh_pool(EXCHANGE_TABLES) as pool:
        with pool.connection() as connection:
            connection.execute("CREATE TABLE heard (n integer PRIMARY KEY)")

        def effect(tx, statement):
            tx.execute("INSERT INTO heard VALUES (%s)", [statement.body["n"]])
            _n(statement)

        def put(statement, signed):
            with pool.connection() as tx:
                put_statement(tx, statement, signed)

        def effects():
            with pool.connection() as connection:
                return [n for (n,) in connection.execute("SELECT n FROM heard ORDER BY n")]

        yield Harness(inbox(PgStatements(pool, {TOLD: effect})), PgStatementOutbox(pool), put, effects)


def _n(statement: Statement) -> int:
    if statement.body["n"] == 15:
        raise FenceUnreadable
    if statement.body["n"] == 13:
        raise StatementRefused(statement_id="", code="Unlucky", detail="thirteen")
    return statement.body["n"]


def test_statements_arrive_in_order_take_effect_once_and_wait_no_longer(harness):
    for n in (1, 2, 3):
        harness.put(*said(n))
    harness.put(*said(2))
    assert harness.sender().run_once() == 3
    assert harness.sender().run_once() == 0
    assert harness.effects() == [1, 2, 3]
    assert [one.receipt is not None for one in harness.outbox.listed()] == [True] * 3


def test_the_same_statement_gives_the_same_receipt_for_ever(harness):
    _, signed = said()
    first = harness.inbox.take(signed.to_bytes())
    CLOCK.advance(60)
    assert harness.inbox.take(signed.to_bytes()) == first
    assert harness.effects() == [1]


def test_one_that_is_refused_is_set_aside_with_its_reason_leaves_no_effect_and_never_delays_the_next(harness):
    for n in (13, 14):
        harness.put(*said(n))
    assert harness.sender().run_once() == 1
    assert harness.effects() == [14]
    aside = harness.outbox.listed()[1]
    assert (aside.code, "thirteen" in aside.reason) == ("Unlucky", True)
    assert harness.outbox.waiting(10) == []
    assert harness.outbox.retry("0" * 64) == 0
    assert harness.outbox.retry(aside.id) == 1
    assert len(harness.outbox.waiting(10)) == 1


def test_one_that_the_effect_cannot_read_is_set_aside_like_any_other_also_over_http(harness):
    app = FastAPI()
    app.include_router(statements_router(harness.inbox, place="centre", root=ROOT))
    with serving_app(app) as url:
        http = SignedHttp(url, place="centre", key=OFFICE.key, chain=OFFICE.chain, clock=CLOCK, random=RANDOM)
        for n in (15, 16):
            harness.put(*said(n))
        assert harness.sender(HttpStatements(http)).run_once() == 1
        http.close()
    assert harness.effects() == [16]
    assert "FenceUnreadable" in harness.outbox.listed()[1].reason


def test_the_withdrawal_of_a_key_that_sealed_fifty_thousand_packets_gets_through(harness):
    app = FastAPI()
    app.include_router(statements_router(harness.inbox, place="centre", root=ROOT))
    held = [n.to_bytes(32, "big") for n in range(50_000)]
    statement = Statement(TOLD, "3174", 1, {"n": 1, "held": held})
    with serving_app(app) as url:
        http = SignedHttp(url, place="centre", key=OFFICE.key, chain=OFFICE.chain, clock=CLOCK, random=RANDOM)
        harness.put(statement, state(statement, OFFICE.key, OFFICE.chain))
        assert harness.sender(HttpStatements(http)).run_once() == 1
        http.close()
    assert harness.effects() == [1]


def test_a_kind_that_this_centre_does_not_know_waits_for_a_newer_one(harness):
    harness.put(*said(kind="card-printed"))
    assert harness.sender().run_once() == 0
    assert harness.effects() == []
    assert "card-printed" in harness.outbox.listed()[0].reason


def confirmed_three(harness) -> list[str]:
    for n in (1, 2, 3):
        harness.put(*said(n))
    assert harness.sender().run_once() == 3
    return sorted(one.id for one in harness.outbox.listed())


def test_what_was_confirmed_is_listed_by_its_id_in_pages(harness):
    ids = confirmed_three(harness)
    harness.put(*said(4))
    pages = [[one.id for one in harness.outbox.confirmed(after, 2)] for after in ("", ids[1], ids[2])]
    assert pages == [ids[:2], ids[2:], []]


def test_of_each_kind_it_is_counted_what_was_confirmed_waits_and_was_refused(harness):
    assert harness.outbox.counted() == {}
    confirmed_three(harness)
    for n in (13, 14):
        harness.put(*said(n))
    harness.sender().run_once()
    harness.put(*said(5))
    harness.put(*said(6, kind="card-printed"))
    assert harness.outbox.counted() == {TOLD: Said(4, 1, 1), "card-printed": Said(0, 1, 0)}


def test_the_centre_says_which_statements_it_lacks_also_over_http(harness):
    ids = confirmed_three(harness)
    unheard = said(9)[1].id
    app = FastAPI()
    app.include_router(statements_router(harness.inbox, place="centre", root=ROOT))
    with serving_app(app) as url:
        http = SignedHttp(url, place="centre", key=OFFICE.key, chain=OFFICE.chain, clock=CLOCK, random=RANDOM)
        stranger = SignedHttp(url, place="centre", key=STATION.key, chain=STATION.chain, clock=CLOCK, random=RANDOM)
        assert HttpStatements(http).lacking([*ids, unheard]) == [unheard]
        assert HttpStatements(http).lacking([]) == []
        with pytest.raises(SenderForbidden):
            HttpStatements(stranger).lacking(ids)
        with pytest.raises(RequestRefused):
            http.send("POST", "/exchange/statements/lacking", b"\xff", {"content-type": "application/cbor"})
        for each in (http, stranger):
            each.close()


class Restored:
    """A centre that lost what it had heard, and refuses what cannot take effect yet."""

    def __init__(self, early: str) -> None:
        self.heard: list[int] = []
        self.early = early
        self.asked = 0
        self.register = InMemoryStatements({TOLD: lambda statement: self.heard.append(statement.body["n"])})
        self.inbox = StatementInbox(self.register, root=ROOT, signer=CENTRE_KEY, clock=CLOCK)

    def lacking(self, ids):
        self.asked += 1
        return self.inbox.lacking(ids)

    def take(self, data):
        if SignedStatement.from_bytes(data).id == self.early:
            raise StatementRefused(statement_id=self.early, code="NoPrintOrder", detail="not yet")
        return self.inbox.take(data)


def test_a_centre_that_was_restored_hears_every_statement_again_once_a_day_and_in_pages(harness):
    confirmed_three(harness)
    receipts = [one.receipt for one in harness.outbox.listed()]
    centre = Restored(early=said(2)[1].id)
    again = SayAgain(harness.outbox, centre, CENTRE_KEY.public, CLOCK, page=2)
    assert again.run_once() + again.run_once() == 2
    assert sorted(centre.heard) == [1, 3]
    assert (again.run_once(), centre.asked) == (0, 2), "not asked again before tomorrow"
    centre.early = ""
    CLOCK.advance(24 * 3600)
    assert again.run_once() + again.run_once() == 1
    assert sorted(centre.heard) == [1, 2, 3]
    assert [one.receipt for one in harness.outbox.listed()] == receipts, "what was acknowledged stays as it was"


def test_a_lost_answer_costs_nothing(harness):
    class Deaf:
        def take(self, data):
            harness.inbox.take(data)
            raise RemoteUnreachable(place="centre", reason="the answer was lost")

    harness.put(*said())
    with pytest.raises(RemoteUnreachable):
        harness.sender(Deaf()).run_once()
    assert harness.sender().run_once() == 1
    assert harness.effects() == [1]


class Choosy:
    """A centre behind something that refuses the requests with certain statements in them, each with an error."""

    def __init__(self, inbox, errors):
        self.inbox = inbox
        self.errors = errors

    def take(self, data):
        error = self.errors.get(SignedStatement.from_bytes(data).id)
        if error is not None:
            raise error
        return self.inbox.take(data)


def too_long() -> RequestRefused:
    return RequestRefused(place="centre", code="ChunkTooLarge", detail="too long")


def test_a_refused_statement_is_tried_again_by_itself_after_pauses_that_grow(harness):
    harness.put(*said(13))
    sender = harness.sender()
    asked = []
    take = harness.inbox.take
    harness.inbox.take = lambda data: asked.append(data) or take(data)
    for _ in range(40):  # ten seconds each
        sender.run_once()
        CLOCK.advance(10)
    assert 3 <= len(asked) <= 5, "at once, a minute later, two minutes after that"


def test_a_statement_whose_request_is_refused_is_set_aside_and_keeps_no_other_from_its_turn(harness):
    (bad, signed), good = said(1), said(2)
    harness.put(bad, signed)
    harness.put(*good)
    choosy = Choosy(harness.inbox, {signed.id: too_long()})
    assert harness.sender(choosy).run_once() == 1
    assert harness.effects() == [2]
    assert [one.code for one in harness.outbox.listed()] == ["", "ChunkTooLarge"]
    assert harness.outbox.set_aside() == [signed.id]


def test_refusals_without_a_single_answer_are_the_senders_and_set_nothing_aside(harness):
    for n in (1, 2):
        harness.put(*said(n))
    choosy = Choosy(harness.inbox, {said(n)[1].id: too_long() for n in (1, 2)})
    sender = harness.sender(choosy)
    with pytest.raises(RequestRefused):
        sender.run_once()
    assert harness.outbox.set_aside() == []
    choosy.errors.clear()
    assert sender.run_once() == 2


def test_more_bad_statements_than_a_round_takes_do_not_hide_a_good_one(harness):
    for n in (1, 2, 3):
        harness.put(*said(n))
    sender = harness.sender(Choosy(harness.inbox, {said(n)[1].id: too_long() for n in (1, 2)}))
    with pytest.raises(RequestRefused):
        sender.run_once(limit=2)
    assert sender.run_once(limit=2) == 1
    assert harness.effects() == [3]


def test_a_statement_that_a_proxy_cuts_off_goes_last_the_next_time(harness):
    for n in (1, 2, 3):
        harness.put(*said(n))
    proxy = RemoteUnreachable(place="centre", reason="HTTP 413")
    sender = harness.sender(Choosy(harness.inbox, {said(n)[1].id: proxy for n in (1, 2)}))
    for _ in range(3):
        with pytest.raises(RemoteUnreachable):
            sender.run_once()
    assert harness.effects() == [3]
    assert len(harness.outbox.waiting(10)) == 2


def test_only_the_centres_own_receipt_for_this_very_statement_counts(harness):
    _, other = said(2)

    class Liar:
        def __init__(self, answer):
            self.answer = answer

        def take(self, data):
            return self.answer

    for answer in (b"", harness.inbox.take(other.to_bytes())):
        harness.put(*said())
        assert harness.sender(Liar(answer)).run_once() == 0
        assert harness.outbox.listed()[0].receipt is None
        harness.outbox.retry()


@pytest.mark.parametrize(
    ("by", "office"),
    [(OTHER_OFFICE, "3174"), (STATION, "317401-01"), (OFFICE, "3273")],
    ids=["other", "station", "for"],
)
def test_nobody_speaks_for_an_office_but_itself(harness, by, office):
    with pytest.raises(StatementRefused):
        harness.inbox.take(said(by=by, office=office)[1].to_bytes())
    assert harness.effects() == []


def test_no_byte_of_a_statement_can_be_changed(harness):
    _, signed = said()
    for at in range(0, len(signed.data), 7):
        changed = bytearray(signed.data)
        changed[at] ^= 1
        with pytest.raises(StatementRefused):
            harness.inbox.take(replace(signed, data=bytes(changed)).to_bytes())
    for rubbish in (b"", b"\x80", b"rubbish", signed.data):
        with pytest.raises(StatementRefused):
            harness.inbox.take(rubbish)
    assert harness.effects() == []


def test_over_http_it_is_the_same(harness):
    app = FastAPI()
    app.include_router(statements_router(harness.inbox, place="centre", root=ROOT))
    with serving_app(app) as url, httpx.Client(timeout=PATIENCE_S) as client:

        def remote(by):
            http = SignedHttp(
                url, place="centre", key=by.key, chain=by.chain, clock=CLOCK, random=RANDOM, client=client
            )
            return HttpStatements(http)

        for n in (13, 14):
            harness.put(*said(n))
        assert harness.sender(remote(OFFICE)).run_once() == 1
        assert "thirteen" in harness.outbox.listed()[1].reason
        _, signed = said(5)
        assert remote(OTHER_OFFICE).take(signed.to_bytes()) == harness.inbox.take(signed.to_bytes())  # as a courier's
        with pytest.raises(SenderForbidden):
            remote(STATION).take(signed.to_bytes())
    assert harness.effects() == [5, 14]
