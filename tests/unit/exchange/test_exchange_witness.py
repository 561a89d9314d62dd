"""A witness of the log, against a centre that holds the log's key and lies."""

from dataclasses import replace

import pytest

from lying_centre import KEY, STRANGER, Shown, entry, history, signed, without
from rekam.exchange.errors import RemoteUnreachable
from rekam.exchange.in_memory_witness import InMemoryReceiptShelf, InMemoryWitnessStore
from rekam.exchange.log import log_key
from rekam.exchange.log_evidence import Breach, Evidence, EvidenceUnreadable, NoBreach
from rekam.exchange.logged_receipts import LoggedReceipts
from rekam.exchange.witness import Cosigner, LogUnproved, Witness
from rekam.trust import receipts
from rekam.trust.keys import SignatureInvalid, SigningKey
from rekam.trust.log.checkpoint import Checkpoint
from rekam.trust.log.merkle import EMPTY_ROOT, ProofInvalid

LOG = log_key(KEY.public)
OFFICE = SigningKey(b"\x01" * 32)


class Desk:
    """Takes cosignatures, or cannot be reached."""

    def __init__(self):
        self.taken, self.down = [], False

    def take(self, note):
        if self.down:
            raise RemoteUnreachable(place="centre", reason="down")
        self.taken.append(note)

    def newest(self):
        if self.down:
            raise RemoteUnreachable(place="centre", reason="down")
        return self.taken[-1] if self.taken else None


class World:
    def __init__(self, size=5):
        self.shown, self.store, self.desk = Shown(history(size)), InMemoryWitnessStore(), Desk()
        self.now = 1_500_000_000
        self.signer = Cosigner("rekam/office/3174", OFFICE, lambda: self.now)
        self.witness = Witness(self.store, self.shown, LOG, signer=self.signer, taker=self.desk)

    def watch(self):
        return self.witness.run_once()

    def kept(self):
        return Checkpoint.of(self.store.newest(), LOG)


@pytest.fixture
def here():
    return World()


def test_the_first_checkpoint_is_kept_cosigned_and_handed_over(here):
    done = here.watch()
    assert (done.size, done.grown, done.cosigned, done.delivered, done.breach, done.problem) == (
        5, 5, True, True, None, None,
    )  # fmt: skip
    (note,) = here.desk.taken
    assert note.verify(LOG) is None
    assert note.verify(here.signer.note_key) == here.now
    assert Checkpoint.of(note, LOG).size == 5


@pytest.mark.parametrize("sizes", [(1, 2, 3), (4, 8, 9), (255, 256, 257), (5, 700), (0, 1, 300)])
def test_a_log_that_only_grows_is_followed_from_size_to_size(sizes):
    here = World(sizes[0])
    for size in sizes:
        here.shown.log = history(size)
        assert here.watch().problem is None
        assert here.kept().size == size
    assert list(here.store.signed) == list(sizes)
    assert here.store.alarms == {}


def test_an_idle_log_is_neither_kept_nor_cosigned_again(here):
    here.watch()
    done = here.watch()
    assert (done.grown, done.cosigned, done.delivered) == (0, False, False)
    assert len(here.desk.taken) == 1


LIES = {
    "another story of the same length": (Breach.SPLIT, history(8, story="other", since=7)),
    "a shorter log": (Breach.SMALLER, history(3)),
    "an empty log": (Breach.SMALLER, history(0)),
    "an altered entry and growth": (Breach.CHANGED, history(12, story="other", since=3)),
    "a dropped entry and growth": (Breach.CHANGED, without(13, dropped=2)),
    "another last entry and growth": (Breach.CHANGED, history(300, story="other", since=7)),
}


@pytest.mark.parametrize("lie", LIES)
def test_every_lie_is_alarmed_with_evidence_and_never_cosigned(lie):
    here = World(8)
    here.watch()
    breach, here.shown.log = LIES[lie]
    for _ in range(3):
        assert here.watch().breach is breach
    ((_, evidence),) = here.store.alarms.items()
    assert evidence.judge(LOG) is breach
    assert here.kept().size == 8
    assert list(here.store.signed) == [8]
    assert len(here.desk.taken) == 1


def test_every_point_of_change_is_found_whatever_the_shape_of_the_tree():
    for size in range(1, 18):
        for since in range(size):
            here = World(size)
            here.watch()
            here.shown.log = history(size + 3, story="other", since=since)
            assert here.watch().breach is Breach.CHANGED, (size, since)


def test_after_an_alarm_the_true_history_goes_on_and_the_alarm_stays(here):
    here.watch()
    here.shown.log = history(7, story="other", since=2)
    here.watch()
    here.shown.log = history(9)
    assert here.watch().cosigned
    assert here.kept().size == 9
    assert [breach for breach, _ in here.store.alarms] == [Breach.CHANGED]


def test_what_the_centre_did_not_sign_is_refused_and_no_evidence_against_it(here):
    here.watch()
    here.shown.note = signed(9, bytes(32), STRANGER)
    done = here.watch()
    assert isinstance(done.problem, SignatureInvalid)
    assert (done.breach, here.store.alarms, here.kept().size) == (None, {}, 5)


@pytest.mark.parametrize("kept", [True, False])
@pytest.mark.parametrize("fault", ["hidden", "garbled", "root"])
def test_hashes_that_do_not_bear_out_the_checkpoint_prove_nothing_and_are_not_cosigned(kept, fault):
    here = World(6)
    if kept:
        here.watch()
    here.shown.log = history(40)
    match fault:
        case "hidden":
            here.shown.hidden = {"tile/0/000.p/40"}
        case "garbled":
            here.shown.garbled = True
        case "root":
            here.shown.note = signed(40, bytes(32))
    done = here.watch()
    assert isinstance(done.problem, LogUnproved)
    assert (done.breach, done.cosigned, here.store.alarms) == (None, False, {})
    assert list(here.store.kept) == ([6] if kept else [])
    here.shown.hidden, here.shown.garbled, here.shown.note = set(), False, None
    assert here.watch().cosigned


def test_a_cosignature_that_the_centre_did_not_take_is_offered_until_it_does(here):
    here.desk.down = True
    done = here.watch()
    assert done.cosigned
    assert isinstance(done.problem, RemoteUnreachable)
    here.desk.down = False
    assert here.watch().delivered
    assert [note.verify(here.signer.note_key) for note in here.desk.taken] == [here.now]


def test_without_a_legal_time_it_keeps_and_signs_once_there_is_one(here):
    here.now = None
    assert (here.watch().cosigned, here.kept().size) == (False, 5)
    here.now = 1_500_000_100
    assert here.watch().cosigned


def test_the_time_of_a_cosignature_never_goes_back(here):
    here.watch()
    here.now -= 3600
    here.shown.log = history(6)
    here.watch()
    assert here.desk.taken[-1].verify(here.signer.note_key) == 1_500_000_000


def test_an_absent_centre_is_a_problem_and_no_alarm(here):
    here.shown.fails = RemoteUnreachable(place="centre", reason="down")
    done = here.watch()
    assert isinstance(done.problem, RemoteUnreachable)
    assert (done.size, done.breach) == (0, None)


# receipts


def receipt(log_of, position, number=1):
    """An acceptance with its proof, as the centre whose log was `log_of` then gave it."""
    proof = history(0)
    for index in range(position):
        proof.append(log_of(index))
    said = receipts.Receipt("acceptance", "ab" * 32, f"317401-01/1/{number:06d}", 1, "centre", 1)
    return receipts.issue(replace(said, log=str(proof.append(log_of(position)))), KEY)


def compare(here, held):
    shelf = InMemoryReceiptShelf(held)
    return shelf, LoggedReceipts(shelf, here.store, here.shown, KEY.public, LOG)


def test_receipts_of_the_witnessed_log_agree_and_newer_ones_wait():
    here = World(300)
    here.watch()
    shelf, compared = compare(here, {str(n): receipt(entry, n) for n in (0, 4, 255, 256, 299, 300)})
    done = compared.run_once()
    assert (done.agreed, done.denied, done.problem) == (5, 0, None)
    assert "300" not in shelf.compared
    here.shown.log = history(301)
    here.watch()
    assert compared.run_once().agreed == 1


def test_a_view_made_for_one_office_alone_is_found_by_its_receipts():
    here = World(20)
    here.watch()
    shelf, compared = compare(here, {"a": receipt(entry, 3), "b": receipt(lambda n: entry(n, "for you"), 5)})
    done = compared.run_once()
    assert (done.agreed, done.denied) == (1, 1)
    assert shelf.compared == {"a": True, "b": False}
    (evidence,) = here.store.alarms.values()
    assert evidence.judge(LOG) is Breach.CHANGED
    assert Checkpoint.of(evidence.kept, LOG).size == 6


def test_a_receipt_of_the_same_size_with_another_root_is_a_split():
    here = World(6)
    here.watch()
    _, compared = compare(here, {"b": receipt(lambda n: entry(n, "for you"), 5)})
    assert compared.run_once().denied == 1
    assert [breach for breach, _ in here.store.alarms] == [Breach.SPLIT]


def test_receipts_wait_while_the_log_does_not_answer():
    here = World(20)
    here.watch()
    shelf, compared = compare(here, {"a": receipt(entry, 3)})
    here.shown.hidden = {"tile/0/000.p/20"}
    assert isinstance(compared.run_once().problem, LogUnproved)
    assert shelf.compared == {}


# evidence


def test_evidence_travels_as_a_file_and_convinces_whoever_holds_the_logs_key():
    here = World(8)
    here.watch()
    here.shown.log = without(13, dropped=2)
    here.watch()
    (evidence,) = here.store.alarms.values()
    again = Evidence.from_json(evidence.to_json())
    assert again == evidence
    assert again.judge(LOG) is Breach.CHANGED
    with pytest.raises(SignatureInvalid):
        again.judge(log_key(STRANGER.public))
    with pytest.raises(ProofInvalid):
        replace(again, proof=(again.proof[0][::-1], *again.proof[1:])).judge(LOG)
    with pytest.raises(ProofInvalid):
        replace(again, proof=()).judge(LOG)


def test_an_honest_log_cannot_be_accused():
    small, large = history(5), history(9)
    honest = Evidence(small.checkpoint(), large.checkpoint())
    with pytest.raises(ProofInvalid):
        honest.judge(LOG)
    with pytest.raises(NoBreach):
        Evidence(small.checkpoint(), small.checkpoint()).judge(LOG)
    with pytest.raises(ProofInvalid):
        replace(honest, proof=(EMPTY_ROOT, EMPTY_ROOT)).judge(LOG)


@pytest.mark.parametrize("data", ["", "[]", "{}", '{"format": "rekam/log-evidence/1"}', "\x00"])
def test_a_file_that_is_no_evidence_is_told(data):
    with pytest.raises(EvidenceUnreadable):
        Evidence.from_json(data)
