"""One suite for every StaffStore, then signing in over HTTP."""

from contextlib import contextmanager
from datetime import timedelta
from typing import Annotated

import pytest
from fastapi import APIRouter, Depends

from rekam.storage.pool import connect_pool
from rekam.storage.testing import fresh_database
from rekam.trust.clock import SteppedClock
from rekam.trust.pin import Cost
from rekam.web.app import create_app
from rekam.web.site import Person, Site
from rekam.web.staff import InMemoryStaffStore, StaffMember, add_member, require
from rekam.web.staff.errors import (
    PasswordTooShort,
    StaffNameInvalid,
    StaffNameTaken,
    TooManyAttempts,
    WrongPassword,
)
from rekam.web.staff.postgres import MIGRATIONS, PgStaffStore
from rekam.web.staff.sign_in import sign_in, token_hash
from rekam.web.staff.store import DELAYS_S, SESSION_IDLE, SESSION_LIFETIME
from rekam.web.testing import PageClient

CHEAP = Cost(memory_kib=64, passes=1, lanes=1)
PASSWORD = "empat kata tanpa makna"
TOKEN = token_hash("a token")


class MemoryPlace:
    def __init__(self):
        self.clock = SteppedClock()
        self.store = InMemoryStaffStore(self.clock)

    def pass_time(self, span: timedelta):
        self.clock.advance(span.total_seconds())


class PgPlace:
    """Time passes by making everything in the tables older: the database's own clock cannot be turned."""

    def __init__(self, pool):
        self.pool, self.store = pool, PgStaffStore(pool)

    def pass_time(self, span: timedelta):
        with self.pool.connection() as connection:
            connection.execute("UPDATE staff_attempt SET allowed_at = allowed_at - %s", [span])
            connection.execute(
                "UPDATE staff_session SET opened_at = opened_at - %s, used_at = used_at - %s", [span, span]
            )


@contextmanager
def postgres_place():
    with fresh_database(MIGRATIONS) as dsn:
        pool = connect_pool(dsn, max_size=2)
        try:
            yield PgPlace(pool)
        finally:
            pool.close()


@pytest.fixture(params=["memory", "postgres"])
def place(request):
    if request.param == "memory":
        yield MemoryPlace()
    else:
        with postgres_place() as place:
            yield place


@pytest.fixture
def member(place):
    return add_member(place.store, "wayan.ahli", frozenset({"ahli", "penyelia"}), PASSWORD, cost=CHEAP)


def test_a_member_is_found_as_added_and_the_password_is_not_kept(place, member):
    assert place.store.find("wayan.ahli") == member
    assert place.store.find("nobody") is None
    assert place.store.members() == [member]
    assert PASSWORD not in member.password_hash


def test_a_name_is_given_once(place, member):
    with pytest.raises(StaffNameTaken):
        place.store.add(StaffMember("wayan.ahli", frozenset(), member.password_hash))
    assert place.store.find("wayan.ahli") == member


@pytest.mark.parametrize("name", ["", "ab", "Wayan", "a b c", "-abc", "x" * 33, "nama\n"])
def test_a_name_that_cannot_be_typed_safely_is_refused(name):
    with pytest.raises(StaffNameInvalid):
        add_member(MemoryPlace().store, name, frozenset(), PASSWORD, cost=CHEAP)


def test_a_short_password_is_refused():
    place = MemoryPlace()
    with pytest.raises(PasswordTooShort):
        add_member(place.store, "wayan", frozenset(), "pendek", cost=CHEAP)
    assert place.store.members() == []


def test_the_wait_grows_with_each_wrong_password_and_the_last_stays(place):
    for delay in [*DELAYS_S, DELAYS_S[-1]]:
        assert place.store.attempt("somebody") == timedelta()
        wait = place.store.attempt("somebody") if delay else timedelta()
        assert timedelta(seconds=delay - 1) <= wait <= timedelta(seconds=delay)
        place.pass_time(timedelta(seconds=delay))


def test_an_attempt_during_the_wait_does_not_count(place):
    for _attempt in range(3):
        place.store.attempt("somebody")
    for _attempt in range(50):
        assert timedelta() < place.store.attempt("somebody") <= timedelta(seconds=1)


def test_forgiving_starts_anew_and_concerns_nobody_else(place):
    for _attempt in range(3):
        place.store.attempt("one")
        place.store.attempt("other")
    place.store.forgive("one")
    assert place.store.attempt("one") == timedelta()
    assert place.store.attempt("other") > timedelta()


def test_wrong_passwords_are_forgotten_after_a_day(place):
    for _attempt in range(3):
        place.store.attempt("somebody")
    place.pass_time(timedelta(days=1, minutes=1))
    assert place.store.attempt("somebody") == timedelta()
    assert place.store.attempt("somebody") == timedelta()


def test_a_session_lasts_while_it_is_used_but_not_for_ever(place, member):
    place.store.open_session(TOKEN, member.name)
    lived = timedelta()
    while lived < SESSION_LIFETIME - SESSION_IDLE:
        step = SESSION_IDLE - timedelta(minutes=1)
        place.pass_time(step)
        lived += step
        assert place.store.session(TOKEN) == member
    place.pass_time(SESSION_IDLE - timedelta(minutes=1))
    place.store.session(TOKEN)
    place.pass_time(SESSION_IDLE - timedelta(minutes=1))
    assert place.store.session(TOKEN) is None


def test_an_idle_session_ends(place, member):
    place.store.open_session(TOKEN, member.name)
    place.pass_time(SESSION_IDLE + timedelta(seconds=1))
    assert place.store.session(TOKEN) is None


def test_a_closed_session_is_gone_and_closing_it_again_is_no_error(place, member):
    place.store.open_session(TOKEN, member.name)
    place.store.close_session(TOKEN)
    place.store.close_session(TOKEN)
    assert place.store.session(TOKEN) is None


def test_signing_in_gives_a_fresh_token_each_time_that_the_store_does_not_hold(place, member):
    one, other = (sign_in(place.store, " Wayan.Ahli ", PASSWORD) for _time in range(2))
    assert one != other
    assert place.store.session(token_hash(one)) == member
    assert place.store.session(one.encode()) is None


def test_a_wrong_password_and_an_unknown_name_are_told_alike(place, member):
    with pytest.raises(WrongPassword) as wrong:
        sign_in(place.store, member.name, "bukan sandinya")
    with pytest.raises(WrongPassword) as unknown:
        sign_in(place.store, "nobody", "bukan sandinya")
    assert str(wrong.value) == str(unknown.value)


def test_even_the_right_password_waits_after_many_wrong_ones(place, member):
    for _attempt in range(3):
        with pytest.raises(WrongPassword):
            sign_in(place.store, member.name, "bukan sandinya")
    with pytest.raises(TooManyAttempts):
        sign_in(place.store, member.name, PASSWORD)
    place.pass_time(timedelta(seconds=1))
    assert sign_in(place.store, member.name, PASSWORD)


def test_the_wait_survives_a_restart_of_the_place():
    with postgres_place() as place:
        for _attempt in range(4):
            place.store.attempt("somebody")
            place.pass_time(timedelta(seconds=1))
        assert PgStaffStore(place.pool).attempt("somebody") > timedelta()


router = APIRouter()


@router.get("/")
def home(person: Annotated[Person, Depends(require())]):
    return {"name": person.name}


@router.get("/cases")
def cases(person: Annotated[Person, Depends(require("ahli", "kepala"))]):
    return {"name": person.name}


@router.get("/stock")
def stock(person: Annotated[Person, Depends(require("gudang"))]):
    return {"name": person.name}


@pytest.fixture
def browser(place, member):
    site = Site("centre", "Rekam Pusat", "Jakarta")
    with PageClient(create_app(site, routers=[router], staff=place.store)) as browser:
        yield browser


def enter(browser, **changes):
    return browser.post("/sign-in", {"name": "wayan.ahli", "password": PASSWORD, "next": "/cases"} | changes)


def test_signing_in_opens_the_page_that_was_asked_for(browser):
    assert browser.get("/cases").headers["location"] == "/sign-in?next=/cases"
    answer = enter(browser)
    assert answer.headers["location"] == "/cases"
    assert browser.get("/cases").json() == {"name": "wayan.ahli"}


def test_the_session_cookie_is_out_of_reach_and_belongs_to_this_place(browser):
    cookie = enter(browser).headers["set-cookie"]
    assert cookie.startswith("rekam-centre=")
    assert "HttpOnly" in cookie
    assert "SameSite=strict" in cookie


def test_over_https_the_cookie_never_travels_in_clear(place, member):
    app = create_app(Site("centre", "Rekam Pusat", "Jakarta"), staff=place.store)
    with PageClient(app, address="https://rekam.test") as browser:
        assert "Secure" in enter(browser).headers["set-cookie"]


def test_a_role_that_is_lacking_is_named(browser):
    enter(browser)
    answer = browser.get("/stock")
    assert answer.status_code == 403
    assert "gudang" in answer.text


def test_signing_out_ends_the_session_on_the_server_too(browser, place):
    enter(browser)
    token = browser.cookies["rekam-centre"]
    assert browser.post("/sign-out").headers["location"] == "/sign-in"
    assert place.store.session(token_hash(token)) is None
    assert browser.get("/").status_code == 303


def test_a_wrong_password_is_told_on_the_form_which_keeps_the_name(browser):
    answer = enter(browser, password="bukan sandinya")
    assert answer.status_code == 401
    assert "kata sandi salah" in answer.text
    assert 'value="wayan.ahli"' in answer.text
    assert "bukan sandinya" not in answer.text


def test_the_wait_is_told_in_seconds(browser):
    for _attempt in range(3):
        enter(browser, password="bukan sandinya")
    answer = enter(browser)
    assert answer.status_code == 429
    assert "Tunggu 1 detik" in answer.text


def test_after_signing_in_nobody_is_led_to_another_site(browser):
    assert enter(browser, next="//elsewhere.example/").headers["location"] == "/"
