import hashlib
import json
import re
import shutil
from pathlib import Path

import pytest

from rekam.web.assets import ASSETS, NoPackageList, install, is_current

CHECKOUT = Path(__file__).parents[3]


def test_the_lock_pins_every_package_by_hash_and_names_no_host():
    text = (CHECKOUT / "package-lock.json").read_text(encoding="utf-8")
    packages = {name: entry for name, entry in json.loads(text)["packages"].items() if name}
    assert packages
    for name, entry in packages.items():
        assert entry["integrity"].startswith("sha512-"), name
        assert "resolved" not in entry, name


def test_outside_a_checkout_it_is_said_that_there_is_nothing_to_install_from(tmp_path):
    with pytest.raises(NoPackageList):
        is_current(tmp_path)


def test_what_was_installed_from_this_lock_file_is_not_fetched_again(tmp_path):
    checkout, vendor = tmp_path / "checkout", tmp_path / "vendor"
    checkout.mkdir()
    shutil.copyfile(CHECKOUT / "package-lock.json", checkout / "package-lock.json")
    (checkout / "node_modules").symlink_to(CHECKOUT / "node_modules")
    assert not is_current(checkout, vendor)
    install(checkout, ["true"], vendor)  # in the place of npm: the packages are there already
    assert is_current(checkout, vendor)
    (vendor / "fonts/Inter-Regular.ttf").unlink()
    assert not is_current(checkout, vendor)
    install(checkout, ["true"], vendor)
    (checkout / "package-lock.json").write_text("{}")
    assert not is_current(checkout, vendor)


def test_no_page_or_stylesheet_asks_another_host():
    sources = [*ASSETS.glob("css/*.css"), *ASSETS.glob("js/*.js"), *ASSETS.parent.parent.rglob("*.html")]
    assert len(sources) > 10
    for path in sources:
        addresses = re.findall(
            r"(?:https?:|(?<!:))//[\w.-]+\.\w+",  # a printer's ipps: address in a hint is nothing that a browser fetches
            re.sub(r"//[^\n\"']*$", "", path.read_text(encoding="utf-8"), flags=re.MULTILINE),
        )
        assert addresses == [], path


STYLES = sorted([*ASSETS.glob("css/*.css"), *(ASSETS.parents[1]).glob("*/assets/*.css")])
NAMED = [(style, named) for style in STYLES for named in re.findall(r'url\("([^"]+)"\)', style.read_text("utf-8"))]


@pytest.mark.parametrize(("style", "named"), NAMED, ids=lambda one: getattr(one, "name", one))
def test_what_a_stylesheet_names_bears_its_version_so_that_browsers_may_keep_it(style, named):
    """An address without its version is fetched again with every page: a font shows late each time."""
    path, _, version = named.partition("?v=")
    assert version == hashlib.sha256((style.parent / path).read_bytes()).hexdigest()[:12]
