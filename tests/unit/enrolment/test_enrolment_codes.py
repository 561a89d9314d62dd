import pytest

from rekam.enrolment.codes import Sex, UnknownCode, UnknownCodeList, code_list, packaged_lists

LISTS = [
    "jenis_kelamin",
    "agama",
    "status_perkawinan",
    "golongan_darah",
    "shdk",
    "pendidikan",
    "kewarganegaraan",
    "disabilitas",
    "pekerjaan_2010",
    "pekerjaan_current",
]


@pytest.mark.parametrize("title", LISTS)
def test_every_list_reads_both_ways(title):
    codes = code_list(title)
    assert codes.items
    for code, name in codes.items.items():
        assert codes.name(code) == name
        assert codes.code(name.lower()) == code
    assert 0 not in codes


def test_every_packaged_list_names_its_source_and_confidence():
    for title in LISTS:
        assert packaged_lists()[title]["source"]
        assert packaged_lists()[title]["confidence"]


def test_unknown_lists_codes_and_names_are_refused():
    with pytest.raises(UnknownCodeList, match="agama"):
        code_list("zodiak")
    with pytest.raises(UnknownCodeList):
        code_list("record_status")
    with pytest.raises(UnknownCode):
        code_list("agama").name(8)
    with pytest.raises(UnknownCode):
        code_list("agama").code("JEDI")


def test_sex_is_printed_as_the_list_has_it():
    assert (Sex.MALE.words(), Sex.FEMALE.words()) == ("LAKI-LAKI", "PEREMPUAN")
    assert Sex.FEMALE.words("en") == "FEMALE"
