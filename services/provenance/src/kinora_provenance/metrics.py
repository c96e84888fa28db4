"""Metrics of sealing."""

from prometheus_client import Counter, Histogram

SEALS = Counter("kinora_seals_total", "Tries to seal a film, by how they ended", ["outcome"])
SEAL_SECONDS = Histogram(
    "kinora_seal_seconds", "Time to fetch, sign, check and store one film", buckets=(0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30)
)
