"""What every printer must do: in memory, and over IPP against the IPP Everywhere printer of CUPS (ippeveprinter)."""

import itertools
import os
import shutil
import socket
import subprocess
import threading
import time
import urllib.request
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlencode

import pytest

from machine import PRINTER_PROGRAMS
from patience import PATIENCE_S
from rekam.station.printing.ipp import IppPrinter, certificate_of
from rekam.station.printing.ipp_message import Response
from rekam.station.printing.port import (
    Fate,
    PrinterAddressUnusable,
    PrinterJammed,
    PrinterOutOfPaper,
    PrinterRefused,
    PrinterSuspect,
    PrinterUnreachable,
    PrinterWantsPaper,
)
from rekam.station.printing.queue import JobState
from rekam.station.printing.tray import PaperTray
from station_counter import counter as make_counter

PDF = b"%PDF-1.4 a page\n"
serial = itertools.count(1)


@dataclass
class Tray:
    """The printer in memory, and what one does to a printer by hand."""

    printer: PaperTray

    def take_paper_out(self):
        self.printer.sheets = 0

    def switch_off(self):
        self.printer.answers = False

    def on_paper(self, _number):
        return self.printer.printed[-1][1]


@dataclass
class Eve:
    """A process of ippeveprinter, which keeps what it was sent in `home`/spool; `bus` is its message bus."""

    printer: IppPrinter
    port: int
    home: Path
    bus: str
    process: subprocess.Popen = None

    def switch_on(self):
        done = self.home / "print"
        done.write_text("#!/bin/sh\nexit 0\n")
        done.chmod(0o700)
        options = {"-r": "off", "-p": str(self.port), "-n": "localhost", "-f": "application/pdf", "-c": str(done)}
        folders = {"-d": str(self.home / "spool"), "-K": str(self.home / "keys")}
        self.process = subprocess.Popen(
            ["ippeveprinter", "-k", *itertools.chain(*(options | folders).items()), "Uji"],
            env={**os.environ, "DBUS_SYSTEM_BUS_ADDRESS": self.bus},
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        while not self.printer.state().ready:
            assert self.process.poll() is None, "the printer did not start"
            time.sleep(0.05)

    def sheets(self):
        """What came out or lies in its spool."""
        return len(list((self.home / "spool").glob("*.pdf")))

    def take_paper_out(self):
        self._trays(level1=0, size3="", level3=0)

    def put_paper_in(self):
        self._trays(level1=250, size3="iso_a6_105x148mm", type3="stationery", level3=25)

    def _trays(self, **levels):
        trays = {"size1": "iso_a4_210x297mm", "type1": "stationery"} | levels
        with urllib.request.urlopen(
            f"http://localhost:{self.port}/media?{urlencode(trays)}", timeout=PATIENCE_S
        ) as answer:
            assert b"Media updated" in answer.read()

    def switch_off(self):
        self.process.kill()
        self.process.wait()

    def on_paper(self, number):
        (file,) = (self.home / "spool").glob(f"{number}-*.pdf")
        return file.read_bytes()


@pytest.fixture(scope="module")
def bus(tmp_path_factory):
    """A message bus of our own: ippeveprinter does not start where it cannot be announced."""
    missing = [program for program in PRINTER_PROGRAMS if not shutil.which(program)]
    if missing:
        pytest.skip(f"{', '.join(missing)} cannot be had here (Debian: cups-ipp-utils, dbus-daemon)")
    path = tmp_path_factory.mktemp("bus") / "socket"
    command = ["dbus-daemon", "--session", "--nofork", "--nopidfile", f"--address=unix:path={path}"]
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    while not path.exists():
        assert process.poll() is None, "the message bus did not start"
        time.sleep(0.02)
    yield f"unix:path={path}"
    process.kill()
    process.wait()


@pytest.fixture
def eve(bus, tmp_path):
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    for name in ("spool", "keys"):
        (tmp_path / name).mkdir()
    eve = Eve(IppPrinter(f"ipp://localhost:{port}/ipp/print"), port, tmp_path, bus)
    eve.switch_on()
    yield eve
    eve.switch_off()


@pytest.fixture(params=["memory", "ipp"])
def desk(request):
    return Tray(PaperTray()) if request.param == "memory" else request.getfixturevalue("eve")


def title():
    return f"Bukti perekaman 317401-01/1/{next(serial):06d} (1) #1"


def wait_for_paper(printer):
    deadline = time.monotonic() + PATIENCE_S
    while not isinstance(printer.state().trouble, PrinterOutOfPaper):
        assert time.monotonic() < deadline
        time.sleep(0.05)


def wait_for(printer, number, fate):
    deadline = time.monotonic() + PATIENCE_S
    while printer.fate(number) is not fate:
        assert time.monotonic() < deadline
        time.sleep(0.05)


def test_a_paper_is_printed_whole_and_known_by_its_title(desk):
    named, printer = title(), desk.printer
    assert printer.state().ready
    assert printer.find(named) is None
    number = printer.send(PDF, named)
    wait_for(printer, number, Fate.DONE)
    assert printer.find(named) == number
    assert desk.on_paper(number) == PDF
    assert printer.fate(number + 100) is Fate.UNKNOWN


def test_a_printer_out_of_paper_says_so(desk):
    """ippeveprinter calls an empty tray a warning until a paper wants it: a printer may have another tray."""
    desk.take_paper_out()
    if isinstance(desk, Eve):
        number = desk.printer.send(PDF, title())
        wait_for_paper(desk.printer)
        assert desk.printer.fate(number) is Fate.UNDERWAY
    else:
        assert isinstance(desk.printer.state().trouble, PrinterOutOfPaper)


@pytest.mark.parametrize(
    ("reasons", "error"),
    [
        (("none",), type(None)),
        (("media-empty-warning", "toner-low-report"), type(None)),
        (("media-empty",), PrinterOutOfPaper),
        (("media-empty-error",), PrinterOutOfPaper),
        (("media-empty-warning", "media-needed-warning"), PrinterOutOfPaper),
        (("media-jam-error",), PrinterJammed),
    ],
    ids=["well", "another tray", "empty", "error", "a job needs it", "jammed"],
)
def test_out_of_paper_and_a_jam_are_what_the_standard_calls_so(monkeypatch, reasons, error):
    printer = IppPrinter("ipp://localhost/ipp/print")
    answer = Response(0, ({"printer-state": (3,), "printer-state-reasons": reasons},))
    monkeypatch.setattr(printer, "_ask", lambda *_: answer)
    assert type(printer.state().trouble) is error


@pytest.mark.parametrize("facts", [{"printer-state": (5,)}, {"printer-is-accepting-jobs": (False,)}], ids=["5", "no"])
def test_a_stopped_printer_and_one_that_takes_no_jobs_are_told(monkeypatch, facts):
    printer = IppPrinter("ipp://localhost/ipp/print")
    monkeypatch.setattr(printer, "_ask", lambda *_: Response(0, (facts | {"printer-state-reasons": ("paused",)},)))
    assert "(paused)" in str(printer.state().trouble)


def test_a_printer_that_is_away_is_told_as_away_and_nothing_was_sent(desk):
    desk.switch_off()
    assert isinstance(desk.printer.state().trouble, PrinterUnreachable)
    for call in (lambda: desk.printer.send(PDF, title()), lambda: desk.printer.find("x"), lambda: desk.printer.fate(1)):
        with pytest.raises(PrinterUnreachable):
            call()


def test_what_the_printer_does_not_know_is_a_refusal_with_its_reason(eve):
    with pytest.raises(PrinterRefused, match="IPP 0x0501"):
        eve.printer._ask(0x4FFF, [])


def test_an_encrypted_printer_is_believed_by_the_certificate_it_had_when_it_was_chosen(eve):
    address = f"ipps://localhost:{eve.port}/ipp/print"
    certificate = certificate_of(address)
    known = IppPrinter(address, certificate)
    assert known.state().ready
    assert known.send(PDF, title()) > 0
    assert isinstance(IppPrinter(address).state().trouble, PrinterUnreachable)
    assert certificate_of(f"ipp://localhost:{eve.port}/ipp/print") == ""


def test_a_printer_that_takes_the_bytes_and_breaks_off_is_suspect():
    """It answers what it is asked and never says whether it printed."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        server.settimeout(PATIENCE_S)
        printer = IppPrinter(f"ipp://127.0.0.1:{server.getsockname()[1]}/ipp/print")

        def answer():
            ready = b"\x02\x00\x00\x00\x00\x00\x00\x01\x01\x03"
            head = b"HTTP/1.1 200 OK\r\ncontent-type: application/ipp\r\nconnection: close\r\ncontent-length: "
            for reply in (head + str(len(ready)).encode() + b"\r\n\r\n" + ready, b""):
                connection, _ = server.accept()
                with connection:
                    connection.recv(65536)
                    if reply:
                        connection.sendall(reply)

        thread = threading.Thread(target=answer)
        thread.start()
        with pytest.raises(PrinterSuspect):
            printer.send(PDF, title())
        thread.join()


def test_at_a_real_printer_each_paper_comes_out_once_or_is_told(eve, tmp_path):
    """Out of paper with a paper inside; switched off before one is sent, and after one was; back again."""
    counter = make_counter(tmp_path / "country", printer=eve.printer.address)
    recording = counter.save((counter.sign_in(), counter.adults()[0].nik)[1])
    here = counter.station.here

    def put(kind, reason=""):
        paper = here.papers.issue(kind, recording.packet_id, "op-1", reason, queued=here.printing.add)
        return here.printing.begin(paper).job

    def until(job, *states):
        deadline = time.monotonic() + PATIENCE_S
        while here.printing.find(job).state not in states:
            assert time.monotonic() < deadline, here.printing.find(job)
            here.printing.look()
            time.sleep(0.05)
        return here.printing.find(job)

    eve.take_paper_out()
    proof = put("proof")
    wait_for_paper(eve.printer)
    here.printing.look()
    assert type(here.printing.find(proof).trouble) is PrinterWantsPaper
    assert here.printing.send_waiting() == [], "the printer has it: it is not sent again"
    eve.put_paper_in()
    until(proof, JobState.DONE)
    assert eve.sheets() == 1

    eve.switch_off()
    letter = put("suket")
    assert (here.printing.find(letter).state, eve.sheets()) == (JobState.WAITING, 1)
    eve.switch_on()
    here.printing.send_waiting()
    until(letter, JobState.DONE)
    assert eve.sheets() == 2

    eve.take_paper_out()
    copy = put("proof", "hilang")
    eve.switch_off()
    here.printing.look()
    assert type(here.printing.find(copy).trouble) is PrinterUnreachable
    eve.switch_on()
    assert until(copy, JobState.UNCERTAIN, JobState.DONE).state is JobState.UNCERTAIN, "it forgot all its jobs"
    assert here.printing.send_waiting() == [], "nobody knows, so only a marked copy may follow"
    assert here.papers.copies(recording.packet_id, "proof") == 2
    counter.station.close()


@pytest.mark.parametrize(
    "address",
    ["", "printer", "http://host/x", "ipp://", "ipp://host:99999/x", "ipp://a:b@host/x", "ipps://host/x?y"],
)
def test_what_is_no_printers_address_is_told_at_once(address):
    with pytest.raises(PrinterAddressUnusable):
        IppPrinter(address)
