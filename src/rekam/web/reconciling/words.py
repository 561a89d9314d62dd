"""What an account and a comparison say, in words, with what to do: `term_words`, `finding_words`, `place_words`."""

from types import MappingProxyType
from typing import Final

from rekam.exchange.comparison import Found
from rekam.exchange.sums import Term
from rekam.web.i18n import N_, _

__all__ = ["finding_words", "place_words", "term_words"]

_TERMS: Final = MappingProxyType(
    {
        Term.RECORDED: N_("direkam"),
        Term.IN_CUSTODY: N_("dicadangkan di sini"),
        Term.RECEIVED: N_("diterima pusat"),
        Term.WAITING: N_("menunggu dikirim"),
        Term.SET_ASIDE: N_("disisihkan"),
        Term.BACKED_UP: N_("dicadangkan"),
        Term.NOT_YET_ACCEPTED: N_("belum diterima pusat"),
        Term.ACCEPTED: N_("diterima pusat"),
        Term.KEPT: N_("salinan masih di sini"),
        Term.PURGED: N_("salinan sudah dihapus sesuai aturan"),
        Term.IN_STAGE: N_("sedang diperiksa"),
        Term.DONE: N_("selesai"),
        Term.REJECTED: N_("ditolak"),
        Term.QUARANTINED: N_("dikarantina"),
        Term.BLANKS: N_("blangko diterima"),
        Term.SHEETS: N_("lembar KTP-el dilaporkan"),
        Term.ORDERED: N_("perintah cetak"),
        Term.PRINTED: N_("dicetak"),
        Term.REPRINTED: N_("dicetak ulang"),
        Term.SPOILT: N_("rusak sebelum dicetak"),
        Term.IN_STOCK: N_("masih dalam stok"),
        Term.TO_PRINT: N_("menunggu dicetak"),
        Term.HELD: N_("ditahan"),
        Term.WITHDRAWN: N_("ditarik"),
    }
)

_FOUND: Final = MappingProxyType(
    {
        Found.LOST_ABOVE: (
            N_("%(at)s pernah memberi tanda terima, tetapi rekaman ini tidak ada di sana"),
            N_("Jangan menghapus apa pun. %(at)s memulihkannya dari cadangan atau mengambilnya lagi dari bawah."),
        ),
        Found.UNKNOWN_BELOW: (
            N_("%(at)s tidak mengenal rekaman ini, padahal tempat lain memilikinya"),
            N_("Disk atau cadangan lama dipakai di %(at)s? Pulihkan tempat itu; isinya masih ada di atas."),
        ),
        Found.BYTES_MISSING: (
            N_("%(at)s mencatat rekaman ini, tetapi paketnya tidak ada di disk"),
            N_("Periksa disk %(at)s hari ini. Paket yang sama dapat dikirim lagi dari tempat lain yang memilikinya."),
        ),
        Found.OTHER_BYTES: (
            N_("Nomor yang sama berisi paket yang berbeda di kedua tempat"),
            N_("Simpan keduanya dan laporkan: stasiun mungkin dijalankan dari salinan lama."),
        ),
        Found.FORK: (
            N_("Satu nomor dipakai dua paket di %(at)s"),
            N_("Keduanya tersimpan dan keduanya sah. Laporkan: stasiun mungkin dijalankan dari salinan lama."),
        ),
        Found.GAP: (
            N_("Nomor ini belum pernah sampai di %(at)s"),
            N_("Tanyakan kepada stasiunnya: masih menunggu, disisihkan, atau hilang? Cocokkan dengan neracanya."),
        ),
        Found.NOT_IN_ANY_LIST: (
            N_("%(at)s memiliki rekaman ini di luar semua daftar"),
            N_("Laporkan kepada teknisi; jumlahnya tidak cocok sampai sebabnya ditemukan."),
        ),
        Found.BROKEN: (
            N_("Rekaman ini menyebut pendahulu yang lain daripada yang diterima %(at)s"),
            N_("Laporkan: rangkaian nomor stasiun itu bercabang atau dipalsukan."),
        ),
        Found.UNDECIDED: (
            N_("Di antara nomor ini ada paket yang berbeda"),
            N_("Buat berkas neraca lengkap di %(at)s dan cocokkan lagi; berkas itu menunjuk paketnya."),
        ),
        Found.NOT_COMPARED: (
            N_("Isi nomor ini tidak ikut dibandingkan"),
            N_("Untuk membandingkannya, buat berkas neraca lengkap di %(at)s."),
        ),
        Found.ON_THE_WAY: (
            N_("Dalam perjalanan ke %(at)s"),
            N_("Tidak ada yang perlu dilakukan; dikirim sendiri bila ada sambungan."),
        ),
        Found.LATER: (
            N_("Lebih baru daripada neraca %(at)s"),
            N_("Tidak ada yang perlu dilakukan; neraca berikutnya memuatnya."),
        ),
        Found.ORDER_UNKNOWN_ABOVE: (
            N_("%(at)s tidak mengenal perintah cetak ini"),
            N_("Jangan mencetak kartunya. Tunggu perintahnya datang lagi dari pusat, lalu cocokkan lagi."),
        ),
        Found.ORDER_UNKNOWN_BELOW: (
            N_("%(at)s pernah mencetak KTP-el ini, tetapi tidak mengenal perintahnya lagi"),
            N_("%(at)s dijalankan dari cadangan lama? Bangun kembali tempat itu dari stasiun dan pusat."),
        ),
        Found.ORDER_ON_THE_WAY: (
            N_("Perintah cetak dalam perjalanan ke %(at)s"),
            N_("Tidak ada yang perlu dilakukan; datang sendiri bersama kabar dari pusat."),
        ),
        Found.SHEET_UNKNOWN_ABOVE: (
            N_("%(at)s pernah menerima laporan lembar KTP-el ini, tetapi tidak mengenalnya lagi"),
            N_("Tidak perlu mencetak lagi: kantor melaporkannya kembali sendiri setiap hari. Cocokkan lagi besok."),
        ),
        Found.SHEET_UNKNOWN_BELOW: (
            N_("Lembar KTP-el ini dilaporkan dicetak, tetapi tidak ada dalam buku blangko %(at)s"),
            N_("Hitung blangko di lemari hari ini dan laporkan: buku blangko dijalankan dari cadangan lama?"),
        ),
        Found.SHEET_ON_THE_WAY: (
            N_("Laporan cetak dalam perjalanan ke %(at)s"),
            N_("Tidak ada yang perlu dilakukan; dikirim sendiri bila ada sambungan."),
        ),
        Found.SHEET_LATER: (
            N_("Dicetak sesudah neraca %(at)s"),
            N_("Tidak ada yang perlu dilakukan; neraca berikutnya memuatnya."),
        ),
        Found.EARLIER_EPOCH: (
            N_("Dari pemasangan %(at)s sebelumnya"),
            N_("Tidak ada yang perlu dilakukan; stasiun dipasang ulang dan rekaman lamanya ada di atas."),
        ),
    }
)


def term_words(term: Term) -> str:
    """In the language of the request."""
    return _(_TERMS[term])


def finding_words(found: Found, at: str) -> tuple[str, str]:
    """What is, and what to do; `at` is a place's id."""
    told, todo = _FOUND[found]
    place = place_words(at)
    return _begun(_(told) % {"at": place}), _begun(_(todo) % {"at": place})


def place_words(place: str) -> str:
    """``stasiun 317401-01``, ``Disdukcapil 3174``, ``pusat``."""
    if place == "centre":
        return _("pusat")
    return _("stasiun %(id)s", id=place) if "-" in place else _("Disdukcapil %(id)s", id=place)


def _begun(sentence: str) -> str:
    return sentence[:1].upper() + sentence[1:]
