"""Facts that services tell each other: the log that carries them, apart from what carries the log."""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Protocol, TypeVar

from google.protobuf.message import Message
from sqlalchemy.ext.asyncio import AsyncConnection

M = TypeVar("M", bound=Message)
Handler = Callable[[AsyncConnection, Any], Awaitable[None]]  # Any: the message class it is registered under
"""Runs inside the transaction that also marks the event as seen; raises to be tried again."""


@dataclass(frozen=True)
class Outgoing:
    """An event on its way to the log. Events of one topic and key stay in order."""

    event_id: str
    topic: str
    type: str
    key: str
    payload: bytes
    headers: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Received(Outgoing):
    """An event out of the log; it may come more than once."""

    def parse(self, cls: type[M]) -> M:
        """The payload; raises google.protobuf.message.DecodeError."""
        return cls.FromString(self.payload)


class Subscription(Protocol):
    """One member of a group: each event goes to one member, from where the group last committed."""

    def __aiter__(self) -> "Subscription": ...

    async def __anext__(self) -> Received: ...

    async def take(self, limit: int) -> Sequence[Received]:
        """Between 1 and `limit` events, as soon as there are any."""

    async def commit(self) -> None:
        """All events handed out so far are done; without it they come again to whoever subscribes next."""

    async def aclose(self) -> None:
        """Leave the group."""


class EventLog(Protocol):
    async def publish(self, batch: Sequence[Outgoing]) -> None:
        """Returns when all of the batch is stored for good; raises when that is not certain."""

    def subscribe(self, group: str, topics: Sequence[str]) -> Subscription:
        """A new group starts at the beginning of its topics."""

    async def lag(self, group: str, topics: Sequence[str]) -> Mapping[str, int]:
        """By topic: how many events the group has not committed yet."""

    async def aclose(self) -> None: ...
