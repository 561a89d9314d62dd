import ssl

import pytest

from rekam.exchange.machine_trust import machine_trust
from rekam.trust.tls import TlsAuthority


def authorities(context: ssl.SSLContext) -> set[str]:
    return {entry[0][1] for one in context.get_ca_certs() for entry in one["subject"] if entry[0][0] == "commonName"}


@pytest.fixture
def believed(tmp_path, monkeypatch):
    """`believed(name)`: from now on this machine believes that authority alone."""

    def believe(name):
        file = tmp_path / f"{name}.pem"
        file.write_bytes(TlsAuthority.create(name).identity.certificate)
        monkeypatch.setenv("SSL_CERT_FILE", str(file))

    return believe


def test_whom_the_environment_names_is_believed_and_nobody_else(believed):
    believed("Otoritas satu")
    assert authorities(machine_trust()) == {"Otoritas satu"}
    believed("Otoritas dua")
    assert authorities(machine_trust()) == {"Otoritas dua"}


def test_certificates_are_asked_for_and_names_compared(believed):
    believed("Otoritas")
    assert (machine_trust().verify_mode, machine_trust().check_hostname) == (ssl.CERT_REQUIRED, True)


def test_it_is_read_once(believed):
    believed("Otoritas")
    assert machine_trust() is machine_trust()
