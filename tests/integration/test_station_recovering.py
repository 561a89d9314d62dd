"""A station set up anew from what is left of it: the old disk with and without its PIN, a stick, a crash in between."""

import shutil
from dataclasses import replace

import pytest

import station_counter
from rekam.exchange.recovery import CodeWrong
from rekam.office.corrections import Wanted
from rekam.office.courier import office_courier
from rekam.office.office import TABLES
from rekam.station.carry_over import carry_store
from rekam.station.courier import station_courier
from rekam.station.installing import OldStation, PinsMissing, Site, install, move_aside
from rekam.station.recovering import Recovering
from rekam.station.saving import Saving
from rekam.station.station import Station
from rekam.station.store import StationStore
from rekam.station.unsaved import UNSAVED
from rekam.storage.disk import RealDisk
from rekam.storage.testing import fresh_pool
from rekam.trust.certificates import verify_chain
from rekam.trust.pin import Cost
from rekam.trust.random import SystemRandom
from small_country import open_office
from station_counter import OPERATOR, STATION, SUPERVISOR

PINS = {OPERATOR: "135790", SUPERVISOR: "246810"}


class Local:
    """`RecoveryOffice` in this process."""

    def __init__(self, office):
        self.office = office
        self.ask, self.show = office.recoveries.open, office.recoveries.show
        self.progress, self.bundle = office.recoveries.progress, office.recoveries.bundle

    def staff(self, identity, keys):
        return self.office.installations.certify(self._me(identity), list(keys.items()))

    def found(self, identity, found):
        self.office.installations.note_found(self._me(identity), found)

    def _me(self, identity):
        return verify_chain(identity.chain, self.office.root)[0]


class Country:
    """An office, a station with a few recordings, and its recovery."""

    def __init__(self, folder, pool):
        self.counter = station_counter.counter(folder / "country")
        self.office = open_office(folder / "country", pool, None)
        self.local = Local(self.office)
        self.folder = folder

    @property
    def home(self):
        return self.counter.home

    def record(self, count):
        """So many recordings, none of them sent."""
        self.counter.sign_in()
        return [self.counter.save(person.nik) for person in self.counter.adults(count)]

    def recovering(self):
        path = self.folder / "country" / "keys" / f"station-{STATION}.keys.recovery"
        return Recovering.begin(path, self.local, STATION, SystemRandom())

    def agreed(self):
        """Up to the opened bundle; the people compared and approved."""
        recovering = self.recovering()
        code = recovering.ask()
        request = self.recovering().request
        self.office.recoveries.approve(request, "budi", code, reason="rusak")
        issued = self.office.recoveries.approve(request, "sri", code)
        with pytest.raises(CodeWrong):
            recovering.fetch()
        with pytest.raises(CodeWrong):
            recovering.confirm("BCDF" if issued.pairing.answer != "BCDF" else "BCDG")
        recovering.confirm(issued.pairing.answer.lower())
        return self.recovering(), self.recovering().fetch()

    def site(self, folder):
        return Site(folder, RealDisk(), self.counter.clock, SystemRandom(), Cost(64, 1, 1))

    def opened(self, folder, recovering, *, cut=False) -> Station:
        """The new installation, signed in under the new PIN, its line to the office mended unless it is `cut`."""
        self.counter.line.far = None if cut else self.office.local()
        station = Station(replace(self.counter.station.ports, folder=folder, pepper=recovering.pepper))
        station.sign_in(OPERATOR, PINS[OPERATOR])
        return station


@pytest.fixture
def here(tmp_path):
    with fresh_pool(*TABLES) as pool:
        made = Country(tmp_path, pool)
        yield made
        made.counter.station.close()


def drained(station):
    while station.here.line.run_once():
        pass


def test_a_restored_folder_keeps_names_templates_drafts_and_what_waits_and_counts_from_one_in_a_new_epoch(here):
    old = here.record(2)
    operator = here.counter.sign_in()
    (third,) = [one for one in here.counter.adults(3) if not here.counter.station.here.recordings.of_nik(one.nik)][:1]
    sitting = here.counter.station.sittings.open(third.nik, operator)
    corrected = here.counter.adults(4)[3]
    here.office.corrections.bring([Wanted(replace(corrected, name="NYAI ARSANTI"))], "siti", "form")
    here.counter.station.close()
    recovering, bundle = here.agreed()
    aside = move_aside(recovering, here.home, RealDisk())
    assert move_aside(recovering, here.home, RealDisk()) == aside
    with_pin = StationStore.open(aside / "station.db", operator.store_key)
    done = install(here.site(here.home), recovering, bundle, here.local, PINS, OldStation(((aside, "disk"),), with_pin))
    with_pin.close()
    assert (done.recordings, done.taken[0][1].refused) == (2, [])
    station = here.opened(here.home, recovering)
    assert [one.packet_id for one in station.here.recordings.search()] == [one.packet_id for one in reversed(old)]
    assert station.sittings.find(sitting.sitting_id).nik == third.nik
    assert station.here.residents.find(corrected.nik).name == "NYAI ARSANTI", "as it stands now, not as provisioned"
    assert station.here.residents.signed(station.here.residents.find(corrected.nik)), "and its office's word came along"
    asked = station.here.corrections.question()
    assert here.office.correction_answers.answer(STATION, asked.to_bytes()) is None, "and nothing comes twice"
    here.counter.station = station
    drained(station)
    assert station.here.line.outbox.unsent()[0] == 0
    unlocked = station.sign_in(OPERATOR, PINS[OPERATOR])
    new = station.sittings.save(here.counter.filled(third.nik, unlocked), unlocked, consent=True)
    assert new.number == f"{STATION}/2/000001"
    drained(station)
    assert set(here.office.inbox.receipts([one.packet_id for one in (*old, new)])) == {
        one.packet_id for one in (*old, new)
    }
    # sealed before, sent after the fence was drawn at nothing: kept, and for people to decide
    assert len(here.office.fences.all_withheld()) == 2


def test_a_packet_that_was_sealed_and_never_saved_is_no_fork_of_the_one_that_took_its_number(here):
    here.record(1)
    second = here.counter.adults(2)[1]

    def commit(*_):
        raise KeyboardInterrupt

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Saving, "_commit", commit)
        with pytest.raises(KeyboardInterrupt):  # the power goes between the file and the row
            here.counter.save(second.nik)
    here.counter.restart()
    operator = here.counter.sign_in()
    (left,) = here.counter.station.here.unsaved
    (sitting,) = here.counter.station.here.drafts.open_sittings()
    here.counter.station.sittings.save(sitting.sitting_id, operator, consent=True)
    here.counter.station.close()
    recovering, bundle = here.agreed()
    aside = move_aside(recovering, here.home, RealDisk())
    with_pin = StationStore.open(aside / "station.db", operator.store_key)
    done = install(here.site(here.home), recovering, bundle, here.local, PINS, OldStation(((aside, "disk"),), with_pin))
    with_pin.close()
    assert (done.taken[0][1].unsaved, done.taken[0][1].refused) == (1, [])
    assert (aside / "packets" / UNSAVED / left).exists()
    here.counter.station = here.opened(here.home, recovering)
    drained(here.counter.station)
    assert here.office.register.forks() == []
    assert len(here.office.fences.all_withheld()) == 2


def test_a_disk_without_its_pin_gives_its_sealed_packets_and_names_what_is_damaged(here):
    old = here.record(3)
    here.counter.station.close()
    blobs = here.counter.station.ports.folder / "packets"
    files = {path.name: path for path in blobs.rglob("*") if path.is_file() and len(path.name) == 64}
    damaged = bytearray(files[old[0].packet_id].read_bytes())
    damaged[-1] ^= 1
    files[old[0].packet_id].write_bytes(bytes(damaged))
    stick = here.folder / "stick"
    stick.mkdir()
    files[old[2].packet_id].rename(stick / old[2].packet_id)
    (stick / ("0" * 64)).write_bytes(b"something else")
    recovering, bundle = here.agreed()
    fresh = here.folder / "fresh"
    done = install(
        here.site(fresh), recovering, bundle, here.local, PINS, OldStation(((here.home, "disk"), (stick, "usb")))
    )
    assert done.recordings == 0
    assert [(taken.packets, len(taken.refused)) for _, taken in done.taken] == [(1, 1), (1, 1)]
    assert [sequence for sequence, _ in done.found.disk + done.found.usb] == [2, 3]
    here.local.found(bundle.identity, done.found)
    station = here.opened(fresh, recovering)
    here.counter.station = station
    drained(station)
    assert station.here.line.carried.unsent() == 0
    held = here.office.inbox.receipts([one.packet_id for one in old])
    assert set(held) == {old[1].packet_id, old[2].packet_id}
    (account,) = here.office.installations.account(recovering.request)
    assert (account.recorded, account.backed_up, account.coming, account.missing) == (3, 2, (), (1,))
    assert account.adds_up


def test_an_office_that_forgot_the_last_installation_gives_its_number_to_nobody_and_gets_all_that_it_sealed(here):
    (first,) = here.record(1)
    here.counter.station.close()
    recovering, bundle = here.agreed()
    second_home = here.folder / "second"
    old = OldStation(((here.home, "disk"),))
    install(here.site(second_home), recovering, bundle, here.local, PINS, old)
    here.counter.station = station = here.opened(second_home, recovering)
    operator = station.sign_in(OPERATOR, PINS[OPERATOR])
    person = here.counter.adults(2)[1]
    second = station.sittings.save(here.counter.filled(person.nik, operator), operator, consent=True)
    assert second.number == f"{STATION}/2/000001"
    drained(station)
    recovering.finish()
    station.close()
    with fresh_pool(*TABLES) as pool:  # its database is put back to one from before it knew of installation 2
        here.office = open_office(here.folder / "country", pool, None)
        here.local = Local(here.office)
        here.office.recoveries.pass_over(here.office.recoveries.next_life())
        recovering, bundle = here.agreed()
        assert bundle.identity.epoch == 10
        third_home = here.folder / "third"
        with_pin = StationStore.open(second_home / "station.db", operator.store_key)
        old = OldStation(((second_home, "disk"),), with_pin)
        done = install(here.site(third_home), recovering, bundle, here.local, PINS, old)
        with_pin.close()
        assert done.taken[0][1].refused == []
        here.local.found(bundle.identity, done.found)
        here.counter.station = station = here.opened(third_home, recovering)
        drained(station)
        sealed = {first.packet_id, second.packet_id}
        assert set(here.office.inbox.receipts(sorted(sealed))) == sealed
        accounts = here.office.installations.account(recovering.request)
        assert [(each.epoch, each.recorded, each.adds_up) for each in accounts] == [(1, 1, True), (2, 1, True)]
        assert here.office.fences.fence_of(STATION, 2) is not None, "a forgotten key ends, too"
        station.close()


def test_what_an_earlier_installation_left_is_offered_to_an_office_that_lost_it(here):
    here.record(1)
    here.counter.station.close()
    recovering, bundle = here.agreed()
    fresh = here.folder / "fresh"
    install(here.site(fresh), recovering, bundle, here.local, PINS, OldStation(((here.home, "disk"),)))
    here.counter.station = station = here.opened(fresh, recovering)
    drained(station)
    assert station.here.line.carried.unsent() == 0
    with fresh_pool(*TABLES) as pool:
        shutil.rmtree(here.office.folder / "packets")
        lost = open_office(here.folder / "country", pool, None)
        here.counter.line.far = lost.local()
        station.here.line.offers._walk._due_ns = 0  # the next day
        drained(station)
        assert lost.state().packets == 1


def test_what_an_earlier_installation_left_travels_by_courier_too(here):
    old = here.record(1)
    here.counter.station.close()
    recovering, bundle = here.agreed()
    fresh = here.folder / "fresh"
    install(here.site(fresh), recovering, bundle, here.local, PINS, OldStation(((here.home, "disk"),)))
    here.counter.station = station = here.opened(fresh, recovering, cut=True)
    stick = here.folder / "stick"
    stick.mkdir()
    courier = station_courier(station.here, here.counter.clock, SystemRandom())
    assert courier.out(stick, str(station.here.identity.office), None, lambda *_: None).packets == 1
    assert station.here.line.carried.unsent() == 1
    (taken,) = office_courier(here.office).take_in(stick, lambda *_: None).files
    assert taken.taken == 1
    assert courier.receipts(stick, lambda *_: None).taken == 1
    assert (station.here.line.carried.unsent(), len(here.office.inbox.receipts([old[0].packet_id]))) == (0, 1)


def test_broken_off_at_any_step_and_run_again_it_ends_the_same(here):
    old = here.record(2)
    here.counter.station.close()
    recovering, bundle = here.agreed()
    left = [0, 1, 2]

    def told(_what, done, _every):
        if left and done >= left[0]:
            left.pop(0)
            raise KeyboardInterrupt

    for _ in range(3):
        aside = move_aside(here.recovering(), here.home, RealDisk())
        old_station = OldStation(((aside, "disk"),))
        with pytest.raises(KeyboardInterrupt):
            install(here.site(here.home), here.recovering(), bundle, here.local, PINS, old_station, told)
    done = install(here.site(here.home), here.recovering(), bundle, here.local, PINS, old_station, told)
    assert [sequence for sequence, _ in done.found.disk] == [1, 2]
    here.recovering().finish()
    station = here.opened(here.home, recovering)
    here.counter.station = station
    drained(station)
    assert len(here.office.inbox.receipts([one.packet_id for one in old])) == 2
    assert not list((here.folder / "country" / "keys").glob("*.recovery*"))


def test_a_bundle_that_was_changed_on_the_way_is_fetched_again(here):
    recovering = here.recovering()
    code = recovering.ask()
    here.office.recoveries.approve(recovering.request, "budi", code, reason="rusak")
    recovering.confirm(here.office.recoveries.approve(recovering.request, "sri", code).pairing.answer)
    honest = here.local.bundle

    def changed(request, offset):
        data = bytearray(honest(request, offset))
        if data:
            data[-1] ^= 1
        return bytes(data)

    here.local.bundle = changed
    with pytest.raises(Exception, match="Nothing"):
        recovering.fetch()
    here.local.bundle = honest
    assert recovering.fetch().identity.epoch == 2


def test_without_a_pin_for_anybody_nothing_is_installed(here):
    recovering, bundle = here.agreed()
    with pytest.raises(PinsMissing):
        install(here.site(here.folder / "fresh"), recovering, bundle, here.local, {}, OldStation())
    assert not (here.folder / "fresh" / "station.db").exists()


def test_taking_a_store_over_twice_changes_nothing(here, tmp_path):
    here.record(2)
    old = here.counter.station.here.store
    shutil.copytree(here.home, tmp_path / "other")
    new = StationStore.create(tmp_path / "new.db", bytes(32), here.counter.station.here.identity)
    for _ in range(2):
        assert carry_store(old, new) == 2
    assert len(new.rows("SELECT * FROM recording")) == 2
    assert len(new.rows("SELECT * FROM outbox")) == 2
    new.close()
