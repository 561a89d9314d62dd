"""Why a counter went on in spite of "already recorded": from the operator's field to the experts' page, sealed between."""

import json
from dataclasses import replace
from datetime import date
from types import SimpleNamespace

from centre_desk import PASSWORD, staffed
from centre_examples import resident
from rekam.apps.provision import make_country
from rekam.centre.centre import TABLES
from rekam.drill.demo import PIN, SUPERVISOR_PIN, demo_country
from rekam.enrolment.check import CheckAnswer
from rekam.storage.testing import fresh_pool
from rekam.trust.pin import Cost
from rekam.web.testing import PageClient
from small_country import OPERATOR, SUPERVISOR, Link, open_centre, open_station, prepared

SITI = resident(1, "SITI RAHMAWATI")
FIRST, AGAIN = "Rekaman tahun 2012 ditolak, surat pusat <12/IV>", "Bukan orang yang sama: KK dipakai kakaknya"


def recorded(station, nik, expected, reason):
    """One resident through the counter, in spite of what the check says."""
    operator = station.sign_in(OPERATOR, PIN)
    sitting = prepared(station, operator, nik)
    assert (sitting.check.answer, sitting.needs_reason) == (expected, True)
    station.sittings.go_on(sitting.sitting_id, reason)
    supervisor = station.supervisor(SUPERVISOR, SUPERVISOR_PIN)
    return station.sittings.save(sitting.sitting_id, operator, supervisor=supervisor, consent=True)


def test_the_counter_s_reasons_are_read_on_the_experts_page_of_both_recordings(tmp_path):
    plan = replace(demo_country(date(2016, 10, 3), (SITI,)), recorded=(SITI.nik,))
    make_country(tmp_path, plan, cost=Cost(memory_kib=1024, passes=1, lanes=1))
    station = open_station(tmp_path, Link())
    with fresh_pool(*TABLES) as pool:
        centre = open_centre(tmp_path, pool, SITI)
        packets = []
        for expected, reason in ((CheckAnswer.PERHAPS_RECORDED, FIRST), (CheckAnswer.RECORDED_HERE, AGAIN)):
            saved = recorded(station, SITI.nik, expected, reason)
            here = station.here
            centre.inbox.append(saved.packet_id, 0, here.blobs.path(saved.packet_id).read_bytes())
            centre.inbox.complete(saved.packet_id, here.identity.chain)
            centre.worker().run_until_idle()
            packets.append(saved.packet_id)
            (station.ports.folder / "cast.json").write_text(json.dumps({SITI.nik: {"person": 77}}), "utf-8")
        with PageClient(staffed(SimpleNamespace(centre=centre))) as expert:
            expert.post("/sign-in", {"name": "ahli-1", "password": PASSWORD})
            page = expert.get(f"/adjudications/{packets[1]}")
        assert page.status_code == 200
        assert "Alasan petugas meneruskan: Bukan orang yang sama: KK dipakai kakaknya" in page.text
        assert "NIK ini sudah direkam di stasiun ini" in page.text
        assert "Rekaman tahun 2012 ditolak, surat pusat &lt;12/IV&gt;" in page.text
        assert "Kemungkinan besar sudah direkam" in page.text
        centre.close()
    station.close()
