"""A print job as pages show it, why a paper is printed again, and its PDF as a browser gets it."""

from collections.abc import Mapping
from typing import Any, Final

from starlette.responses import Response

from rekam.station.printing.queue import JobState, PrintJob
from rekam.web.i18n import N_, _, error_text

__all__ = ["REASONS", "job_row", "page_of", "pdf_answer"]

_PDF: Final = "application/pdf"
_FILES: Final[Mapping[str, str]] = {
    "proof": "bukti-perekaman",
    "suket": "suket",
    "referral": "rujukan",
    "slip": "nomor-antrean",
}
REASONS: Final = (
    N_("kertas macet atau rusak saat dicetak"),
    N_("hilang, diminta lagi oleh penduduk"),
    N_("rusak atau tidak terbaca"),
    N_("pencetak tidak memberi kabar"),
)
"""Why a paper is printed again, as the copy says it."""
_STATES: Final = {
    JobState.WAITING: ("warning", N_("Menunggu, belum dicetak")),
    JobState.SENDING: ("info", N_("Sedang dikirim ke pencetak")),
    JobState.SENT: ("info", N_("Di pencetak")),
    JobState.DONE: ("success", N_("Sudah dicetak")),
    JobState.SHOWN: ("info", N_("Dibuka sebagai PDF")),
    JobState.UNCERTAIN: ("warning", N_("Tidak pasti, lihat bakinya")),
    JobState.DROPPED: ("info", N_("Disisihkan")),
}


def page_of(job: PrintJob) -> str:
    """The page of what the paper is about."""
    return {"referral": "/referrals/", "slip": "/queue/tickets/"}.get(job.kind, "/recordings/") + job.about


def job_row(job: PrintJob) -> dict[str, Any]:
    """For the card of a recording and the list of what waits."""
    tone, words = _STATES[job.state]
    return {
        "job": job.job,
        "href": page_of(job),
        "title": job.title,
        "by": job.by,
        "at": job.at,
        "state": job.state,
        "tone": tone,
        "words": _(words),
        "trouble": error_text(job.trouble) if job.trouble else None,
    }


def pdf_answer(pdf: bytes, kind: str) -> Response:
    """Shown in the tab that asked for it, under the name of its kind: no name of a resident."""
    return Response(pdf, media_type=_PDF, headers={"Content-Disposition": f'inline; filename="{_FILES[kind]}.pdf"'})
