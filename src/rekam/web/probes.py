"""What every place looks at: room on its disk, its stored packets, its clock, its line, its unsent work."""

from collections.abc import Callable, Sequence
from datetime import timedelta
from pathlib import Path
from typing import Final

from rekam.exchange.courier.lost_above import LostAbove
from rekam.exchange.outbox import SetAside
from rekam.storage.disk import Disk
from rekam.storage.errors import BlobDamaged, BlobMissing
from rekam.storage.scrub import ScrubBook
from rekam.trust.clock import Clock, LegalTime, TimeBasis
from rekam.web.format import age, long_date, number, size
from rekam.web.health import Finding, Level, Probe
from rekam.web.i18n import _

__all__ = [
    "broken_finding",
    "clock_off_ms",
    "clock_probe",
    "disk_probe",
    "lost_above_finding",
    "nowhere",
    "purging_finding",
    "stored_packets_probe",
    "waiting_finding",
]

_EARLY: Final = 4
"""The disk is told of when less than so many reserves are free: days before anything stops."""
_NAMED: Final = 5
_BROKEN: Final = (BlobDamaged.__name__, BlobMissing.__name__)
_OFF_MS: Final = 5 * 60 * 1000
_LATE: Final = timedelta(days=1)
_VERY_LATE: Final = timedelta(days=7)


def disk_probe(disk: Disk, folder: Path, reserve: int) -> Probe:
    """Free room against the reserve that stops intake and capture (never 15)."""

    def look() -> Finding:
        free = disk.free_bytes(folder)
        title = _("Ruang disk")
        if free < reserve:
            said = _(
                "Tersisa %(free)s, kurang dari cadangan %(reserve)s. Yang baru ditolak; yang tersimpan aman.",
                free=size(free),
                reserve=size(reserve),
            )
            todo = _("Kosongkan ruang disk atau pindahkan data ke disk yang lebih besar sekarang.")
            return Finding("disk", title, Level.ALARM, said, todo)
        if free < _EARLY * reserve:
            said = _(
                "Tersisa %(free)s. Penerimaan berhenti pada %(reserve)s agar yang tersimpan aman.",
                free=size(free),
                reserve=size(reserve),
            )
            todo = _("Kosongkan ruang disk hari ini.")
            return Finding("disk", title, Level.WARNING, said, todo)
        return Finding("disk", title, Level.WELL, _("%(free)s bebas.", free=size(free)))

    return look


def stored_packets_probe(book: ScrubBook, elsewhere: Callable[[], str]) -> Probe:
    """Packets that the reading found damaged; `elsewhere` says where sound copies are and what to do."""

    def look() -> Finding:
        damaged, passes = book.damaged(), book.passes()
        title = _("Paket tersimpan")
        if damaged:
            said = _("%(n)s paket rusak di disk ini; berkasnya disisihkan, tidak dihapus.", n=number(len(damaged)))
            return Finding("packets", title, Level.ALARM, said, elsewhere())
        if not passes:
            return Finding("packets", title, Level.WELL, _("Dibaca ulang untuk pertama kali; belum ada yang rusak."))
        said = _("Semua utuh; sudah %(n)s kali dibaca ulang dari disk.", n=number(passes))
        return Finding("packets", title, Level.WELL, said)

    return look


def broken_finding(aside: Sequence[SetAside], todo: str) -> Finding | None:
    """Packets that were set aside because their own file is damaged or gone before the next place had them; None where
    there is none: what a place refused lies here sound.
    """
    broken = [each.number for each in aside if each.code in _BROKEN]
    if not broken:
        return None
    said = _(
        "%(n)s rekaman belum terkirim dan berkasnya rusak di sini: %(numbers)s.",
        n=number(len(broken)),
        numbers=_named(broken),
    )
    return Finding("set-aside", _("Disisihkan"), Level.ALARM, said, todo)


def _named(numbers: Sequence[str]) -> str:
    return ", ".join(numbers[:_NAMED]) + (" ..." if len(numbers) > _NAMED else "")


def nowhere(owed: Sequence[SetAside], carried: LostAbove) -> list[str]:
    """Numbers of packets that the next place lost and that cannot be brought from here, by what line and courier know:
    no sound copy of them is known.
    """
    return sorted({each.number for each in owed} | set(carried.nowhere()))


def lost_above_finding(owed: Sequence[SetAside], carried: LostAbove, *, title: str, well: str, todo: str) -> Finding:
    """Packets that the next place held and holds no longer, and whether they can be given again from here."""
    lost = nowhere(owed, carried)
    if not lost and (waiting := len(carried.ids())):
        said = _("%(n)s paket hilang di sana; salinannya di sini menunggu kurir.", n=number(waiting))
        return Finding("lost-above", title, Level.WARNING, said, _("Tulis rekaman ke flash disk kurir."))
    if not lost:
        return Finding("lost-above", title, Level.WELL, well)
    said = _(
        "%(n)s paket hilang di sana dan tidak dapat dikirim ulang dari sini: %(numbers)s.",
        n=number(len(lost)),
        numbers=_named(lost),
    )
    return Finding("lost-above", title, Level.ALARM, said, todo)


def clock_off_ms(clock: Clock, now: LegalTime) -> int:
    """How far the machine's clock is off the legal time, 0 while that is little or not known. After a restart the legal
    time is only certain not to be earlier, so that a clock may be told to be behind, and never to be ahead.
    """
    off_ms = clock.stamp().wall_ms - round(now.at.timestamp() * 1000)
    known = now.basis is TimeBasis.CENTRE or (now.basis is TimeBasis.CARRIED and off_ms < 0)
    return off_ms if known and abs(off_ms) > _OFF_MS else 0


def clock_probe(clock: Clock, legal: Callable[[], LegalTime]) -> Probe:
    """The machine's clock against the centre's signed time; it decides nothing, and people still read it (never 14)."""

    def look() -> Finding:
        title, now = _("Jam komputer"), legal()
        if now.basis is TimeBasis.MACHINE:
            said = _("Waktu resmi dari pusat belum pernah diterima; tanggal mengikuti jam komputer ini.")
            return Finding("clock", title, Level.NOTE, said, _("Periksa tanggal dan jam komputer ini."))
        if off_ms := clock_off_ms(clock, now):
            said = _(
                "Meleset %(off)s; waktu resmi %(date)s. Surat dan urutan mengikuti waktu resmi, bukan jam ini.",
                off=age(timedelta(milliseconds=abs(off_ms))),
                date=long_date(now.at.date()),
            )
            return Finding("clock", title, Level.WARNING, said, _("Setel tanggal dan jam komputer ini."))
        return Finding("clock", title, Level.WELL, _("Sesuai dengan waktu resmi pusat."))

    return look


def waiting_finding(waiting: int, oldest: timedelta, *, href: str, todo: str) -> Finding:
    """Recordings not confirmed by the next place yet: patience is normal, days are not."""
    title = _("Menunggu dikirim")
    if not waiting:
        return Finding("unsent", title, Level.WELL, _("Semua rekaman sudah terkirim."))
    level = Level.ALARM if oldest > _VERY_LATE else Level.WARNING if oldest > _LATE else Level.WELL
    said = _("%(n)s rekaman aman di sini, yang tertua %(age)s.", n=number(waiting), age=age(oldest))
    return Finding("unsent", title, level, said, todo if level > Level.WELL else "", href)


def purging_finding(*, doubted: bool, todo: str, href: str = "") -> Finding:
    """Whether copies may go: none does while the centre's log is known to have broken its word."""
    title = _("Penghapusan salinan")
    if not doubted:
        return Finding("purging", title, Level.WELL, _("Salinan hanya dihapus bila pusat terbukti memegang paketnya."))
    said = _("Ditunda: log publik pusat terbukti tidak konsisten. Semua salinan paket tetap disimpan di sini.")
    return Finding("purging", title, Level.WARNING, said, todo, href)
