"""Accounts as signed files, ``*.neraca``: two places compare theirs over any medium (docs/account-format.md).

No personal data: numbers and hashes of packets, and what became of them.
"""

from collections.abc import Mapping, Sequence
from typing import Any, Final

from rekam.enrolment.errors import RekamError
from rekam.enrolment.identifiers import StationId
from rekam.exchange.account import (
    BLOCK,
    Account,
    Block,
    ChainAccount,
    Entry,
    Holding,
    Outcome,
    block_digest,
    block_range,
)
from rekam.exchange.card_account_file import order_chain, order_map, sheet_account, sheet_map
from rekam.exchange.ranges import Ranges
from rekam.trust import cbor
from rekam.trust.certificates import verify_chain
from rekam.trust.cose import peek1, sign1
from rekam.trust.keys import SigningKey, VerifyKey

__all__ = ["MEDIA_TYPE", "SUFFIX", "AccountUnproved", "AccountUnreadable", "read_account", "write_account"]

KIND: Final = "rekam/account"
SUFFIX: Final = ".neraca"
MEDIA_TYPE: Final = "application/vnd.rekam.account"
VERSION: Final = 1
LIMIT_BYTES: Final = 64 << 20


class AccountUnreadable(RekamError):
    """The account file cannot be read ({reason}). Nothing was compared and nothing was changed.
    Make it anew at the place that it comes from, and check that both places run the same version of Rekam.
    """


class AccountUnproved(RekamError):
    """The account file is not proved to be that of {place} ({reason}). Nothing was compared and nothing was changed.
    Fetch it from that place itself; report it if it is refused again.
    """


def write_account(account: Account, key: SigningKey, chain: Sequence[bytes]) -> bytes:
    """The account, signed by its place, whose certificates (leaf first) are `chain`."""
    fields = {
        "version": VERSION,
        "place": account.place,
        "tier": account.tier,
        "at_ms": account.at_ms,
        "looked": account.looked,
        "certificates": list(chain),
        "chains": [_chain_to_map(each) for each in account.chains],
    }
    if account.tier != "station":
        fields |= {"orders": list(map(order_map, account.orders)), "sheets": list(map(sheet_map, account.sheets))}
    return sign1(cbor.encode(fields), key, kind=KIND)


def read_account(data: bytes, root: VerifyKey) -> Account:
    """The account, if the place that it names signed it. Raises `AccountUnreadable`, `AccountUnproved`."""
    if len(data) > LIMIT_BYTES:
        raise AccountUnreadable(reason="it is too long")
    try:
        parts = peek1(data, kind=KIND)
        fields = cbor.decode(parts.payload)
    except RekamError as error:
        raise AccountUnreadable(reason=str(error.facts.get("reason", error.code))) from None
    account, certificates = _account(fields)
    try:
        signer = verify_chain(certificates, root)[0]
        parts.verify(signer.signing)
    except RekamError as error:
        raise AccountUnproved(place=account.place, reason=error.code) from None
    if (signer.kind, signer.subject) != (account.tier, account.place):
        raise AccountUnproved(place=account.place, reason=f"signed by {signer.kind} {signer.subject}")
    stations = [chain.station for chain in account.chains] + [chain.station for chain in account.orders]
    told = (*stations, *(each.office for each in account.sheets))
    if not all(_may_tell(account, each) for each in told):
        raise AccountUnproved(place=account.place, reason="it tells of packets of others")
    return account


def _may_tell(account: Account, of: str) -> bool:
    """A station tells of itself, an office of itself and its stations."""
    return account.tier == "centre" or of.startswith(account.place)


def _chain_to_map(chain: ChainAccount) -> dict[str, Any]:
    return {
        "station": chain.station,
        "epoch": chain.epoch,
        "highest": chain.highest,
        "holdings": {str(state): ranges.plain() for state, ranges in chain.holdings.items()},
        "outcomes": {str(state): ranges.plain() for state, ranges in chain.outcomes.items()},
        "absent": chain.absent.plain(),
        "broken": chain.broken.plain(),
        "forks": [
            [each.sequence, bytes.fromhex(each.packet_id), str(each.holding), str(each.outcome), each.absent]
            for each in chain.forks
        ],
        "blocks": [
            [each.index, each.digest, None if each.ids is None else b"".join(each.ids)] for each in chain.blocks
        ],
        "signed_ms": dict(chain.signed_ms),
    }


def _account(fields: Any) -> tuple[Account, list[bytes]]:
    match fields:
        case {
            "version": 1,
            "place": str() as place,
            "tier": "station" | "office" | "centre" as tier,
            "at_ms": int() as at_ms,
            "looked": bool() as looked,
            "certificates": [*certificates],
            "chains": [*chains],
            **rest,
        } if set(rest) == (set() if tier == "station" else {"orders", "sheets"}) and all(
            isinstance(each, bytes) for each in certificates
        ):
            try:
                read = tuple(_chain(each) for each in chains)
                cards: Mapping[Any, Any] = rest
                orders = tuple(order_chain(each) for each in cards.get("orders", ()))
                sheets = tuple(sheet_account(each) for each in cards.get("sheets", ()))
            except (ValueError, KeyError, TypeError, RekamError) as error:
                raise AccountUnreadable(reason=str(error)[:80]) from None
            return Account(place, tier, at_ms, looked, read, orders, sheets), certificates
        case {"version": int() as version} if version != VERSION:
            raise AccountUnreadable(reason=f"version {version}")
    raise AccountUnreadable(reason="its fields")


def _chain(fields: Mapping[str, Any]) -> ChainAccount:
    holdings = {Holding(state): Ranges.parse(ranges) for state, ranges in fields["holdings"].items()}
    outcomes = {Outcome(state): Ranges.parse(ranges) for state, ranges in fields["outcomes"].items()}
    signed = {place: _count(at_ms) for place, at_ms in fields["signed_ms"].items() if place in {"office", "centre"}}
    chain = ChainAccount(
        str(StationId(fields["station"])),
        _count(fields["epoch"]),
        _count(fields["highest"]),
        holdings,
        outcomes,
        Ranges.parse(fields["absent"]),
        Ranges.parse(fields["broken"]),
        tuple(_fork(each) for each in fields["forks"]),
        tuple(_block(each) for each in fields["blocks"]),
        signed,
    )
    _check(chain)
    return chain


def _fork(fields: Any) -> Entry:
    sequence, packet_id, holding, outcome, absent = fields
    if len(packet_id) != 32 or not isinstance(absent, bool):
        raise ValueError("a fork")
    return Entry(_count(sequence), packet_id.hex(), Holding(holding), Outcome(outcome), absent=absent)


def _block(fields: Any) -> Block:
    index, digest, ids = fields
    if len(digest) != 32 or (ids is not None and len(ids) % 32):
        raise ValueError("a block")
    return Block(_count(index), digest, None if ids is None else tuple(ids[n : n + 32] for n in range(0, len(ids), 32)))


def _count(number: Any) -> int:
    if type(number) is not int or not 0 <= number < 1 << 62:
        raise ValueError("a number")
    return number


def _check(chain: ChainAccount) -> None:
    """The parts must speak of the same packets: else two readers could understand two things."""
    for table in (chain.holdings.values(), chain.outcomes.values()):
        joined = Ranges()
        for ranges in table:
            joined |= ranges
        if joined != chain.single or len(joined) != sum(map(len, table)):
            raise ValueError("its ranges overlap or leave something out")
    if chain.known.last > chain.highest or chain.absent - chain.single:
        raise ValueError("its ranges do not fit")
    covered = Ranges()
    for block in chain.blocks:
        members = chain.single & block_range(block.index)
        covered |= members
        if block.ids is None:
            if len(members) != BLOCK:
                raise ValueError("a block without its ids")
        elif block.digest != block_digest(zip(members, block.ids, strict=True)):
            raise ValueError("the digest of a block")
    if covered != chain.single:
        raise ValueError("a block is missing")
