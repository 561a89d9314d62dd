import pytest

from rekam.drill.demo import PIN, SUPERVISOR_PIN
from rekam.web.testing import PageClient
from station_counter import OPERATOR, SUPERVISOR, TODAY


@pytest.fixture
def publish(counter, operator):
    """A notice as the feed brought it."""

    def put(number, text, *, urgent=False):
        with counter.station.here.store.tx() as tx:
            row = (number, TODAY.isoformat(), text, f"{text} (en)", f"Lakukan {number}", f"Do {number}", int(urgent))
            tx.execute("INSERT INTO notice VALUES (?, ?, ?, ?, ?, ?, ?)", row)

    return put


def signed_in(counter, who, pin):
    client = PageClient(counter.app())
    client.post("/sign-in", {"operator": who, "pin": pin})
    return client


def test_a_notice_stands_on_every_page_until_its_reader_has_acknowledged_it(counter, publish):
    publish(1, "Server dipelihara")
    with signed_in(counter, OPERATOR, PIN) as client:
        for path in ("/", "/recordings", "/outbox", "/day-end"):
            assert 'action="/notices/1/read"' in client.get(path).text, path
        assert client.post("/notices/1/read", {"back": "/outbox"}).headers["location"] == "/outbox"
        assert 'action="/notices/1/read"' not in client.get("/").text
        assert client.post("/notices/1/read", {"back": "https://elsewhere.example"}).headers["location"] == "/"


def test_what_one_operator_has_read_is_still_shown_to_the_other_and_the_supervisor_sees_who_read_it(counter, publish):
    publish(1, "Server dipelihara")
    with signed_in(counter, OPERATOR, PIN) as client:
        client.post("/notices/1/read")
        assert "Belum membaca" not in client.get("/notices").text
    with signed_in(counter, SUPERVISOR, SUPERVISOR_PIN) as client:
        assert 'action="/notices/1/read"' in client.get("/").text
        page = client.get("/notices").text
        assert "Operator Tebet (21 November 2026" in page
        assert "Belum membaca: Supervisor Tebet" in page


def test_an_urgent_notice_outlives_those_that_follow(counter, publish):
    notices = counter.station.here.notices
    publish(1, "Blangko ditarik", urgent=True)
    publish(2, "Libur nasional")
    publish(3, "Server dipelihara")
    assert [notice.number for notice in notices.unread(OPERATOR)] == [1, 3]
    notices.read(1, OPERATOR)
    notices.read(1, OPERATOR)
    assert [notice.number for notice in notices.unread(OPERATOR)] == [3]
    assert [notice.number for notice in notices.unread(SUPERVISOR)] == [1, 3]
    assert [who for who, _at in notices.readers([1])[1]] == [OPERATOR]


def test_who_read_a_notice_stays_noted(counter, publish):
    publish(1, "Server dipelihara")
    counter.station.here.notices.read(1, OPERATOR)
    counter.station.here.notices.read(99, OPERATOR)
    with pytest.raises(Exception, match="stays noted"), counter.station.here.store.tx() as tx:
        tx.execute("DELETE FROM notice_read")
