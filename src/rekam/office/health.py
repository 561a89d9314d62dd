"""What an office looks at to say how it is: `office_probes`."""

from collections.abc import Sequence
from datetime import timedelta
from typing import Final

from rekam.exchange.card_printed import CARD_PRINTED
from rekam.office.office import Office
from rekam.web.came_down import filter_probe, master_probe
from rekam.web.format import age, number
from rekam.web.health import Finding, Level, Probe
from rekam.web.i18n import _, error_text
from rekam.web.probes import (
    broken_finding,
    clock_probe,
    disk_probe,
    lost_above_finding,
    purging_finding,
    stored_packets_probe,
    waiting_finding,
)

__all__ = ["office_probes"]

_AWAY: Final = timedelta(hours=1)


def office_probes(office: Office) -> Sequence[Probe]:
    """Whether the server is itself; then in the order of the journey: line, recordings, numbers, disk, clock, stock."""
    return (
        lambda: _own_past(office),
        lambda: _centre(office),
        lambda: _unsent(office),
        lambda: _set_aside(office),
        lambda: _said(office),
        lambda: _numbers(office),
        lambda: _doubled(office),
        lambda: _public_log(office),
        lambda: purging_finding(
            doubted=office.doubts_log(), todo=_("Unduh buktinya, beri tahu pusat, lalu catat tindakannya."), href="/log"
        ),
        stored_packets_probe(
            office.scrub_book,
            lambda: _("Biarkan stasiun dan pusat tersambung: salinan utuh diminta kembali. Periksa disk server ini."),
        ),
        lambda: _lost_above(office),
        disk_probe(office.disk, office.folder, office.reserve),
        clock_probe(office.clock, office.dates.now),
        filter_probe(office.filter, office.dates.today),
        master_probe(office.master),
        lambda: _blanks(office),
    )


def _own_past(office: Office) -> Finding:
    title = _("Umur server ini")
    if office.past.found() is None:
        return Finding("own-past", title, Level.WELL, _("Server ini tidak pernah mundur ke keadaan lama."))
    said = _("Server ini dikembalikan ke keadaan lama; nomor baru tidak diberikan sampai dibangun ulang.")
    return Finding("own-past", title, Level.ALARM, said, _("Baca apa yang perlu dilakukan."), "/#own-past")


def _centre(office: Office) -> Finding:
    title, connection = _("Hubungan dengan pusat"), office.relay.connection
    if connection.connected is None:
        return Finding("centre", title, Level.NOTE, _("Belum dicoba sejak server ini dijalankan."))
    if connection.connected:
        return Finding("centre", title, Level.WELL, _("Tersambung."))
    away = timedelta(seconds=max(0, office.clock.stamp().monotonic_ns - connection.since_ns) / 1e9)
    why = error_text(connection.reason) if connection.reason else ""
    said = _("Terputus selama %(age)s; rekaman tetap diterima dan disimpan di sini. %(why)s", age=age(away), why=why)
    if away < _AWAY:
        return Finding("centre", title, Level.NOTE, said.strip())
    todo = _("Periksa jaringan kantor. Bila pusat yang terganggu, tunggu pengumuman; pengiriman berjalan sendiri.")
    return Finding("centre", title, Level.WARNING, said.strip(), todo)


def _unsent(office: Office) -> Finding:
    backlog = office.backlog()
    todo = _("Periksa hubungan dengan pusat, atau kirim lewat kurir.")
    return waiting_finding(backlog.packets, timedelta(seconds=backlog.oldest_s), href="/packets", todo=todo)


def _lost_above(office: Office) -> Finding:
    return lost_above_finding(
        office.upward.owed,
        office.upward.lost_above,
        title=_("Salinan di pusat"),
        well=_("Pusat memegang semua yang pernah dikonfirmasinya, sejauh sudah ditanyakan."),
        todo=_last_copy(),
    )


def _last_copy() -> str:
    return _(
        "Biarkan stasiun tersambung: salinan utuh diminta kembali darinya. Bila besok masih hilang, cari salinannya "
        "pada USB kurir atau cadangan server; bila tidak ada, penduduknya direkam ulang."
    )


def _set_aside(office: Office) -> Finding:
    title, aside = _("Disisihkan"), office.outbox.set_aside()
    if broken := broken_finding(aside, _last_copy()):
        return broken
    if not aside:
        return Finding("set-aside", title, Level.WELL, _("Tidak ada rekaman yang ditolak pusat."))
    said = _("%(n)s rekaman ditolak pusat dan disisihkan; paketnya aman di sini.", n=number(len(aside)))
    return Finding("set-aside", title, Level.WARNING, said, _("Baca alasannya, lalu kirim lagi."), "/set-aside")


def _said(office: Office) -> Finding:
    """Printed cards and withdrawn keys: each is told to the centre, and counts there when it confirmed it."""
    title, told = _("Kartu dan kunci yang dilaporkan ke pusat"), office.statements.counted()
    aside, waiting = (sum(getattr(each, name) for each in told.values()) for name in ("aside", "waiting"))
    if aside:
        said = _("%(n)s laporan ditolak pusat; dicoba lagi dengan sendirinya.", n=number(aside))
        todo = _("Baca alasannya dan apa yang perlu dilakukan.")
        return Finding("statements", title, Level.WARNING, said, todo, "/set-aside#statements")
    if waiting:
        said = _("%(n)s laporan menunggu dan terkirim sendiri begitu pusat menjawab.", n=number(waiting))
        return Finding("statements", title, Level.NOTE, said)
    printed = told[CARD_PRINTED].confirmed if CARD_PRINTED in told else 0
    return Finding(
        "statements", title, Level.WELL, _("Pusat mencatat %(n)s lembar yang dicetak di sini.", n=number(printed))
    )


def _numbers(office: Office) -> Finding:
    title, stations = _("Nomor rekaman"), office.whereabouts.stations()
    forks, missing = sum(line.forks for line in stations), sum(line.missing for line in stations)
    if forks:
        said = _("%(n)s paket memakai nomor yang sama dengan isi berbeda; semuanya disimpan.", n=number(forks))
        todo = _("Hubungi stasiunnya: mungkin dipulihkan dari salinan lama, atau kuncinya dipakai orang lain.")
        return Finding("numbers", title, Level.ALARM, said, todo, "/")
    if missing:
        said = _("%(n)s nomor belum datang; biasanya menyusul dengan sendirinya.", n=number(missing))
        return Finding("numbers", title, Level.NOTE, said, "", "/")
    return Finding("numbers", title, Level.WELL, _("Lengkap dan tidak ada yang kembar."))


def _doubled(office: Office) -> Finding:
    title, doubled = _("Hasil dari pusat"), office.whereabouts.doubled()
    if not doubled:
        return Finding("results", title, Level.WELL, _("Satu hasil untuk setiap rekaman."))
    said = _("%(n)s rekaman mendapat dua hasil atau dua perintah cetak; kartu hanya dicetak sekali.", n=len(doubled))
    return Finding("results", title, Level.ALARM, said, _("Laporkan ke pusat."), "/packets")


def _public_log(office: Office) -> Finding:
    title, watch = _("Log publik"), office.log_watch
    if watch.open_alarms():
        said = _("Pusat menandatangani dua isi log yang tidak mungkin keduanya benar; buktinya disimpan di sini.")
        todo = _("Unduh buktinya, beri tahu pusat, dan jangan hapus rekaman apa pun.")
        return Finding("public-log", title, Level.ALARM, said, todo, "/log")
    problem = watch.watched.problem or watch.compared.problem
    if problem:
        return Finding("public-log", title, Level.NOTE, error_text(problem), "", "/log")
    return Finding("public-log", title, Level.WELL, _("Log pusat hanya bertambah."), "", "/log")


def _blanks(office: Office) -> Finding:
    title, state = _("Stok blangko"), office.state()
    if state.blanks:
        return Finding("blanks", title, Level.WELL, _("%(n)s lembar.", n=number(state.blanks)))
    said = _("Habis; kartu menunggu, rekaman dan suket tetap berjalan.")
    return Finding("blanks", title, Level.NOTE, said, _("Minta blangko, lalu catat penerimaannya."), "/blanks")
