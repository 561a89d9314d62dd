"""The answer to "already recorded?" in plain words: what is known, from where, how old that is, what to do next."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Final

from rekam.enrolment.check import CheckAdvice, CheckAnswer
from rekam.enrolment.status import RECORD_AGAIN
from rekam.enrolment.status import words as status_words
from rekam.enrolment.zones import zone_of_region
from rekam.station.already_recorded import OWN_RECORDS, PROVINCE_FILTER
from rekam.station.station import Station
from rekam.web.format import age, long_date
from rekam.web.i18n import N_, _, language

__all__ = ["Answer", "answer_of"]

_TONES: Final = {CheckAnswer.NOT_RECORDED: "success", CheckAnswer.NOT_CHECKED: "info"}
_RECORDED: Final = {CheckAnswer.RECORDED_HERE, CheckAnswer.RECORDED_ELSEWHERE}
_TODO: Final = {
    CheckAnswer.RECORDED_HERE: N_("Jangan rekam lagi: lihat rekamannya dan sampaikan keadaannya."),
    CheckAnswer.RECORDED_ELSEWHERE: N_(
        "Jangan rekam lagi. Sampaikan bahwa rekamannya sudah di pusat; keadaannya dapat dilihat di situs publik."
    ),
    CheckAnswer.PERHAPS_RECORDED: N_(
        "Tanyakan kapan dan di mana pernah direkam. Bila penduduk yakin belum pernah, rekam dengan alasan tertulis:"
        " saringan ini sesekali keliru."
    ),
    CheckAnswer.SAME_PERSON_HERE: N_(
        "Bandingkan kedua orang di bawah. Bila orangnya sama, tutup sesi ini dan pakai rekaman yang terdahulu."
    ),
    CheckAnswer.NOT_RECORDED: N_("Rekam seperti biasa."),
    CheckAnswer.NOT_CHECKED: N_(
        "Tanyakan apakah pernah direkam di tempat lain, lalu rekam seperti biasa; pusat memeriksa sekali lagi."
    ),
}


@dataclass(frozen=True)
class Answer:
    """One banner. `source` names what answered, `age` how old that is in words, both empty where there is none.
    `record`: whether recording is what comes next; `reason`: why it goes on although somebody was recorded, where the
    recording's own end says so.
    """

    tone: str
    words: str
    source: str
    age: str
    todo: str
    record: bool = True
    reason: str = ""


def answer_of(advice: CheckAdvice, station: Station) -> Answer:
    """What a screen says of `advice`, today's date being the legal one."""
    day, old = _when(advice.as_of, station)
    source = _(advice.source)
    if advice.answer is CheckAnswer.RECORDED_HERE and (again := _to_record_again(advice.source, station)):
        words = _("Direkam di sini pada %(day)s, tetapi harus direkam ulang", day=day)
        source = _("Rekaman %(number)s di stasiun ini", number=advice.source)
        return Answer("info", words, source, old, _("Rekam ulang tanpa biaya; alasannya ikut dikirim."), reason=again)
    match advice.answer:
        case CheckAnswer.RECORDED_HERE:
            words = _("Sudah direkam di sini pada %(day)s", day=day)
            source = _("Rekaman %(number)s di stasiun ini", number=advice.source)
        case CheckAnswer.RECORDED_ELSEWHERE:
            words = _("Sudah direkam di tempat lain menurut kabar pusat %(day)s", day=day)
            source = _("Kabar pusat tentang rekaman %(number)s", number=advice.source)
        case CheckAnswer.PERHAPS_RECORDED:
            words = _("Kemungkinan besar sudah direkam (saringan %(day)s)", day=day)
        case CheckAnswer.NOT_RECORDED:
            words = _("Tidak diketahui pernah direkam (sampai %(day)s)", day=day)
        case CheckAnswer.NOT_CHECKED:
            words = _unknown(advice, station)
        case _:
            words = advice.answer.words(language())
    tone, record = _TONES.get(advice.answer, "warning"), advice.answer not in _RECORDED
    return Answer(tone, words, source, old, _(_TODO[advice.answer]), record)


def _to_record_again(number: str, station: Station) -> str:
    """Why whoever was recorded under `number` is to be recorded again; empty where they are not."""
    found = station.here.recordings.search(number, limit=1)
    if not found or found[0].status not in RECORD_AGAIN:
        return ""
    return _("Rekaman %(number)s: %(status)s", number=number, status=status_words(found[0].status, language()))


def _unknown(advice: CheckAdvice, station: Station) -> str:
    if advice.source == PROVINCE_FILTER:
        here = station.here
        province = here.master.reference().regions.name(here.identity.office[:2])
        return _("Tidak diketahui: stasiun ini hanya menyimpan saringan Provinsi %(name)s", name=province)
    if advice.source == OWN_RECORDS:
        return _("Tidak diketahui: belum direkam di stasiun ini, dan saringan nasional belum tiba")
    return _("Tidak diketahui: saringan nasional rusak dan sedang diambil lagi")


def _when(as_of: str, station: Station) -> tuple[str, str]:
    """The day in words, and how long ago it was."""
    if not as_of:
        return "", ""
    zone, now = zone_of_region(station.here.identity.station), station.here.legal.now().at
    if "T" in as_of:
        at = datetime.fromisoformat(as_of)
        return long_date(at.astimezone(zone).date()), _(
            "%(age)s yang lalu", age=age(max(now - at, timedelta(minutes=1)))
        )
    days = max((now.astimezone(zone).date() - date.fromisoformat(as_of)).days, 0)
    told = _("%(age)s yang lalu", age=age(timedelta(days=days))) if days else _("hari ini")
    return long_date(as_of), told
