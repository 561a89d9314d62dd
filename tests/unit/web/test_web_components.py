import pytest

from rekam.enrolment.zones import WITA
from rekam.web.page import environment
from rekam.web.site import Site

SCRIPT = "<script>alert(1)</script>"


@pytest.fixture(scope="module")
def pages():
    return environment(Site("station", "Rekam", "Kuta", zone=WITA))


def test_what_people_typed_is_never_markup(pages):
    page = pages.from_string(
        "{{ ui.field('name', text, text, hint=text, error=text) }}{{ ui.badge('info', text) }}"
        "{{ ui.banner('info', text, text) }}{{ ui.summary([{'label': text, 'value': text}]) }}"
        "{{ ui.error_summary({'name': text}) }}{{ ui.resident(text, text, none, warnings=[text]) }}"
        "{{ ui.choose('a', text, [(text, text)]) }}{{ ui.choices('b', text, [(text, text, text)]) }}"
        "{{ ui.tasks([{'name': text, 'state': 'done', 'note': text}], text) }}{{ ui.button(text, href=text) }}"
    ).render(text=SCRIPT)
    assert "<script" not in page
    assert page.count("&lt;script&gt;") >= 20


def test_a_field_is_tied_to_its_label_hint_and_error(pages):
    page = pages.from_string("{{ ui.field('nik', 'NIK', hint='16 angka', error='Kurang') }}").render()
    assert '<label class="field-label" for="nik">' in page
    assert 'aria-describedby="nik-hint nik-error"' in page
    assert 'aria-invalid="true"' in page
    assert 'id="nik-error"' in page


def test_the_error_summary_leads_to_the_fields_and_is_absent_without_errors(pages):
    template = pages.from_string("{{ ui.error_summary(errors) }}")
    assert 'href="#nik"' in template.render(errors={"nik": "Kurang"})
    assert template.render(errors={}).strip() == ""


@pytest.mark.parametrize(
    ("value", "words", "shape"),
    [(60, "Cukup", "check"), (59, "Hampir cukup", "warning"), (39, "Belum cukup", "danger")],
)
def test_quality_is_told_in_words_and_shape_besides_colour(pages, value, words, shape):
    page = pages.from_string("{{ ui.quality(value) }}").render(value=value)
    assert words in page
    assert f"icons.svg?v={page.split('?v=')[1].split('#')[0]}#{shape}" in page
    assert f'aria-valuenow="{value}"' in page


def test_every_step_says_its_state_in_words(pages):
    states = ["done", "current", "waiting", "problem", "exception"]
    page = pages.from_string("{{ ui.tasks(steps, 'Langkah') }}").render(
        steps=[{"name": state, "state": state} for state in states]
    )
    for words in ("Selesai", "Sedang dikerjakan", "Belum", "Perlu diulang", "Dikecualikan"):
        assert words in page
    assert page.count('aria-current="step"') == 1


def test_a_misspelt_variable_is_an_error_and_not_a_hole_in_the_page(pages):
    from jinja2 import UndefinedError

    with pytest.raises(UndefinedError):
        pages.from_string("{{ resident.nmae }}").render(resident={"name": "Siti"})


def test_every_icon_that_is_used_exists():
    import re

    from rekam.web.assets import ASSETS

    drawn = set(re.findall(r'<symbol id="([\w-]+)"', (ASSETS / "icons.svg").read_text(encoding="utf-8")))
    templates = ASSETS.parent.parent.rglob("*.html")
    used = {
        name for path in templates for name in re.findall(r'icon(?:\(|=)"([\w-]+)"', path.read_text(encoding="utf-8"))
    }
    assert used
    assert used <= drawn
