"""What one machine of the pair says to the other, signed with the centre's key: `Word`."""

import hashlib
from dataclasses import dataclass
from typing import Any, Final, Literal

from rekam.enrolment.errors import RekamError
from rekam.trust import cbor
from rekam.trust.cose import EnvelopeUnreadable, SignedByAnother, WrongKind, sign1, verify1
from rekam.trust.keys import SignatureInvalid, SigningKey, VerifyKey

__all__ = ["NONCE_HEADER", "WORD_HEADER", "Role", "Word", "WordUnreadable", "says_of"]

NONCE_HEADER: Final = "rekam-nonce"
"""Request header: drawn for this question, so that no older answer can be given in its place."""
WORD_HEADER: Final = "rekam-word"
"""Response header: base64 of the signed `Word` over the question's number and the answer's body (`says_of`)."""

_SIGNED_AS: Final = "rekam/twin"
Role = Literal["centre", "twin"]


class WordUnreadable(RekamError):
    """The other machine of the centre said something that cannot be believed ({reason}). Nothing was changed.
    Check that both machines have the same centre.keys and that the address is right.
    """


@dataclass(frozen=True)
class Word:
    """`role`: what the speaker is now; `generation` and `branch`: of its database; `says`: what was asked for, such as
    the id of a blob that it holds, or the question's nonce.
    """

    role: Role
    generation: int
    branch: str
    says: str

    def signed(self, key: SigningKey) -> bytes:
        fields = {"role": self.role, "generation": self.generation, "branch": self.branch, "says": self.says}
        return sign1(cbor.encode(fields), key, kind=_SIGNED_AS)

    @classmethod
    def heard(cls, data: bytes, centre: VerifyKey) -> "Word":
        """Raises `WordUnreadable`."""
        try:
            fields: Any = cbor.decode(verify1(data, centre, kind=_SIGNED_AS))
        except (EnvelopeUnreadable, WrongKind, SignedByAnother, SignatureInvalid, cbor.CborUnreadable) as error:
            raise WordUnreadable(reason=error.code) from error
        match fields:
            case {
                "role": "centre" | "twin" as role,
                "generation": int() as generation,
                "branch": str() as branch,
                "says": str() as says,
                **rest,
            } if not rest:
                return cls(role, generation, branch, says)
            case _:
                raise WordUnreadable(reason="its fields")


def says_of(nonce: str, body: bytes) -> str:
    """What the word beside an answer says: which question it answers, and the digest of its bytes."""
    return f"{nonce} {hashlib.sha256(body).hexdigest()}"
