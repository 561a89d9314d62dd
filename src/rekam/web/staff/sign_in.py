"""Signing in: from a name and a password to a session's token."""

import hashlib
import math
from functools import cache

from rekam.trust.pin import check_password, hash_password
from rekam.trust.random import Random, SystemRandom
from rekam.web.staff.errors import TooManyAttempts, WrongPassword
from rekam.web.staff.member import is_name
from rekam.web.staff.store import StaffStore

__all__ = ["sign_in", "token_hash"]


def sign_in(store: StaffStore, name: str, password: str, random: Random | None = None) -> str:
    """A new session's token (64 hex digits). Raises WrongPassword, TooManyAttempts."""
    name = name.strip().lower()
    if not is_name(name):
        raise WrongPassword
    if wait := store.attempt(name):
        raise TooManyAttempts(seconds=math.ceil(wait.total_seconds()))
    member = store.find(name)
    # A name that nobody has takes as long as a wrong password.
    right = check_password(member.password_hash if member else _nobodys_hash(), password)
    if member is None or not right:
        raise WrongPassword
    store.forgive(name)
    token = (random or SystemRandom()).bytes(32).hex()
    store.open_session(token_hash(token), name)
    return token


def token_hash(token: str) -> bytes:
    """What the store keeps of a token: 32 bytes."""
    return hashlib.sha256(token.encode()).digest()


@cache
def _nobodys_hash() -> str:
    return hash_password(SystemRandom().bytes(16).hex())
