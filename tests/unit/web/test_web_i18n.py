import ast
from pathlib import Path

import httpx
import pytest
from babel.messages.pofile import read_po

import rekam
from rekam.enrolment.enrolment import IncompleteEnrolment
from rekam.enrolment.errors import RekamError
from rekam.enrolment.problems import Problem, ProblemKind, Problems
from rekam.enrolment.sample import Slot
from rekam.exchange.errors import RemoteUnreachable
from rekam.exchange.unreached import NOT_OURS, why_unreached
from rekam.web.catalogue import error_sentences, missing, page_texts
from rekam.web.i18n import LOCALE, N_, Language, _, error_text, language, read_catalogue, speaking
from rekam.web.staff.errors import TooManyAttempts


def test_indonesian_is_spoken_unless_a_request_asks_for_english():
    assert language() is Language.INDONESIAN
    assert _("Masuk") == "Masuk"
    with speaking(Language.ENGLISH):
        assert _("Masuk") == "Sign in"
    assert _("Masuk") == "Masuk"


def test_facts_are_filled_in_after_translation():
    assert _("%(n)s belum terkirim", n=7) == "7 belum terkirim"
    with speaking(Language.ENGLISH):
        assert _("%(n)s belum terkirim", n=7) == "7 unsent"
        assert _(N_("Tersambung")) == "Connected"


def test_an_error_is_told_in_both_languages_with_its_facts():
    error = TooManyAttempts(seconds=30)
    assert "Tunggu 30 detik" in error_text(error)
    with speaking(Language.ENGLISH):
        assert "Wait 30 seconds" in error_text(error)


def test_every_page_text_has_an_english_translation():
    assert missing(page_texts(), "en") == {}, "python -m rekam.web.catalogue prints what to append where"


def test_every_error_has_an_indonesian_sentence():
    assert missing(error_sentences(), "errors_id") == {}, "python -m rekam.web.catalogue prints what to append where"


def test_the_extraction_sees_templates_modules_and_errors():
    texts, sentences = page_texts(), error_sentences()
    assert texts["Nama pengguna"] == "web"  # a template
    assert texts["%(n)s menit"] == "web"  # a module
    assert sentences[TooManyAttempts.template] == "web"
    assert missing({"Kalimat yang tidak ada": "web"}, "en") == {"en/web.po": ["Kalimat yang tidak ada"]}


@pytest.mark.parametrize("folder", ["en", "errors_id"])
def test_no_two_files_translate_the_same_text_differently(folder):
    seen: dict[str, tuple[str, str]] = {}
    for path in sorted((LOCALE / folder).glob("*.po")):
        with path.open("rb") as file:
            for entry in read_po(file):
                if entry.id:
                    first = seen.setdefault(entry.id, (entry.string, path.name))
                    assert first[0] == entry.string, f"{entry.id!r} in {first[1]} and {path.name}"


@pytest.mark.parametrize("folder", ["en", "errors_id"])
def test_a_translation_uses_the_same_facts_as_its_original(folder):
    import re
    import string

    def facts(text):
        if folder == "en":
            return set(re.findall(r"%\((\w+)\)s", text))
        return {name for _before, name, _spec, _conversion in string.Formatter().parse(text) if name}

    for text, told in read_catalogue(folder).items():
        assert facts(told) <= facts(text), text
        assert facts(text) == facts(told), f"lost a fact: {text}"


def test_an_error_without_translation_is_told_in_english_rather_than_not_at_all():
    class Unheard(RekamError):
        """Nobody translated {what}. Nothing was changed; go on."""

    assert error_text(Unheard(what="this")) == "Nobody translated this. Nothing was changed; go on."


def reasons_for_silence() -> set[str]:
    """Every text that the product gives as the reason why a place cannot be reached."""
    found = {NOT_OURS}
    kinds = (httpx.ReadTimeout("x"), httpx.ConnectError("CERTIFICATE_VERIFY_FAILED"), httpx.ConnectError("x"))
    found |= {why_unreached(error) for error in (*kinds, httpx.ReadError("x"))}
    home = Path(rekam.__file__).parent
    for path in sorted(home.rglob("*.py")):
        if "RemoteUnreachable(" in (text := path.read_text("utf-8")) and "drill" not in path.relative_to(home).parts:
            for call in (node for node in ast.walk(ast.parse(text)) if isinstance(node, ast.Call)):
                given = call.keywords if getattr(call.func, "id", "") == "RemoteUnreachable" else []
                found |= {
                    one.value.value for one in given if one.arg == "reason" and isinstance(one.value, ast.Constant)
                }
    return found


def test_why_a_place_cannot_be_reached_is_told_in_the_readers_language_too():
    reasons = reasons_for_silence()
    assert len(reasons) >= 8
    for reason in reasons:
        told = error_text(RemoteUnreachable(place="Disdukcapil", reason=reason))
        assert reason not in told, reason
        assert told.startswith("Disdukcapil tidak dapat dihubungi (")
    assert "(HTTP 502)" in error_text(RemoteUnreachable(place="Disdukcapil", reason="HTTP 502")), (
        "a number needs no words"
    )


def test_what_is_still_to_do_is_said_in_the_readers_language():
    problems = Problems((Problem(ProblemKind.NO_CONSENT), Problem(ProblemKind.SLOT_EMPTY, Slot.parse("finger-2"))))
    told = error_text(IncompleteEnrolment(todo=problems))
    assert "Penduduk belum menyetujui" in told
    assert "Telunjuk kanan" in told
    assert "Right index" in str(IncompleteEnrolment(todo=problems))
