"""Pools that stand at zero are woken when work waits, which a plain autoscaler cannot; unused ones are put to sleep."""

import time
from collections.abc import Mapping

from kinora_kit import log
from kinora_kit.errors import KinoraError
from prometheus_client import Counter

from kinora_scaler.clients import Cluster, Generation
from kinora_scaler.domain import Backlog, NoSuchEngine, Pool, wanted

CHANGES = Counter("kinora_scaler_changes_total", "Pools woken or put to sleep", ["pool", "replicas"])
FAILURES = Counter("kinora_scaler_failures_total", "Looks at a pool that came to nothing", ["pool"])
_log = log.get("kinora.scaler.activation")


class Watch:
    """Over `pools`, by the names of their Deployments."""

    def __init__(self, pools: Mapping[str, Pool], generation: Generation, cluster: Cluster) -> None:
        self._pools, self._generation, self._cluster = pools, generation, cluster
        self._busy = dict.fromkeys(pools, time.monotonic())  # when it last had work, as far as this process knows

    async def look(self) -> None:
        """At each once. What fails is tried again with the next look, and changes nothing until then."""
        for name, pool in self._pools.items():
            try:
                await self._look_at(name, pool)
            except KinoraError as error:
                FAILURES.labels(name).inc()
                _log.warning("pool.unknown", pool=name, reason=error.message)

    async def _look_at(self, name: str, pool: Pool) -> None:
        """Raises ClusterRefused, RemoteError, NoSuchEngine. The scale is read first: whoever changes it after that wins."""
        path = self._cluster.scale_of(name)
        scale = await self._cluster.get(path)
        backlog = await self._backlog(pool.engine)
        if backlog.jobs_waiting or backlog.jobs_running:
            self._busy[name] = time.monotonic()
        idle_s, replicas = time.monotonic() - self._busy[name], scale["spec"].get("replicas", 0)
        if (target := wanted(pool, replicas, backlog, idle_s)) == replicas:
            return
        version = scale["metadata"]["resourceVersion"]
        await self._cluster.patch(path, {"metadata": {"resourceVersion": version}, "spec": {"replicas": target}})
        CHANGES.labels(name, target).inc()
        _log.info("pool.scaled", pool=name, before=replicas, now=target, waiting=backlog.jobs_waiting, idle_s=round(idle_s))

    async def _backlog(self, engine: str) -> Backlog:
        backlogs = await self._generation.backlogs()
        if engine not in backlogs:
            raise NoSuchEngine(engine, backlogs)
        return backlogs[engine]
