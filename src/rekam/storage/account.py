"""PostgreSQL refuses to run as root: the account it runs under when this process does."""

import os
import pwd
import shutil
import stat
import subprocess
from dataclasses import dataclass
from pathlib import Path

__all__ = ["Account", "server_account"]

_NAME = "rekam-postgres"
_HERE = Path("/proc/self/cwd")


@dataclass(frozen=True)
class Account:
    """The operating system user a server runs as; `switch` says whether this process must change to it."""

    uid: int
    gid: int
    switch: bool

    def popen_options(self) -> dict[str, object]:
        """Keyword arguments for `subprocess` that start a child under this account, with no other groups."""
        return {"user": self.uid, "group": self.gid, "extra_groups": []} if self.switch else {}

    def own(self, folder: Path) -> None:
        """Give `folder` and all in it to this account."""
        if self.switch and folder.stat().st_uid != self.uid:
            for path in (folder, *folder.rglob("*")):
                os.chown(path, self.uid, self.gid, follow_symlinks=False)

    def own_file(self, file: Path) -> None:
        """Give one file to this account."""
        if self.switch:
            os.chown(file, self.uid, self.gid)

    def seen_from_within(self, folder: Path) -> Path:
        """The path by which a child of this account reaches `folder` when started with it as working directory.

        The folders above may be closed to the account (a home, a test's own folder) and are left as they are: the
        kernel's own link to the working directory leads there without passing them. Elsewhere than on Linux they
        are made passable.
        """
        if not self.switch:
            return folder
        if _HERE.exists():
            return _HERE
        self.let_pass(folder)
        return folder

    def let_pass(self, path: Path) -> None:
        """Add the search permission, and nothing more, to each folder above `path` that lacks it."""
        if not self.switch:
            return
        for parent in path.resolve().parents:
            mode = parent.stat().st_mode
            if not mode & stat.S_IXOTH:
                parent.chmod(mode | stat.S_IXOTH)


def server_account() -> Account:
    """The account for a database server: this process's own, or, for root, a system user made for it.

    Where no user can be made (a minimal container), `nobody`.
    """
    if os.geteuid() != 0:
        return Account(os.geteuid(), os.getegid(), switch=False)
    entry = _lookup(_NAME)
    if entry is None and shutil.which("useradd"):
        command = ["useradd", "--system", "--user-group", "--no-create-home", "--shell", "/usr/sbin/nologin", _NAME]
        subprocess.run(command, check=False, capture_output=True)
        entry = _lookup(_NAME)
    entry = entry or pwd.getpwnam("nobody")
    return Account(entry.pw_uid, entry.pw_gid, switch=True)


def _lookup(name: str) -> pwd.struct_passwd | None:
    try:
        return pwd.getpwnam(name)
    except KeyError:
        return None
