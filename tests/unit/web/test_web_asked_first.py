"""What every route of a place asks first, whatever router brought it."""

from contextlib import ExitStack

import pytest
from fastapi import APIRouter, FastAPI, Request

from rekam.web.asked_first import added
from rekam.web.protection import ForeignOrigin
from rekam.web.testing import PageClient


@pytest.fixture
def router():
    made = APIRouter()

    @made.post("/sittings/{sitting_id}")
    async def post(sitting_id: str, request: Request) -> str:
        return sitting_id + (await request.body()).decode()

    return made


@pytest.fixture
def serve():
    """`serve(router, watches)` is a browser at an application of its own."""
    with ExitStack() as stack:

        def client(router, watches):
            app = FastAPI()
            added(app, router, watches)
            return stack.enter_context(PageClient(app))

        yield client


def test_a_watch_knows_the_parts_of_the_address_and_the_route_its_body(serve, router):
    seen = []
    client = serve(router, [lambda request: seen.append(request.path_params["sitting_id"])])
    assert client.post("/sittings/7", {"a": "b"}).json() == "7a=b"
    assert seen == ["7"]


def test_another_sites_page_reaches_neither_watch_nor_route(serve, router):
    seen = []
    client = serve(router, [seen.append])
    with pytest.raises(ForeignOrigin):
        client.post("/sittings/7", headers={"Origin": "http://evil.test"})
    assert seen == []


def test_a_request_that_no_route_takes_is_not_watched(serve, router):
    seen = []
    client = serve(router, [seen.append])
    assert (client.get("/sittings/7").status_code, client.post("/nowhere").status_code) == (405, 404)
    assert seen == []


def test_two_places_of_one_process_each_have_their_own_watches(serve, router):
    first, second = [], []
    one, other = serve(router, [first.append]), serve(router, [second.append])
    one.post("/sittings/1")
    other.post("/sittings/2")
    assert (len(first), len(second)) == (1, 1)
