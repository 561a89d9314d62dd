"""TLS of a place: the options every place takes, and the files of `rekam up`'s own little authority."""

import os
import ssl
import stat
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated

from cyclopts import Parameter

from rekam.enrolment.errors import RekamError
from rekam.storage.whole_file import write_whole
from rekam.trust.tls import TlsAuthority, TlsIdentity

__all__ = ["Ca", "ServingTls", "TlsFileMissing", "TlsOptions", "country_tls", "environment", "trusted"]

HOSTS = ("127.0.0.1", "localhost")


Ca = Annotated[Path | None, Parameter(name="--ca", help="PEM; whom to believe a place's TLS (SSL_CERT_FILE)")]
"""For commands that ask a running place: the authority of its certificate, as `rekam up` keeps it in keys/tls."""


class TlsFileMissing(RekamError):
    """{path} is not there, or not to be read, so nothing was started. Give the files with --tls-certificate and
    --tls-key, and the authority that the other place is certified by with --ca.
    """


@dataclass(frozen=True)
class TlsOptions:
    """How a place speaks TLS; the environment's settings of the same names where an option is not given."""

    tls_certificate: Annotated[Path | None, Parameter(help="PEM; serve TLS with it (REKAM_TLS_CERTIFICATE)")] = None
    tls_key: Annotated[Path | None, Parameter(help="PEM, its private key (REKAM_TLS_KEY)")] = None
    tls_port: Annotated[
        int | None, Parameter(help="TLS on a port of its own, pages without it on --port (REKAM_TLS_PORT)")
    ] = None
    ca: Annotated[Path | None, Parameter(help="PEM; whom to believe the other places' TLS (SSL_CERT_FILE)")] = None

    def use(self) -> None:
        """What was given becomes this process's environment, where settings and HTTP clients look. Raises
        `TlsFileMissing`.
        """
        for path in (self.tls_certificate, self.tls_key, self.ca):
            if path is not None and not path.is_file():
                raise TlsFileMissing(path=path)
        os.environ.update(environment(ServingTls.of(self.tls_certificate, self.tls_key, self.tls_port), self.ca))


def trusted(ca: Path | None) -> ssl.SSLContext:
    """For an HTTP client's `verify`: those certified by `ca` alone, or by whom this machine believes anyway. Raises
    `TlsFileMissing`.
    """
    if ca is None:
        from rekam.exchange.machine_trust import machine_trust

        return machine_trust()
    try:
        return ssl.create_default_context(cafile=ca)
    except OSError as error:  # ssl.SSLError, for a file that holds no certificate, is one
        raise TlsFileMissing(path=ca) from error


@dataclass(frozen=True)
class ServingTls:
    """Certificate and key to serve with; `port` of its own, None for TLS on the place's one port."""

    certificate: Path
    key: Path
    port: int | None

    @classmethod
    def of(cls, certificate: Path | None, key: Path | None, port: int | None) -> "ServingTls | None":
        """None where no certificate is set. Raises `TlsFileMissing` for one without its key."""
        if certificate is None:
            return None
        if key is None:
            raise TlsFileMissing(path="the key of " + str(certificate))
        return cls(certificate, key, port)


def environment(serving: ServingTls | None, ca: Path | None) -> Mapping[str, str]:
    """What a process must find in its environment to serve and to trust so."""
    made: dict[str, str] = {}
    if serving is not None:
        made |= {"REKAM_TLS_CERTIFICATE": str(serving.certificate), "REKAM_TLS_KEY": str(serving.key)}
        if serving.port is not None:
            made["REKAM_TLS_PORT"] = str(serving.port)
    if ca is not None:
        made["SSL_CERT_FILE"] = str(ca)
    return made


def country_tls(folder: Path, names: Iterable[str]) -> Path:
    """The authority's certificate in `folder`, made at first start with one certificate for each of `names`
    (``<name>.pem``, ``<name>.key``); what is there stays as it is.
    """
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    ca = folder / "ca.pem"
    if not ca.exists():
        _keep(folder, "ca", TlsAuthority.create("Rekam, this machine").identity)
    authority = TlsAuthority(TlsIdentity(ca.read_bytes(), (folder / "ca.key").read_bytes()))
    for name in names:
        if not (folder / f"{name}.pem").exists():
            _keep(folder, name, authority.issue(name, HOSTS))
    return ca


def _keep(folder: Path, name: str, identity: TlsIdentity) -> None:
    """The certificate last: where it is, its key is, too."""
    key = folder / f"{name}.key"
    write_whole(key, identity.key)
    key.chmod(stat.S_IRUSR | stat.S_IWUSR)
    write_whole(folder / f"{name}.pem", identity.certificate)
