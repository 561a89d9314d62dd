import pytest
from hypothesis import given
from hypothesis import strategies as st

from rekam.station.lookup.closeness import edits, keys
from rekam.station.lookup.spelling import sound, words

ALIKE = [
    ("SOEHARTO", "Suharto"),
    ("DJOKO", "Joko"),
    ("TJAHJO", "Cahyo"),
    ("SJARIEF", "Syarif"),
    ("SJAHRIR", "Sahrir"),
    ("Achmad", "Ahmad"),
    ("Akhmad", "Ahmad"),
    ("Muhammad", "Mohamad"),
    ("Mochammad", "Muhamad"),
    ("M.", "Muhammad"),
    ("Moh", "Mohammad"),
    ("Wahjudi", "Wahyudi"),
    ("Zainal", "Zaenal"),
    ("Aziz", "Asis"),
    ("Novi", "Nopi"),
    ("Arief", "Arip"),
    ("Henny", "Heni"),
    ("Rudy", "Rudi"),
    ("Yudha", "Yuda"),
    ("Aisyah", "Aisah"),
    ("Suwarno", "Soearno"),
    ("Sofyan", "Sofian"),
    ("Thomas", "Tomas"),
    ("Christina", "Kristina"),
    ("Joesoef", "Yusuf"),
    ("Abdullah", "Abdulah"),
    ("Éva", "Eva"),
]


@pytest.mark.parametrize(("one", "other"), ALIKE, ids=[f"{one} as {other}" for one, other in ALIKE])
def test_spellings_that_are_said_alike_have_one_sound(one, other):
    assert sound(words(one)[0]) == sound(words(other)[0])


@pytest.mark.parametrize(("one", "other"), [("Siti", "Sari"), ("Budi", "Dewi"), ("Agus", "Asep"), ("Tono", "Toni")])
def test_other_names_have_other_sounds(one, other):
    assert sound(one) != sound(other)


def test_titles_punctuation_and_apostrophes_are_no_part_of_a_name():
    assert words("Hj. Siti Nur'aini") == ["SITI", "NURAINI"]
    assert words("AL-FATIH, H.") == ["AL", "FATIH", "H"]
    assert words("H") == ["H"]
    assert words("--- '' ") == []


def test_a_name_in_another_script_keeps_its_letters():
    assert sound("محمد") == "محمد"
    assert words("李 明") == ["李", "明"]


@given(st.text(max_size=300))
def test_any_text_gives_words_and_sounds(text):
    assert all(isinstance(sound(word), str) for word in words(text))


@given(st.text("ABCDE", min_size=5, max_size=9), st.data())
def test_names_one_slip_apart_share_a_key(name, data):
    at = data.draw(st.integers(0, len(name) - 1))
    slipped = data.draw(
        st.sampled_from(
            [
                name[:at] + name[at + 1 :],
                name[:at] + "X" + name[at:],
                name[:at] + "X" + name[at + 1 :],
                name[:at] + name[at + 1 : at + 2] + name[at] + name[at + 2 :],
            ]
        )
    )
    assert edits(name, slipped) <= 1
    assert keys(name) & keys(slipped)
