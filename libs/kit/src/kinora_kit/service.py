"""What a service hands to the runner, and what it is handed."""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import grpc
from google.protobuf.message import Message

from kinora_kit.db import Database
from kinora_kit.events import EventLog, Handler


@dataclass(frozen=True)
class Adapters:
    """The outside world, chosen by the run mode: embedded, processes or cluster."""

    database_url: str
    events: EventLog
    media: Any
    """A kinora_media.store.MediaStore; the kit does not know it."""
    channel: Callable[[str], grpc.aio.Channel]
    """By owner: `channel("identity")`."""
    internal_secret: bytes
    state_dir: Path
    """For small private files of the first start, e.g. a development CA."""
    triton_url: str
    public_url: str


@dataclass
class Service:
    """One service, built by `kinora_<name>.main.build(adapters)`; everything beyond the name is optional."""

    name: str
    register: Callable[[grpc.aio.Server], None] | None = None
    consumers: Mapping[type[Message], Handler] = field(default_factory=dict)
    database: Database | None = None
    migrations: Path | None = None
    relays: bool = True
    """False where other replicas tell the log what this one adds to the outbox."""
    loops: Sequence[Callable[[], Awaitable[None]]] = ()
    """Long-running; cancelled at drain, started again after a failure."""
    workers: Sequence[Callable[[], Awaitable[None]]] = ()
    """Loops that end by themselves after `on_drain`, as soon as what they have in hand is done."""
    patience_s: float = 0.0
    """How long they may take for it, while the other loops, the relay and the consumers go on; then they are cancelled too."""
    app: Any = None
    """An ASGI app for the HTTP listener."""
    https: Callable[[], str] | None = None
    """Where there are certificates, its listener speaks TLS by them, and these are the roots (PEM) that clients' must come from."""
    service_names: Sequence[str] = ()
    """Full gRPC names, for health and reflection."""
    on_start: Callable[[], Awaitable[None]] | None = None
    """After migrations, before serving."""
    on_drain: Callable[[], None] | None = None
    """When draining begins, while everything still serves: ends answers that would otherwise last, such as event streams."""
