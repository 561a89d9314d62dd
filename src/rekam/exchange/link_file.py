"""Where a place keeps what it may send and when: `link.json` in its data folder, for page, command and sender alike."""

import json
import threading
from collections.abc import Callable, Mapping
from datetime import datetime
from pathlib import Path
from typing import Any

from rekam.exchange.link_policy import Applied, LinkPolicy, PolicyUnreadable
from rekam.storage.whole_file import write_whole

__all__ = ["LinkFile"]


class LinkFile:
    """The policy in force; `default` until somebody sets one. A change, whoever makes it, holds from the next request.

    `now` gives the moment in the place's own zone, by its legal time. A file that cannot be read counts as the policy
    that was read last: a line once agreed to be narrow does not become wide by accident.
    """

    def __init__(self, folder: Path, now: Callable[[], datetime], default: Mapping[str, Any] | None = None) -> None:
        self._path = folder / "link.json"
        self._now = now
        self._policy = LinkPolicy.from_map(default) if default else LinkPolicy()
        self._seen: tuple[int, int] | None = None
        self._lock = threading.Lock()

    def policy(self) -> LinkPolicy:
        """As the file says it now."""
        with self._lock:
            try:
                found = self._path.stat()
                if self._seen != (found.st_mtime_ns, found.st_ino):
                    self._seen = (found.st_mtime_ns, found.st_ino)
                    self._policy = LinkPolicy.from_map(json.loads(self._path.read_bytes()))
            except (OSError, ValueError, PolicyUnreadable):
                return self._policy
            return self._policy

    def keep(self, policy: LinkPolicy) -> None:
        """Durable when this returns."""
        write_whole(self._path, json.dumps(policy.to_map(), indent=1).encode())

    def applied(self) -> Applied:
        """What holds at this moment."""
        return self.policy().at(self._now())
