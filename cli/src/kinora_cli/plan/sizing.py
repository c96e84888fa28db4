"""From what people do to what a Kinora needs. Pure arithmetic; every figure is named in figures.toml."""

import math
from collections.abc import Mapping
from dataclasses import dataclass

from kinora_cli.plan import queueing
from kinora_cli.plan.figures import Figure

DAY_S, MONTH_DAYS = 86_400, 30.4
MONTH_H = MONTH_DAYS * 24
_SEALED_WITHIN_S = 600  # masters go when their films are sealed; more than this waits only where sealing is in trouble
_PIXELS_720P, _PIXELS_360P = 1280 * 720, 640 * 360


@dataclass(frozen=True)
class Demand:
    """`seconds`: of a clip. `gpu_seconds`: of one GPU for a second of film, for engines on GPUs; None for the CPU engine."""

    users: int
    clips_per_day: float
    seconds: float
    width: int
    height: int
    retention_days: float
    gpu_seconds: float | None = None

    @property
    def pixels(self) -> int:
        return self.width * self.height


@dataclass(frozen=True)
class Plan:
    """Rates are per second at the peak. Bytes in GB (10⁹). Cores and replicas are whole. Costs in $ a month by what is paid for."""

    clips_s: float
    requests_s: float
    service_s: float
    engines: int
    wait_p95_s: float
    clips_in_the_making: float
    engine_cores: int
    gpus: int
    sealing_cores: int
    web_cores: int
    replicas: Mapping[str, int]
    changes_s: float
    postgres_cores: int
    postgres_gb: float
    connections: int
    events_s: float
    partitions: int
    kafka_gb: float
    media_gb: float
    backup_gb: float
    egress_gb_month: float
    cost: Mapping[str, float]

    @property
    def total(self) -> float:
        return sum(self.cost.values())


class Sizing:
    """One demand against one set of figures."""

    def __init__(self, demand: Demand, figures: Mapping[str, Figure]) -> None:
        self.demand, self._figures = demand, figures

    def __getitem__(self, name: str) -> float:
        return self._figures[name].value

    def plan(self) -> Plan:
        clips_s = self.demand.clips_per_day / DAY_S * self["peak_factor"]
        service_s = self._service_s()
        load = clips_s * service_s
        engines = queueing.servers_for(load, service_s, self["wait_p95_s"], self["utilisation"])
        active = self.demand.users * self["active_share"]
        requests_s = active * self["requests_per_active_user"] / DAY_S * self["peak_factor"]
        sign_ins_s = active * self["sign_ins_per_active_user"] / DAY_S * self["peak_factor"]
        changes_s = clips_s * self["changes_per_clip"] + load * self["beats_per_s"] + sign_ins_s
        events_s = clips_s * self["events_per_clip"]
        sealing, web = clips_s * self._sealing_s(), self._web(requests_s, clips_s, sign_ins_s)
        replicas = self._replicas(web, sealing, events_s)
        plan = Plan(
            clips_s=clips_s,
            requests_s=requests_s,
            service_s=service_s,
            engines=engines,
            wait_p95_s=queueing.wait(engines, load, service_s) if engines else 0.0,
            clips_in_the_making=load,
            engine_cores=0 if self.demand.gpu_seconds else engines,
            gpus=engines if self.demand.gpu_seconds else 0,
            sealing_cores=self._cores(sealing),
            web_cores=self._cores(web),
            replicas=replicas,
            changes_s=changes_s,
            postgres_cores=max(2, self._cores(changes_s / self["changes_per_core"])),
            connections=math.ceil(sum(replicas.values()) * self["connections_per_replica"]),
            events_s=events_s,
            partitions=max(6, replicas["a consumer of events"]),
            **self._data(clips_s, events_s),
            cost={},
        )
        return Plan(**{**vars(plan), "cost": self._cost(plan)})

    def _data(self, clips_s: float, events_s: float) -> dict[str, float]:
        """GB of what is kept, and what goes out in a month."""
        demand, film_s = self.demand, self.demand.seconds * self._of_720p()
        clips_kept = demand.clips_per_day * demand.retention_days
        clip_mb = self["delivered_mb_720p"] * film_s + self["still_mb_per_clip"]
        masters_gb = clips_s * self["master_mb_720p"] * film_s * _SEALED_WITHIN_S / 1000
        media_gb = clips_kept * clip_mb / 1000 + masters_gb
        clip_kb = self["postgres_kb_per_clip"] + self["postgres_kb_per_s"] * demand.seconds
        postgres_gb = (clips_kept * clip_kb + demand.users * self["postgres_kb_per_user"]) / 1e6
        kafka_events = events_s / self["peak_factor"] * DAY_S * self["kafka_retention_days"]
        return {
            "postgres_gb": postgres_gb,
            "kafka_gb": kafka_events * self["event_bytes"] * self["kafka_replicas"] / 1e9,
            "media_gb": media_gb,
            "backup_gb": media_gb * self["backups_kept"] + postgres_gb,
            "egress_gb_month": demand.clips_per_day * MONTH_DAYS * self["views_per_clip"] * clip_mb / 1000,
        }

    def _of_720p(self) -> float:
        return self.demand.pixels / _PIXELS_720P

    def _service_s(self) -> float:
        """Seconds of one engine for a clip. On CPUs a line through the two sizes that were measured, an engine having a core."""
        if self.demand.gpu_seconds:
            return self.demand.gpu_seconds * self.demand.seconds
        share = (self.demand.pixels - _PIXELS_360P) / (_PIXELS_720P - _PIXELS_360P)
        per_s = self["engine_cpu_360p"] + share * (self["engine_cpu_720p"] - self["engine_cpu_360p"])
        return max(per_s, self["engine_cpu_360p"] * self.demand.pixels / _PIXELS_360P if share < 0 else 0.0) * self.demand.seconds

    def _sealing_s(self) -> float:
        """CPU seconds for a clip: marked, encoded, signed, and its fingerprints taken."""
        prints = self["prints_cpu_360p"] * self.demand.pixels / _PIXELS_360P
        return (self["sealing_cpu_720p"] * self._of_720p() + prints) * self.demand.seconds + self["signing_cpu"]

    def _web(self, requests_s: float, clips_s: float, sign_ins_s: float) -> float:
        """Busy cores of gateway and services."""
        return requests_s / self["reads_per_core"] + clips_s / self["submissions_per_core"] + sign_ins_s / self["sign_ins_per_core"]

    def _replicas(self, web: float, sealing: float, events_s: float) -> dict[str, int]:
        """A replica has a core. Of what requests cost, half is taken for the gateway's, a quarter each for identity's and generation's."""
        shares = {
            "gateway": web / 2,
            "identity": web / 4,
            "generation": web / 4,
            "provenance": sealing,
            "cameo": web / 20,
            "likeness": web / 20,
        }
        least = int(self["replicas_at_least"])
        replicas = {name: max(least, self._cores(busy)) for name, busy in shares.items()}
        return replicas | {"a consumer of events": max(1, math.ceil(events_s / self["events_per_consumer"]))}

    def _cores(self, busy: float) -> int:
        return math.ceil(busy / self["utilisation"] - 1e-9)

    def _cost(self, plan: Plan) -> dict[str, float]:
        """Engines, sealing and services are scaled with the load, so that their mean is paid for; Postgres and Kafka are not."""
        mean = 1 / self["peak_factor"]
        engines = max(plan.engines * mean, min(plan.engines, 1))
        machine = self["price_gpu_hour"] if plan.gpus else self["price_core_hour"]
        serving = max(plan.web_cores * mean, len(plan.replicas) - 1) + plan.sealing_cores * mean
        disk = plan.postgres_gb * 2 + plan.kafka_gb
        return {
            "engines": engines * machine * MONTH_H,
            "gateway, services, sealing": serving * self["price_core_hour"] * MONTH_H,
            "Postgres and its standby": plan.postgres_cores * 2 * self["price_core_hour"] * MONTH_H,
            "Kafka, three brokers of two cores": 6 * self["price_core_hour"] * MONTH_H,
            "disks of Postgres and Kafka": disk * self["price_disk_gb_month"],
            "object storage": plan.media_gb * self["price_storage_gb_month"],
            "backups": plan.backup_gb * self["price_storage_gb_month"],
            "egress": plan.egress_gb_month * self["price_egress_gb"],
        }
