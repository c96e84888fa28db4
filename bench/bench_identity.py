"""Signing in beside what Argon2id itself costs, and whether time tells known addresses from unknown ones.

    .venv/bin/python bench/bench_identity.py [--sign-ins 200] [--guesses 300] [--rates 2,5,10]

First sign-ins as they come, at given rates, from people who do not wait for each other: "beside" is a sign-in's latency minus what its own
password took in Argon2id, measured in the same sign-in, and so holds the wait for a free thread, the database, the tokens and HTTP.

Identity and gateway in one process over real HTTP, gRPC and Postgres, with the costs of a real platform; loopback only.
"""

import argparse
import asyncio
import os
import statistics
import tempfile
import time
from collections.abc import Awaitable, Callable
from itertools import chain
from pathlib import Path
from random import Random
from typing import Any
from uuid import uuid4

import httpx
from kinora.identity.v1.session_service_pb2 import Origin, SignInRequest
from kinora.identity.v1.session_service_pb2_grpc import SessionServiceStub
from kinora_cli.embedded.postgres import Postgres
from kinora_cli.serve import installed
from kinora_identity.passwords import Passwords
from kinora_identity.settings import Settings
from kinora_kit import log
from kinora_kit.errors import RemoteError, remote_errors
from kinora_kit.identity import Identity
from kinora_testkit.cast import as_user
from kinora_testkit.mail import mail_server
from kinora_testkit.services import Served, serving
from rich.console import Console
from rich.table import Table
from scipy.stats import mannwhitneyu

EVE = {"handle": "eve", "birth_date": "1990-05-17", "email": "eve@example.org", "password": "three wombats under a lamp"}
GATEWAY = Identity("gateway", role="service")
PEOPLE = 40
Timed = Callable[[], Awaitable[Any]]


async def timed(call: Timed) -> float:
    """Milliseconds."""
    began = time.perf_counter()
    await call()
    return (time.perf_counter() - began) * 1e3


async def load(call: Timed, count: int, clients: int) -> list[float]:
    async def one_client() -> list[float]:
        return [await timed(call) for _ in range(count // clients)]

    return sorted(chain(*await asyncio.gather(*(one_client() for _ in range(clients)))))


async def open_door(http: httpx.AsyncClient, state: Path) -> None:
    key = {"authorization": f"Bearer {(state / 'first_admin.key').read_text().strip()}"}
    (await http.put("/api/door", json={"mode": "open"}, headers=key)).raise_for_status()


async def sign_up(http: httpx.AsyncClient, mailbox: Any, number: int) -> dict[str, str]:
    """Address and password: everybody's own, by which their hash is known."""
    known = {"email": f"{number}.{EVE['email']}", "password": f"{EVE['password']} {number}"} if number else {}
    wanted = EVE | {"handle": f"eve_{number}"} | known
    (await http.post("/api/sign-up", json=wanted)).raise_for_status()
    (await http.post("/api/sign-up/confirm", json={"token": await mailbox.token(wanted["email"])})).raise_for_status()
    return {name: wanted[name] for name in ("email", "password")}


class Stopwatch:
    """How long each password's last check took in Argon2id itself, in milliseconds."""

    def __init__(self) -> None:
        self.took: dict[str, float] = {}
        real = Passwords._verify  # noqa: SLF001 - only there the hash is alone

        def verify(passwords: Passwords, hashed: str, password: str) -> bool:
            began = time.perf_counter()
            right = real(passwords, hashed, password)
            self.took[password] = (time.perf_counter() - began) * 1e3
            return right

        Passwords._verify = verify  # type: ignore[method-assign] # noqa: SLF001


async def as_they_come(http: httpx.AsyncClient, people: list[dict[str, str]], watch: Stopwatch, count: int, rates: list[float]) -> Table:
    """Poisson arrivals, each somebody who is not signing in already."""
    columns = ("a second", "sign-ins", "p50 ms", "p99 ms", "Argon2id p50 ms", "p99 ms", "beside p50 ms", "p99 ms")
    table = Table(*columns, title="Sign-ins as they come")
    for rate in rates:
        rows = await arrivals(http, people, watch, count, rate)
        found = [quantiles(each) for each in zip(*rows, strict=True)]
        table.add_row(f"{rate:g}", str(len(rows)), *(f"{number:.0f}" for pair in found for number in pair))
    return table


async def arrivals(
    http: httpx.AsyncClient, people: list[dict[str, str]], watch: Stopwatch, count: int, rate: float
) -> list[tuple[float, float, float]]:
    """Latency, Argon2id, and the rest, of each sign-in. Fewer than `count` when everybody waits: then the machine is saturated."""
    free, rows, random = list(people), [], Random(1)

    async def one(who: dict[str, str]) -> None:
        took = await timed(lambda: http.post("/api/sessions", json=who))
        rows.append((took, watch.took[who["password"]], took - watch.took[who["password"]]))
        free.append(who)

    async with asyncio.TaskGroup() as group:
        for _ in range(count):
            await asyncio.sleep(random.expovariate(rate))
            if not free:
                break
            group.create_task(one(free.pop(0)))
    return rows


def quantiles(times: tuple[float, ...]) -> tuple[float, float]:
    ordered = sorted(times)
    return ordered[len(ordered) // 2], ordered[int(len(ordered) * 0.99)]


async def sign_ins(http: httpx.AsyncClient, count: int) -> Table:
    passwords = Passwords(Settings())
    hashed = await passwords.hash(EVE["password"])
    known = {name: EVE[name] for name in ("email", "password")}

    async def alone() -> None:
        assert await passwords.matches(hashed, EVE["password"])

    async def sign_in() -> None:
        reply = await http.post("/api/sessions", json=known)
        assert reply.is_success, reply.text

    async def refresh() -> None:
        (await http.post("/api/sessions/refresh")).raise_for_status()

    table = Table("what", "clients", "p50 ms", "p99 ms", "a second", title="Signing in")
    rows: list[tuple[str, Timed, int]] = [
        ("Argon2id alone", alone, 1), ("POST /api/sessions", sign_in, 1), ("Argon2id alone", alone, 4), ("POST /api/sessions", sign_in, 4),
        ("POST /api/sessions/refresh", refresh, 1),
    ]  # fmt: skip
    for name, call, clients in rows:
        await load(call, 2 * clients, clients)  # warm
        began = time.perf_counter()
        times = await load(call, count, clients)
        rate = len(times) / (time.perf_counter() - began)
        table.add_row(name, str(clients), f"{times[len(times) // 2]:.1f}", f"{times[int(len(times) * 0.99)]:.1f}", f"{rate:.0f}")
    return table


async def guesses(served: Served, count: int) -> Table:
    """Wrong passwords for an address that has an account and for ones that have none, in turn, each from a network of its own."""
    stub: Any = SessionServiceStub(served.channel)

    async def guess(email: str) -> None:
        request = SignInRequest(email=email, password="a guess", origin=Origin(network=uuid4().hex))  # noqa: S106
        try:
            with remote_errors():
                await stub.SignIn(request, metadata=as_user(GATEWAY))
        except RemoteError as refused:
            if refused.reason != "SignInRefused":
                raise

    taken: dict[str, list[float]] = {"known": [], "unknown": []}
    for number in range(count + 10):
        for kind, email in (("known", EVE["email"]), ("unknown", f"nobody{number}@example.org")):
            took = await timed(lambda email=email: guess(email))  # type: ignore[misc]
            if number >= 10:  # warm
                taken[kind].append(took)
    table = Table("address", "tries", "median ms", "mean ms", "standard deviation ms", title="Wrong passwords")
    for kind, times in taken.items():
        table.add_row(
            kind, str(len(times)), f"{statistics.median(times):.2f}", f"{statistics.mean(times):.2f}", f"{statistics.stdev(times):.2f}"
        )
    better, p = distinguished(taken["known"], taken["unknown"])
    table.caption = f"One try tells known from unknown in {better:.1%} of pairs (50% is a coin); Mann-Whitney p = {p:.2f}"
    return table


def distinguished(known: list[float], unknown: list[float]) -> tuple[float, float]:
    """How often, of one time each, the greater is that of the known address (the AUC); and the p of there being no difference."""
    found = mannwhitneyu(known, unknown)
    return float(found.statistic) / (len(known) * len(unknown)), float(found.pvalue)


async def bench(folder: Path, count: int, tries: int, rates: list[float], console: Console) -> None:
    log.setup("error")
    postgres = Postgres(folder / "postgres")
    await postgres.start()
    async with mail_server() as mailbox:
        os.environ |= {
            "IDENTITY_SMTP_HOST": "127.0.0.1", "IDENTITY_SMTP_PORT": str(mailbox.port), "IDENTITY_SMTP_TLS": "none",
            "GATEWAY_ENTRIES_PER_MINUTE": "1000000", "GATEWAY_TOKENS_PER_MINUTE": "1000000",
        }  # fmt: skip
        services = installed()
        async with serving(services["identity"], services["gateway"], database_url=postgres.url, state_dir=folder) as served:
            async with httpx.AsyncClient(base_url=served.url, timeout=60) as http:
                await open_door(http, folder)
                people = [await sign_up(http, mailbox, number) for number in range(1, PEOPLE + 1)]
                await sign_up(http, mailbox, 0)
                console.print(await as_they_come(http, people, Stopwatch(), count, rates))
                console.print(await sign_ins(http, count))
            console.print(await guesses(served, tries))
    await postgres.stop()


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--sign-ins", type=int, default=200)
    parser.add_argument("--guesses", type=int, default=300)
    parser.add_argument("--rates", type=lambda text: [float(rate) for rate in text.split(",")], default=[2.0, 5.0, 10.0])
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        asyncio.run(bench(Path(folder), options.sign_ins, options.guesses, options.rates, Console(width=110)))


if __name__ == "__main__":
    main()
