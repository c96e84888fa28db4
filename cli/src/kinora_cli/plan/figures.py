"""The figures of figures.toml, some of them set anew by the operator."""

import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from pathlib import Path

_FILE = Path(__file__).with_name("figures.toml")


class UnknownFigure(ValueError):
    """The message lists those that there are, or says what is wrong with a value."""


@dataclass(frozen=True)
class Figure:
    """`kind`: measured, assumed, price, or given by the operator. `source`: the section of docs/benchmarks.md, or why."""

    name: str
    value: float
    unit: str
    source: str
    kind: str


def load(given: Iterable[str] = ()) -> dict[str, Figure]:
    """By name; `given` are texts "name=value". Raises UnknownFigure."""
    figures = {figure.name: figure for kind, table in tomllib.loads(_FILE.read_text()).items() for figure in _table(kind, table)}
    for text in given:
        name, _, value = text.partition("=")
        if name not in figures:
            raise UnknownFigure(f"There is no figure {name!r} to set; there are: {', '.join(figures)}.")
        figures[name] = replace(figures[name], value=_number(name, value), source="as you said", kind="given")
    return figures


def _table(kind: str, table: Mapping[str, Mapping[str, str | float]]) -> Iterable[Figure]:
    prefix = "price_" if kind == "price" else ""
    for name, row in table.items():
        yield Figure(prefix + name, float(row["value"]), str(row["unit"]), str(row.get("cite") or row["why"]), kind)


def _number(name: str, text: str) -> float:
    try:
        value = float(text)
    except ValueError:
        value = -1
    if not 0 < value < float("inf"):
        raise UnknownFigure(f"{name} must be a number above 0, not {text!r}; e.g. --set {name}=1.5.")
    return value
