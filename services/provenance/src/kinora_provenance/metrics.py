"""What Prometheus is told of sealing, of looking and of signing."""

from kinora_kit import gauges
from kinora_kit.db import Database
from kinora_kit.slots import SlotMetrics
from prometheus_client import Counter, Gauge, Histogram
from sqlalchemy import text

SEALS = Counter("kinora_seals_total", "Tries to seal a film, by how they ended", ["outcome"])
SEAL_SECONDS = Histogram(
    "kinora_seal_seconds", "Time to fetch, mark, encode, sign, check and store one film", buckets=(0.5, 1, 2.5, 5, 10, 30, 60, 120, 300)
)
CHECKS = Counter("kinora_content_checks_total", "Files that were handed in, by what they came to", ["outcome"])
CHECK_SECONDS = Histogram(
    "kinora_content_check_seconds", "Time to look at one file, waiting included", buckets=(0.5, 1, 2.5, 5, 10, 30, 60, 120)
)
SLOTS = SlotMetrics(
    Gauge("kinora_content_check_slots", "Files that are looked at at once"),
    Gauge("kinora_content_check_slots_in_use", "As many are looked at now"),
    Counter("kinora_content_check_slots_missed_total", "Questions that were turned away since no slot was free in time"),
)
KMS_ERRORS = Counter("kinora_kms_errors_total", "Requests to the key service that came to nothing", ["operation"])
SEALS_WAITING = Gauge("kinora_seals_waiting", "Films that are not sealed yet")
SEALS_AGE = Gauge("kinora_seals_oldest_age_seconds", "How long the oldest of them waits; 0 when none does")
for _operation in ("GetPublicKey", "Sign"):
    KMS_ERRORS.labels(_operation)  # from the beginning: to Prometheus the first of its kind is no increase
for _outcome in ("sealed", "deferred", "unsealable"):
    SEALS.labels(_outcome)
_SEALING = text("select count(*) as waiting, coalesce(extract(epoch from now() - min(created_at)), 0)::float as age from sealing")


async def watch_sealing(database: Database) -> None:
    """Until cancelled."""
    await gauges.watch(database, _SEALING, {"waiting": SEALS_WAITING, "age": SEALS_AGE})
