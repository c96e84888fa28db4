"""What an operator is told."""

from prometheus_client import REGISTRY


def figure(name: str, **labels: str) -> float:
    """The metric of this process now: the sum of those whose labels these are among."""
    samples = [sample for family in REGISTRY.collect() for sample in family.samples if sample.name == name]
    return sum(sample.value for sample in samples if labels.items() <= sample.labels.items())
