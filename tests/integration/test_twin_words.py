"""What the centre's two machines tell one another is believed only as far as it is signed for the question asked."""

import json
from types import SimpleNamespace

import httpx
import pytest
from fastapi import FastAPI

from exchange_examples import CENTRE_KEY, CLOCK, RANDOM, ROOT
from exchange_server import serving_app
from rekam.centre.twin.far import Bond, FarCentre, FarTwin
from rekam.centre.twin.joining import Joined
from rekam.centre.twin.serving import Machine, centre_side, twin_side
from rekam.centre.twin.word import WordUnreadable
from rekam.exchange.generation import Generation
from rekam.storage.blobs import BlobStore
from rekam.storage.disk import RealDisk
from rekam.trust.certificates import Certificate, issue

CENTRE_CHAIN = (issue(Certificate("centre", "centre", "Pusat", CENTRE_KEY.public), CENTRE_KEY, random=RANDOM),)
NOW = Generation(1, "0" * 32, 0)
LOST = "a" * 64


class Meddler(httpx.HTTPTransport):
    """Sits on the line between the two."""

    def __init__(self):
        super().__init__()
        self.change, self.kept = None, []

    def handle_request(self, request):
        answer = super().handle_request(request)
        body, headers = answer.read(), answer.headers
        self.kept.append((body, headers))
        if self.change is not None:
            body, headers = self.change(body, headers)
        return httpx.Response(answer.status_code, headers=headers, content=body)


@pytest.fixture
def line(tmp_path):
    centre = SimpleNamespace(
        join=lambda _url, has_copy_of: Joined("centre", 5432, has_copy_of, 1, kept=True, files={}),
        give_way=lambda _newest: 9_000,
    )
    app = FastAPI()
    app.include_router(centre_side(Machine("centre", "centre", CENTRE_KEY, ROOT, lambda: NOW), centre))
    twin = SimpleNamespace(stores={"packets": BlobStore(tmp_path, RealDisk())})
    app.include_router(twin_side(Machine("twin", "twin", CENTRE_KEY, ROOT, lambda: NOW), twin))
    meddler = Meddler()
    with serving_app(app) as url, httpx.Client(transport=meddler) as client:
        yield url, Bond(CENTRE_KEY, CENTRE_CHAIN, CLOCK, RANDOM, client), meddler


def test_a_twin_is_not_level_because_somebody_on_the_line_says_that_it_lacks_nothing(line):
    url, bond, meddler = line
    twin = FarTwin(url, bond)
    assert twin.lacking("packets", [LOST]) == [LOST]
    meddler.change = lambda _body, headers: (json.dumps({"lacking": []}).encode(), headers)
    with pytest.raises(WordUnreadable):
        twin.lacking("packets", [LOST])
    meddler.change = lambda _body, _headers: meddler.kept[0]
    with pytest.raises(WordUnreadable):  # the true answer to the question before
        twin.lacking("packets", [LOST])


def test_a_twin_takes_over_no_sooner_because_somebody_on_the_line_shortens_the_centres_log(line):
    url, bond, meddler = line
    ends = []
    newest = Generation(2, "1" * 32, 0).signed(CENTRE_KEY)
    FarCentre(url, bond).fence(newest, ends.append)
    assert ends == [9_000]
    meddler.change = lambda _body, headers: (b'{"ends": 0}', headers)
    with pytest.raises(WordUnreadable):
        FarCentre(url, bond).fence(newest, ends.append)
    assert ends == [9_000]


def test_a_twin_joins_no_other_database_than_the_one_its_centre_names(line):
    url, bond, meddler = line
    joined = FarCentre(url, bond).join(url, has_copy_of="7")
    assert (joined.host, joined.system) == ("centre", "7")
    meddler.change = lambda body, headers: (body.replace(b"centre", b"robber"), headers)
    with pytest.raises(WordUnreadable):
        FarCentre(url, bond).join(url, has_copy_of="7")
