"""WCAG 2.2, 1.4.3 and 1.4.11, computed from tokens.css in light and dark."""

import re

import pytest

from rekam.web.assets import ASSETS

TEXT_ON = {
    "text": ["page", "surface", "sunken", "primary-soft", "success-soft", "warning-soft", "danger-soft"],
    "muted": ["page", "surface", "sunken", "primary-soft"],
    "link": ["page", "surface", "sunken", "primary-soft"],
    "success-text": ["page", "surface", "success-soft"],
    "warning-text": ["page", "surface", "warning-soft"],
    "danger-text": ["page", "surface", "danger-soft"],
    "on-primary": ["primary", "primary-strong"],
    "on-danger": ["danger"],
}
SHAPE_ON = {"edge": ["page", "surface"], "focus": ["page", "surface"]}


def palettes():
    css = (ASSETS / "css/tokens.css").read_text(encoding="utf-8")
    light_part, dark_part = css.split("@media (prefers-color-scheme: dark)")
    light = dict(re.findall(r"--([\w-]+): (#[0-9a-f]{6})", light_part))
    return {"light": light, "dark": light | dict(re.findall(r"--([\w-]+): (#[0-9a-f]{6})", dark_part))}


def luminance(colour):
    channels = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    r, g, b = (c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels)
    return 0.2126 * r + 0.7152 * g + 0.0722 * b


def contrast(one, other):
    lighter, darker = sorted((luminance(one), luminance(other)), reverse=True)
    return (lighter + 0.05) / (darker + 0.05)


def test_the_formula_gives_the_known_extremes():
    assert contrast("#000000", "#ffffff") == pytest.approx(21)
    assert contrast("#767676", "#ffffff") == pytest.approx(4.54, abs=0.01)


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize(("ink", "grounds", "least"), [
    *((ink, grounds, 4.5) for ink, grounds in TEXT_ON.items()),
    *((ink, grounds, 3.0) for ink, grounds in SHAPE_ON.items()),
])  # fmt: skip
def test_text_and_meaningful_shapes_stand_out_from_their_ground(scheme, ink, grounds, least):
    palette = palettes()[scheme]
    for ground in grounds:
        assert contrast(palette[ink], palette[ground]) >= least, f"{ink} on {ground}"


def test_no_other_stylesheet_decides_a_colour():
    for sheet in (ASSETS / "css").glob("*.css"):
        if sheet.name != "tokens.css":
            colours = set(re.findall(r"#[0-9a-fA-F]{3,8}\b", sheet.read_text(encoding="utf-8")))
            # the black of a capture frame belongs to the picture, not to the page
            assert colours <= {"#0b0f14", "#e9eef4"}, sheet.name
