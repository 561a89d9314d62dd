import hashlib
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rekam.trust.keys import SignatureInvalid, SigningKey
from rekam.trust.log.checkpoint import Checkpoint
from rekam.trust.log.merkle import (
    EMPTY_ROOT,
    ProofInvalid,
    consistency_proof,
    inclusion_proof,
    leaf_hash,
    nodes_completed_by,
    root_of,
    verify_consistency,
    verify_inclusion,
)
from rekam.trust.log.note import Note, NoteKey, NoteKind, NoteUnreadable
from rekam.trust.log.proof import LogProof, commitment
from rekam.trust.log.tiles import BUNDLE, TILE_WIDTH, Tile, bundled, node_reader, tiles_of, unbundled

LOG, OFFICE = SigningKey(bytes(32)), SigningKey(b"\x01" * 32)
LOG_KEY = NoteKey("rekam.test/log", LOG.public)
WITNESS_KEY = NoteKey("office/3174", OFFICE.public, NoteKind.WITNESS)

# the reference entries of Certificate Transparency's own tests, and the roots of the first 1 to 8 of them
REFERENCE = [
    bytes.fromhex(entry)
    for entry in (
        "",
        "00",
        "10",
        "2021",
        "3031",
        "40414243",
        "5051525354555657",
        "606162636465666768696a6b6c6d6e6f",
    )
]
REFERENCE_ROOTS = (
    "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
    "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
    "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
    "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
    "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
    "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
    "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
    "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
)


class Tree:
    """A log in memory, grown as the centre grows its own."""

    def __init__(self, entries):
        self.nodes, self.entries = {}, []
        for entry in entries:
            self.append(entry)

    def append(self, entry):
        self.nodes |= dict(nodes_completed_by(len(self.entries), leaf_hash(entry), self.read))
        self.entries.append(entry)

    def read(self, level, index):
        return self.nodes[level, index]

    def root(self, size=None):
        return root_of(len(self.entries) if size is None else size, self.read)

    def tile(self, tile):
        if tile.level == BUNDLE:
            return bundled(self.entries[tile.index * TILE_WIDTH :][: tile.width])
        first = tile.index * TILE_WIDTH
        return b"".join(self.read(8 * tile.level, first + i) for i in range(tile.width))


def simple_root(entries):
    """RFC 6962 section 2.1, word for word: the oracle."""
    if not entries:
        return EMPTY_ROOT
    if len(entries) == 1:
        return leaf_hash(entries[0])
    split = 1
    while split * 2 < len(entries):
        split *= 2
    return hashlib.sha256(b"\x01" + simple_root(entries[:split]) + simple_root(entries[split:])).digest()


def numbered(count):
    return [index.to_bytes(4, "big") for index in range(count)]


BIG = Tree(numbered(700))
sizes = st.integers(1, len(BIG.entries))


def test_roots_are_those_of_certificate_transparency():
    assert [Tree(REFERENCE[: n + 1]).root().hex() for n in range(8)] == list(REFERENCE_ROOTS)


@pytest.mark.parametrize("size", [*range(20), 255, 256, 257, 700])
def test_any_earlier_root_can_be_told(size):
    assert BIG.root(size) == simple_root(BIG.entries[:size])


@given(sizes, st.data())
def test_an_entry_is_proved_at_its_position_and_nowhere_else(size, data):
    index = data.draw(st.integers(0, size - 1))
    proof = inclusion_proof(index, size, BIG.read)
    leaf, root = leaf_hash(BIG.entries[index]), BIG.root(size)
    verify_inclusion(leaf, index, size, proof, root)
    elsewhere = data.draw(st.integers(-1, size).filter(lambda i: i != index))
    with pytest.raises(ProofInvalid):
        verify_inclusion(leaf, elsewhere, size, proof, root)
    with pytest.raises(ProofInvalid):
        verify_inclusion(leaf_hash(b"another"), index, size, proof, root)
    with pytest.raises(ProofInvalid):
        verify_inclusion(leaf, index, size, [*proof, root], root)
    if proof:
        with pytest.raises(ProofInvalid):
            verify_inclusion(leaf, index, size, proof[:-1], root)


@given(sizes, st.data())
def test_growth_is_proved_and_a_changed_past_is_found(new, data):
    old = data.draw(st.integers(0, new))
    proof = consistency_proof(old, new, BIG.read)
    verify_consistency(old, new, proof, BIG.root(old), BIG.root(new))
    if old:
        changed = list(BIG.entries[:old])
        changed[data.draw(st.integers(0, old - 1))] = b"changed"
        with pytest.raises(ProofInvalid):
            verify_consistency(old, new, proof, simple_root(changed), BIG.root(new))
    if proof:
        at = data.draw(st.integers(0, len(proof) - 1))
        forged = [*proof[:at], bytes(32), *proof[at + 1 :]]
        with pytest.raises(ProofInvalid):
            verify_consistency(old, new, forged, BIG.root(old), BIG.root(new))
        with pytest.raises(ProofInvalid):
            verify_consistency(old, new, proof[:-1], BIG.root(old), BIG.root(new))


@given(sizes, st.data())
def test_a_dropped_record_cannot_be_hidden(size, data):
    drop = data.draw(st.integers(0, size - 1))
    without = Tree([entry for i, entry in enumerate(BIG.entries[: size + 1]) if i != drop])
    shown = len(without.entries)
    if shown < size:
        return
    with pytest.raises(ProofInvalid):
        verify_consistency(size, shown, consistency_proof(size, shown, without.read), BIG.root(size), without.root())


def test_tile_paths_are_those_of_the_specification():
    assert Tile(0, 1234067).path == "tile/0/x001/x234/067"
    assert Tile(BUNDLE, 0, 5).path == "tile/entries/000.p/5"
    assert Tile(2, 256, 17).path == "tile/2/256.p/17"


@given(st.integers(0, 10**10), st.integers(1, 256), st.sampled_from([BUNDLE, 0, 7, 63]))
def test_a_tile_is_found_by_its_path(index, width, level):
    tile = Tile(level, index, width)
    assert Tile.at(*tile.path.removeprefix("tile/").split("/", 1)) == tile


@pytest.mark.parametrize(
    ("level", "path"),
    [
        ("64", "000"),
        ("-1", "000"),
        ("0", "0"),
        ("0", "x000/001"),
        ("0", "000.p/256"),
        ("0", "000.p/0"),
        ("0", "001/002"),
    ],
)
def test_what_is_no_tile_path_is_refused(level, path):
    with pytest.raises(ValueError, match="tile/"):
        Tile.at(level, path)


def test_a_log_of_70000_has_the_tiles_that_the_specification_counts():
    widths = [(tile.level, tile.width) for tile in tiles_of(70_000) if tile.level != BUNDLE]
    assert widths.count((0, 256)) == 273
    assert [each for each in widths if each[1] < 256] == [(0, 112), (1, 17), (2, 1)]
    assert widths.count((1, 256)) == 1


@given(sizes, st.data())
def test_what_is_published_step_by_step_is_all_there_is(size, data):
    cuts = sorted({0, size, *data.draw(st.lists(st.integers(0, size), max_size=5))})
    published = {tile for before, after in pairwise(cuts) for tile in tiles_of(after, since=before)}
    assert set(tiles_of(size)) <= published


@given(sizes)
def test_tiles_give_every_root(size):
    assert root_of(size, node_reader(size, BIG.tile)) == BIG.root(size)


def test_a_tile_of_the_wrong_length_is_refused():
    with pytest.raises(ProofInvalid):
        root_of(300, node_reader(300, lambda tile: BIG.tile(tile)[:-1]))


@given(st.lists(st.binary(max_size=300), max_size=20))
def test_bundles_come_back(entries):
    assert unbundled(bundled(entries)) == entries


@given(st.lists(st.binary(min_size=1, max_size=40), min_size=1, max_size=5), st.data())
def test_a_bundle_cut_off_is_refused(entries, data):
    whole = bundled(entries)
    ends = {len(bundled(entries[:n])) for n in range(len(entries) + 1)}
    cut = data.draw(st.integers(0, len(whole) - 1).filter(lambda n: n not in ends))
    with pytest.raises(ProofInvalid):
        unbundled(whole[:cut])


def proof_of(tree, index):
    checkpoint = Checkpoint(LOG_KEY.name, len(tree.entries), tree.root()).signed(LOG)
    return LogProof(index, tuple(inclusion_proof(index, len(tree.entries), tree.read)), checkpoint)


def test_a_resident_can_prove_a_recording_with_what_the_paper_says():
    entries = [commitment(f"{n:064x}", f"317401-01/1/{n:06}", bytes([n]) * 16) for n in range(9)]
    proof = LogProof.parse(str(proof_of(Tree(entries), 4)))
    found = proof.verify(commitment(f"{4:064x}", "317401-01/1/000004", b"\x04" * 16), LOG_KEY)
    assert (found.size, proof.index) == (9, 4)
    with pytest.raises(ProofInvalid):
        proof.verify(commitment(f"{4:064x}", "317401-01/1/000004", b"\x05" * 16), LOG_KEY)


@pytest.mark.parametrize(
    "number", ["04", "-1", "4 ", "", "9" * 5000], ids=["padded", "negative", "space", "none", "long"]
)
def test_a_number_has_one_spelling_and_no_more_digits_than_a_log_can_have(number):
    with pytest.raises(NoteUnreadable):
        LogProof.parse(str(proof_of(Tree([b"one"]), 0)).replace("index 0", f"index {number}"))
    with pytest.raises(NoteUnreadable):
        Checkpoint.parse(f"{LOG_KEY.name}\n{number}\n{'A' * 43}=\n")


def test_only_the_log_itself_signs_checkpoints():
    forged = Checkpoint(LOG_KEY.name, 1, bytes(32)).signed(OFFICE)
    with pytest.raises(SignatureInvalid):
        Checkpoint.of(forged, LOG_KEY)
    other = Checkpoint("another/log", 1, bytes(32))
    with pytest.raises(NoteUnreadable):
        Checkpoint.of(Note(other.text).signed(LOG_KEY.name, LOG), LOG_KEY)


def test_a_witness_adds_its_word_with_the_time():
    note = Note.parse(
        str(Checkpoint(LOG_KEY.name, 1, bytes(32)).signed(LOG).cosigned("office/3174", OFFICE, 1_700_000_000))
    )
    assert note.verify(WITNESS_KEY) == 1_700_000_000
    assert note.verify(LOG_KEY) is None
    with pytest.raises(SignatureInvalid):
        Note(note.text.replace("\n1\n", "\n2\n"), note.signatures).verify(WITNESS_KEY)


def test_a_verifier_key_reads_as_other_logs_write_it():
    name, key_id, encoded = str(LOG_KEY).split("+", 2)
    assert (name, len(key_id)) == ("rekam.test/log", 8)
    assert encoded.startswith("A")  # base64 of the type 1


@given(st.text(max_size=200))
def test_no_text_crashes_the_readers(text):
    for read in (Note.parse, LogProof.parse, Checkpoint.parse):
        try:
            read(text)
        except NoteUnreadable:
            continue
        assert text.count("\n") >= 3


@given(st.integers(0, 400), st.integers(0, 255))
def test_a_damaged_proof_never_verifies(at, byte):
    tree = Tree(numbered(5))
    good = str(proof_of(tree, 3)).encode()
    at %= len(good)
    if good[at] == byte:
        return
    damaged = good[:at] + bytes([byte]) + good[at + 1 :]
    try:
        proof = LogProof.parse(damaged.decode())
        found = proof.verify(tree.entries[3], LOG_KEY)
    except (UnicodeDecodeError, NoteUnreadable, ProofInvalid, SignatureInvalid):
        return
    # base64 ignores the last bits of a group, so some changes say the very same
    assert (found.size, found.root, proof.index) == (5, tree.root(), 3)
