import json

import pytest
from courier_vectors import CENTRE, FOLDER, OFFICE, OFFICE_CHAIN, described, files

from courier_examples import STICK, Receiver, put, stick
from exchange_examples import CLOCK
from rekam.exchange.courier.answering import Answering
from rekam.exchange.courier.errors import CourierError
from rekam.exchange.courier.taking_in import Destination, courier_in
from rekam.exchange.inbox import Inbox
from rekam.packet.signer import station_key
from rekam.storage.blobs import BlobStore
from rekam.storage.memory_disk import MemoryDisk

VECTORS = json.loads((FOLDER / "vectors.json").read_text("utf-8"))


def office() -> Destination:
    """Office 3174 of the vectors' country."""
    here, root = Receiver(), CENTRE.public
    inbox = Inbox(
        BlobStore(STICK / "held", MemoryDisk()),
        here.register,
        signer=OFFICE,
        clock=CLOCK,
        kind="custody",
        place="3174",
        verify_sender=lambda chain: station_key(chain, root),
    )
    return Destination(
        inbox,
        lambda certificates: certificates[1].subject == "3174",
        Answering("3174", OFFICE, OFFICE_CHAIN, root, here.feed, root, CLOCK),
    )


@pytest.mark.parametrize("vector", VECTORS["files"], ids=lambda vector: vector["file"])
def test_a_published_bundle_is_read_as_it_always_was(vector):
    medium = stick()
    data = (FOLDER / vector["file"]).read_bytes()
    path = put(medium, STICK / vector["file"], data)
    assert len(data) == vector["bytes"]
    if "refused" in vector:
        with pytest.raises(CourierError) as refused:
            courier_in(office(), medium, path)
        assert refused.value.code == vector["refused"]
    else:
        report = courier_in(office(), medium, path)
        assert (report.taken, report.ending) == (vector["taken"], vector["ending"])


@pytest.mark.parametrize("name", files())
def test_the_same_fields_still_give_the_same_file(name):
    assert files()[name] == (FOLDER / name).read_bytes()


def test_every_file_of_the_folder_is_a_described_vector():
    assert described() == VECTORS
    assert {path.name for path in FOLDER.iterdir()} == {*files(), "vectors.json"}
