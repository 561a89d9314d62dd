"""Setting a station up anew, at the office: letters compared, two officials, one transaction, every number accounted."""

from dataclasses import dataclass

import psycopg
import pytest

from office_examples import DATA, OFFICE, ROOT, SITI, STATION, packet, stranger, world
from rekam.apps.ceremony import Staff
from rekam.exchange.fence import FenceUnclear
from rekam.exchange.key_request import KeyRequest, sign_key_request
from rekam.exchange.recovery import (
    BUNDLE_KIND,
    CodeWrong,
    NotYourStation,
    RecoveryClosed,
    RecoveryUnknown,
    RecoveryUnreadable,
    Reveal,
    SignedReveal,
    StationUnknown,
)
from rekam.exchange.recovery_account import Found
from rekam.office.app import create_office_app
from rekam.office.pages.recovery import spans
from rekam.office.recovery import TermsMissing
from rekam.office.station_setup import OfficeSetup, StationSetup, write_setup
from rekam.packet.parcel import open_parcel
from rekam.trust import cbor
from rekam.trust.certificates import verify_chain
from rekam.trust.keys import OpeningKey, SigningKey
from rekam.trust.pairing import commitment, spaced
from rekam.trust.pin import Cost
from rekam.trust.random import SeededRandomUnsafeForTests
from rekam.web.staff import InMemoryStaffStore, add_member
from rekam.web.testing import PageClient

PASSWORD = "empat kata tanpa makna"
RANDOM = SeededRandomUnsafeForTests("recovery")
NAME = "317401-01"
STAFF = (("op-1", "Operator Satu", "operator"), ("spv-1", "Supervisor", "supervisor"))


@pytest.fixture
def here(tmp_path):
    setup = OfficeSetup(
        {NAME: StationSetup("Tebet", STAFF, STATION.chain)}, bytes(32), "offline", "Jakarta", {}, {}, (SITI.to_map(),)
    )
    (tmp_path / "office").mkdir()
    write_setup(tmp_path / "office", setup, DATA)
    with world(tmp_path, connections=1) as made:
        yield made


@dataclass
class Fresh:
    """A laptop without keys, in conversation with the office."""

    recoveries: object

    def __post_init__(self):
        self.key, self.opening = SigningKey.generate(RANDOM), OpeningKey.generate(random=RANDOM)
        self.reveal = Reveal(NAME, self.key.public, stranger().public, self.opening.public, RANDOM.bytes(32))
        self.offer = self.recoveries.open(NAME, commitment(self.reveal.to_bytes()))
        self.recoveries.show(self.offer.request, SignedReveal.by(self.reveal, self.key).data)

    @property
    def request(self) -> str:
        return self.offer.request

    @property
    def code(self) -> str:
        return self.offer.pairing(self.reveal).code

    def approve(self, official, **how):
        return self.recoveries.approve(self.request, official, spaced(self.code), **how)

    def bundle(self) -> dict:
        data = self.recoveries.bundle(self.request, 0)
        return cbor.decode(open_parcel(data, self.opening, OFFICE.holder.key.public, BUNDLE_KIND))


def test_two_officials_who_typed_the_letters_give_new_keys_and_end_belief_in_the_old_ones(here):
    sent = [packet(1), packet(2)]
    for one in sent:
        here.custody(one)
    fresh = Fresh(here.office.recoveries)
    assert here.office.recoveries.progress(fresh.request).approvals == 0
    first = fresh.approve("budi", reason="Laptop dicuri")
    assert (first.officials, first.issued, first.fence[0]) == (("budi",), None, 2)
    second = fresh.approve("sri")
    assert second.issued.epoch == 2
    leaf = verify_chain(second.issued.chain, ROOT)[0]
    assert (leaf.kind, leaf.subject, leaf.epoch, leaf.signing) == ("station", NAME, 2, fresh.key.public)
    fence = here.office.fences.fence_of(NAME, 1)
    assert (fence.after, fence.head, fence.reason) == (2, sent[1].id, "Laptop dicuri")
    assert len(here.office.statements.waiting(10)) == 1
    bundle = fresh.bundle()
    assert (bundle["epoch"], [who[0] for who in bundle["staff"]]) == (2, ["op-1", "spv-1"])
    assert [one["epoch"] for one in bundle["earlier"]] == [1]
    assert [row[0] for row in bundle["earlier"][0]["recordings"]] == [one.id for one in sent]
    assert bundle["residents"] == [SITI.to_map()]
    assert SITI.name.encode() not in here.office.recoveries.bundle(fresh.request, 0)


def test_what_the_old_installation_had_asked_for_is_closed_with_the_reason_and_leaves_the_list(here):
    keys, supervisor = here.office.operator_keys, OFFICE.staff(Staff("spv-1", "Supervisor", "supervisor", "204816"))
    key = SigningKey.generate(RANDOM)
    wanted = KeyRequest(NAME, 1, f"{NAME}-BCDF", "Ayu Lestari", "operator", "new", key.public)
    asked = keys.take(sign_key_request(wanted, key, supervisor.key, supervisor.chain[0]), "text")
    fresh = Fresh(here.office.recoveries)
    fresh.approve("budi", reason="Laptop dicuri")
    assert keys.book.waiting() == 1
    fresh.approve("sri")
    known = keys.book.find(asked.request)
    assert (known.closed, known.closed_by, known.reason) == ("superseded", "budi, sri", "Laptop dicuri")
    assert keys.book.waiting() == 0
    assert [one.request for one in keys.book.requests()] == [asked.request]  # among those that are settled


def test_one_person_is_one_approval_however_often_they_say_yes(here):
    fresh = Fresh(here.office.recoveries)
    for _ in range(3):
        assert fresh.approve("budi", reason="rusak").officials == ("budi",)
    assert here.office.recoveries.progress(fresh.request).bundle == ""
    row = f"('{fresh.request}', '{NAME}', 2, '', '', 0)"
    with pytest.raises(psycopg.errors.RestrictViolation), here.office.pool.connection() as tx:
        tx.execute(f"INSERT INTO recovery_issue (request, station, epoch, chain, bundle, size) VALUES {row}")


def test_other_letters_approve_nothing_and_three_of_them_close_the_request(here):
    fresh = Fresh(here.office.recoveries)
    for _ in range(3):
        with pytest.raises(CodeWrong):
            here.office.recoveries.approve(fresh.request, "budi", "BCDF-GHJK", reason="rusak")
    with pytest.raises(RecoveryClosed):
        fresh.approve("budi", reason="rusak")
    assert here.office.recoveries.progress(fresh.request).closed == "wrong-code"


def test_somebody_in_between_shows_the_station_other_letters_than_the_office_expects(here):
    station = Fresh(here.office.recoveries)  # who sits in between has a conversation of its own with the office ...
    between = Fresh(here.office.recoveries)
    told = station.offer.pairing(station.reveal).code  # ... and what the station's people read out is another code
    with pytest.raises(CodeWrong):
        here.office.recoveries.approve(between.request, "budi", told, reason="rusak")


def test_keys_that_were_not_committed_to_or_not_signed_are_not_taken(here):
    recoveries = here.office.recoveries
    fresh = Fresh(recoveries)
    offer = recoveries.open(NAME, commitment(fresh.reveal.to_bytes()))
    other = Reveal(NAME, fresh.key.public, fresh.reveal.document, fresh.reveal.sealing, RANDOM.bytes(32))
    for data in (
        SignedReveal.by(other, fresh.key).data,
        SignedReveal.by(fresh.reveal, stranger()).data,
        b"rubbish",
    ):
        with pytest.raises(RecoveryUnreadable):
            recoveries.show(offer.request, data)
    with pytest.raises(RecoveryUnknown):
        recoveries.find(offer.request)


def test_a_station_of_another_office_is_told_so_and_a_new_request_takes_the_old_ones_place(here):
    with pytest.raises(StationUnknown):
        here.office.recoveries.open("327301-01", bytes(32))
    first, second = Fresh(here.office.recoveries), Fresh(here.office.recoveries)
    assert [one.request for one in here.office.recoveries.requests()] == [second.request]
    with pytest.raises(RecoveryClosed):
        first.approve("budi", reason="rusak")


def test_the_second_official_confirms_what_the_first_said_and_cannot_say_something_else(here):
    here.custody(packet(1))
    fresh = Fresh(here.office.recoveries)
    with pytest.raises(TermsMissing):
        fresh.approve("budi")
    fresh.approve("budi", reason="dicuri", after=0)
    fresh.approve("sri", reason="lain", after=1)
    assert here.office.fences.fence_of(NAME, 1).after == 0


def test_a_fork_at_the_end_is_shown_to_the_official(here):
    here.custody(packet(1))
    here.custody(packet(1, b"another"))
    fresh = Fresh(here.office.recoveries)
    with pytest.raises(FenceUnclear):
        fresh.approve("budi", reason="citra lama")
    assert here.office.installations.known(NAME)[0].forks == 1


def test_a_refused_request_is_told_and_an_issued_one_stays(here):
    fresh = Fresh(here.office.recoveries)
    here.office.recoveries.close(fresh.request, "budi")
    assert "budi" in here.office.recoveries.progress(fresh.request).closed
    issued = Fresh(here.office.recoveries)
    issued.approve("budi", reason="rusak")
    issued.approve("sri")
    here.office.recoveries.close(issued.request, "budi")
    assert here.office.recoveries.progress(issued.request).bundle


def test_each_recovery_is_an_epoch_of_its_own(here):
    for epoch in (2, 3):
        fresh = Fresh(here.office.recoveries)
        fresh.approve("budi", reason="rusak")
        assert fresh.approve("sri").issued.epoch == epoch
    assert here.office.fences.fence_of(NAME, 2) is not None
    assert here.office.fences.fence_of(NAME, 3) is None


def test_whoever_forges_packets_with_a_stolen_key_cannot_keep_the_station_from_being_set_up_again(here):
    here.custody(packet(1))
    stolen = Fresh(here.office.recoveries)
    stolen.approve("budi", reason="Laptop dicuri")
    stolen.approve("sri")
    here.custody(packet(2))
    here.custody(packet(2, b"another"))  # a fork beyond the fence that stands: no official is asked about it any more
    fresh = Fresh(here.office.recoveries)
    fresh.approve("budi", reason="rusak")
    assert fresh.approve("sri").issued.epoch == 3
    assert here.office.fences.fence_of(NAME, 1).after == 1


def test_only_the_newest_installation_gets_its_staff_certified_and_only_its_own(here):
    installations, fresh = here.office.installations, Fresh(here.office.recoveries)
    fresh.approve("budi", reason="rusak")
    new = verify_chain(fresh.approve("sri").issued.chain, ROOT)[0]
    key = stranger().public
    chains = installations.certify(new, [("op-1", key), ("nobody", key)])
    assert list(chains) == ["op-1"]
    leaf = verify_chain(chains["op-1"], ROOT)[0]
    assert (leaf.kind, leaf.subject, leaf.name, leaf.signing) == ("operator", "op-1", "Operator Satu", key)
    with pytest.raises(NotYourStation):
        installations.certify(verify_chain(STATION.chain, ROOT)[0], [("op-1", key)])


@pytest.mark.parametrize("typed", ["-5", "99999999999999999999", "tiga"])
def test_what_is_no_number_of_a_recording_is_told_beside_the_field(here, typed):
    staff = InMemoryStaffStore(here.clock)
    add_member(staff, "budi", frozenset({"petugas dinas"}), PASSWORD, cost=Cost(64, 1, 1))
    fresh = Fresh(here.office.recoveries)
    with PageClient(create_office_app(here.office, staff)) as page:
        page.post("/sign-in", {"name": "budi", "password": PASSWORD})
        said = {"code": fresh.code, "reason": "rusak", "after": typed, "head": "ab" * 8}
        answer = page.post(f"/recovery/{fresh.request}/approve", said)
    assert (answer.status_code, "angka saja" in answer.text) == (422, True)
    assert here.office.recoveries.find(fresh.request).officials == ()


def test_the_closing_reckoning_names_every_missing_number(here):
    made = [packet(n) for n in (1, 2, 5)]
    for one in made:
        here.custody(one)
    fresh = Fresh(here.office.recoveries)
    fresh.approve("budi", reason="rusak", after=7, head="ab" * 8)
    new = verify_chain(fresh.approve("sri").issued.chain, ROOT)[0]
    here.office.installations.note_found(new, Found(disk=((5, made[2].id), (6, "6" * 64)), usb=((3, "3" * 64),)))
    (account,) = here.office.installations.account(fresh.request)
    assert (account.recorded, account.backed_up, account.coming, account.missing) == (7, 3, (3, 6), (4, 7))
    assert (account.from_disk, account.from_usb, account.accepted, account.forks) == (2, 1, 0, ())
    assert account.adds_up


def test_a_crash_between_the_approvals_and_the_bundle_leaves_all_of_it_or_nothing(here, monkeypatch):
    here.custody(packet(1))
    fresh = Fresh(here.office.recoveries)
    fresh.approve("budi", reason="rusak")

    def broken(*_args, **_more):
        raise OSError("disk gone")

    with monkeypatch.context() as patch:
        patch.setattr("rekam.office.issuing.seal_parcel", broken)
        with pytest.raises(OSError, match="disk gone"):
            fresh.approve("sri")
    assert here.office.fences.fence_of(NAME, 1) is None
    assert here.office.statements.waiting(10) == []
    assert fresh.approve("sri").issued.epoch == 2


def test_missing_numbers_are_told_as_spans():
    assert spans((3, 4, 5, 9, 11, 12)) == "3-5, 9, 11-12"
    assert spans(()) == ""
