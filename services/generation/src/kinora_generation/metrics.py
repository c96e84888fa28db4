"""What Prometheus is told beyond the kit's own figures."""

from prometheus_client import Counter, Gauge, Histogram

VIDEOS_ENDED = Counter("kinora_generation_videos_ended_total", "Videos that reached a final state, or why they failed", ["state", "reason"])
ENGINE_LOSSES = Counter("kinora_generation_engine_losses_total", "Attempts that ended without the engine's answer", ["engine"])
ENGINE_SECONDS = Histogram(
    "kinora_generation_engine_seconds", "Engine time of a rendered video", ["engine"], buckets=(5, 10, 20, 40, 80, 160, 320, 640),
)  # fmt: skip
ESTIMATE_RATIO = Histogram(
    "kinora_generation_estimate_ratio", "What a rendered video took, over what it was estimated at", ["engine"],
    buckets=(0.25, 0.5, 0.67, 0.8, 0.9, 1.1, 1.25, 1.5, 2, 4),
)  # fmt: skip
WAIT_SECONDS = Histogram(
    "kinora_generation_wait_seconds", "From submission until an engine was first asked", ["engine"],
    buckets=(1, 2, 5, 10, 20, 40, 60, 120, 300, 600, 1800, 3600),
)  # fmt: skip
SHOWN_SECONDS = Histogram(
    "kinora_generation_shown_seconds", "From submission to a signed video that its maker may see", ["engine"],
    buckets=(5, 10, 20, 40, 60, 120, 180, 300, 600, 1200, 1800, 3600, 7200),
)  # fmt: skip

for _told in (("completed", ""), ("failed", "engine_unavailable"), ("failed", "seal_failed")):
    VIDEOS_ENDED.labels(*_told)  # from the beginning: to Prometheus the first of its kind is no increase

# Told alike by every replica: `max by (engine)`.
JOBS = Gauge("kinora_generation_jobs", "Videos before an engine, by whether they are waiting or running", ["engine", "state"])
QUEUED_ENGINE_SECONDS = Gauge("kinora_generation_queued_engine_seconds", "Estimated engine time of all that wait", ["engine"])
RUNNING_ENGINE_SECONDS = Gauge("kinora_generation_running_engine_seconds", "Estimated engine time that running ones still need", ["engine"])
WAIT_P95_SECONDS = Gauge("kinora_generation_wait_p95_seconds", "Wait since submission, of those that wait now", ["engine"])
OLDEST_WAIT_SECONDS = Gauge("kinora_generation_oldest_wait_seconds", "Wait since submission of the oldest that waits", ["engine"])
