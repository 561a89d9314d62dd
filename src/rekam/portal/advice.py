"""What each status means for the resident, and what to do next: `advice`."""

from dataclasses import dataclass
from typing import Final

from rekam.enrolment.status import Status
from rekam.web.i18n import N_

__all__ = ["Advice", "advice"]


@dataclass(frozen=True)
class Advice:
    """Msgids: a heading, what it means, what to do; and the tone of the banner."""

    heading: str
    meaning: str
    todo: str
    tone: str = "info"


_WAIT: Final = N_("Tidak ada yang perlu Anda lakukan. Simpan bukti perekaman dan cek lagi beberapa hari lagi.")
_CHECKING: Final = Advice(
    N_("Data Anda sedang diperiksa"),
    N_("Pusat sudah menerima rekaman Anda dan memeriksa bahwa setiap orang hanya terekam satu kali."),
    _WAIT,
)
_ON_ITS_WAY: Final = Advice(
    N_("Rekaman Anda dalam perjalanan ke pusat"),
    N_("Rekaman Anda tersimpan aman dan akan sampai di pusat begitu ada sambungan."),
    _WAIT,
)
_AGAIN: Final = Advice(
    N_("Perlu rekam ulang"),
    N_("Sidik jari, iris, atau data lain dari rekaman Anda tidak dapat dipakai."),
    N_("Datanglah ke kecamatan atau Disdukcapil dengan KK dan bukti perekaman. Perekaman ulang tidak dipungut biaya."),
    "warning",
)
_PRINTING: Final = Advice(
    N_("Data Anda tunggal, kartu siap dicetak"),
    N_("Pusat memastikan Anda hanya terekam satu kali. Kartu dicetak oleh Disdukcapil bila blangko tersedia."),
    N_("Tanyakan kepada kecamatan atau Disdukcapil kapan kartu dapat diambil. Bawa bukti perekaman."),
    "success",
)

_ADVICE: Final = {
    Status.BIO_CAPTURED: _ON_ITS_WAY,
    Status.PROCESSING: _ON_ITS_WAY,
    Status.PACKET_RETRY: _ON_ITS_WAY,
    Status.SENT_FOR_ENROLLMENT: _ON_ITS_WAY,
    Status.RECEIVED_AT_CENTRAL: _CHECKING,
    Status.SEARCH_FAILURE_AT_CENTRAL: _CHECKING,
    Status.QUARANTINED: Advice(
        N_("Rekaman Anda diperiksa petugas teknis"),
        N_("Ada hal yang tidak biasa pada berkas rekaman. Ini jarang berarti ada yang salah dengan data Anda."),
        _WAIT,
    ),
    Status.REJECTED: _AGAIN,
    Status.ENROLL_FAILURE_AT_REGIONAL: _AGAIN,
    Status.ENROLL_FAILURE_AT_CENTRAL: _AGAIN,
    Status.ADJUDICATE_RECORD: Advice(
        N_("Data Anda diperiksa petugas ahli"),
        N_("Rekaman Anda mirip dengan rekaman lain. Dua petugas ahli membandingkan keduanya."),
        _WAIT,
    ),
    Status.REQUEST_VALIDATION: Advice(
        N_("Menunggu konfirmasi Disdukcapil"),
        N_("Pusat meminta Disdukcapil memastikan satu hal pada data Anda, misalnya jenis kelamin."),
        N_("Bila Disdukcapil menghubungi Anda, datanglah dengan KK. Jika tidak, Anda cukup menunggu."),
    ),
    Status.DUPLICATE_RECORD: Advice(
        N_("Data ganda: datanglah ke Disdukcapil"),
        N_("Sidik jari atau iris Anda sama dengan rekaman di NIK lain. Ini terjadi misalnya setelah pindah."),
        N_("Datanglah sendiri ke Disdukcapil dengan KK dan semua KTP Anda, lalu pilih NIK yang dipertahankan."),
        "warning",
    ),
    Status.PRINT_READY_RECORD: _PRINTING,
    Status.SENT_FOR_CARD_PRINTING: _PRINTING,
    Status.CARD_PRINTED: Advice(
        N_("Kartu Anda sudah dicetak"),
        N_("Kartu ada di Disdukcapil."),
        N_("Ambil kartu di Disdukcapil dengan membawa bukti perekaman dan KK."),
        "success",
    ),
    Status.CARD_SHIPPED: Advice(
        N_("Kartu Anda dikirim ke kecamatan"),
        N_("Kartu dalam perjalanan dari Disdukcapil ke kecamatan."),
        N_("Tanyakan kepada kecamatan kapan kartu dapat diambil. Bawa bukti perekaman."),
        "success",
    ),
    Status.CARD_ISSUED: Advice(
        N_("Kartu Anda sudah diserahkan"),
        N_("Kartu sudah diambil."),
        N_("Bila bukan Anda yang mengambil, segera lapor ke Disdukcapil."),
        "success",
    ),
}
_UNKNOWN: Final = Advice(
    N_("Belum ada kabar untuk NIK dan tanggal lahir ini"),
    N_(
        "Rekaman Anda mungkin belum sampai di pusat, Anda mungkin belum direkam, atau NIK dan tanggal lahir "
        "tidak cocok satu sama lain."
    ),
    N_(
        "Periksa NIK dan tanggal lahir pada KK. Bila Anda baru direkam, simpan bukti perekaman dan cek lagi beberapa "
        "hari lagi. Bila belum direkam, datanglah ke kecamatan dengan KK."
    ),
)


def advice(status: Status | None) -> Advice:
    """For a status; without one, for residents of whom the copy knows nothing."""
    return _UNKNOWN if status is None else _ADVICE.get(status, _UNKNOWN)
