import importlib
import pickle
import pkgutil
from datetime import date

import pytest

import rekam.enrolment
from rekam.enrolment.errors import RekamError
from rekam.enrolment.nik import InvalidNik, NikWrongLength


class DiskIsOnFire(RekamError):
    """The disk {name} burns
    at {degrees} degrees. Leave."""


def test_an_error_says_its_docstring_with_the_facts_filled_in():
    assert str(DiskIsOnFire(name="sda", degrees=451)) == "The disk sda burns at 451 degrees. Leave."


def test_a_fact_that_was_not_given_stays_visible_and_hides_nothing():
    assert str(DiskIsOnFire(name="sda")) == "The disk sda burns at {degrees} degrees. Leave."


def test_a_translation_of_the_template_gets_the_same_facts():
    assert DiskIsOnFire.template == "The disk {name} burns at {degrees} degrees. Leave."
    error = DiskIsOnFire(name="sda", degrees=451)
    assert error.text("Disk {name} terbakar pada {degrees} derajat.") == "Disk sda terbakar pada 451 derajat."


class NoneOfThese(RekamError):
    """A {kind} ('{name}') is not a '{wanted}'."""


@pytest.mark.parametrize(
    ("kind", "wanted", "said"),
    [
        ("office", "station", "An office ('3174') is not a 'station'."),
        ("station", "office", "A station ('3174') is not an 'office'."),
        ("unit", "centre", "A unit ('3174') is not a 'centre'."),
    ],
)
def test_an_english_article_goes_with_the_word_that_a_fact_puts_behind_it(kind, wanted, said):
    assert str(NoneOfThese(kind=kind, name="3174", wanted=wanted)) == said


def test_an_article_whose_fact_is_missing_stays_as_it_was_written():
    assert str(NoneOfThese()) == "A {kind} ('{name}') is not a '{wanted}'."


def test_the_code_is_the_class_name():
    assert DiskIsOnFire().code == "DiskIsOnFire"


def test_an_error_without_a_sentence_cannot_be_defined():
    with pytest.raises(TypeError, match="docstring"):
        type("Mute", (RekamError,), {})


def test_errors_survive_the_way_back_from_a_worker_process():
    error = pickle.loads(pickle.dumps(NikWrongLength(length=3)))  # noqa: S301  # our own bytes, as multiprocessing does
    assert isinstance(error, InvalidNik)
    assert "this one has 3" in str(error)


def test_a_day_is_told_as_people_write_it():
    class TooEarly(RekamError):
        """Not before {day}. Come again then."""

    error = TooEarly(day=date(2017, 3, 20))
    assert str(error) == "Not before 20 March 2017. Come again then."
    assert error.text("Tidak sebelum {day}.", "id") == "Tidak sebelum 20 Maret 2017."


def _family(kind):
    for child in kind.__subclasses__():
        yield child
        yield from _family(child)


def test_every_sentence_of_the_enrolment_package_tells_what_happened_and_what_to_do():
    for module in pkgutil.iter_modules(rekam.enrolment.__path__):
        importlib.import_module(f"rekam.enrolment.{module.name}")

    family = [kind for kind in _family(RekamError) if kind.__module__.startswith("rekam.enrolment")]
    assert len(family) > 15
    for kind in family:
        assert kind.template.endswith((".", "}", ")", "?")), kind
        assert len(kind.template.split(". ")) >= 2 or ";" in kind.template, f"{kind} only says half"
