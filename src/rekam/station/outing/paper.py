"""The lists of an outing on paper: who is invited, and afterwards who was not met: `list_paper`."""

from datetime import datetime

from rekam.documents.expected_list import ExpectedListPaper, ListRow, render_expected_list
from rekam.documents.papers import Letterhead
from rekam.enrolment.zones import zone_of_region
from rekam.station.opened import Opened
from rekam.station.outing.expected import MOST_EXPECTED, Standing
from rekam.station.outing.outings import Outing, OutingState
from rekam.station.printing.port import Printer

__all__ = ["list_paper", "print_list"]


def list_paper(here: Opened, outing: Outing) -> bytes:
    """PDF of those who are still expected; once the team is back, of those who were not met."""
    regions, plan = here.master.reference().regions, outing.plan
    people = here.expected.people(outing.number, Standing.EXPECTED, limit=MOST_EXPECTED)
    named = {code: regions.name(code) if regions.exists(code) else code for code in {one.village for one in people}}
    rows = [
        ListRow(one.name, one.birth_date, one.rw, one.rt, named[one.village] if one.village != plan.village else "")
        for one in people
    ]
    afterwards = outing.state is OutingState.BACK
    identity = here.identity
    paper = ExpectedListPaper(
        afterwards=afterwards,
        letterhead=Letterhead(**identity.letterhead),
        station=f"{identity.station} {identity.name}",
        town=identity.place,
        place=plan.place,
        village=regions.name(plan.village) if regions.exists(plan.village) else plan.village,
        first_day=plan.first_day,
        last_day=plan.last_day,
        hours=f"{plan.opens:%H.%M}–{plan.closes:%H.%M}",
        made_at=_now(here),
        zone=zone_of_region(str(identity.station)),
        rows=rows,
    )
    return render_expected_list(paper, fonts=here.papers.fonts)


def print_list(printer: Printer, pdf: bytes, number: int) -> None:
    """Straight to the printer: the list is made anew as often as it is wanted, so none waits here. Raises what is wrong
    with the printer.
    """
    trouble = printer.state().trouble
    if trouble is not None:
        raise trouble
    printer.send(pdf, f"Daftar jemput bola {number}")


def _now(here: Opened) -> datetime:
    return here.legal.now().at
