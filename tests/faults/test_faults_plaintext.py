"""After a whole journey, no file of any place holds a name, a NIK, an image, a template or a key (never 16)."""

import pytest

from left_on_disk import left_on_disk
from rekam.abis.template_set import TemplateSet
from rekam.drill.demo import PASSWORD, PIN
from rekam.enrolment.sample import Slot
from rekam.station.devices.port import Wanted
from rekam.station.devices.simulated import SimulatedDevice
from rekam.trust import keyfile
from small_country import OPERATOR, tables_of

pytestmark = pytest.mark.xdist_group("journey")

PNG, JPEG = b"\x89PNG\r\n\x1a\n", b"JFIF"


def middle(data: bytes, size: int = 24) -> bytes:
    return data[len(data) // 2 :][:size]


def personal(journey) -> dict[str, bytes]:
    """What names or shows the resident, as bytes that could stand nowhere by chance."""
    known, here = journey.biodata, journey.station.here
    facts = {
        "name": known.name,
        "half the name": known.name.split()[1],
        "NIK": known.nik,
        "NIK as people read it": known.nik.grouped(),
        "birth place": known.birth_place,
        "address": known.address,
    }
    found = {what: text.encode() for what, text in facts.items()}
    found |= {f"{what}, UTF-16": text.encode("utf-16-le") for what, text in facts.items()}
    found |= {f"{what}, hex": text.encode().hex().encode() for what, text in facts.items()}
    device: SimulatedDevice = journey.station.ports.device
    for slot in ("photo", "signature", "iris-1", "iris-2"):
        (captured,) = device.capture(Wanted((Slot.parse(slot),), sitting="s", resident=known)).captured
        found[f"image of {slot}"] = middle(captured.image)
    templates = TemplateSet.from_bytes(here.store.rows("SELECT templates FROM template")[0][0])
    found["iris code"] = middle(templates["iris-1"].code.tobytes())
    return found | {"any PNG image": PNG, "any JPEG image": JPEG}


def secret(journey) -> dict[str, bytes]:
    """Every private key of the country, raw and in hex, and the demo's password."""
    identity, unlocked = journey.station.here.identity, journey.station.operators.sign_in(OPERATOR, PIN)
    found = {
        "key of the station": identity.signing.to_bytes(),
        "key of its papers": identity.document.to_bytes(),
        "key of its store": unlocked.store_key,
        "key of the operator": unlocked.signing.to_bytes(),
    }
    for bundle in (journey.folder / "keys").iterdir():
        found |= {f"{bundle.stem}: {name}": key for name, key in keyfile.load(bundle).items() if key}
    return found | {f"{name}, hex": key.hex().encode() for name, key in found.items()} | {"": PASSWORD.encode()}


def files(journey) -> dict[str, bytes]:
    """Every file that a place wrote, PostgreSQL's own included; key files lie outside the places' folders."""
    for place in (journey.office, journey.centre):
        with place.pool.connection() as connection:
            connection.execute("CHECKPOINT")
    keys = journey.folder / "keys"
    found = left_on_disk(journey.root)
    return {str(path.relative_to(journey.root)): data for path, data in found.items() if keys not in path.parents}


def rows(pool) -> dict[str, bytes]:
    """Each table of a database as PostgreSQL hands it out: long values lie compressed in its files."""
    found = {}
    with pool.connection() as connection:
        for table in tables_of(pool):
            with connection.cursor().copy(f"COPY {table} TO STDOUT (FORMAT binary)") as copy:
                found[table] = b"".join(bytes(piece) for piece in copy)
    return found


def leaks(needles: dict[str, bytes], hay: dict[str, bytes]) -> list[str]:
    return [f"{what} in {where}" for where, data in hay.items() for what, needle in needles.items() if needle in data]


def test_no_file_of_any_place_shows_the_resident_or_a_key(journey):
    hay = files(journey)
    assert leaks(personal(journey) | secret(journey), hay) == []
    # the same search finds what may stand in the clear, in each place's files
    number, packet_id = journey.recording.number.encode(), journey.recording.packet_id.encode()
    seen = leaks({"number": number, "packet id": packet_id}, hay)
    assert any(line.startswith("number in postgres/") for line in seen)
    assert any("country/office-3174/packets" in name for name in hay)
    assert any("country/centre/vault" in name for name in hay)
    assert any("country/centre/gallery" in name for name in hay)
    assert (journey.root / "places.log").stat().st_size > 0


def test_no_row_of_office_or_centre_shows_the_resident_or_a_key(journey):
    for place in (journey.office, journey.centre):
        hay = rows(place.pool)
        assert leaks(personal(journey) | secret(journey), hay) == []
        assert leaks({"packet id": journey.recording.packet_id.encode()}, hay)


def test_no_other_user_of_the_machine_may_look_into_a_places_folder(journey):
    assert {path.name: oct(path.stat().st_mode & 0o077) for path in journey.folder.iterdir()} == dict.fromkeys(
        ("centre", "keys", "office-3174", "portal", "station-317401-01", "station-317402-01"), "0o0"
    )


def test_the_search_would_find_what_the_open_store_holds(journey):
    store = journey.station.here.store
    opened = {table: repr(store.rows(f"SELECT * FROM {table}")).encode() for table in ("recording", "resident")}
    found = {line.rpartition(" in ")[0] for line in leaks(personal(journey), opened)}
    assert {"name", "NIK", "half the name"} <= found
