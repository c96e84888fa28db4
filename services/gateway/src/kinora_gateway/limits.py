"""Token buckets: a steady rate with room for one minute's burst. They live in this process; n gateways allow n times as much."""

import math
import time
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal, Self

from kinora_gateway.settings import Settings

_WINDOW_S = 60
Policy = Literal["creates", "lookups", "captures", "uploads", "checks"]


@dataclass(frozen=True)
class Allowance:
    """What is left after one request. `reset_s` until the bucket is full again; `retry_after_s` is 0 when the request may pass."""

    policy: str
    limit: int
    remaining: int
    reset_s: int
    retry_after_s: int


class Limiter:
    """One bucket per key; the least recently used are forgotten beyond `max_keys`."""

    def __init__(self, policy: str, per_minute: int, *, max_keys: int = 10_000, clock: Callable[[], float] = time.monotonic) -> None:
        self._policy = policy
        self._limit = per_minute
        self._rate = per_minute / _WINDOW_S
        self._max_keys = max_keys
        self._clock = clock
        self._buckets: OrderedDict[str, tuple[float, float]] = OrderedDict()

    def take(self, key: str) -> Allowance:
        """Spends one token, if there is one."""
        tokens = self._filled(key)
        allowed = tokens >= 1
        return self._store(key, tokens - 1 if allowed else tokens, allowed=allowed)

    def peek(self, key: str) -> Allowance:
        """Says whether `take` would pass, spending nothing."""
        tokens = self._filled(key)
        return self._allowance(tokens, allowed=tokens >= 1)

    def _filled(self, key: str) -> float:
        tokens, then = self._buckets.get(key, (float(self._limit), self._clock()))
        return min(self._limit, tokens + (self._clock() - then) * self._rate)

    def _store(self, key: str, tokens: float, *, allowed: bool) -> Allowance:
        self._buckets[key] = (tokens, self._clock())
        self._buckets.move_to_end(key)
        if len(self._buckets) > self._max_keys:
            self._buckets.popitem(last=False)
        return self._allowance(tokens, allowed=allowed)

    def _allowance(self, tokens: float, *, allowed: bool) -> Allowance:
        wait = 0 if allowed else max(1, math.ceil((1 - tokens) / self._rate))
        return Allowance(self._policy, self._limit, int(tokens), math.ceil((self._limit - tokens) / self._rate), wait)


@dataclass(frozen=True)
class Limits:
    """`requests` of one key or session; `refusals`, `entries`, `tokens` and `reads` of one address; `checks` of one account, or of
    one address where nobody says who they are; the rest of one account.
    """

    requests: Limiter
    refusals: Limiter
    entries: Limiter
    tokens: Limiter
    creates: Limiter
    lookups: Limiter
    captures: Limiter
    uploads: Limiter
    checks: Limiter
    reads: Limiter

    @classmethod
    def of(cls, settings: Settings) -> Self:
        return cls(**{name: Limiter(name, getattr(settings, f"{name}_per_minute")) for name in cls.__dataclass_fields__})


def headers(allowances: list[Allowance]) -> dict[str, str]:
    """draft-ietf-httpapi-ratelimit-headers, and the names OpenAI uses for the scarcest of them."""
    scarcest = min(allowances, key=lambda a: a.remaining)
    return {
        "ratelimit-policy": ", ".join(f'"{a.policy}";q={a.limit};w={_WINDOW_S}' for a in allowances),
        "ratelimit": ", ".join(f'"{a.policy}";r={a.remaining};t={a.reset_s}' for a in allowances),
        "x-ratelimit-limit-requests": str(scarcest.limit),
        "x-ratelimit-remaining-requests": str(scarcest.remaining),
        "x-ratelimit-reset-requests": f"{scarcest.reset_s}s",
    }
