"""Gateway latency and throughput: create and retrieve through separate processes, beside a bare FastAPI route in the same run.

    .venv/bin/python bench/bench_gateway.py [--requests 1000] [--clients 8]

Loopback only. No engine runs: a created video stays queued, which is all that `create` promises.
"""

import argparse
import asyncio
import sys
import tempfile
import time
from collections.abc import Awaitable, Callable
from pathlib import Path

import httpx
from kinora_cli.embedded.postgres import Postgres
from kinora_cli.state import free_port
from kinora_testkit.kafka import NativeKafka
from kinora_testkit.network import Network, eventually
from rich.console import Console
from rich.table import Table

BARE = """
import fastapi, uvicorn
app = fastapi.FastAPI()
@app.get("/bare")
async def bare() -> dict[str, str]: return {"status": "ok"}
uvicorn.run(app, host="127.0.0.1", port=%d, log_level="warning")
"""
UNLIMITED = {
    "GATEWAY_REQUESTS_PER_MINUTE": "10000000",
    "GATEWAY_CREATES_PER_MINUTE": "10000000",
    "GENERATION_MAX_QUEUED_PER_ACCOUNT": "10000000",
}


async def load(call: Callable[[], Awaitable[httpx.Response]], requests: int, clients: int) -> tuple[list[float], float]:
    """Latencies in seconds, ascending, and requests per second."""
    latencies: list[float] = []

    async def one_client() -> None:
        for _ in range(requests // clients):
            began = time.perf_counter()
            (await call()).raise_for_status()
            latencies.append(time.perf_counter() - began)

    began = time.perf_counter()
    await asyncio.gather(*(one_client() for _ in range(clients)))
    return sorted(latencies), len(latencies) / (time.perf_counter() - began)


async def measure(network: Network, bare_port: int, requests: int, clients: int) -> Table:
    table = Table(
        "route", "requests", "p50 ms", "p99 ms", "requests/s", title=f"Gateway, {clients} clients, separate processes on this machine"
    )
    headers = {"Authorization": f"Bearer {network.admin_key}"}
    body = {"prompt": "Maya waves in a park", "seconds": "4", "size": "1280x720"}
    async with httpx.AsyncClient(headers=headers, timeout=60) as http:
        video = (await http.post(f"{network.url}/v1/videos", json=body)).raise_for_status().json()["id"]
        routes = {
            "bare FastAPI route": lambda: http.get(f"http://127.0.0.1:{bare_port}/bare"),
            "GET /v1/videos/{id}": lambda: http.get(f"{network.url}/v1/videos/{video}"),
            "POST /v1/videos": lambda: http.post(f"{network.url}/v1/videos", json=body),
        }
        for name, call in routes.items():
            await load(call, clients * 5, clients)  # warm
            times, rate = await load(call, requests, clients)
            p50, p99 = times[len(times) // 2], times[int(len(times) * 0.99)]
            table.add_row(name, str(len(times)), f"{p50 * 1e3:.1f}", f"{p99 * 1e3:.1f}", f"{rate:.0f}")
    return table


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--requests", type=int, default=1000)
    parser.add_argument("--clients", type=int, default=8)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        asyncio.run(bench(Path(folder), options.requests, options.clients))


async def bench(folder: Path, requests: int, clients: int) -> None:
    postgres, kafka, port = Postgres(folder / "postgres"), NativeKafka(folder / "kafka"), free_port()
    await postgres.start()
    kafka.start()
    unused_engine = f"127.0.0.1:{free_port()}"
    network = Network(folder, postgres.url, kafka.bootstrap, unused_engine, (folder / "media").as_uri(), UNLIMITED)
    bare = await asyncio.create_subprocess_exec(sys.executable, "-c", BARE % port)
    try:
        network.start()
        eventually(lambda: _answers(port), within=20)
        Console().print(await measure(network, port, requests, clients))
    finally:
        bare.terminate()
        await bare.wait()
        network.stop()
        kafka.stop()
        await postgres.stop()


def _answers(port: int) -> bool:
    try:
        return httpx.get(f"http://127.0.0.1:{port}/bare", timeout=1).is_success
    except httpx.HTTPError:
        return False


if __name__ == "__main__":
    main()
