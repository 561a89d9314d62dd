"""What a station looks at to say how it is: `station_probes`."""

from collections.abc import Sequence
from datetime import timedelta
from typing import Final

from rekam.exchange.errors import LinkClosed, RemoteBusy, RemoteUnreachable
from rekam.station.opened import Opened
from rekam.station.pages.engine import engine_finding
from rekam.station.station import Station
from rekam.station.views import age_seconds
from rekam.web.came_down import filter_probe, master_probe
from rekam.web.format import age, number
from rekam.web.health import Finding, Level, Probe
from rekam.web.i18n import _, error_text
from rekam.web.probes import (
    broken_finding,
    clock_probe,
    disk_probe,
    lost_above_finding,
    nowhere,
    purging_finding,
    stored_packets_probe,
    waiting_finding,
)

__all__ = ["station_probes"]

_NO_ANSWER: Final = (RemoteUnreachable, RemoteBusy, LinkClosed)
"""The line probe tells these."""


def station_probes(station: Station) -> Sequence[Probe]:
    """The disk is looked at always; the rest once somebody has signed in, because the store is closed before."""
    ports = station.ports
    disk = disk_probe(ports.disk, ports.folder, ports.reserve_bytes)
    if not station.is_open:
        return (_locked, lambda: engine_finding(station.engine), disk)
    here = station.here
    return (
        lambda: _office(here),
        lambda: _own_past(here),
        lambda: _unsent(station),
        lambda: _set_aside(here),
        lambda: engine_finding(station.engine),
        lambda: purging_finding(
            doubted=here.past.log_doubted(), todo=_("Jangan hapus apa pun di laptop ini; ikuti petunjuk dinas.")
        ),
        stored_packets_probe(
            here.scrub_book,
            lambda: _elsewhere(here),
        ),
        lambda: _lost_above(here),
        disk,
        clock_probe(ports.clock, here.legal.now),
        filter_probe(here.filter, here.legal.now().at.date),
        master_probe(here.master),
    )


def _locked() -> Finding:
    said = _("Terkunci sampai seorang petugas masuk; rekaman yang tersimpan aman.")
    return Finding("store", _("Data stasiun"), Level.WELL, said)


def _office(here: Opened) -> Finding:
    title, state = _("Hubungan dengan dinas"), here.line.state
    if state.reached(here.legal.now().at):
        return Finding("office", title, Level.WELL, _("Tersambung."))
    if not state.is_heard:
        return Finding("office", title, Level.WELL, _("Sedang dihubungi."))
    why = error_text(state.trouble) if state.trouble else ""
    said = _("Tidak tersambung; perekaman berjalan terus dan kiriman menyusul. %(why)s", why=why).strip()
    if state.answered:
        since = here.legal.now().at - state.answered
        said += " " + _("Disdukcapil terakhir menjawab %(age)s lalu.", age=age(since))
    return Finding("office", title, Level.NOTE, said)


def _own_past(here: Opened) -> Finding:
    """Only the office's signed word stops a station; an answer without proof is told here and stops nothing."""
    title, trouble, unheard = _("Keadaan disk dan kunci"), here.past.trouble(), here.past.unheard
    if trouble is not None:
        return Finding("own-past", title, Level.ALARM, error_text(trouble))
    if unheard is None or isinstance(unheard, _NO_ANSWER):
        return Finding(
            "own-past", title, Level.WELL, _("Tidak ada kabar dari dinas yang menghentikan perekaman di sini.")
        )
    return Finding("own-past", title, Level.WARNING, error_text(unheard), _("Telepon dinas dan bacakan kalimat ini."))


def _unsent(station: Station) -> Finding:
    unsent, since_ms = station.here.line.outbox.unsent()
    oldest = timedelta(seconds=age_seconds(station.ports.clock, since_ms) or 0)
    todo = _("Sambungkan ke jaringan, atau kirim lewat kurir.")
    return waiting_finding(unsent, oldest, href="/recordings", todo=todo)


def _elsewhere(here: Opened) -> str:
    if nowhere(here.line.offers.owed, here.lost_above):
        return _("Dinas tidak lagi memegang semuanya: baca di bawah. Hubungi dinas dan periksa disk laptop ini.")
    return _("Yang sudah dikonfirmasi dinas aman di sana. Hubungi dinas dan periksa disk laptop ini.")


def _last_copy() -> str:
    return _(
        "Hubungi dinas sekarang. Cari salinannya pada USB kurir atau cadangan disk laptop ini; bila tidak ada, "
        "penduduknya direkam ulang."
    )


def _lost_above(here: Opened) -> Finding:
    return lost_above_finding(
        here.line.offers.owed,
        here.lost_above,
        title=_("Salinan di dinas"),
        well=_("Dinas memegang semua yang pernah dikonfirmasinya, sejauh sudah ditanyakan."),
        todo=_last_copy(),
    )


def _set_aside(here: Opened) -> Finding:
    title, aside = _("Disisihkan"), here.line.outbox.set_aside()
    if broken := broken_finding([*aside, *here.line.carried.set_aside()], _last_copy()):
        return broken
    if not aside:
        return Finding("set-aside", title, Level.WELL, _("Tidak ada rekaman yang ditolak dinas."))
    said = _("%(n)s rekaman ditolak dinas dan disisihkan; paketnya aman di sini.", n=number(len(aside)))
    return Finding("set-aside", title, Level.WARNING, said, _("Baca alasannya, lalu kirim lagi."), "/recordings")
