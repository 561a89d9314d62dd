from dataclasses import replace
from datetime import UTC, date, datetime
from io import BytesIO

import pytest
from documents_samples import FONTS
from pypdf import PdfReader

from rekam.documents.expected_list import ExpectedListPaper, ListRow, render_expected_list
from rekam.documents.papers import Letterhead
from rekam.enrolment.zones import WIB

PAPER = ExpectedListPaper(
    afterwards=True,
    letterhead=Letterhead("PEMERINTAH KABUPATEN BANTUL", "DINAS KEPENDUDUKAN", "Jl. Contoh 1, Bantul"),
    station="340201-01 Srandakan",
    town="Bantul",
    place="Balai desa #1 [baru] *tebal*",
    village="Poncosari",
    first_day=date(2026, 11, 23),
    last_day=date(2026, 11, 25),
    hours="08.00–16.00",
    made_at=datetime(2026, 11, 25, 9, 30, tzinfo=UTC),
    zone=WIB,
    rows=[
        ListRow('SITI "NUR" D\'ARC', date(1990, 8, 17), "004", "012", "Trimurti"),
        ListRow("A", date(2009, 1, 2), "004", "013"),
    ],
)


def words(pdf):
    return " ".join("".join(page.extract_text() for page in PdfReader(BytesIO(pdf)).pages).split())


def test_it_names_everybody_with_birth_date_and_home_and_bears_no_nik():
    told = words(render_expected_list(PAPER, fonts=FONTS))
    for part in ('SITI "NUR" D', "17 Agustus 1990", "012/004", "Trimurti", "2 orang", "23 November 2026 sampai 25"):
        assert part in told
    assert "#1 [baru] *tebal*" in told
    assert "BELUM TEREKAM" in told
    assert not any(len(word) == 16 and word.isdigit() for word in told.split())


@pytest.mark.parametrize(("afterwards", "title"), [(True, "BELUM TEREKAM"), (False, "DIUNDANG MEREKAM")])
def test_before_it_invites_and_afterwards_it_tells_who_was_not_met(afterwards, title):
    one_day = replace(PAPER, afterwards=afterwards, last_day=PAPER.first_day)
    told = words(render_expected_list(one_day, fonts=FONTS))
    assert title in told
    assert "sampai" not in told.partition("Stasiun perekaman")[0]


def test_a_long_list_goes_over_pages_with_its_heads_on_each():
    rows = [ListRow(f"PENDUDUK {n}", date(1980, 1, 1), "001", "001") for n in range(1, 121)]
    pages = PdfReader(BytesIO(render_expected_list(replace(PAPER, rows=rows), fonts=FONTS))).pages
    assert len(pages) >= 3
    for page in pages:
        assert "Tanggal lahir" in page.extract_text()
        assert f"dari {len(pages)}" in page.extract_text()
    assert "PENDUDUK 120" in pages[-1].extract_text()


def test_a_list_of_nobody_says_so():
    assert "Tidak ada." in words(render_expected_list(replace(PAPER, rows=[]), fonts=FONTS))
