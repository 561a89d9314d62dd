"""Places that speak TLS by their own little authority: believed by those who hold it, by nobody else."""

import ssl
import subprocess
import sys
import time
from contextlib import contextmanager

import httpx
import pytest

from exchange_examples import CLOCK, STATION
from patience import PATIENCE_S
from rekam.apps.tls import ServingTls, TlsFileMissing, TlsOptions, country_tls, environment
from rekam.drill.ports import free_port
from rekam.exchange.errors import RemoteUnreachable
from rekam.exchange.http_remote import HttpRemote

SERVER = """
import sys
from fastapi import FastAPI
from rekam.apps.serving import serve
app = FastAPI()
app.get("/health")(lambda: {"status": "ok"})
serve(app, int(sys.argv[1]), ready=f"place http://127.0.0.1:{sys.argv[1]}")
"""


@contextmanager
def place(tls, port):
    """A process that serves as its environment says; its first line."""
    import os

    server = subprocess.Popen(
        [sys.executable, "-c", SERVER, str(port)],
        env={**os.environ, **environment(tls, None)},
        stdout=subprocess.PIPE,
        text=True,
    )
    try:
        yield server.stdout.readline().strip()
    finally:
        server.terminate()
        assert server.wait(timeout=PATIENCE_S) is not None
        server.stdout.close()


@pytest.fixture
def authority(tmp_path):
    return country_tls(tmp_path / "tls", ["office-3174"])


def health(url, ca=None):
    deadline = time.monotonic() + PATIENCE_S
    while True:
        try:
            trust = ssl.create_default_context(cafile=ca) if ca else True
            return httpx.get(f"{url}/health", verify=trust, timeout=PATIENCE_S).json()
        except httpx.ConnectError as error:
            if "refused" not in str(error).lower() or time.monotonic() > deadline:
                raise
            time.sleep(0.05)


def test_pages_stay_plain_on_one_port_and_places_speak_tls_on_another(tmp_path, authority):
    folder, plain, tls = tmp_path / "tls", free_port(), free_port()
    with place(ServingTls(folder / "office-3174.pem", folder / "office-3174.key", tls), plain) as said:
        assert said == f"place http://127.0.0.1:{plain}"
        assert health(f"http://127.0.0.1:{plain}") == {"status": "ok"}
        assert health(f"https://127.0.0.1:{tls}", authority) == {"status": "ok"}
        with pytest.raises(httpx.ConnectError, match="CERTIFICATE_VERIFY_FAILED"):
            health(f"https://127.0.0.1:{tls}")
        stranger = country_tls(tmp_path / "another country", [])
        with pytest.raises(httpx.ConnectError, match="CERTIFICATE_VERIFY_FAILED"):
            health(f"https://127.0.0.1:{tls}", stranger)


def test_with_a_certificate_and_no_port_of_its_own_the_one_port_speaks_tls(tmp_path, authority):
    folder, port = tmp_path / "tls", free_port()
    with place(ServingTls(folder / "office-3174.pem", folder / "office-3174.key", None), port) as said:
        assert said == f"place https://127.0.0.1:{port}"
        assert health(f"https://127.0.0.1:{port}", authority) == {"status": "ok"}


def test_a_sender_believes_whom_its_environment_names_and_counts_others_as_no_connection(
    tmp_path, authority, monkeypatch
):
    folder, port = tmp_path / "tls", free_port()
    with place(ServingTls(folder / "office-3174.pem", folder / "office-3174.key", None), port) as said:
        url = said.removeprefix("place ")
        doubting = HttpRemote(url, place="3174", key=STATION.key, chain=STATION.chain, clock=CLOCK)
        with pytest.raises(RemoteUnreachable, match="TLS certificate is not trusted"):
            doubting.lacking([])
        doubting.close()
        monkeypatch.setenv("SSL_CERT_FILE", str(authority))
        believing = HttpRemote(url, place="3174", key=STATION.key, chain=STATION.chain, clock=CLOCK)
        with pytest.raises(RemoteUnreachable, match="HTTP 404"):  # it answers; it is no place of ours
            believing.lacking([])
        believing.close()


def test_the_authority_is_made_once_and_its_keys_are_its_owners_alone(tmp_path, authority):
    folder = tmp_path / "tls"
    before = {path.name: path.read_bytes() for path in folder.iterdir()}
    assert country_tls(folder, ["office-3174", "centre"]) == authority
    after = {path.name: path.read_bytes() for path in folder.iterdir()}
    assert {name: after[name] for name in before} == before
    assert set(after) - set(before) == {"centre.pem", "centre.key"}
    assert all(path.stat().st_mode & 0o077 == 0 for path in folder.glob("*.key"))


def test_a_certificate_without_its_key_or_a_missing_file_starts_nothing(tmp_path, authority):
    with pytest.raises(TlsFileMissing):
        TlsOptions(ca=tmp_path / "nowhere.pem").use()
    with pytest.raises(TlsFileMissing, match="the key of"):
        TlsOptions(tls_certificate=authority).use()
