"""Passwords: strong enough, and kept as Argon2id."""

import asyncio
import secrets
import unicodedata
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import cached_property
from typing import TypeVar

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError
from kinora_kit.errors import InvalidArgument, Unavailable
from zxcvbn import zxcvbn

from kinora_identity.settings import Settings

MIN_LENGTH, MAX_LENGTH = 8, 128
_MIN_SCORE = 3  # zxcvbn's "safely unguessable": more than 10^8 guesses
_SCORED = 72  # its longest input
_MAX_WAITING = 64  # about a second of work; who comes then had better come again
T = TypeVar("T")


class PasswordWeak(InvalidArgument):
    pass


class PasswordInvalid(InvalidArgument):
    pass


class TooBusy(Unavailable):
    pass


class Passwords:
    """Hashes in threads of its own, `password_workers` at a time, so that a flood of sign-ins takes neither all memory nor all cores."""

    def __init__(self, settings: Settings) -> None:
        self._argon2 = PasswordHasher(settings.password_passes, settings.password_memory_kib, settings.password_lanes)
        self._pool = ThreadPoolExecutor(settings.password_workers, "passwords")
        self._waiting = 0

    async def check(self, password: str, known: Sequence[str]) -> str:
        """The password in the form that is hashed. Raises PasswordInvalid, and PasswordWeak where `known` words help to guess it."""
        password = normal(password)
        if not MIN_LENGTH <= len(password) <= MAX_LENGTH:
            raise PasswordInvalid(f"A password has {MIN_LENGTH} to {MAX_LENGTH} characters.", param="password")
        found = await self._within_pool(lambda: zxcvbn(password[:_SCORED], [word for word in known if word]))
        if found["score"] < _MIN_SCORE:
            advice = found["feedback"]["warning"] or "it is soon guessed"
            raise PasswordWeak(
                f"This password is too weak: {advice.rstrip('.')}. Longer is better: some unrelated words will do.", param="password"
            )
        return password

    async def hash(self, password: str) -> str:
        return await self._within_pool(lambda: self._argon2.hash(password))

    async def matches(self, hashed: str | None, password: str) -> bool:
        """False for None, which takes as long as any other: who has no password must not be told by time."""
        right = await self._within_pool(lambda: self._verify(hashed or self._nobodys, normal(password)))
        return right and hashed is not None

    async def renewed(self, hashed: str | None, password: str) -> str | None:
        """The right password hashed with today's costs, if `hashed` has others."""
        return await self.hash(normal(password)) if hashed and self._argon2.check_needs_rehash(hashed) else None

    @cached_property
    def _nobodys(self) -> str:
        return self._argon2.hash(secrets.token_hex())

    def _verify(self, hashed: str, password: str) -> bool:
        try:
            return self._argon2.verify(hashed, password)
        except (VerificationError, InvalidHashError):
            return False

    async def _within_pool(self, work: Callable[[], T]) -> T:
        if self._waiting >= _MAX_WAITING:
            raise TooBusy("too many passwords are being checked; try again")
        self._waiting += 1
        try:
            return await asyncio.get_running_loop().run_in_executor(self._pool, work)
        finally:
            self._waiting -= 1


def normal(password: str) -> str:
    """Unicode's form NFKC, as NIST SP 800-63B 5.1.1.2 advises: keyboards differ in how they compose letters."""
    return unicodedata.normalize("NFKC", password[: MAX_LENGTH + 1])
