"""A copy of the log: the same promises in memory and in the portal's database; nothing unproved ever gets in."""

import psycopg
import pytest

from exchange_examples import OFFICE, OTHER_OFFICE, ROOT
from lying_centre import KEY, Shown, entry, history
from rekam.exchange.cosignatures import InMemoryCosignatureBook
from rekam.exchange.in_memory_witness import InMemoryWitnessStore
from rekam.exchange.log import NoSuchTile, log_key
from rekam.exchange.log_evidence import Breach
from rekam.exchange.mirror import InMemoryMirrorStore, Mirror, MirroredLog
from rekam.exchange.published_witnesses import PublishedWitness, PublishedWitnesses
from rekam.exchange.witness import LogUnproved, Witness
from rekam.portal.log_copy import PgMirrorStore
from rekam.portal.portal import TABLES
from rekam.storage.testing import fresh_pool
from rekam.trust.log.merkle import leaf_hash, verify_inclusion
from rekam.trust.log.tiles import BUNDLE, Tile, tiles_of

LOG = log_key(KEY.public)


@pytest.fixture
def pool():
    with fresh_pool(*TABLES) as opened:
        yield opened


@pytest.fixture(params=["memory", "postgres"])
def store(request):
    return InMemoryMirrorStore() if request.param == "memory" else PgMirrorStore(request.getfixturevalue("pool"))


class World:
    def __init__(self, store, size):
        self.shown, self.witnessed, self.store = Shown(history(size)), InMemoryWitnessStore(), store
        self.witness = Witness(self.witnessed, self.shown, LOG)
        self.mirror = Mirror(store, self.shown, self.witnessed)
        self.copy = MirroredLog(store, self.witnessed)
        self.witness.run_once()

    def grow(self, size):
        self.shown.log = history(size)
        return self.witness.run_once()


@pytest.mark.parametrize("sizes", [(0, 1, 2, 7), (255, 256, 257), (300, 600, 1025)])
def test_the_copy_follows_the_log_and_gives_the_same_tiles_and_root(store, sizes):
    here = World(store, sizes[0])
    for size in sizes:
        here.grow(size)
        done = here.mirror.run_once()
        assert (done.size, done.missing, done.problem) == (size, 0, None)
        assert str(here.copy.checkpoint()) == str(here.shown.log.checkpoint())
        for tile in tiles_of(size):
            assert here.copy.tile(tile) == here.shown.log.tile(tile), tile.path
    assert store.entries(0, sizes[-1] + 1) == [entry(n) for n in range(sizes[-1])]


def test_a_long_way_is_gone_in_rounds_each_proved_and_kept(store):
    here = World(store, 1000)
    assert [here.mirror.run_once(bundles=1).size for _ in range(5)] == [256, 512, 768, 1000, 1000]


def test_the_checkpoint_of_a_copy_that_is_still_behind_is_not_given_out(store):
    here = World(store, 600)
    here.mirror.run_once(bundles=1)
    with pytest.raises(NoSuchTile):
        here.copy.checkpoint()


@pytest.mark.parametrize("lie", ["another bundle", "a bundle too short", "hidden", "garbled"])
def test_entries_that_do_not_lead_to_the_signed_root_are_not_taken(store, lie):
    here = World(store, 300)
    here.mirror.run_once(bundles=1)
    match lie:
        case "another bundle":
            here.shown.log = history(300, story="other", since=299)
        case "a bundle too short":
            here.shown.log = history(299)
        case "hidden":
            here.shown.hidden = {Tile(BUNDLE, 1, 44).path}
        case "garbled":
            here.shown.garbled = True
    done = here.mirror.run_once()
    assert isinstance(done.problem, LogUnproved)
    assert (done.size, done.missing, store.size()) == (256, 44, 256)
    here.shown.log, here.shown.hidden, here.shown.garbled = history(300), set(), False
    assert here.mirror.run_once().size == 300


def test_an_entry_is_found_by_its_beginning_and_proved_under_every_later_size(store):
    here = World(store, 70)
    here.mirror.run_once()
    assert store.find(entry(33)) == store.find(entry(33)[:10]) == [(33, entry(33))]
    assert store.find(bytes(32)) == []
    for size in (34, 64, 70):
        verify_inclusion(leaf_hash(entry(33)), 33, size, here.copy.inclusion(33, size), here.copy.root(size))


def test_what_does_not_follow_is_not_appended(store):
    store.append(0, [entry(0)], {(0, 0): leaf_hash(entry(0))})
    with pytest.raises(ValueError, match="do not follow"):
        store.append(0, [entry(0)], {})
    assert store.size() == 1


@pytest.mark.parametrize("table", ["mirror_entry", "mirror_node"])
@pytest.mark.parametrize("statement", ["DELETE FROM {}", "UPDATE {} SET {} = '\\x00'"])
def test_nobody_changes_the_copy_even_by_hand(pool, table, statement):
    PgMirrorStore(pool).append(0, [entry(0)], {(0, 0): leaf_hash(entry(0))})
    column = {"mirror_entry": "entry", "mirror_node": "hash"}[table]
    with pytest.raises(psycopg.errors.RestrictViolation), pool.connection() as tx:
        tx.execute(statement.format(table, column))


class Published:
    def __init__(self, *lines):
        self.lines = lines

    def witnesses(self):
        return list(self.lines)


def line(size, office=OFFICE, log=None, name=None):
    note = (log or history(size)).checkpoint().cosigned(f"rekam/office/{office.certificate.subject}", office.key, 9)
    return PublishedWitness(name or office.certificate.subject, str(note), office.chain)


def follow(here, *lines):
    book = InMemoryCosignatureBook()
    done = PublishedWitnesses(
        Published(*lines), book, here.store, here.witnessed, root=ROOT, log=LOG
    ).run_once()  # fmt: skip
    return done, [(each.office, each.size) for each in book.newest()]


def test_cosignatures_that_the_copy_bears_out_are_kept_and_those_beyond_it_wait(store):
    here = World(store, 40)
    here.mirror.run_once()
    done, kept = follow(here, line(40), line(17, OTHER_OFFICE))
    assert (done.agreed, done.refused, done.denied, kept) == (2, 0, 0, [("3174", 40), ("3273", 17)])
    assert follow(here, line(41))[1] == []


def test_forged_cosignatures_are_not_believed(store):
    here = World(store, 40)
    here.mirror.run_once()
    bare = PublishedWitness("3174", str(history(40).checkpoint()), OFFICE.chain)
    borrowed = PublishedWitness("3174", line(40).note, OTHER_OFFICE.chain)
    done, kept = follow(here, bare, borrowed, line(40, name="3273"), PublishedWitness("3174", "x", OFFICE.chain))
    assert (done.refused, kept, here.witnessed.alarms) == (4, [], {})


@pytest.mark.parametrize(("size", "breach"), [(20, Breach.CHANGED), (40, Breach.SPLIT)])
def test_another_log_in_an_offices_hands_is_evidence_against_the_centre(store, size, breach):
    here = World(store, 40)
    here.mirror.run_once()
    done, kept = follow(here, line(size, log=history(size, story="for the office")))
    assert (done.denied, kept) == (1, [])
    (evidence,) = here.witnessed.alarms.values()
    assert evidence.judge(LOG) is breach
