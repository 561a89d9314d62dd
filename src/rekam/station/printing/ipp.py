"""Any CUPS queue or network printer by its address: `IppPrinter` (RFC 8011, IPP Everywhere PWG 5100.14).

ipp:// goes in the clear and is for a printer on this machine or a cable; ipps:// is encrypted. Printers sign their own
certificates, so the one that was there when the printer was chosen is kept and nobody else is believed afterwards.
"""

import socket
import ssl
from itertools import count
from typing import Final
from urllib.parse import urlsplit

import httpx

from rekam.station.printing.ipp_message import (
    INTEGER,
    KEYWORD,
    MEDIA_TYPE,
    NAME,
    URI,
    Attribute,
    Malformed,
    Response,
    read_response,
    request,
)
from rekam.station.printing.port import (
    Fate,
    PrinterAddressUnusable,
    PrinterJammed,
    PrinterOutOfPaper,
    PrinterRefused,
    PrinterState,
    PrinterStopped,
    PrinterSuspect,
    PrinterUnreachable,
    PrintingTrouble,
)

__all__ = ["IppPrinter", "certificate_of"]

PRINT_JOB, GET_JOB, GET_JOBS, GET_PRINTER = 0x0002, 0x0009, 0x000A, 0x000B
_NOT_FOUND: Final = 0x0406
_PORT: Final = 631
_SCHEMES: Final = {"ipp": "http", "ipps": "https"}
_STOPPED: Final = 5
_DONE, _CANCELED, _ABORTED = 9, 7, 8
_PAPER: Final = frozenset(
    {"media-empty", "media-empty-error", "media-needed", "media-needed-error", "media-needed-warning"}
)
"""An empty tray beside a full one is "media-empty-warning" alone (RFC 8011 section 5.4.12): that one prints."""
_JAM: Final = frozenset({"media-jam", "media-jam-error", "media-jam-warning"})
_WHO: Final = "rekam"
_FIRST_WORD_S: Final = 20.0
"""A printer may make its key only when somebody asks for it, and computes slowly."""
_WAIT: Final = httpx.Timeout(20.0, connect=3.0)
_ANSWER_BYTES: Final = 1 << 20
_IPP: Final = {"content-type": "application/ipp"}


class IppPrinter:
    """`Printer` over IPP. `certificate` is the PEM of an ipps printer's own certificate (`certificate_of`).

    Raises `PrinterAddressUnusable` at once for an address that is none.
    """

    def __init__(self, address: str, certificate: str = "") -> None:
        self.address = address
        self._url, secure = _url(address)
        self._trust = _context(certificate) if secure else False  # in the clear there is nothing to verify
        self._numbers = count(1)

    def state(self) -> PrinterState:
        """See `Printer`."""
        wanted = ["printer-state", "printer-state-reasons", "printer-is-accepting-jobs"]
        try:
            answer = self._ask(GET_PRINTER, [(KEYWORD, "requested-attributes", wanted)])
        except PrintingTrouble as trouble:
            return PrinterState(trouble)
        reasons = [str(each) for each in answer.all("printer-state-reasons") if str(each) != "none"]
        if any(reason in _PAPER for reason in reasons):
            return PrinterState(PrinterOutOfPaper(printer=self.address))
        if any(reason in _JAM for reason in reasons):
            return PrinterState(PrinterJammed(printer=self.address))
        accepting = answer.first("printer-is-accepting-jobs", otherwise=True)
        if answer.first("printer-state") == _STOPPED or accepting is False:
            return PrinterState(PrinterStopped(printer=self.address, reasons=", ".join(reasons) or "stopped"))
        return PrinterState()

    def send(self, pdf: bytes, title: str) -> int:
        """See `Printer`."""
        self._ask(GET_PRINTER, [(KEYWORD, "requested-attributes", ["printer-state"])])  # whoever is away has nothing
        named: list[Attribute] = [(NAME, "job-name", [title]), (MEDIA_TYPE, "document-format", ["application/pdf"])]
        try:
            answer = self._ask(PRINT_JOB, named, pdf)
        except PrinterUnreachable:
            raise PrinterSuspect(printer=self.address) from None
        number = answer.first("job-id")
        if not isinstance(number, int) or number < 1:
            raise PrinterSuspect(printer=self.address)
        return number

    def find(self, title: str) -> int | None:
        """See `Printer`."""
        wanted: Attribute = (KEYWORD, "requested-attributes", ["job-id", "job-name"])
        for which in ("not-completed", "completed"):
            answer = self._ask(GET_JOBS, [(KEYWORD, "which-jobs", [which]), wanted])
            for group in answer.groups:
                number = (*group.get("job-id", ()), 0)[0]
                if (*group.get("job-name", ()), "")[0] == title and isinstance(number, int):
                    return number
        return None

    def fate(self, number: int) -> Fate:
        """See `Printer`."""
        wanted = ["job-state", "job-impressions-completed"]
        try:
            answer = self._ask(GET_JOB, [(INTEGER, "job-id", [number]), (KEYWORD, "requested-attributes", wanted)])
        except PrinterRefused as refused:
            if refused.facts["status"] == _NOT_FOUND:
                return Fate.UNKNOWN
            raise
        state = answer.first("job-state")
        if state == _DONE:
            return Fate.DONE
        if state in {_CANCELED, _ABORTED}:
            # who does not count impressions may have printed some
            return Fate.GIVEN_UP if answer.all("job-impressions-completed") == (0,) else Fate.UNKNOWN
        return Fate.UNDERWAY

    def _ask(self, operation: int, attributes: list[Attribute], document: bytes = b"") -> Response:
        """Raises `PrinterUnreachable` where no answer came, `PrinterRefused` where it was no."""
        whom: list[Attribute] = [(URI, "printer-uri", [self.address])]
        job = [each for each in attributes if each[1] == "job-id"]  # the standard's order: target, user, the rest
        rest = [each for each in attributes if each[1] != "job-id"]
        message = request(operation, next(self._numbers), [*whom, *job, (NAME, "requesting-user-name", [_WHO]), *rest])
        try:
            with httpx.Client(timeout=_WAIT, verify=self._trust, trust_env=False) as http:  # a call in many minutes
                answer = http.post(self._url, content=message + document, headers=_IPP)
            answer.raise_for_status()
            response = read_response(answer.content[:_ANSWER_BYTES])
        except (httpx.HTTPError, Malformed) as error:
            raise PrinterUnreachable(printer=self.address) from error
        if response.status >= 0x0100:
            raise PrinterRefused(printer=self.address, reason=f"IPP {response.status:#06x}", status=response.status)
        return response


def _url(address: str) -> tuple[str, bool]:
    parts = urlsplit(address)
    try:
        port = parts.port or _PORT
    except ValueError as error:
        raise PrinterAddressUnusable(address=address) from error
    if parts.scheme not in _SCHEMES or not parts.hostname or parts.username or parts.query:
        raise PrinterAddressUnusable(address=address)
    host = f"[{parts.hostname}]" if ":" in parts.hostname else parts.hostname
    return f"{_SCHEMES[parts.scheme]}://{host}:{port}{parts.path or '/ipp/print'}", parts.scheme == "ipps"


def _context(certificate: str) -> ssl.SSLContext:
    context = ssl.create_default_context()
    if certificate:
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
        context.check_hostname = False  # the certificate itself is the one believed, whatever name stands in it
        context.load_verify_locations(cadata=certificate)
        context.verify_flags |= ssl.VERIFY_X509_PARTIAL_CHAIN
    return context


def certificate_of(address: str) -> str:
    """The certificate that an ipps printer shows now, as PEM; "" for one without encryption.

    Raises `PrinterAddressUnusable`, `PrinterUnreachable`.
    """
    _, secure = _url(address)
    if not secure:
        return ""
    parts = urlsplit(address)
    try:
        return ssl.get_server_certificate((parts.hostname or "", parts.port or _PORT), timeout=_FIRST_WORD_S)
    except (OSError, socket.gaierror) as error:
        raise PrinterUnreachable(printer=address) from error
