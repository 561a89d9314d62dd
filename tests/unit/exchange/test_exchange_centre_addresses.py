"""Who is believed to be the centre, where two machines may answer."""

import httpx
import pytest

from rekam.exchange.centre_addresses import CentreAddresses
from rekam.exchange.generation import GENERATION_HEADER, FiledGeneration, Generation, OldCentre, TwoCentres, newest_of
from rekam.trust.keys import SigningKey

KEY = SigningKey.generate()
FIRST, SECOND = Generation(1, "a" * 32, 0), Generation(2, "b" * 32, 0)
ONE, TWO = "http://one.example", "http://two.example"


class Machines:
    """Two addresses; `answers` says which generation answers at each, None nobody, "stranger" no centre."""

    def __init__(self, **answers) -> None:
        self.answers = answers
        self.asked = []

    def __call__(self, request: httpx.Request) -> httpx.Response:
        name = request.url.host.partition(".")[0]
        self.asked.append((name, request.headers.get(GENERATION_HEADER)))
        answer = self.answers[name]
        if answer is None:
            raise httpx.ConnectError("nobody", request=request)
        headers = {} if answer == "stranger" else {GENERATION_HEADER: answer.signed(KEY)}
        return httpx.Response(200, headers=headers, text=f"{name}{request.url.raw_path.decode()}")


def client(machines: Machines, folder) -> httpx.Client:
    held = FiledGeneration(folder / "generation", KEY.public)
    return httpx.Client(transport=CentreAddresses([ONE, TWO], held, httpx.MockTransport(machines)))


def test_the_twin_is_asked_where_the_centre_is_away_and_from_then_on_first(tmp_path):
    machines = Machines(one=None, two=SECOND)
    with client(machines, tmp_path) as office:
        assert office.get(f"{ONE}/exchange/feed/office/3174?after=7").text == "two/exchange/feed/office/3174?after=7"
        machines.asked.clear()
        office.get(f"{ONE}/x")
    assert [name for name, _ in machines.asked] == ["two"]


def test_an_old_centre_that_comes_back_is_not_believed_and_hears_of_the_newest_one(tmp_path):
    machines = Machines(one=None, two=SECOND)
    with client(machines, tmp_path) as office:
        office.get(f"{ONE}/x")
    machines.answers = {"one": FIRST, "two": None}
    with client(machines, tmp_path) as after_a_restart, pytest.raises(httpx.ConnectError):
        after_a_restart.get(f"{ONE}/x")
    assert machines.asked[-2] == ("one", SECOND.signed(KEY))


def test_what_is_no_centre_is_passed_over(tmp_path):
    with client(Machines(one="stranger", two=FIRST), tmp_path) as office:
        assert office.get(f"{ONE}/x").text == "two/x"


def test_two_of_one_number_are_an_alarm_and_the_second_is_not_believed(tmp_path):
    other = Generation(2, "c" * 32, 0)
    with pytest.raises(TwoCentres):
        newest_of(SECOND, other)
    machines = Machines(one=SECOND, two=None)
    with client(machines, tmp_path) as office:
        office.get(f"{ONE}/x")
        machines.answers = {"one": other, "two": None}
        with pytest.raises(httpx.ConnectError):
            office.get(f"{ONE}/x")


def test_a_generation_that_the_centre_did_not_sign_changes_nothing(tmp_path):
    held = FiledGeneration(tmp_path / "generation", KEY.public)
    held.heard(SECOND.signed(KEY))
    with pytest.raises(Exception, match="signed by key"):
        held.heard(Generation(9, "d" * 32, 0).signed(SigningKey.generate()))
    with pytest.raises(OldCentre):
        held.heard(FIRST.signed(KEY))
    assert FiledGeneration(tmp_path / "generation", KEY.public).newest() == SECOND.signed(KEY)
