"""`rekam log verify|judge`: whoever wants to can check the public log, and what is said against it."""

import json
import sys
from base64 import b64decode
from contextlib import ExitStack
from pathlib import Path
from typing import Annotated, Any

import httpx
from cyclopts import App, Parameter
from rich.console import Console
from rich.markup import escape
from rich.progress import Progress

from rekam.apps.tls import Ca, trusted
from rekam.enrolment.errors import RekamError
from rekam.exchange.http_log import HttpLog
from rekam.exchange.log import log_key
from rekam.exchange.log_audit import Audit, audit
from rekam.exchange.log_evidence import Breach, Evidence
from rekam.exchange.log_folder import KeptLog, LogFolder, WholeLog
from rekam.exchange.signed_http import TIMEOUT
from rekam.trust.certificates import ChainBroken, verify_chain
from rekam.trust.keys import VerifyKey
from rekam.trust.log.checkpoint import Checkpoint
from rekam.trust.log.note import NoteKey

__all__ = ["KeysUnreadable", "app"]

app = App(name="log", help="Check the public log of accepted recordings.")

KeysFile = Annotated[Path, Parameter(help="keys.json of the portal; compare its root with the notice board first")]
Json = Annotated[bool, Parameter(name="--json", help="print the report as JSON and nothing else", negative=())]

_SAID = {
    Breach.SPLIT: "the log signed two different roots for one size: two histories",
    Breach.CHANGED: "the log denies entries that it once signed: they were altered, dropped or put in between",
    Breach.SMALLER: "the log is shorter than it was: both words are signed, but an old copy would look the same",
}


class KeysUnreadable(RekamError):
    """{path} does not hold the public keys ({reason}). Nothing was checked. Save the portal's page /keys.json there."""


class NoLogNamed(RekamError):
    """It was not said which log to check. Nothing was done. Give --centre ADDRESS or --mirror FOLDER."""


@app.command
def verify(
    *,
    keys: KeysFile,
    centre: Annotated[str, Parameter(help="address that publishes the log: the centre's or a portal's")] = "",
    mirror: Annotated[Path | None, Parameter(help="a folder that holds the log instead")] = None,
    ca: Ca = None,
    save: Annotated[Path | None, Parameter(help="keep what is read in this folder; goes on where it stopped")] = None,
    as_json: Json = False,
) -> None:
    """Read the whole log, compute its root anew, compare what the offices cosigned. Exit 1 where anything denies it."""
    root, log = _keys(keys)
    folder = LogFolder(save) if save else None
    with ExitStack() as stack:
        source: WholeLog
        if mirror is not None:
            source = LogFolder(mirror)
        elif centre:
            client = stack.enter_context(httpx.Client(verify=trusted(ca), timeout=TIMEOUT))
            source = HttpLog(centre, place=centre, client=client)
        else:
            raise NoLogNamed
        if folder is not None:
            source = KeptLog(source, folder)
        bar = stack.enter_context(Progress(console=Console(stderr=True)))
        task = bar.add_task("entries", total=None)
        found = audit(source, root, log, lambda done, total: bar.update(task, completed=done, total=total))
        if folder is not None:
            folder.save_words(found.checkpoint, found.published)
    _tell(found, as_json=as_json)
    if not found.sound:
        sys.exit(1)


@app.command
def judge(
    evidence: Annotated[Path, Parameter(help="a file that an office or the portal exported")], *, keys: KeysFile
) -> None:
    """Say what an exported piece of evidence proves against the log, by the log's public key alone."""
    _, log = _keys(keys)
    breach = Evidence.from_json(evidence.read_text(encoding="utf-8")).judge(log)
    Console().print(f"{breach.value}: {_SAID[breach]}.", highlight=False)


def _keys(path: Path) -> tuple[VerifyKey, NoteKey]:
    try:
        fields: Any = json.loads(path.read_text(encoding="utf-8"))
        root = VerifyKey(b64decode(fields["root"]["key"], validate=True))
        chain = [b64decode(each, validate=True) for each in fields["centre"]["chain"]]
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise KeysUnreadable(path=path, reason=type(error).__name__) from error
    centre = verify_chain(chain, root)[0]
    if centre.kind != "centre":
        raise ChainBroken(reason=f"a certificate for '{centre.kind}' where one for 'centre' belongs")
    return root, log_key(centre.signing)


def _tell(found: Audit, *, as_json: bool) -> None:
    said = Checkpoint.parse(found.checkpoint.text)
    told = {
        "entries": said.size,
        "root": said.root.hex(),
        "sound": found.sound,
        **{
            word: [{"office": each.office, "name": each.name, "size": each.size} for each in lines]
            for word, lines in (("agreed", found.agreed), ("denied", found.denied), ("beyond", found.beyond))
        },
        "refused": list(found.refused),
    }
    if as_json:
        sys.stdout.write(json.dumps(told, indent=1, ensure_ascii=False) + "\n")
        return
    out = Console(highlight=False, soft_wrap=True)
    out.print(f"{said.size} entries, root {said.root.hex()}: every entry leads to the root that the centre signed.")
    out.print(f"{len(found.agreed)} offices cosigned a beginning of this very log.")
    for each in found.denied:
        who = escape(f"{each.name} ({each.office})")
        out.print(f"[bold red]{who} holds another log of {each.size} entries, signed by the centre.[/]")
    for each in found.beyond:
        who = escape(f"{each.name} ({each.office})")
        out.print(f"[bold red]{who} saw {each.size} entries; the log has become shorter.[/]")
    for office in found.refused:
        out.print(f"[bold yellow]What is published as the cosignature of office {office} is none.[/]")
