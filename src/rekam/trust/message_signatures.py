"""The signature base of HTTP message signatures (RFC 9421 section 2.5) and content digests (RFC 9530)."""

import base64
import hashlib
from collections.abc import Iterable
from urllib.parse import urlsplit

__all__ = ["content_digest", "derived_components", "digest_field", "signature_base"]


def signature_base(components: Iterable[tuple[str, str]], parameters: str) -> bytes:
    """The bytes that are signed: one line per (name, value), then the parameters as they stand in Signature-Input."""
    lines = [f'"{name}": {value}' for name, value in components]
    lines.append(f'"@signature-params": {parameters}')
    return "\n".join(lines).encode()


def derived_components(method: str, url: str) -> list[tuple[str, str]]:
    """Method, path and query of a request to `url` (absolute, or the target as the server sees it).

    Host and scheme are left out: an office's proxy changes them, and the signer's peer is known by TLS.
    """
    parts = urlsplit(url)
    return [("@method", method.upper()), ("@path", parts.path or "/"), ("@query", "?" + parts.query)]


def content_digest(body: bytes) -> str:
    """The value of Content-Digest for `body`, which may be empty."""
    return digest_field(hashlib.sha256(body).digest())


def digest_field(sha256: bytes) -> str:
    """The value of Content-Digest for a body that hashes to these 32 bytes."""
    return f"sha-256=:{base64.b64encode(sha256).decode()}:"
