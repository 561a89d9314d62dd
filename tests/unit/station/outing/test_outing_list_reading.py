import pytest

from rekam.station.outing.list_reading import (
    LIST_BYTES,
    Line,
    ListEmpty,
    ListIsAWorkbook,
    ListNeedsHeads,
    ListRounded,
    ListTooLarge,
    ListTooLong,
    ListUnreadable,
    read_list,
)

A, B = "3174012501860001", "3174015507030002"


@pytest.mark.parametrize(
    "text",
    [
        f"NIK,NAMA\n{A},BUDI\n{B},SITI\n",
        f"No;No. KK;NIK;Nama Lengkap\n1;3174013007250001;{A};BUDI\n2;3174013007250001;{B};SITI\n",
        f"\nnama\tnik\nBUDI\t{A}\nSITI\t'{B}\n",
        f"{A},BUDI\r\n{B},SITI\r\n",
        f"BUDI|1|{A}|BUDI\nSITI|2|{B}|SITI",
        "1. 3174 0125 0186 0001 BUDI\n2. 3174.015507.030002 - SITI\n",
        "317401-250186-0001\xa0BUDI\n317401 550703 0002 SITI",
    ],
    ids=["csv", "columns", "tabs", "no heads", "bars", "message", "hyphens"],
)
def test_nik_and_name_are_found_however_a_village_writes_them(text):
    assert [(line.nik, line.name) for line in read_list(text.encode())] == [(A, "BUDI"), (B, "SITI")]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "cp1252"])
def test_every_encoding_of_a_spreadsheet_is_read(encoding):
    assert read_list(f"NIK;NAMA\n{A};ANDRÉ".encode(encoding)) == [Line(2, A, "ANDRÉ")]


def test_a_quotation_mark_that_is_never_closed_costs_its_own_row_alone():
    read = read_list(f'NIK,NAMA\n{A},"BUDI\n{B},SITI "NUR"\n'.encode())
    assert [line.nik for line in read] == [A, B]
    assert "SITI" in read[1].name


def test_rows_keep_the_numbers_that_the_spreadsheet_shows():
    assert [line.row for line in read_list(f"NIK,NAMA\n\n{A},BUDI\n,,\n{B},SITI".encode())] == [3, 5]


def test_what_a_spreadsheet_rounded_is_kept_as_it_stands_for_its_row_to_be_told():
    assert read_list(f"NIK;NAMA\n3,17401E+15;BUDI\n{A};SITI".encode())[0].nik == "3,17401E+15"


@pytest.mark.parametrize(
    ("data", "problem"),
    [
        (b"", ListEmpty),
        (b"\n ;; \n", ListEmpty),
        (b"NIK,NAMA\n", ListEmpty),
        (b"Selamat pagi\nterima kasih", ListEmpty),
        (b"PK\x03\x04\x14\0\x06\0", ListIsAWorkbook),
        (b"\xd0\xcf\x11\xe0\xa1\xb1", ListIsAWorkbook),
        (b"\x89PNG\r\n\0\0\0\rIHDR", ListUnreadable),
        (f"3174013007250001,{A},BUDI".encode(), ListNeedsHeads),
        ("\n".join(f"{A[:-2]}{n}0,BUDI" for n in range(1, 8)).encode(), ListRounded),
        (b"0" * (LIST_BYTES + 1), ListTooLarge),
        (b"1\n" * 20_002, ListTooLong),
    ],
    ids=lambda value: value.__name__ if isinstance(value, type) else str(len(value)),
)
def test_what_is_no_list_is_refused_whole_and_says_what_to_do(data, problem):
    with pytest.raises(problem):
        read_list(data)
