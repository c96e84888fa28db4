"""The processes that test_events_under_kill.py kills: "<role> <variant>" on a line of stdin forks one; its pid is the answer.

Forked from a process that has done its imports, a worker is at work within milliseconds of its predecessor's death.

    announce  marks one of the numbers as announced and tells it, over and over
    relay     publishes the outbox
    consume   notes the number of each event in `effects`

The variant "kit" does as services do. The others are what one might write without the kit; each breaks in its own way.
"""

import asyncio
import ctypes
import os
import random
import signal
import sys
from collections.abc import Awaitable, Callable
from contextlib import aclosing
from dataclasses import dataclass
from uuid import uuid4

from kinora.generation.v1.events_pb2 import VideoQueued
from kinora_kit import log, outbox
from kinora_kit.db import Database
from kinora_kit.events import Outgoing
from kinora_kit.events.consumer import Consumer
from kinora_kit.events.kafka import KafkaLog
from kinora_kit.events.relay import Relay
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection

TOPIC, TYPE = VideoQueued.DESCRIPTOR.file.package, VideoQueued.DESCRIPTOR.full_name
KEYS = 7
TAKE = 16
PACE_S, EFFECT_S = 0.04, 0.02  # of an announcement and of an effect: long enough to be killed in
CLAIM = text(
    "update numbers set announced = true where number = "
    "(select number from numbers where not announced order by number limit 1 for update skip locked) returning number"
)
EFFECT = text("insert into effects (number) values (:number)")
_log = log.get("faults")


@dataclass(frozen=True)
class Worker:
    """One role; events of other runs on the same broker are none of its business."""

    run: str
    database: Database
    events: KafkaLog

    async def announce(self) -> None:
        while True:
            async with self.database.begin() as tx:
                number = await tx.scalar(CLAIM)
                if number is not None:
                    await outbox.add(tx, self._event(number), key=f"k{number % KEYS}")
            await asyncio.sleep(PACE_S)

    async def announce_without_outbox(self) -> None:
        """The dual write: commit, then publish."""
        while True:
            async with self.database.begin() as tx:
                number = await tx.scalar(CLAIM)
            if number is not None:
                told = Outgoing(str(uuid4()), TOPIC, TYPE, f"k{number % KEYS}", self._event(number).SerializeToString())
                await self.events.publish([told])
            await asyncio.sleep(PACE_S)

    async def relay(self) -> None:
        await Relay(self.database, self.events).run()

    async def consume(self) -> None:
        await Consumer(self.run, self.database, self.events, {VideoQueued: self._effect}).run()

    async def consume_ack_first(self) -> None:
        async with aclosing(self.events.subscribe(self.run, [TOPIC])) as subscription:
            while True:
                batch = await subscription.take(TAKE)
                await subscription.commit()
                for received in batch:
                    await self._effect_alone(received.parse(VideoQueued))

    async def consume_effect_first(self) -> None:
        async with aclosing(self.events.subscribe(self.run, [TOPIC])) as subscription:
            while True:
                for received in await subscription.take(TAKE):
                    await self._effect_alone(received.parse(VideoQueued))
                await subscription.commit()

    def _event(self, number: int) -> VideoQueued:
        return VideoQueued(video_id=str(number), account_id=self.run)

    async def _effect_alone(self, event: VideoQueued) -> None:
        async with self.database.begin() as tx:
            await self._effect(tx, event)

    async def _effect(self, tx: AsyncConnection, event: VideoQueued) -> None:
        if event.account_id == self.run:
            await asyncio.sleep(EFFECT_S * random.uniform(0.5, 1.5))
            await tx.execute(EFFECT, {"number": int(event.video_id)})


ROLES: dict[str, Callable[[Worker], Awaitable[None]]] = {
    "announce kit": Worker.announce,
    "announce without-outbox": Worker.announce_without_outbox,
    "relay kit": Worker.relay,
    "consume kit": Worker.consume,
    "consume ack-first": Worker.consume_ack_first,
    "consume effect-first": Worker.consume_effect_first,
}


async def work(role: str, database_url: str, bootstrap: str, run: str) -> None:
    worker = Worker(run, Database(database_url, "demo"), KafkaLog(bootstrap, session_timeout_ms=1_000))
    while True:
        try:
            await ROLES[role](worker)
        except Exception as error:  # noqa: BLE001 - as the runner does: what it needs may be away, then it comes back
            _log.warning("role.failed", role=role, error=repr(error))
            await asyncio.sleep(0.1)


def main(database_url: str, bootstrap: str, run: str) -> None:
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)  # nobody waits for the dead
    for line in sys.stdin:
        if pid := os.fork():
            print(pid, flush=True)  # noqa: T201 - the answer
            continue
        os.dup2(sys.stderr.fileno(), sys.stdout.fileno())  # the log; only pids are answers
        ctypes.CDLL(None).prctl(1, signal.SIGKILL)  # PR_SET_PDEATHSIG: a killed test run leaves none behind
        random.seed(os.getpid())
        asyncio.run(work(line.strip(), database_url, bootstrap, run))


if __name__ == "__main__":
    main(*sys.argv[1:])
