"""Where a plan leaves what was tried, or what one server can do: told, not sized away."""

from collections.abc import Iterator, Mapping

from kinora_cli.plan.figures import Figure
from kinora_cli.plan.sizing import Demand, Plan

_PRINTS_PER_S = 22  # pictures' hashes a second of film: 176 of a film of 8 s (docs/benchmarks.md, Fingerprints)
_POOLED = 500  # connections that Postgres serves well without a pooler
_PARTITIONS = 6  # what Kinora makes a topic with
_TRIED_PIXELS = (640 * 360, 1280 * 720)


def limits(demand: Demand, plan: Plan, figures: Mapping[str, Figure]) -> list[str]:
    """Sentences; empty where everything is within."""
    f = {name: figure.value for name, figure in figures.items()}
    return [*_database(plan, f), *_tried(demand, plan, f), *_engines(demand, plan)]


def _database(plan: Plan, f: Mapping[str, float]) -> Iterator[str]:
    if plan.changes_s > f["db_one_server_changes"]:
        beats = plan.clips_in_the_making * f["beats_per_s"]
        yield (
            f"One Postgres does not take {plan.changes_s:,.0f} transactions a second, {beats:,.0f} of them beats of clips in the "
            "making. Give each service a server of its own, keep beats out of Postgres, and split generation's queue by account "
            "into shards with pools of their own."
        )
    if plan.postgres_gb > f["db_one_server_gb"]:
        yield (
            f"One Postgres does not hold {plan.postgres_gb / 1000:,.0f} TB well. Fingerprints, seals and old videos want partitions "
            "or shards of their own."
        )
    if plan.postgres_gb > f["db_dump_gb"]:
        yield (
            "kinora backup dumps a database of this size for hours. Archive WAL and restore to a point in time instead; kinora "
            "backup facts and kinora restore --forget-only do the rest (docs/backup.md)."
        )
    if plan.connections > _POOLED:
        yield f"{plan.connections:,} connections want a pooler before Postgres, in session mode: relays and consumers hold locks."


def _tried(demand: Demand, plan: Plan, f: Mapping[str, float]) -> Iterator[str]:
    rows, waiting = demand.clips_per_day * demand.retention_days * demand.seconds * _PRINTS_PER_S, plan.clips_s * f["wait_p95_s"]
    if rows > f["prints_rows_tried"]:
        yield (
            f"Look-ups by fingerprints were measured among {f['prints_rows_tried']:,.0f} hashes, and this plan has {rows:,.0f}. "
            "Measure them at your size; what they cost is not in it. Beyond tens of millions they want an index in shards."
        )
    if waiting > f["queue_tried"]:
        yield (
            f"Some {waiting:,.0f} clips may wait at the peak. Each read of one counts its place over the whole queue, which was "
            f"measured with {f['queue_tried']:,.0f}: at this size the place wants to be estimated."
        )
    if plan.partitions > _PARTITIONS:
        yield (
            f"A consuming service needs {plan.partitions:,} processes, and so the busiest topic as many partitions; Kinora makes "
            f"topics with {_PARTITIONS}. Add them before."
        )


def _engines(demand: Demand, plan: Plan) -> Iterator[str]:
    least, most = _TRIED_PIXELS
    if plan.gpus:
        yield "No GPU was measured here: what one takes for a second of film is what you said."
    elif not least <= demand.pixels <= most:
        yield "The CPU engine was measured at 640x360 and 1280x720; what this size takes is extrapolated."
