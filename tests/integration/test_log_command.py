"""`rekam log`: the auditor's whole reading over HTTP, saved and read again, and what it says of a log that lies."""

import io
import json
from base64 import b64encode

import pytest
from fastapi import FastAPI

from exchange_server import serving_app
from office_examples import CENTRE, OFFICE, OTHER_OFFICE, ROOT
from portal_log import Source
from rekam.apps.cli import app
from rekam.apps.courier_command import CourierRefused, PlaceNotRunning
from rekam.apps.log_command import KeysUnreadable, NoLogNamed
from rekam.apps.tls import TlsFileMissing, country_tls
from rekam.exchange.errors import RemoteUnreachable
from rekam.exchange.log import InMemoryLog
from rekam.exchange.log_evidence import Evidence, NoBreach
from rekam.exchange.log_http import log_router
from rekam.exchange.witness import LogUnproved
from rekam.trust.certificates import chain_to_bytes


@pytest.fixture
def keys(tmp_path):
    file = tmp_path / "keys.json"
    coded = [b64encode(each).decode() for each in CENTRE.chain]
    file.write_text(json.dumps({"root": {"key": b64encode(ROOT.raw).decode()}, "centre": {"chain": coded}}))
    return str(file)


@pytest.fixture
def source():
    made = Source()
    made.fill(300)
    made.cosign(OFFICE)
    made.fill(400)
    made.cosign(OTHER_OFFICE)
    made.fill(1)
    return made


@pytest.fixture
def served(source):
    served = FastAPI()
    served.include_router(log_router(source))

    @served.get("/log/witnesses")
    def witnesses() -> list[dict[str, str]]:
        return [
            {"office": each.office, "note": each.note, "chain": b64encode(chain_to_bytes(each.chain)).decode()}
            for each in source.lines
        ]

    return served


@pytest.fixture
def url(served):
    with serving_app(served) as address:
        yield address


def rekam(*arguments):
    """The exit code; what it says goes to the captured output."""
    try:
        app(["log", *map(str, arguments)])
    except SystemExit as end:
        return end.code or 0
    return 0


def report(capsys):
    return json.loads(capsys.readouterr().out)


def test_the_whole_log_is_read_and_every_cosignature_compared(url, keys, capsys):
    assert rekam("verify", "--centre", url, "--keys", keys, "--json") == 0
    told = report(capsys)
    assert (told["entries"], told["sound"]) == (701, True)
    assert [(each["office"], each["size"]) for each in told["agreed"]] == [("3174", 300), ("3273", 700)]
    assert rekam("verify", "--centre", url, "--keys", keys) == 0
    assert "2 offices cosigned" in capsys.readouterr().out


def test_a_log_behind_tls_of_an_authority_of_its_own_is_read_with_that_authority_alone(served, keys, tmp_path, capsys):
    ca = country_tls(tmp_path / "tls", ["centre"])
    own = {"ssl_certfile": str(tmp_path / "tls/centre.pem"), "ssl_keyfile": str(tmp_path / "tls/centre.key")}
    with serving_app(served, **own) as url:
        with pytest.raises(RemoteUnreachable):
            rekam("verify", "--centre", url, "--keys", keys)
        capsys.readouterr()
        assert rekam("verify", "--centre", url, "--keys", keys, "--ca", ca, "--json") == 0
        assert report(capsys)["entries"] == 701
        for wrong in (keys, tmp_path / "nowhere.pem"):
            with pytest.raises(TlsFileMissing):
                rekam("verify", "--centre", url, "--keys", keys, "--ca", wrong)


def test_a_courier_reaches_a_place_behind_tls_of_an_authority_of_its_own(tmp_path, monkeypatch):
    ca = country_tls(tmp_path / "tls", ["office"])
    own = {"ssl_certfile": str(tmp_path / "tls/office.pem"), "ssl_keyfile": str(tmp_path / "tls/office.key")}
    with serving_app(FastAPI(), **own) as url:
        for what in ("out", "in", "receipts"):
            for believed, refusal in (([], PlaceNotRunning), (["--ca", str(ca)], CourierRefused)):
                monkeypatch.setattr("sys.stdin", io.StringIO("1234\n"))
                with pytest.raises(refusal):
                    app(["courier", what, str(tmp_path), "--as", "kantor", "--at", url, *believed])


def test_what_was_saved_is_verified_again_without_any_network_and_goes_on_where_it_stopped(
    url, keys, tmp_path, capsys, source
):
    saved = tmp_path / "saved"
    assert rekam("verify", "--centre", url, "--keys", keys, "--save", saved, "--json") == 0
    first = report(capsys)
    assert rekam("verify", "--mirror", saved, "--keys", keys, "--json") == 0
    assert report(capsys) == first
    source.fill(99)
    kept = (saved / "tile/entries/000").stat().st_mtime_ns
    assert rekam("verify", "--centre", url, "--keys", keys, "--save", saved, "--json") == 0
    assert report(capsys)["entries"] == 800
    assert (saved / "tile/entries/000").stat().st_mtime_ns == kept


@pytest.mark.parametrize("path", ["tile/entries/000", "tile/entries/002.p/189"])
def test_one_changed_byte_in_a_saved_log_is_found(url, keys, tmp_path, path):
    saved = tmp_path / "saved"
    rekam("verify", "--centre", url, "--keys", keys, "--save", saved)
    content = bytearray((saved / path).read_bytes())
    content[40] ^= 1
    (saved / path).write_bytes(content)
    with pytest.raises(LogUnproved, match="another root"):
        rekam("verify", "--mirror", saved, "--keys", keys)
    (saved / path).unlink()
    with pytest.raises(LogUnproved, match="is missing"):
        rekam("verify", "--mirror", saved, "--keys", keys)


def test_an_office_that_was_shown_another_log_makes_the_audit_fail(url, keys, capsys, source):
    other = InMemoryLog(CENTRE.key)
    for number in range(500):
        other.append(bytes([number % 256, 7]) * 16)
    true_log, source.log = source.log, other
    source.cosign(OFFICE)
    source.log = true_log
    assert rekam("verify", "--centre", url, "--keys", keys, "--json") == 1
    told = report(capsys)
    assert [each["office"] for each in told["denied"]] == ["3174"]
    assert rekam("verify", "--centre", url, "--keys", keys) == 1
    assert "holds another log of 500 entries" in capsys.readouterr().out


def test_a_log_that_became_shorter_than_a_cosignature_makes_the_audit_fail(url, keys, capsys, source):
    source.log = InMemoryLog(CENTRE.key)
    source.fill(650)
    assert rekam("verify", "--centre", url, "--keys", keys, "--json") == 1
    assert [each["office"] for each in report(capsys)["beyond"]] == ["3273"]


def test_evidence_is_judged_by_the_logs_key_alone(keys, tmp_path, capsys, source):
    other = InMemoryLog(CENTRE.key)
    for _ in range(701):
        other.append(bytes(32))
    file = tmp_path / "bukti.json"
    file.write_text(Evidence(source.checkpoint(), other.checkpoint()).to_json(), encoding="utf-8")
    assert rekam("judge", file, "--keys", keys) == 0
    assert "two histories" in capsys.readouterr().out
    file.write_text(Evidence(source.checkpoint(), source.checkpoint()).to_json(), encoding="utf-8")
    with pytest.raises(NoBreach):
        rekam("judge", file, "--keys", keys)


def test_what_is_missing_is_told(keys, tmp_path):
    with pytest.raises(NoLogNamed):
        rekam("verify", "--keys", keys)
    (tmp_path / "x.json").write_text("{}")
    with pytest.raises(KeysUnreadable):
        rekam("verify", "--centre", "http://127.0.0.1:1", "--keys", tmp_path / "x.json")
