"""Each operator reads the pages in the own language, whoever used the screen before."""

import pytest

from rekam.drill.demo import PIN, SUPERVISOR_PIN
from rekam.web.testing import PageClient
from station_counter import OPERATOR, SUPERVISOR


@pytest.fixture
def client(counter):
    with PageClient(counter.app()) as client:
        yield client


def sign_in(client, operator=OPERATOR, pin=PIN):
    assert client.post("/sign-in", {"operator": operator, "pin": pin}).status_code == 303


def test_an_operator_finds_the_own_language_again_after_another_one_used_the_screen(client):
    sign_in(client)
    client.post("/language", {"language": "en"})
    assert 'lang="en"' in client.get("/").text[:100]
    client.post("/sign-out")
    assert 'lang="id"' in client.get("/sign-in").text[:100]
    sign_in(client, SUPERVISOR, SUPERVISOR_PIN)
    assert 'lang="id"' in client.get("/").text[:100]
    client.post("/sign-out")
    sign_in(client)
    assert 'lang="en"' in client.get("/").text[:100]


def test_a_language_outlives_the_process(counter, client):
    sign_in(client)
    client.post("/language", {"language": "en"})
    counter.restart()
    with PageClient(counter.app()) as another:
        sign_in(another)
        assert 'lang="en"' in another.get("/").text[:100]


def test_who_never_chose_reads_on_in_the_language_of_the_sign_in_page(client):
    client.post("/language", {"language": "en"})
    sign_in(client)
    assert 'lang="en"' in client.get("/").text[:100]
