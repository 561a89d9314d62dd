import json

import pytest

from rekam.exchange import errors
from rekam.exchange.problem import LONGEST_WAIT_S, from_problem, status_of, to_problem
from rekam.packet.errors import NotAPacket
from rekam.storage.errors import BlobDamaged, BlobMissing, DiskFull, OffsetMismatch

ID = "0" * 64


@pytest.mark.parametrize(
    ("error", "status"),
    [
        (errors.SenderForbidden(kind="portal", subject="portal"), 403),
        (errors.FeedForbidden(subject="3273", feed="office/3174"), 403),
        (BlobMissing(blob_id=ID), 404),
        (OffsetMismatch(blob_id=ID, given=5, expected=7), 409),
        (errors.FeedWentBack(feed="portal", cursor=9, last=3), 409),
        (errors.UploadTooLarge(packet_id=ID, limit=10), 413),
        (BlobDamaged(blob_id=ID), 422),
        (errors.PacketRefused(packet_id=ID, code="NotAPacket", detail=str(NotAPacket())), 422),
        (errors.RemoteBusy(place="3174", retry_after_s=5), 503),
        (errors.RemoteFull(place="3174"), 507),
    ],
    ids=lambda value: getattr(value, "code", None),
)
def test_an_error_that_a_sender_tells_apart_arrives_as_itself(error, status):
    problem = json.loads(json.dumps(to_problem(error)))
    arrived = from_problem("3174", status, problem)
    assert problem["status"] == status_of(error) == status
    assert (type(arrived), str(arrived)) == (type(error), str(error))


def test_any_other_refusal_arrives_with_its_sentence():
    arrived = from_problem("3174", 401, {"code": "RequestAltered", "detail": "It was changed on its way."})
    assert isinstance(arrived, errors.RequestRefused)
    assert "It was changed on its way." in str(arrived)


@pytest.mark.parametrize(
    "answer", [None, "<html>", {"detail": "Not Found"}, {"code": 5, "detail": "x"}, ["OffsetMismatch"]]
)
def test_what_is_no_problem_document_of_ours_counts_as_no_connection(answer):
    assert isinstance(from_problem("3174", 404, answer), errors.RemoteUnreachable)


def test_a_failing_server_counts_as_no_connection_whatever_it_says():
    assert isinstance(from_problem("3174", 500, {"code": "Boom", "detail": "?"}), errors.RemoteUnreachable)


def test_paths_of_the_other_place_do_not_travel_as_facts():
    assert "facts" not in to_problem(DiskFull(path="/srv/rekam/blobs"))


@pytest.mark.parametrize(
    ("asked", "waits"), [(5, 5), (10**9, LONGEST_WAIT_S), (-3, 1), ("soon", 60), (True, 60)], ids=repr
)
def test_nobody_on_the_line_makes_a_sender_wait_for_ever(asked, waits):
    problem = to_problem(errors.RemoteBusy(place="3174", retry_after_s=5))
    problem["facts"]["retry_after_s"] = asked
    assert from_problem("3174", 503, problem).facts["retry_after_s"] == waits
