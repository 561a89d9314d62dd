"""A place's parts together."""

from fastapi import APIRouter

from rekam.enrolment.errors import RekamError
from rekam.web.health import Finding, Level, Tool
from rekam.web.part import Part, Parts
from rekam.web.site import MenuItem


class Closed(RekamError):
    """The queue is closed."""


def routes(_front):
    return APIRouter()


def found(word):
    return lambda: Finding(word, word, Level.WELL, "")


QUEUE = Part(
    routes,
    menu=(MenuItem("/queue", "Antrean", rank=20), MenuItem("/closing", "Tutup hari", rank=5)),
    tools=(Tool("/tickets", "Karcis", "", rank=30),),
    statuses={Closed: 409},
    probes=lambda front: (found(f"queue of {front}"),),
)
START = Part(routes, menu=(MenuItem("/", "Rekam", rank=10),), tools=(Tool("/devices", "Alat", "", rank=10),))


def test_menu_and_tools_follow_their_ranks_and_not_the_list():
    for parts in (Parts(QUEUE, START), Parts(START, QUEUE)):
        assert [item.href for item in parts.menu] == ["/closing", "/", "/queue"]
        assert [tool.href for tool in parts.tools] == ["/devices", "/tickets"]


def test_each_part_adds_its_router_its_statuses_and_its_probes_of_the_front():
    parts = Parts(START, QUEUE)
    assert len(parts.routers("the station")) == 2
    assert parts.statuses == {Closed: 409}
    assert [probe().topic for probe in parts.probes("the station")] == ["queue of the station"]


def test_addresses_are_tried_in_the_order_of_the_list():
    routers = {"general": APIRouter(), "special": APIRouter()}
    general, special = (Part(lambda _front, name=name: routers[name]) for name in routers)
    assert Parts(special, general).routers(None) == [routers["special"], routers["general"]]
