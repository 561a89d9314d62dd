import json
import re
from pathlib import Path

import pytest

from rekam.web.assets import ASSETS, NoPackageList, install

CHECKOUT = Path(__file__).parents[3]


def test_the_lock_pins_every_package_by_hash_and_names_no_host():
    text = (CHECKOUT / "package-lock.json").read_text(encoding="utf-8")
    packages = {name: entry for name, entry in json.loads(text)["packages"].items() if name}
    assert packages
    for name, entry in packages.items():
        assert entry["integrity"].startswith("sha512-"), name
        assert "resolved" not in entry, name


def test_outside_a_checkout_nothing_is_installed(tmp_path):
    with pytest.raises(NoPackageList):
        install(tmp_path, ["npm-is-not-called"])
    assert list(tmp_path.iterdir()) == []


def test_no_page_or_stylesheet_asks_another_host():
    sources = [*ASSETS.glob("css/*.css"), *ASSETS.glob("js/*.js"), *ASSETS.parent.parent.rglob("*.html")]
    assert len(sources) > 10
    for path in sources:
        addresses = re.findall(
            r"(?:https?:)?//[\w.-]+\.\w+",
            re.sub(r"//[^\n\"']*$", "", path.read_text(encoding="utf-8"), flags=re.MULTILINE),
        )
        assert addresses == [], path
