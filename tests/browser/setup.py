"""Finds a browser for the tests, or installs one: apt's chromium first, playwright's own download last."""

import os
import shutil
import subprocess
import sys

CANDIDATES = ("chromium", "google-chrome", "google-chrome-stable", "chromium-browser")


def find() -> str | None:
    """The path of a browser that is already on this machine."""
    return next((path for name in CANDIDATES if (path := shutil.which(name))), None)


def install() -> None:
    if shutil.which("apt-get"):
        sudo = [] if os.geteuid() == 0 else ["sudo", "-n"]
        commands = (["apt-get", "update", "-qq"], ["apt-get", "install", "-y", "-qq", "chromium"])
        if all(subprocess.run([*sudo, *command], check=False).returncode == 0 for command in commands):
            return
    subprocess.run([sys.executable, "-m", "playwright", "install", "chromium"], check=True)


if __name__ == "__main__":
    if find() is None:
        print("No browser found; installing one for the tests ...", flush=True)
        install()
