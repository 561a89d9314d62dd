from datetime import timedelta
from pathlib import Path

import pytest

from rekam.storage.memory_disk import MemoryDisk
from rekam.storage.scrub import Damage, InMemoryScrubBook
from rekam.trust.clock import LegalClock, SteppedClock
from rekam.web.app import create_app
from rekam.web.health import Finding, Level, examine, health_page, status_of
from rekam.web.i18n import Language, speaking
from rekam.web.probes import clock_probe, disk_probe, stored_packets_probe, waiting_finding
from rekam.web.site import Site
from rekam.web.testing import PageClient

GB = 10**9


def found(level: Level, topic: str = "disk") -> Finding:
    return Finding(topic, "Ruang disk", level, "said", "todo")


def test_the_most_urgent_comes_first_and_gives_the_status():
    findings = examine([lambda: found(Level.WELL), lambda: found(Level.ALARM, "numbers"), lambda: found(Level.NOTE)])
    assert [finding.level for finding in findings] == [Level.ALARM, Level.NOTE, Level.WELL]
    assert [status_of(findings[start:]) for start in range(4)] == ["alarm", "ok", "ok", "ok"]
    assert status_of([found(Level.WARNING)]) == "attention"


def test_a_probe_that_fails_is_a_finding_and_hides_no_other():
    def broken() -> Finding:
        raise OSError("the disk is gone")

    first, second = examine([broken, lambda: found(Level.WARNING)])
    assert (first.level, first.topic, second.level) == (Level.ALARM, "probe", Level.WARNING)
    assert first.todo


@pytest.mark.parametrize(
    ("free", "level"), [(100 * GB, Level.WELL), (3 * GB, Level.WARNING), (GB - 1, Level.ALARM)], ids=str
)
def test_the_disk_is_told_of_long_before_the_reserve_stops_work(free, level):
    finding = disk_probe(MemoryDisk(free), Path("/data"), GB)()
    assert finding.level is level
    assert bool(finding.todo) is (level > Level.WELL)


def test_damaged_packets_alarm_and_say_where_sound_ones_are():
    book = InMemoryScrubBook()
    probe = stored_packets_probe(book, lambda: "Salinan utuh ada di dinas.")
    assert probe().level is Level.WELL
    book.note("", [], [Damage("0" * 64, "BlobDamaged")], finished=True)
    assert (probe().level, probe().todo) == (Level.ALARM, "Salinan utuh ada di dinas.")
    book.note("", ["0" * 64], [], finished=True)
    assert "2 kali" in probe().said


def test_a_clock_years_off_is_told_and_one_that_agrees_is_not():
    clock = SteppedClock()
    legal = LegalClock(clock)
    assert clock_probe(clock, legal.now)().level is Level.NOTE
    legal.set(clock.stamp().wall_ms)
    assert clock_probe(clock, legal.now)().level is Level.WELL
    clock.set_wall(clock.wall().replace(year=2010))
    finding = clock_probe(clock, legal.now)()
    assert finding.level is Level.WARNING
    assert "3 Oktober 2016" in finding.said


@pytest.mark.parametrize(
    ("waiting", "days", "level"), [(0, 0, Level.WELL), (5, 0, Level.WELL), (5, 2, Level.WARNING), (5, 8, Level.ALARM)]
)
def test_waiting_is_normal_for_hours_and_urgent_after_days(waiting, days, level):
    finding = waiting_finding(waiting, timedelta(days=days), href="/packets", todo="Kirim lewat kurir.")
    assert finding.level is level


def test_health_and_page_tell_the_same_in_the_language_asked_for():
    probes = (disk_probe(MemoryDisk(GB // 2), Path("/data"), GB),)
    app = create_app(
        Site(kind="office", name="Rekam", place="Dinas"),
        routers=[health_page(lambda: probes, (), lambda: None)],
        probes=lambda: probes,
    )
    with PageClient(app) as client:
        answer = client.get("/health").json()
        page = client.get("/system").text
    assert (answer["status"], answer["findings"][0]["level"]) == ("alarm", "alarm")
    assert answer["findings"][0]["said"] in page
    with speaking(Language.ENGLISH):
        assert "less than the reserve" in probes[0]().said
