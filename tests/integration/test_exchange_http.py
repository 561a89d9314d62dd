"""What the HTTP side of a place refuses, and how it says so."""

import http.client
import json
import socket
from contextlib import contextmanager

import httpx
import pytest
from fastapi import FastAPI, Response

from exchange_examples import (
    CENTRE_KEY,
    CLOCK,
    OFFICE,
    OTHER_OFFICE,
    OTHER_STATION,
    PORTAL,
    STATION,
    Crowded,
    Place,
    inbox,
    packet,
)
from exchange_server import serving, serving_app
from patience import PATIENCE_S
from rekam.exchange.admission import any_office_or_station, stations_of
from rekam.exchange.errors import FeedForbidden, RemoteBusy, RemoteUnreachable, RequestRefused, SenderForbidden
from rekam.exchange.http_remote import HttpRemote
from rekam.exchange.in_memory import InMemoryFeed, InMemoryRegister
from rekam.exchange.pg.register import EXCHANGE_TABLES, PgRegister
from rekam.exchange.remote import LocalRemote
from rekam.storage.errors import BlobDamaged, OffsetMismatch
from rekam.storage.testing import fresh_pool
from rekam.trust.certificates import Certificate, issue
from rekam.trust.keys import SigningKey
from rekam.trust.random import SystemRandom
from rekam.trust.requests import sign_request


@pytest.fixture
def feed():
    made = InMemoryFeed(CENTRE_KEY, CLOCK)
    for name in ("office/3174", "office/3273", "portal"):
        made.append(name, "notice", b"for " + name.encode())
    return made


@pytest.fixture
def office(tmp_path, feed):
    with serving(LocalRemote(inbox(tmp_path, InMemoryRegister()), feed), may_send=stations_of("3174")) as url:
        yield url


@contextmanager
def remote(url, place: Place = STATION, **options):
    made = HttpRemote(url, place="3174", key=place.key, chain=place.chain, clock=CLOCK, **options)
    yield made
    made.close()


def signed(method, url, body=b"", place: Place = STATION):
    return sign_request(method, url, body, key=place.key, chain=place.chain, clock=CLOCK, random=SystemRandom())


def problem(answer):
    """The status and the code of a problem that was told in words."""
    assert answer.headers["content-type"] == "application/problem+json"
    said = answer.json()
    assert said["status"] == answer.status_code
    assert len(said["detail"]) > 40
    return answer.status_code, said["code"]


def test_a_request_without_a_signature_is_refused(office):
    assert problem(httpx.post(office + "/exchange/lacking", json={"packet_ids": []}, timeout=PATIENCE_S)) == (
        401,
        "RequestUnsigned",
    )
    assert problem(httpx.get(office + "/exchange/feed/office/3174?after=0", timeout=PATIENCE_S)) == (
        401,
        "RequestUnsigned",
    )


def test_a_request_changed_on_its_way_is_refused(office):
    sealed = packet()
    url = f"{office}/exchange/packets/{sealed.id}"
    headers = signed("PATCH", url, sealed.data) | {"upload-offset": "0", "upload-complete": "?0"}
    assert problem(httpx.patch(url, content=sealed.data[:-1] + b"?", headers=headers)) == (401, "RequestAltered")
    other = f"{office}/exchange/packets/{'0' * 64}"
    assert problem(httpx.patch(other, content=sealed.data, headers=headers)) == (401, "RequestAltered")


def answer_without_body(url, method, headers):
    """Status and code for a request whose head announces 16 MB of which not a byte is ever sent."""
    target = httpx.URL(url)
    announced = {"content-length": str(16_000_000), **headers, "host": "test", "content-type": "application/json"}
    lines = [f"{method} {target.raw_path.decode()} HTTP/1.1", *(f"{name}: {announced[name]}" for name in announced)]
    with socket.create_connection((target.host, target.port), timeout=PATIENCE_S) as line:
        line.sendall("\r\n".join([*lines, "", ""]).encode())
        answer = http.client.HTTPResponse(line, method=method)
        answer.begin()
        return answer.status, json.loads(answer.read())["code"]


@pytest.mark.parametrize(
    ("method", "path"),
    [("POST", "lacking"), ("POST", "receipts"), ("POST", "roll-call"), ("PATCH", f"packets/{'0' * 64}")],
)
def test_who_asks_is_known_before_a_byte_of_the_body_is_read(office, method, path):
    url, body = f"{office}/exchange/{path}", bytes(1000)
    upload = {"upload-offset": "0", "upload-complete": "?0"}
    assert answer_without_body(url, method, upload) == (401, "RequestUnsigned")
    stranger = SigningKey.generate()
    own_root = Place(
        stranger, (issue(Certificate("office", "3174", "x", stranger.public), stranger),), OFFICE.certificate
    )
    assert answer_without_body(url, method, signed(method, url, body, own_root) | upload) == (401, "ChainBroken")
    assert answer_without_body(url, method, signed(method, url, body, OTHER_OFFICE) | upload) == (
        403,
        "SenderForbidden",
    )
    longer = signed(method, url, body) | upload | {"content-length": "16000000"}
    assert answer_without_body(url, method, longer) == (401, "RequestAltered")


def test_nobody_goes_on_with_what_another_sender_began_or_spoils_it(office):
    sealed, half = packet(), 100
    with remote(office) as sender, remote(office, OTHER_STATION) as spoiler:
        assert sender.append(sealed.id, 0, sealed.data[:half]) == half
        assert (spoiler.offset(sealed.id), spoiler.lacking([sealed.id])) == (0, {sealed.id: 0})
        with pytest.raises(OffsetMismatch):
            spoiler.append(sealed.id, half, b"rubbish")
        assert spoiler.append(sealed.id, 0, b"rubbish") == len(b"rubbish")
        with pytest.raises(BlobDamaged):
            spoiler.complete(sealed.id, sealed.chain)
        assert sender.offset(sealed.id) == half
        receipt = sender.complete(sealed.id, sealed.chain, half, sealed.data[half:])
        assert spoiler.complete(sealed.id, sealed.chain) == receipt


def test_the_very_same_request_is_taken_once(office):
    url = office + "/exchange/feed/office/3174?after=0"
    headers = signed("GET", url)
    assert httpx.get(url, headers=headers, timeout=PATIENCE_S).status_code == 200
    assert problem(httpx.get(url, headers=headers, timeout=PATIENCE_S)) == (401, "RequestReplayed")


def test_certificates_that_do_not_lead_to_the_centre_are_refused(office):
    key = SigningKey.generate()
    own_root = Place(key, (issue(Certificate("office", "3174", "forged", key.public), key),), OFFICE.certificate)
    with remote(office, own_root) as forged, pytest.raises(RequestRefused, match="ChainBroken"):
        forged.lacking([])


def test_only_the_offices_own_stations_may_send_to_it(office):
    for stranger in (OTHER_OFFICE, PORTAL, OFFICE):
        with remote(office, stranger) as other, pytest.raises(SenderForbidden):
            other.lacking([])
    with remote(office, OTHER_STATION) as own:
        assert own.lacking([]) == {}


def test_the_centre_takes_packets_from_offices_and_stations_alone(tmp_path):
    with serving(LocalRemote(inbox(tmp_path, InMemoryRegister())), may_send=any_office_or_station) as url:
        for allowed in (OFFICE, OTHER_OFFICE, STATION):
            with remote(url, allowed) as sender:
                assert sender.lacking([]) == {}
        with remote(url, PORTAL) as portal, pytest.raises(SenderForbidden):
            portal.lacking([])


@pytest.mark.parametrize(
    ("place", "own"),
    [(STATION, "office/3174"), (OFFICE, "office/3174"), (OTHER_OFFICE, "office/3273"), (PORTAL, "portal")],
)
def test_each_place_reads_its_own_feed_and_no_other(office, place, own):
    for feed in ("office/3174", "office/3273", "portal", "", "office/"):
        with remote(office, place) as reader:
            if feed == own:
                assert reader.feed_after(feed, 0) is not None
                assert reader.feed_after(feed, 1) is None
            else:
                with pytest.raises(FeedForbidden):
                    reader.feed_after(feed, 0)


def test_a_piece_beyond_the_limit_is_not_read_to_its_end(office):
    url = f"{office}/exchange/packets/{'0' * 64}"
    body = bytes((1 << 20) + 1)
    headers = signed("PATCH", url, body) | {"upload-offset": "0", "upload-complete": "?0"}
    assert problem(httpx.patch(url, content=body, headers=headers)) == (413, "ChunkTooLarge")


@pytest.mark.parametrize("name", ["..%2f..%2fetc%2fpasswd", "0" * 63, "A" * 64])
def test_a_name_that_is_no_packet_id_is_no_address(office, name):
    url = f"{office}/exchange/packets/{name}"
    headers = signed("PATCH", url, b"x") | {"upload-offset": "0", "upload-complete": "?0"}
    assert httpx.patch(url, content=b"x", headers=headers).status_code in {400, 404}


@pytest.mark.parametrize("body", [b"", b"[]", b'{"packet_ids": ["no id"]}', b"\x00\xff"])
def test_a_request_that_is_not_understood_is_told_in_words(office, body):
    url = office + "/exchange/lacking"
    headers = signed("POST", url, body) | {"content-type": "application/json"}
    assert problem(httpx.post(url, content=body, headers=headers, timeout=PATIENCE_S)) == (400, "RequestMalformed")


@pytest.mark.parametrize(
    "said",
    [
        {"upload-complete": "?1"},
        {"upload-offset": "0"},
        {"upload-offset": "-1", "upload-complete": "?1"},
        {"upload-offset": "0", "upload-complete": "yes"},
    ],
    ids=["no offset", "not whether it is all", "before the beginning", "neither yes nor no"],
)
def test_a_piece_that_does_not_say_where_it_belongs_is_told_in_words(office, said):
    url = f"{office}/exchange/packets/{'0' * 64}"
    answer = httpx.patch(url, content=b"x", headers=signed("PATCH", url, b"x") | said)
    assert problem(answer) == (400, "RequestMalformed")


def test_pressure_answers_503_with_retry_after(tmp_path):
    box = inbox(tmp_path, InMemoryRegister(), pressure=Crowded(11))
    with serving(LocalRemote(box), may_send=stations_of("3174")) as office:
        url = f"{office}/exchange/packets/{'0' * 64}"
        headers = signed("PATCH", url, b"x") | {"upload-offset": "0", "upload-complete": "?0"}
        answer = httpx.patch(url, content=b"x", headers=headers)
        assert problem(answer) == (503, "RemoteBusy")
        assert answer.headers["retry-after"] == "11"


def test_an_absent_database_asks_senders_to_wait(tmp_path):
    sealed = packet()
    with fresh_pool(EXCHANGE_TABLES) as pool:
        register = PgRegister(pool)
    with (
        serving(LocalRemote(inbox(tmp_path, register)), may_send=stations_of("3174")) as office,
        remote(office) as sender,
    ):
        sender.append(sealed.id, 0, sealed.data)
        with pytest.raises(RemoteBusy):
            sender.complete(sealed.id, sealed.chain)


def test_a_log_in_page_of_another_network_counts_as_no_connection():
    portal = FastAPI()

    @portal.api_route("/{path:path}", methods=["GET", "POST", "PATCH", "HEAD"])
    def page(path: str) -> Response:
        return Response("<h1>Welcome to the hotel</h1>", media_type="text/html")

    with serving_app(portal) as url, remote(url) as sender:
        for call in (
            lambda: sender.lacking(["0" * 64]),
            lambda: sender.offset("0" * 64),
            lambda: sender.append("0" * 64, 0, b"x"),
            lambda: sender.complete("0" * 64, STATION.chain),
            lambda: sender.receipts(["0" * 64]),
            lambda: sender.feed_after("office/3174", 0),
        ):
            with pytest.raises(RemoteUnreachable):
                call()


def test_nobody_at_the_other_end_counts_as_no_connection():
    with remote("http://127.0.0.1:1") as sender, pytest.raises(RemoteUnreachable, match="3174 cannot be reached"):
        sender.lacking([])
