"""A network printer with moods, at a real address: it jams in mid-paper, keeps an answer to itself, forgets nothing."""

import struct
import threading
from contextlib import contextmanager, suppress
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

from patience import PATIENCE_S
from rekam.station.printing.ipp_message import ENUM, INTEGER, KEYWORD, NAME, _attribute

__all__ = ["OfficePrinter", "office_printer"]

PRINT_JOB, GET_JOB, GET_JOBS, GET_PRINTER = 0x0002, 0x0009, 0x000A, 0x000B
PROCESSING, DONE = 5, 9
IDLE, STOPPED = 3, 5


class OfficePrinter:
    """`jammed` prints nothing; `silent` takes a paper and does not answer until it is unset. `papers` are the names of
    all that it was ever sent.
    """

    def __init__(self):
        self.papers = []
        self.jammed = False
        self.silent = False
        self.taken = threading.Event()
        self.speaks = threading.Event()
        self.address = ""

    def answer(self, operation, message):
        """The attribute groups of an answer, as bytes."""
        if operation == PRINT_JOB:
            self.papers.append(_name_in(message))
            self.taken.set()
            if self.silent:
                self.speaks.wait(PATIENCE_S)
            return b"\x02" + _attribute(INTEGER, "job-id", [len(self.papers)])
        if operation == GET_JOBS:
            named = (
                b"\x02" + _attribute(INTEGER, "job-id", [number]) + _attribute(NAME, "job-name", [name])
                for number, name in enumerate(self.papers, 1)
            )
            return b"" if b"not-completed" in message else b"".join(named)
        if operation == GET_JOB:
            state = PROCESSING if self.jammed else DONE
            return b"\x02" + _attribute(ENUM, "job-state", [state])
        reasons = _attribute(KEYWORD, "printer-state-reasons", ["media-jam-error" if self.jammed else "none"])
        return b"\x04" + _attribute(ENUM, "printer-state", [STOPPED if self.jammed else IDLE]) + reasons


def _name_in(message):
    """The value of `job-name`, which stands right behind its name."""
    rest = message[message.index(b"job-name") + len(b"job-name") :]
    return rest[2 : 2 + int.from_bytes(rest[:2], "big")].decode()


@contextmanager
def office_printer():
    """An `OfficePrinter` on a free port of this machine."""
    printer = OfficePrinter()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self):
            message = self.rfile.read(int(self.headers["content-length"]))
            _, _, operation, number = struct.unpack_from(">BBHI", message)
            head = struct.pack(">BBHI", 2, 0, 0, number) + b"\x01"
            body = head + printer.answer(operation, message) + b"\x03"
            self.send_response(200)
            self.send_header("content-type", "application/ipp")
            self.send_header("content-length", str(len(body)))
            self.end_headers()
            with suppress(ConnectionError):  # who asked was killed meanwhile
                self.wfile.write(body)

        def log_message(self, *_):
            """A test's output is its own."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    printer.address = f"ipp://127.0.0.1:{server.server_address[1]}/ipp/print"
    try:
        yield printer
    finally:
        printer.speaks.set()
        server.shutdown()
        server.server_close()
        thread.join()
