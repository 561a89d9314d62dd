"""What the centre looks at to say how it is: `centre_probes`."""

from collections.abc import Sequence
from datetime import timedelta
from typing import Final

from rekam.centre.centre import Centre
from rekam.centre.sql import VIEWS
from rekam.centre.verdict import Queue
from rekam.web.format import age, number
from rekam.web.health import Finding, Level, Probe
from rekam.web.i18n import _
from rekam.web.probes import disk_probe, stored_packets_probe

__all__ = ["centre_probes"]

_STUCK: Final = timedelta(minutes=2)
"""A worker claims what is ready within a second; twice the longest pause between tries is more than patience."""
_PATIENCE: Final = timedelta(days=3)


def centre_probes(centre: Centre) -> Sequence[Probe]:
    """In the order of the journey: stages, human queues, sums, numbers, packets, disk."""
    return (
        lambda: _stages(centre),
        lambda: _quarantine(centre),
        lambda: _experts(centre),
        lambda: _sums(centre),
        lambda: _numbers(centre),
        stored_packets_probe(
            centre.scrub_book,
            lambda: _("Salinan utuh diminta kembali dari dinas asalnya. Periksa disk server ini."),
        ),
        disk_probe(centre.disk, centre.folder, centre.reserve),
    )


def _stages(centre: Centre) -> Finding:
    title = _("Pemeriksaan")
    with centre.pool.connection() as connection:
        ready, waited_s = connection.execute(VIEWS.longest_ready).fetchall()[0]
    waited = timedelta(seconds=waited_s)
    if waited > _STUCK:
        said = _(
            "%(n)s rekaman siap diperiksa, tetapi tidak ada yang mengerjakannya selama %(age)s. Semuanya aman.",
            n=number(ready),
            age=age(waited),
        )
        todo = _("Jalankan ulang pusat; bila terulang, baca log proses pemeriksa.")
        return Finding("stages", title, Level.ALARM, said, todo, "/")
    if ready:
        return Finding("stages", title, Level.WELL, _("Berjalan; %(n)s rekaman siap diperiksa.", n=number(ready)))
    return Finding("stages", title, Level.WELL, _("Berjalan; tidak ada yang menunggu mesin."))


def _quarantine(centre: Centre) -> Finding:
    title = _("Karantina")
    count, _since = centre.casebook.queues().get(Queue.QUARANTINE, (0, None))
    if not count:
        return Finding("quarantine", title, Level.WELL, _("Kosong."))
    said = _(
        "%(n)s rekaman menunggu keputusan petugas; tidak ada rekaman lain yang tertahan karenanya.", n=number(count)
    )
    return Finding("quarantine", title, Level.WARNING, said, _("Baca alasannya, lalu lanjutkan."), "/quarantine")


def _experts(centre: Centre) -> Finding:
    title = _("Keputusan ahli")
    count, since = centre.casebook.queues().get(Queue.ADJUDICATION, (0, None))
    if since is None:
        return Finding("adjudication", title, Level.WELL, _("Tidak ada kasus yang menunggu."))
    waited = centre.clock.wall() - since
    said = _("%(n)s kasus menunggu dua ahli, yang terlama %(age)s.", n=number(count), age=age(waited))
    if waited > _PATIENCE:
        return Finding("adjudication", title, Level.WARNING, said, _("Mintalah ahli memutuskan."), "/adjudications")
    return Finding("adjudication", title, Level.WELL, said)


def _sums(centre: Centre) -> Finding:
    title, counts = _("Jumlah rekaman"), centre.counts()
    if counts.adds_up:
        return Finding("sums", title, Level.WELL, _("%(n)s diterima; jumlahnya cocok.", n=number(counts.received)))
    said = _("Diterima tidak sama dengan dalam pemeriksaan, selesai, ditolak, dan dikarantina.")
    return Finding("sums", title, Level.ALARM, said, _("Panggil teknisi; jangan hapus apa pun."), "/")


def _numbers(centre: Centre) -> Finding:
    title, chains = _("Nomor rekaman"), centre.casebook.broken_chains()
    forks = sum(chain.forked for chain in chains)
    if forks:
        said = _("%(n)s paket memakai nomor yang sama dengan isi berbeda; semuanya disimpan.", n=number(forks))
        todo = _("Hubungi dinasnya: mungkin stasiun dipulihkan dari salinan lama, atau kuncinya dipakai orang lain.")
        return Finding("numbers", title, Level.ALARM, said, todo, "/")
    missing = sum(chain.missing for chain in chains)
    if missing:
        said = _("%(n)s nomor belum datang; biasanya menyusul dengan sendirinya.", n=number(missing))
        return Finding("numbers", title, Level.NOTE, said, "", "/")
    return Finding("numbers", title, Level.WELL, _("Lengkap dan tidak ada yang kembar."))
