"""A gRPC channel whose certificates may change: gRPC's own Python channels keep those that they were made with."""

import asyncio
from collections.abc import Callable
from typing import Any, Self

import grpc

_GRACE_S = 3600.0  # as long as a stream may last


class RenewingChannel(grpc.aio.Channel):
    """Stands for the channel of `make()`, and makes another one for the calls that begin after `version()` has changed."""

    def __init__(self, make: Callable[[], grpc.aio.Channel], version: Callable[[], object]) -> None:
        self._make, self._version = make, version
        self._made: tuple[object, grpc.aio.Channel] | None = None
        self._leaving: set[asyncio.Task[None]] = set()

    def now(self) -> grpc.aio.Channel:
        """The one that new calls go through."""
        version = self._version()
        if self._made and self._made[0] is not version:
            leaving = asyncio.ensure_future(self._made[1].close(_GRACE_S))
            self._leaving.add(leaving)
            leaving.add_done_callback(self._leaving.discard)
            self._made = None
        if self._made is None:
            self._made = version, self._make()
        return self._made[1]

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.close()

    async def close(self, grace: float | None = None) -> None:
        for leaving in self._leaving:
            leaving.cancel()
        if self._made:
            await self._made[1].close(grace)

    def get_state(self, try_to_connect: bool = False) -> grpc.ChannelConnectivity:  # noqa: FBT001, FBT002 - as the base has it
        return self.now().get_state(try_to_connect)

    async def wait_for_state_change(self, last_observed_state: grpc.ChannelConnectivity) -> None:
        await self.now().wait_for_state_change(last_observed_state)

    async def channel_ready(self) -> None:
        await self.now().channel_ready()

    def unary_unary(self, *args: Any, **options: Any) -> Any:
        return _Method(self, "unary_unary", args, options)

    def unary_stream(self, *args: Any, **options: Any) -> Any:
        return _Method(self, "unary_stream", args, options)

    def stream_unary(self, *args: Any, **options: Any) -> Any:
        return _Method(self, "stream_unary", args, options)

    def stream_stream(self, *args: Any, **options: Any) -> Any:
        return _Method(self, "stream_stream", args, options)


class _Method:
    """One method of a stub, by whichever channel is the one now."""

    def __init__(self, channel: RenewingChannel, kind: str, args: tuple[Any, ...], options: dict[str, Any]) -> None:
        self._channel, self._kind, self._args, self._options = channel, kind, args, options
        self._bound: tuple[grpc.aio.Channel, Any] | None = None

    def __call__(self, *args: Any, **options: Any) -> Any:
        channel = self._channel.now()
        if self._bound is None or self._bound[0] is not channel:
            self._bound = channel, getattr(channel, self._kind)(*self._args, **self._options)
        return self._bound[1](*args, **options)
