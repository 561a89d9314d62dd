"""Whose papers a verifier believes: `Signers`, document keys that lead to the centre's root."""

from collections.abc import Iterable, Sequence

from rekam.enrolment.errors import RekamError
from rekam.trust.certificates import (
    KIND,
    Certificate,
    CertificateForbidden,
    CertificateUnreadable,
    ChainBroken,
    verify_chain,
)
from rekam.trust.cose import EnvelopeUnreadable, WrongKind, peek1
from rekam.trust.keys import VerifyKey

__all__ = ["SignerMayNotSign", "SignerUnknown", "Signers"]


class SignerUnknown(RekamError):
    """No office is known to have given out key {key_id}, which signed this paper. Do not accept the paper.
    Fetch the newest list of offices' keys and scan again; if it stays so, keep the paper and report it.
    """


class SignerMayNotSign(RekamError):
    """The paper was signed by {subject}, whose key is for {kind} and not for papers. Do not accept the paper;
    keep it and report it.
    """


class Signers:
    """Certificates that were verified up to `root`: offices, and document keys known beforehand."""

    def __init__(self, root: VerifyKey, chains: Iterable[Sequence[bytes]]) -> None:
        """`chains` are leaf first, of offices or of document keys; raises what `verify_chain` raises."""
        self._root = root
        self._known: dict[bytes, tuple[Certificate, tuple[bytes, ...]]] = {}
        for chain in chains:
            certificates = verify_chain(chain, root)
            for depth, certificate in enumerate(certificates):
                self._known[certificate.signing.key_id] = certificate, tuple(chain[depth:])

    def signer(self, key_id: bytes, certificate: bytes | None = None) -> Certificate:
        """The certified document key `key_id`, known beforehand or by the `certificate` that came with the
        paper. Raises `SignerUnknown` or `SignerMayNotSign`.
        """
        found = self._known[key_id][0] if key_id in self._known else self._introduced(key_id, certificate)
        if found.kind != "document":
            raise SignerMayNotSign(subject=found.subject, kind=found.kind)
        return found

    def _introduced(self, key_id: bytes, certificate: bytes | None) -> Certificate:
        try:
            issuer = peek1(certificate or b"", kind=KIND).key_id
            _, chain = self._known[issuer]
            leaf = verify_chain((certificate or b"", *chain), self._root)[0]
        except (KeyError, EnvelopeUnreadable, WrongKind, ChainBroken, CertificateForbidden, CertificateUnreadable):
            raise SignerUnknown(key_id=key_id.hex()) from None
        if leaf.signing.key_id != key_id:
            raise SignerUnknown(key_id=key_id.hex())
        return leaf
