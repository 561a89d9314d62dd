"""The station's own queue of papers: kept until the printer has each on paper, never printed twice under one mark.

What is `waiting` went nowhere and may be sent again as it is. `sending` is durable before the first byte goes, so that
after a crash the printer is asked, by the job's title, whether it has it. Where nobody can tell, the job is `uncertain`
and only a further copy, which bears a mark, may follow.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from threading import RLock
from typing import Any, Final

from rekam.enrolment.errors import RekamError
from rekam.station.papers import Issued
from rekam.station.printing import port
from rekam.station.printing.port import (
    Fate,
    Printer,
    PrinterHoldsPaper,
    PrinterJammed,
    PrinterOutOfPaper,
    PrinterStopped,
    PrinterSuspect,
    PrinterWantsPaper,
    PrintingTrouble,
)
from rekam.station.store import StationStore
from rekam.trust import cbor

__all__ = ["JobState", "JobUnknown", "PrintJob", "PrintQueue"]

_COLUMNS: Final = "job, about, kind, copy, title, by, at, state, number, trouble"
_KINDS: Final = {name: kind for name in port.__all__ if isinstance(kind := getattr(port, name), type)}


class JobUnknown(RekamError):
    """This print job is not in the queue any more: it was printed or set aside. Nothing was changed.
    Open the recording to print a further copy.
    """


class JobState(StrEnum):
    """Where a paper is."""

    WAITING = "waiting"
    SENDING = "sending"
    SENT = "sent"
    DONE = "done"
    SHOWN = "shown"
    UNCERTAIN = "uncertain"
    DROPPED = "dropped"

    @property
    def open(self) -> bool:
        """Somebody has to look at it, or the printer has it underway."""
        return self not in {JobState.DONE, JobState.SHOWN, JobState.DROPPED}


@dataclass(frozen=True)
class PrintJob:
    """One copy of one paper; `trouble` is why it is not on paper, None where all is well. `about` as in `Issued`."""

    job: int
    about: str
    kind: str
    copy: int
    title: str
    by: str
    at: str
    state: JobState
    number: int | None
    trouble: RekamError | None


class PrintQueue:
    """Jobs of one station. `printer` gives the one that is set now, None where papers open in the browser."""

    def __init__(self, store: StationStore, printer: Callable[[], Printer | None], now: Callable[[], datetime]) -> None:
        self._store = store
        self._printer = printer
        self._now = now
        self._one = RLock()  # two tabs that print what waits print it once

    def add(self, paper: Issued, by: str) -> None:
        """A copy that is being noted in the register (`papers.Queued`): it waits from there on, whatever happens before
        `begin`.
        """
        row = (paper.about, paper.kind, paper.copy, paper.title, by, self._at(), JobState.WAITING, paper.pdf)
        with self._store.tx() as tx:
            tx.execute(
                "INSERT INTO print_job (about, kind, copy, title, by, at, state, pdf) VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
                row,
            )

    def begin(self, paper: Issued) -> PrintJob:
        """A copy that was added goes to the printer; where there is none, whoever asked shows it."""
        (held,) = self._select("WHERE about = ? AND kind = ? AND copy = ?", paper.about, paper.kind, paper.copy)
        with self._one:
            if self._printer() is None and self.find(held.job).state is JobState.WAITING:
                return self._change(held.job, JobState.SHOWN)
        return self.send(held.job)

    def send(self, job: int) -> PrintJob:
        """Send what waits; anything else stays as it is. Raises `JobUnknown`."""
        with self._one:
            held, printer = self.find(job), self._printer()
            if held.state is not JobState.WAITING or printer is None:
                return held
            trouble = printer.state().trouble
            if trouble is not None:
                return self._change(job, JobState.WAITING, trouble=trouble)
            self._change(job, JobState.SENDING)
            try:
                number = printer.send(self._pdf(job), _named(held))
            except PrinterSuspect as suspect:
                return self._settled(held, printer, suspect)
            except PrintingTrouble as refused:
                return self._change(job, JobState.WAITING, trouble=refused)
            return self._change(job, JobState.SENT, number=number)

    def send_waiting(self) -> list[PrintJob]:
        """Everything that waits, oldest first; stops at the first that finds the printer in trouble."""
        sent = []
        for held in self._select("WHERE state = 'waiting' ORDER BY job"):
            sent.append(self.send(held.job))
            if sent[-1].state is JobState.WAITING:
                break
        return sent

    @property
    def followed(self) -> bool:
        """Whether the printer has something underway, of which it is to be asked."""
        return self._store.row("SELECT 1 FROM print_job WHERE state IN ('sending', 'sent') LIMIT 1") is not None

    def look(self) -> None:
        """Ask the printer what became of what it took; where it does not answer, nothing changes."""
        printer = self._printer()
        if printer is None:
            return
        with self._one:
            for held in self._select("WHERE state IN ('sending', 'sent') ORDER BY job"):
                try:
                    self._followed(held, printer)
                except PrintingTrouble as away:
                    self._change(held.job, held.state, number=held.number, trouble=away)
                    return  # nobody waits for the same silence twice

    def drop(self, job: int) -> PrintJob:
        """Nobody needs this copy any more: it is not printed, and the register keeps that it was made."""
        with self._one:
            held = self.find(job)
            return self._change(job, JobState.DROPPED) if held.state in _DROPPABLE else held

    def show(self, job: int) -> bytes:
        """What waits, as a PDF for the browser; the printer never gets it. Raises `JobUnknown` for anything else."""
        with self._one:
            if self.find(job).state is not JobState.WAITING:
                raise JobUnknown
            pdf = self._pdf(job)
            self._change(job, JobState.SHOWN)
            return pdf

    def find(self, job: int) -> PrintJob:
        """Raises `JobUnknown`."""
        found = self._select("WHERE job = ?", job)
        if not found:
            raise JobUnknown
        return found[0]

    def of(self, about: str) -> list[PrintJob]:
        """Of one recording or referral, newest first."""
        return self._select("WHERE about = ? ORDER BY job DESC", about)

    def open_jobs(self) -> list[PrintJob]:
        """What is not on paper, oldest first."""
        return self._select("WHERE state IN ('waiting', 'sending', 'sent', 'uncertain') ORDER BY job")

    def newest(self, limit: int = 20) -> list[PrintJob]:
        """Whatever their state."""
        return self._select("ORDER BY job DESC LIMIT ?", limit)

    def _settled(self, held: PrintJob, printer: Printer, suspect: PrinterSuspect) -> PrintJob:
        """After a break in mid-sending: the printer knows the title, or nobody knows."""
        try:
            return self._asked(held, printer, suspect)
        except PrintingTrouble:
            return self._change(held.job, JobState.UNCERTAIN, trouble=suspect)

    def _asked(self, held: PrintJob, printer: Printer, suspect: PrinterSuspect) -> PrintJob:
        number = printer.find(_named(held))
        if number is None:
            return self._change(held.job, JobState.UNCERTAIN, trouble=suspect)
        return self._change(held.job, JobState.SENT, number=number)

    def _followed(self, held: PrintJob, printer: Printer) -> None:
        """Raises `PrinterUnreachable`; nothing was changed then."""
        if held.state is JobState.SENDING:
            held = self._asked(held, printer, PrinterSuspect(printer=printer.address))
            if held.state is not JobState.SENT:
                return
        match printer.fate(held.number or 0):
            case Fate.DONE:
                self._change(held.job, JobState.DONE, number=held.number)
            case Fate.GIVEN_UP:
                refused = port.PrinterRefused(printer=printer.address, reason="it gave the job up", status=0)
                self._change(held.job, JobState.WAITING, trouble=refused)
            case Fate.UNKNOWN:
                self._change(held.job, JobState.UNCERTAIN, trouble=PrinterSuspect(printer=printer.address))
            case Fate.UNDERWAY:
                self._change(held.job, JobState.SENT, number=held.number, trouble=_of_held(printer.state().trouble))

    def _change(
        self, job: int, state: JobState, *, number: int | None = None, trouble: RekamError | None = None
    ) -> PrintJob:
        told = None if trouble is None else cbor.encode([trouble.code, {k: str(v) for k, v in trouble.facts.items()}])
        keeps = "pdf" if state.open and state is not JobState.UNCERTAIN else "NULL"
        if self._store.row("SELECT state, number, trouble FROM print_job WHERE job = ?", (job,)) == (
            state,
            number,
            told,
        ):
            return self.find(job)  # whoever looks every few seconds writes only what is new
        with self._store.tx() as tx:
            tx.execute(
                f"UPDATE print_job SET state = ?, number = ?, trouble = ?, pdf = {keeps} WHERE job = ?",  # noqa: S608
                (state, number, told, job),
            )
        return self.find(job)

    def _pdf(self, job: int) -> bytes:
        return bytes(self._store.rows("SELECT pdf FROM print_job WHERE job = ?", (job,))[0][0])

    def _at(self) -> str:
        return self._now().isoformat(timespec="seconds")

    def _select(self, clause: str, *parameters: Any) -> list[PrintJob]:
        rows = self._store.rows(f"SELECT {_COLUMNS} FROM print_job {clause}", parameters)  # noqa: S608  # clauses are ours
        return [_job(row) for row in rows]


_DROPPABLE: Final = frozenset({JobState.WAITING, JobState.SENDING, JobState.UNCERTAIN})
"""A paper that was cut off in mid-sending, too: its printer may never be heard of again."""


def _of_held(trouble: PrintingTrouble | None) -> PrintingTrouble | None:
    """What keeps a paper that the printer has: it is not printed from here once more."""
    match trouble:
        case PrinterOutOfPaper(facts=facts):
            return PrinterWantsPaper(printer=facts["printer"])
        case PrinterJammed(facts=facts):
            return PrinterHoldsPaper(printer=facts["printer"], reasons="media-jam")
        case PrinterStopped(facts=facts):
            return PrinterHoldsPaper(printer=facts["printer"], reasons=facts["reasons"])
    return trouble


def _named(job: PrintJob) -> str:
    """A title that no other job has."""
    return f"{job.title} #{job.job}"


def _job(row: tuple[Any, ...]) -> PrintJob:
    job, about, kind, copy, title, by, at, state, number, trouble = row
    error = None
    if trouble is not None:
        code, facts = cbor.decode(trouble)
        error = _KINDS.get(code, PrintingTrouble)(**facts)
    return PrintJob(job, about, kind, copy, title, by, at, JobState(state), number, error)
