"""What the tests need of the machine beside Python: a browser, and programs that break system calls and clocks.

`python -m tests.machine` installs what is missing. A browser must be there in the end; a fault test whose program
cannot be had here is skipped and says so.
"""

import os
import shutil
import subprocess
import sys

SHELL = "chromium-headless-shell"
"""Chromium's own engine without the desktop browser around it, at half the processor time of a page."""
BROWSERS = (SHELL, "chromium", "google-chrome", "google-chrome-stable", "chromium-browser")
"""The first of these that is here."""
WITH_CAMERA = tuple(name for name in BROWSERS if name != SHELL)
"""The engine alone has no camera, not even a made-up one."""
FAULT_PROGRAMS = ("strace", "faketime")
PRINTER_PROGRAMS = {"ippeveprinter": "cups-ipp-utils", "dbus-daemon": "dbus-daemon"}
"""A printer for the contract of printers, and what it wants to be announced by."""


FLAGS = [
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
]
"""A browser without a screen, which calls nobody."""


def browser(names: tuple[str, ...] = BROWSERS) -> str | None:
    """The path of a browser that is already on this machine."""
    return next((path for name in names if (path := shutil.which(name))), None)


def _apt(*packages: str) -> bool:
    """Whether Debian's installer is here and could install them."""
    if not shutil.which("apt-get"):
        return False
    sudo = [] if os.geteuid() == 0 else ["sudo", "-n"]
    commands = (["apt-get", "update", "-qq"], ["apt-get", "install", "-y", "-qq", *packages])
    return all(subprocess.run([*sudo, *command], check=False).returncode == 0 for command in commands)


def install() -> None:
    missing = [program for program in FAULT_PROGRAMS if not shutil.which(program)]
    if missing:
        print(f"Installing {' and '.join(missing)} for the fault tests ...", flush=True)
        if not _apt(*missing):
            print("They cannot be installed here; the tests that need them will be skipped.", flush=True)
    lacking = [package for program, package in PRINTER_PROGRAMS.items() if not shutil.which(program)]
    if lacking:
        print(f"Installing {' and '.join(lacking)} for the tests of printing ...", flush=True)
        if not _apt(*lacking):
            print("They cannot be installed here; the tests that need them will be skipped.", flush=True)
    if not shutil.which(SHELL):
        print("Installing a browser without a screen ...", flush=True)
        if not _apt(SHELL):
            print("It cannot be installed here; any other Chromium serves, and takes longer.", flush=True)
    if browser(WITH_CAMERA) is None:
        print("Installing a browser with a camera ...", flush=True)
        if not _apt("chromium"):
            # apt's comes first: many offices block playwright's own download
            subprocess.run([sys.executable, "-m", "playwright", "install", "chromium"], check=True)


if __name__ == "__main__":
    install()
