"""What an office tells the centre beside packets: signed statements, taken once, with effect in one transaction.

A statement is a COSE_Sign1 of kind ``rekam/statement`` over ``{kind, office, at_ms, body}`` by the office's key; its
id is the SHA-256 of those bytes, in hex. It travels as ``[statement, [certificate, ...]]``, so that it may come over
the network or on a courier's disk (docs/adr/0031). Kinds: "revocation" (`rekam.exchange.fence`), "card-printed"
(`rekam.exchange.card_printed`), "key-ended" (`rekam.exchange.key_ended`).
"""

import hashlib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final, Protocol

from rekam.enrolment.errors import RekamError
from rekam.exchange.errors import StatementRefused, StatementUnknown
from rekam.exchange.inbox import CertificateChain
from rekam.trust import cbor
from rekam.trust.certificates import Certificate, verify_chain
from rekam.trust.clock import Clock
from rekam.trust.cose import peek1, sign1, verify1
from rekam.trust.keys import SigningKey, VerifyKey

__all__ = [
    "Issue",
    "Said",
    "SignedStatement",
    "Stated",
    "Statement",
    "StatementInbox",
    "StatementOutbox",
    "StatementRegister",
    "StatementRemote",
    "body_of",
    "check_heard",
    "no_effect",
    "state",
]

SIGNED_AS: Final = "rekam/statement"
_RECEIPT: Final = "rekam/statement-receipt"


@dataclass(frozen=True)
class Statement:
    """What `office` says: `kind`, a map of plain values, and the office's legal time (milliseconds since 1970 UTC)."""

    kind: str
    office: str
    at_ms: int
    body: Mapping[str, Any]


@dataclass(frozen=True)
class SignedStatement:
    """A statement as its office signed it, with the certificates that lead to the root, leaf first."""

    data: bytes
    chain: CertificateChain = field(repr=False)

    @property
    def id(self) -> str:
        """SHA-256 of the signed bytes, hex: taken twice it is the same statement."""
        return hashlib.sha256(self.data).hexdigest()

    def to_bytes(self) -> bytes:
        """As it travels."""
        return cbor.encode([self.data, list(self.chain)])

    @classmethod
    def from_bytes(cls, data: bytes) -> "SignedStatement":
        """Read `to_bytes`; nothing is verified yet. Raises `StatementRefused`."""
        try:
            fields = cbor.decode(data)
        except cbor.CborUnreadable as error:
            raise _refused("", error) from None
        match fields:
            case [bytes() as said, [*certificates]] if all(isinstance(item, bytes) for item in certificates):
                return cls(said, tuple(certificates))
        raise StatementRefused(statement_id="", code="CborUnreadable", detail="not a statement")

    def verified(self, root: VerifyKey) -> tuple[Statement, Certificate]:
        """What it says and who said so: an office, about itself. Raises `StatementRefused`."""
        try:
            office = verify_chain(self.chain, root)[0]
            fields: Any = cbor.decode(verify1(self.data, office.signing, kind=SIGNED_AS))
        except RekamError as error:
            raise _refused(self.id, error) from None
        match fields:
            case {
                "kind": str() as kind,
                "office": str() as name,
                "at_ms": int() as at_ms,
                "body": dict() as body,
                **rest,
            } if not rest and office.kind == "office" and office.subject == name:
                return Statement(kind, name, at_ms, body), office
        raise StatementRefused(statement_id=self.id, code="StatementRefused", detail="not an office's own statement")


def state(statement: Statement, key: SigningKey, chain: Sequence[bytes]) -> SignedStatement:
    """`statement`, signed by its office; Ed25519 is deterministic, so saying the same again is the same statement."""
    fields = {
        "kind": statement.kind,
        "office": statement.office,
        "at_ms": statement.at_ms,
        "body": dict(statement.body),
    }
    return SignedStatement(sign1(cbor.encode(fields), key, kind=SIGNED_AS), tuple(chain))


def body_of(data: bytes) -> Mapping[str, Any]:
    """Of a statement that this office signed itself."""
    body: Mapping[str, Any] = cbor.decode(peek1(data, kind=SIGNED_AS).payload)["body"]
    return body


Issue = Callable[[], bytes]
"""Makes the centre's receipt of a statement that is recorded now."""


class StatementRegister(Protocol):
    """The centre's list of statements. Adapters: `InMemoryStatements`, `PgStatements`."""

    def record(self, statement: Statement, signed: SignedStatement, issue: Issue) -> bytes:
        """Statement, its effect (by kind) and its receipt in one transaction; the receipt on record.

        Again: nothing changes and the first receipt is returned. Raises `StatementRefused` for a kind without an
        effect here, and whatever the effect raises; nothing is recorded then.
        """

    def lacking(self, statement_ids: Sequence[str]) -> list[str]:
        """Which of these are not on record, in their order."""


class StatementInbox:
    """Takes statements in at the centre. Safe to repeat."""

    def __init__(self, register: StatementRegister, *, root: VerifyKey, signer: SigningKey, clock: Clock) -> None:
        self._register = register
        self._root = root
        self._signer = signer
        self._clock = clock

    def take(self, data: bytes) -> bytes:
        """The signed receipt for a statement as it travels. Raises `StatementRefused`, also for what its effect says:
        what the centre cannot use is set aside at the office and holds up no other.
        """
        signed = SignedStatement.from_bytes(data)
        statement, _ = signed.verified(self._root)

        def issue() -> bytes:
            fields = {"statement": signed.id, "at_ms": self._clock.stamp().wall_ms}
            return sign1(cbor.encode(fields), self._signer, kind=_RECEIPT)

        try:
            return self._register.record(statement, signed, issue)
        except StatementRefused:
            raise
        except RekamError as error:
            raise _refused(signed.id, error) from error

    def lacking(self, statement_ids: Sequence[str]) -> list[str]:
        """See `StatementRemote`."""
        return self._register.lacking(statement_ids)


class StatementRemote(Protocol):
    """The centre as an office reaches it. Adapters: `StatementInbox` itself, `HttpStatements`."""

    def take(self, data: bytes) -> bytes:
        """Hand over one statement; the signed receipt. Raises `StatementRefused`, `RemoteUnreachable` and its kin."""

    def lacking(self, statement_ids: Sequence[str]) -> list[str]:
        """Which of these it has not recorded, in their order; nothing is promised by it."""


@dataclass(frozen=True)
class Stated:
    """A statement in the outbox: `receipt` when the centre has it, else `code` and `reason` when it was refused."""

    id: str
    kind: str
    at_ms: int
    receipt: bytes | None
    code: str
    reason: str


@dataclass(frozen=True)
class Said:
    """How many statements of one kind the centre `confirmed`, wait, and are set `aside` because it refused them."""

    confirmed: int
    waiting: int
    aside: int


class StatementOutbox(Protocol):
    """What an office has said and the centre has not confirmed. Adapters: `InMemoryStatementOutbox`,
    `PgStatementOutbox`, whose `put` joins the transaction that the statement belongs to.
    """

    def waiting(self, limit: int) -> list[SignedStatement]:
        """Oldest first, those refused left out."""

    def confirmed(self, after: str, limit: int) -> list[SignedStatement]:
        """Those with a receipt, by id in ascending order, those after `after` only."""

    def acknowledged(self, statement_id: str, receipt: bytes) -> None:
        """Keep the verified receipt; the first one stays."""

    def failed(self, statement_id: str, code: str, reason: str) -> None:
        """Set aside for people to look at."""

    def set_aside(self) -> list[str]:
        """The ids of those set aside, oldest first."""

    def retry(self, statement_id: str | None = None) -> int:
        """Let one, or all that were set aside, wait again; returns how many. Called at every start, too."""

    def listed(self) -> list[Stated]:
        """Everything that was said, newest first."""

    def counted(self) -> Mapping[str, "Said"]:
        """Of each kind that was ever said, how many."""


def check_heard(statement_id: str, receipt: bytes, centre: VerifyKey) -> None:
    """Raises `StatementRefused` unless `receipt` is the centre's word that it has this very statement."""
    try:
        fields = cbor.decode(verify1(receipt, centre, kind=_RECEIPT))
    except RekamError as error:
        raise _refused(statement_id, error) from None
    if not isinstance(fields, dict) or fields.get("statement") != statement_id:
        raise StatementRefused(statement_id=statement_id, code="ReceiptWrong", detail="a receipt for another one")


def no_effect(statement_id: str, kind: str) -> StatementRefused:
    """What a register raises for a kind that it has no effect for."""
    return _refused(statement_id, StatementUnknown(kind=kind))


def _refused(statement_id: str, error: RekamError) -> StatementRefused:
    return StatementRefused(statement_id=statement_id, code=error.code, detail=str(error))
