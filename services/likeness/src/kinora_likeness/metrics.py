"""How busy this process is with looking."""

from prometheus_client import Counter, Gauge

SLOTS = Gauge("kinora_likeness_slots", "Clips and pictures that are looked at at once")
SLOTS_IN_USE = Gauge("kinora_likeness_slots_in_use", "As many are looked at now")
SLOTS_MISSED = Counter("kinora_likeness_slots_missed_total", "Questions that were turned away since no slot was free in time")
