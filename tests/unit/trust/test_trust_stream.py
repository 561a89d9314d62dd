import io

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rekam.trust.random import SeededRandomUnsafeForTests
from rekam.trust.stream import (
    ChunkAltered,
    ChunksMissing,
    ChunksReordered,
    StreamKey,
    ciphertext_is_possible,
    open_chunks,
    seal_chunks,
)

KEY = StreamKey.fresh(SeededRandomUnsafeForTests("stream"))
CHUNK = 32
SEALED = list(seal_chunks([bytes(range(100))], KEY, b"context", chunk_bytes=CHUNK))


def opened(chunks, key=KEY, context=b"context"):
    data = b"".join(chunks)
    return b"".join(open_chunks(io.BytesIO(data).read, len(data), key, context, chunk_bytes=CHUNK))


@given(st.lists(st.binary(max_size=100), max_size=6))
def test_content_in_pieces_of_any_size_opens_to_the_same_bytes(pieces):
    chunks = list(seal_chunks(pieces, KEY, b"context", chunk_bytes=CHUNK))
    assert opened(chunks) == b"".join(pieces)
    assert ciphertext_is_possible(sum(map(len, chunks)), CHUNK)
    assert len(chunks) == max(1, -(-sum(map(len, pieces)) // CHUNK))


@given(st.integers(0, 500))
def test_exactly_the_sizes_that_sealing_gives_are_possible(size):
    given_sizes = {n + 16 * max(1, -(-n // CHUNK)) for n in range(500)}
    assert ciphertext_is_possible(size, CHUNK) is (size in given_sizes)


@given(st.permutations(range(3)).filter(lambda order: order != [0, 1, 2]))
def test_chunks_in_another_order_are_told_as_such(order):
    with pytest.raises(ChunksReordered):
        opened([*(SEALED[place] for place in order), SEALED[3]])


def test_a_chunk_twice_or_left_out_in_the_middle_is_reordering():
    with pytest.raises(ChunksReordered, match="chunk 0 in the place of chunk 1"):
        opened([SEALED[0], SEALED[0], *SEALED[2:]])
    with pytest.raises(ChunksReordered):
        opened([SEALED[0], *SEALED[2:]])


@pytest.mark.parametrize("kept", [1, 2, 3])
def test_a_stream_cut_at_a_chunks_edge_is_told_as_such(kept):
    with pytest.raises(ChunksMissing):
        opened(SEALED[:kept])


def test_no_byte_can_be_changed():
    for place in range(len(b"".join(SEALED))):
        changed = bytearray(b"".join(SEALED))
        changed[place] ^= 1
        with pytest.raises(ChunkAltered):
            opened([bytes(changed)])


def test_another_key_or_context_opens_nothing():
    with pytest.raises(ChunkAltered):
        opened(SEALED, key=StreamKey.fresh(SeededRandomUnsafeForTests("other")))
    with pytest.raises(ChunkAltered):
        opened(SEALED, context=b"another packet")


def test_the_key_does_not_print_itself():
    assert KEY.key.hex() not in repr(KEY)
    assert StreamKey.from_bytes(KEY.to_bytes()) == KEY
