"""Who a station is, for tests of its store alone: no office made it, and its keys are the examples'."""

from exchange_examples import ROOT, STATION
from rekam.enrolment.identifiers import StationId
from rekam.station.store import Identity


def station_identity() -> Identity:
    return Identity(
        station=StationId("317401-01"),
        name="Tebet",
        office_name="Sudin Dukcapil",
        epoch=1,
        signing=STATION.key,
        chain=STATION.chain,
        document=STATION.key,
        document_chain=STATION.chain,
        centre_chain=STATION.chain,
        root=ROOT,
        check_key=bytes(32),
        suket_policy="offline",
        place="Jakarta",
        letterhead={},
        official={},
    )
