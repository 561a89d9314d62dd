"""A centre with something on every page, served to a browser: for the browser tests and the pictures."""

from dataclasses import replace

import web_server
from centre_examples import FULL, OFFICE, STATION, Town, resident, staff
from rekam.centre.app import create_centre_app
from rekam.centre.verdict import Queue
from rekam.exchange.key_ended import KEY_ENDED, KeyEnded
from rekam.exchange.statements import Statement, state
from rekam.trust.clock import SystemClock
from rekam.trust.pin import Cost
from rekam.web.staff import InMemoryStaffStore, add_member

PASSWORD = "empat kata tanpa makna"
STAFF = {"ahli-1": "ahli", "ahli-2": "ahli", "ahli-3": "ahli", "pusat": "petugas pusat"}
NAMES = ("SITI RAHMAWATI", "DEWI LESTARI", "RINI WULANDARI", "MEGA PUSPITA", "AYU KARTIKA", "NINGSIH HANDAYANI")


def similar(here: Town, earlier, later, seed: int) -> str:
    """Two recordings that only experts can tell apart, since the second holds a single eye; the second's packet."""
    here.record(earlier, seed, slots=FULL)
    here.work()
    packet_id = here.record(later, seed, impression=1, slots=("iris-1",))
    here.work()
    return packet_id


def busy(here: Town) -> dict[str, str]:
    """Something in every list; the packets by the list that they wait in."""
    people = [resident(serial, name) for serial, name in enumerate(NAMES, start=1)]
    people[1] = replace(people[1], birth_place="BOGOR")
    here.centre.load_register(people[:5])
    packets = {"adjudication": similar(here, people[0], people[1], 1)}
    packets["validation"] = here.record(replace(people[2], name="RINI WULAN", birth_place="DEPOK"), 3)
    here.record(people[5], 6)
    packets["rejected"] = here.receive(*here.counter.seal_content([b"a recording that breaks off"]))
    here.record(people[3], 1, impression=2)
    here.work()
    packets["quarantine"] = spoiled(here, resident(7, "LIA"), 7)
    here.centre.notices.publish(
        "Pemeliharaan pusat hari Minggu pukul 01.00 sampai 03.00 WIB.",
        "The centre is maintained on Sunday from 01.00 to 03.00 WIB.",
        author="pusat",
        todo_id="Tidak ada; perekaman tetap berjalan.",
        todo_en="Nothing; recording goes on.",
    )
    here.record(people[4], 5)
    return packets


def confirmed_after_end(here: Town) -> str:
    """A packet with its result, whose operator's key had ended one recording before, as the office says now."""
    known = resident(60, "YULIA ANGGRAINI")
    here.centre.load_register([known])
    after, head = here.counter.sequence, here.counter.previous.hex()
    packet_id = here.record(known, 60)
    here.work()
    key = staff("op-1", elsewhere=False).key.public.key_id.hex()
    ended = KeyEnded(str(STATION), 1, key, "op-1", "Bayu Saputra", "operator", "replaced", after, head)
    statement = Statement(KEY_ENDED, str(OFFICE.office), 1_475_456_400_000, ended.to_body())
    here.centre.statements.take(state(statement, OFFICE.holder.key, OFFICE.holder.chain).to_bytes())
    return packet_id


def spoil(here: Town, packet_id: str) -> None:
    """Changes one byte of a received packet on the centre's own disk; called again, changes it back."""
    path = here.centre.packets.path(packet_id)
    data = bytearray(path.read_bytes())
    data[-1] ^= 1
    path.write_bytes(data)


def spoiled(here: Town, person, seed: int) -> str:
    """A packet in quarantine, after the last of its attempts."""
    packet_id = here.record(person, seed)
    spoil(here, packet_id)
    with here.centre.pool.connection() as connection:
        connection.execute("UPDATE packet_stage SET attempts = 3 WHERE packet_id = %s", [packet_id])
    here.work()
    assert [case.packet_id for case in here.centre.casebook.waiting_in(Queue.QUARANTINE)] == [packet_id]
    return packet_id


def staffed(here: Town):
    """The centre's application with its staff."""
    store = InMemoryStaffStore(SystemClock())
    for name, role in STAFF.items():
        add_member(store, name, frozenset({role}), PASSWORD, cost=Cost(64, 1, 1))
    return create_centre_app(here.centre, store, SystemClock())


def served(here: Town):
    """The address of the centre's pages, while the context lasts."""
    return web_server.served(staffed(here))


def sign_in(page, address: str, name: str) -> None:
    """By keyboard, as people do."""
    page.goto(f"{address}/sign-in")
    page.fill("[name=name]", name)
    page.fill("[name=password]", PASSWORD)
    page.keyboard.press("Enter")
    page.wait_for_url(f"{address}/")
