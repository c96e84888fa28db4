"""What Prometheus is told beyond the kit's own figures."""

from prometheus_client import Counter, Gauge, Histogram

VIDEOS_ENDED = Counter("kinora_generation_videos_ended_total", "Videos that reached a final state", ["state"])
ENGINE_LOSSES = Counter("kinora_generation_engine_losses_total", "Attempts that ended without the engine's answer", ["model"])
ENGINE_SECONDS = Histogram(
    "kinora_generation_engine_seconds", "Engine time of a rendered video", ["model"], buckets=(5, 10, 20, 40, 80, 160, 320, 640),
)  # fmt: skip
QUEUED_ENGINE_SECONDS = Gauge("kinora_generation_queued_engine_seconds", "Estimated engine time of all waiting videos: scale on this")
