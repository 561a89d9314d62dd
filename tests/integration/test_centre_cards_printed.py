"""The centre knows which cards were printed, where and when: by the word of the office that printed them."""

from datetime import UTC, date, datetime

import psycopg
import pytest

from centre_desk import PASSWORD, staffed
from centre_examples import CENTRE, OFFICE, OTHER_OFFICE, enrolment, resident, town
from rekam.centre.cards_printed import KnownCard
from rekam.exchange.card_printed import CARD_PRINTED, CardPrinted
from rekam.exchange.errors import StatementRefused
from rekam.exchange.feed import PORTAL_FEED, EntryKind, open_batch
from rekam.exchange.statements import Statement, state
from rekam.trust import cbor
from rekam.web.testing import PageClient

SITI = resident(1, "SITI RAHMAWATI")
AT = datetime(2017, 3, 20, 3, 5, tzinfo=UTC)


@pytest.fixture
def here(tmp_path):
    with town(tmp_path, SITI) as made:
        yield made


def entries(here, feed):
    return open_batch(here.centre.feed.after(feed, 0), CENTRE.key.public).entries


def say(here, body, by=OFFICE):
    statement = Statement(CARD_PRINTED, str(by.office), round(AT.timestamp() * 1000), body)
    return here.centre.statements.take(state(statement, by.holder.key, by.holder.chain).to_bytes())


def test_a_printed_card_stands_in_the_record_once_a_copy_and_for_ever(here):
    packet_id, data = here.counter.seal(enrolment(SITI, 1))
    first = CardPrinted(packet_id, 1, 7, date(2017, 3, 20)).to_body()
    here.receive(packet_id, data)
    with pytest.raises(StatementRefused, match="CardNotOrdered"):
        say(here, first)
    here.work()
    with PageClient(staffed(here)) as client:
        client.post("/sign-in", {"name": "pusat", "password": PASSWORD})
        assert "Belum dicetak" in client.get(f"/cases/{packet_id}").text
        assert say(here, first) == say(here, first)
        say(here, first | {"blank": 8})
        assert here.centre.cards.of(packet_id) == [KnownCard(1, "3174", 7, date(2017, 3, 20), AT)], "the first word"
        say(here, first | {"copy": 2, "blank": 9})
        text = client.get(f"/cases/{packet_id}").text
    assert "Dicetak di dinas 3174, 20 Maret 2017" in text
    assert "lembar ke-2" in text
    assert here.status(packet_id) == "PRINT_READY_RECORD", "what the centre decided stays as it was"
    told = [cbor.decode(entry.body) for entry in entries(here, "office/3174") if entry.kind == EntryKind.CARD]
    assert [(each["copy"], each["issued_on"], each["at"]) for each in told] == [
        (1, "2017-03-20", AT.isoformat()),
        (2, "2017-03-20", AT.isoformat()),
    ], "office and station are told once a sheet"
    public = [
        cbor.decode(entry.body)["status"] for entry in entries(here, PORTAL_FEED) if entry.kind == EntryKind.STATUS
    ]
    assert public[-1] == "CARD_PRINTED"
    with pytest.raises(StatementRefused, match="CardNotOrdered"):
        say(here, first, by=OTHER_OFFICE)
    for broken in ({"copy": 0}, {"issued_on": "yesterday"}, {"blank": "7"}):
        with pytest.raises(StatementRefused, match="CardPrintedUnreadable"):
            say(here, first | broken)
    with here.centre.pool.connection() as connection, pytest.raises(psycopg.IntegrityError):
        connection.execute("DELETE FROM card_printed")
