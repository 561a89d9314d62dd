"""The centre's page of its witnesses: who signed, who is behind, and what must not be in an office's hands."""

import pytest

from centre_desk import PASSWORD, staffed
from centre_examples import OFFICE, resident, town
from rekam.exchange.errors import CheckpointNotOurs
from rekam.trust.certificates import verify_chain
from rekam.trust.clock import SystemClock
from rekam.trust.log.checkpoint import Checkpoint
from rekam.web.testing import PageClient


@pytest.fixture
def here(tmp_path):
    with town(tmp_path / "centre") as made:
        made.record(resident(1, "SITI"), 1)
        yield made


def cosign(here, note):
    at_s = int(SystemClock().wall().timestamp())
    signed = note.cosigned("rekam/office/3174", OFFICE.holder.key, at_s)
    here.centre.cosignatures.take(signed, verify_chain(OFFICE.holder.chain, here.centre.root)[0], OFFICE.holder.chain)


def page(here):
    with PageClient(staffed(here)) as client:
        client.post("/sign-in", {"name": "pusat", "password": PASSWORD})
        return client.get("/witnesses").text


def test_an_office_is_told_as_never_heard_then_up_to_date_then_behind(here):
    assert "Belum pernah" in page(here)
    cosign(here, here.centre.tree.checkpoint())
    assert "Mutakhir" in page(here)
    assert here.centre.log.checkpoint().signatures[1].name == "rekam/office/3174"
    here.record(resident(2, "DEWI"), 2)
    told = page(here)
    assert "Menyusul" in told
    assert "1 catatan" in told


def test_a_checkpoint_of_ours_that_our_log_denies_is_shown_as_danger(here):
    stolen = Checkpoint("rekam/log", 9, bytes(32)).signed(here.centre._keys.signing)
    with pytest.raises(CheckpointNotOurs):
        cosign(here, stolen)
    told = page(here)
    assert "memegang titik periksa bertanda tangan pusat yang tidak ada di log ini" in told
    assert "banner-danger" in told
