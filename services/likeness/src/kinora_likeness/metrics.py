"""How busy this process is with looking."""

from kinora_kit.slots import SlotMetrics
from prometheus_client import Counter, Gauge

SLOTS = SlotMetrics(
    Gauge("kinora_likeness_slots", "Clips and pictures that are looked at at once"),
    Gauge("kinora_likeness_slots_in_use", "As many are looked at now"),
    Counter("kinora_likeness_slots_missed_total", "Questions that were turned away since no slot was free in time"),
)
