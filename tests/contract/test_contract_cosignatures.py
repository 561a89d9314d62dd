"""What the centre keeps of its witnesses, whoever keeps it; and the desk that lets nothing false into it."""

import psycopg
import pytest

from exchange_examples import OFFICE, OTHER_OFFICE, STATION
from lying_centre import KEY, STRANGER, history, signed
from rekam.exchange.cosignatures import (
    CosignatureDesk,
    Cosigned,
    Denied,
    InMemoryCosignatureBook,
    WitnessedLog,
    witness_key,
)
from rekam.exchange.errors import CheckpointNotOurs, CosignatureRefused, SenderForbidden
from rekam.exchange.log import log_key
from rekam.exchange.pg.cosignatures import PgCosignatureBook
from rekam.exchange.pg.register import EXCHANGE_TABLES
from rekam.storage.testing import fresh_pool
from rekam.trust.log.checkpoint import Checkpoint

LOG = log_key(KEY.public)
AT = 1_500_000_000


@pytest.fixture
def pool():
    with fresh_pool(EXCHANGE_TABLES) as opened:
        yield opened


@pytest.fixture(params=["memory", "postgres"])
def book(request):
    return (
        InMemoryCosignatureBook() if request.param == "memory" else PgCosignatureBook(request.getfixturevalue("pool"))
    )


def cosign(note, office=OFFICE, at=AT):
    return note.cosigned(f"rekam/office/{office.certificate.subject}", office.key, at)


def word(size, office=OFFICE):
    note = cosign(history(size).checkpoint(), office)
    return Cosigned(office.certificate.subject, office.certificate.name, size, AT, note, office.chain)


def test_each_office_has_its_newest_and_never_an_older_one(book):
    for each in (word(4), word(9), word(6), word(5, OTHER_OFFICE)):
        book.keep(each)
    assert book.newest() == [word(9), word(5, OTHER_OFFICE)]
    assert [book.newest_of(office) for office in ("3174", "9999")] == [word(9), None]


def test_what_the_log_denies_is_kept_once(book):
    first = Denied("3174", "Jakarta Selatan", 9, cosign(signed(9, bytes(32))))
    book.deny(first)
    book.deny(Denied("3174", "Jakarta Selatan", 9, cosign(signed(9, b"\x01" * 32))))
    assert book.denied() == [first]


@pytest.mark.parametrize(
    "statement",
    [
        "DELETE FROM exchange.log_cosignature",
        "UPDATE exchange.log_cosignature SET size = size - 1",
        "DELETE FROM exchange.log_denied",
        "UPDATE exchange.log_denied SET note = 'x'",
    ],
)
def test_nobody_takes_a_witness_back_even_by_hand(pool, statement):
    held = PgCosignatureBook(pool)
    held.keep(word(4))
    held.deny(Denied("3174", "Jakarta Selatan", 9, cosign(signed(9, bytes(32)))))
    with pytest.raises(psycopg.errors.RestrictViolation), pool.connection() as tx:
        tx.execute(statement)


@pytest.fixture
def desk(book):
    return CosignatureDesk(book, history(9), LOG)


def take(desk, note, place=OFFICE):
    return desk.take(note, place.certificate, place.chain)


@pytest.mark.parametrize("size", [0, 1, 4, 8, 9])
def test_a_cosignature_of_any_size_that_the_log_had_is_taken(desk, book, size):
    take(desk, cosign(history(size).checkpoint()))
    ((held),) = book.newest()
    assert (held.office, held.size, held.at_s) == ("3174", size, AT)
    assert held.note.verify(witness_key("3174", OFFICE.key.public)) == AT


FORGED = {
    "another office's key": lambda: cosign(history(9).checkpoint(), OTHER_OFFICE),
    "no cosignature": lambda: history(9).checkpoint(),
    "not signed by the log": lambda: cosign(signed(9, bytes(32), STRANGER)),
    "a stranger's signature in the office's name": lambda: (
        history(9).checkpoint().cosigned("rekam/office/3174", STRANGER, AT)
    ),
    "another text under the signatures": lambda: type(note := cosign(history(9).checkpoint()))(
        Checkpoint("rekam/log", 8, bytes(32)).text, note.signatures
    ),
}


@pytest.mark.parametrize("forged", FORGED)
def test_a_forged_cosignature_is_refused_and_leaves_nothing(desk, book, forged):
    with pytest.raises(CosignatureRefused):
        take(desk, FORGED[forged]())
    assert (book.newest(), book.denied()) == ([], [])


def test_only_offices_are_witnesses(desk):
    with pytest.raises(SenderForbidden):
        take(desk, cosign(history(9).checkpoint(), STATION), STATION)


@pytest.mark.parametrize("note", [signed(9, bytes(32)), signed(12, bytes(32)), history(12).checkpoint()])
def test_a_checkpoint_with_our_own_signature_that_our_log_denies_is_kept_as_evidence(desk, book, note):
    with pytest.raises(CheckpointNotOurs):
        take(desk, cosign(note))
    ((held),) = book.denied()
    assert held.note.text == note.text
    assert book.newest() == []


def test_the_published_checkpoint_carries_the_cosignatures_of_its_size(book):
    tree = history(9)
    desk, published = CosignatureDesk(book, tree, LOG), WitnessedLog(tree, book)
    take(desk, cosign(tree.checkpoint()))
    take(desk, cosign(history(5).checkpoint(), OTHER_OFFICE), OTHER_OFFICE)
    note = published.checkpoint()
    assert note.verify(LOG) is None
    assert [each.name for each in note.signatures] == ["rekam/log", "rekam/office/3174"]
    assert note.verify(witness_key("3174", OFFICE.key.public)) == AT
