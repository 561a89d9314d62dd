"""Bodies of requests between places: how long they may be, and of which type. Who only sends loads no server for it."""

__all__ = ["BODY_LIMIT", "COSE", "LONG_LIMIT"]

BODY_LIMIT = 1 << 20
"""Bytes of one request between places; whatever is longer travels in pieces."""

LONG_LIMIT = 1 << 24
"""Bytes where one signed word is longer: the withdrawal of a key with every packet it vouches for, half a million; an
account with many gaps; a batch that tells of either.
"""

COSE = "application/cose"
