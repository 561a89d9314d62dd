"""The centre's working copies: content-addressed files of ciphertext under the data key (DESIGN section 1)."""

from rekam.storage.blobs import BlobStore
from rekam.trust.at_rest import DataKey

__all__ = ["Vault"]


class Vault:
    """Keeps plaintext sealed. What is put is durable before its id is returned; a row may then name it."""

    def __init__(self, blobs: BlobStore, key: DataKey) -> None:
        self._blobs = blobs
        self._key = key

    def put(self, plaintext: bytes, context: str) -> str:
        """Seals `plaintext`, bound to `context` (what it is, of which packet), and returns the blob's id."""
        return self._blobs.put([self._key.seal(plaintext, context.encode())])

    def get(self, blob: str, context: str) -> bytes:
        """Opens a blob; a blob put under another context, or changed on disk, raises a `TrustError`."""
        with self._blobs.open(blob) as stream:
            return self._key.open(stream.read(), context.encode())
