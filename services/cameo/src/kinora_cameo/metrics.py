"""What operators are told of consent: what was asked and decided, never of whose likeness."""

from prometheus_client import Counter

DECISIONS = Counter("kinora_cameo_decisions_total", "Questions whether a likeness may be used", ["route", "outcome", "reason"])
