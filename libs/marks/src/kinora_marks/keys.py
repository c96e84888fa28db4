"""Keys of marks. Who has one can find, read and forge the marks made with it; a ring keeps old ones so that old videos stay readable."""

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

SHORTEST = 16  # bytes


@dataclass(frozen=True)
class Key:
    """`number` names it in reports and settings; `secret` has SHORTEST bytes or more."""

    number: int
    secret: bytes = field(repr=False)

    def __post_init__(self) -> None:
        if len(self.secret) < SHORTEST:
            raise ValueError(f"Key {self.number} has {len(self.secret)} bytes; a mark's key has {SHORTEST} at least.")

    def stream(self, label: str, length: int) -> bytes:
        """Secret bytes for one purpose, the same on every machine: SHAKE256 of key and label (FIPS 202)."""
        return hashlib.shake_256(len(self.secret).to_bytes(2, "big") + self.secret + label.encode()).digest(length)

    def signs(self, label: str, count: int) -> NDArray[np.float32]:
        """+1 or -1 each."""
        bits = np.unpackbits(np.frombuffer(self.stream(label, -(-count // 8)), np.uint8), count=count)
        return (1 - 2 * bits.astype(np.float32)).astype(np.float32)

    def order(self, label: str, count: int) -> NDArray[np.intp]:
        """A permutation of range(count)."""
        return np.argsort(np.frombuffer(self.stream(label, 8 * count), ">u8"), kind="stable")


@dataclass(frozen=True)
class KeyRing:
    """The first key makes marks, all of them are tried in reading."""

    keys: tuple[Key, ...]

    def __post_init__(self) -> None:
        numbers = [key.number for key in self.keys]
        if not numbers or len(set(numbers)) < len(numbers):
            raise ValueError(f"A key ring holds one key or more, each with its own number, not {numbers}.")

    def __iter__(self) -> Iterator[Key]:
        return iter(self.keys)

    @property
    def current(self) -> Key:
        return self.keys[0]

    @classmethod
    def parse(cls, text: str) -> "KeyRing":
        """Of "2:<hex> 1:<hex>", the current key first."""
        try:
            pairs = [word.split(":") for word in text.split()]
            keys = tuple(Key(int(number), bytes.fromhex(secret)) for number, secret in pairs)
        except ValueError as error:
            raise ValueError('Keys of marks are written as "2:<hex> 1:<hex>", the current one first.') from error
        return cls(keys)
