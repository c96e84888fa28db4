"""A plan as tables, or as JSON."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict

from rich.console import Console
from rich.table import Table

from kinora_cli.plan.figures import Figure
from kinora_cli.plan.sizing import Demand, Plan

_KINDS = {
    "given": "As you said",
    "measured": "Measured, by section of docs/benchmarks.md",
    "assumed": "Assumed",
    "price": "Prices, to be replaced by yours",
}


def as_json(demand: Demand, plan: Plan, figures: Mapping[str, Figure], limits: Sequence[str]) -> str:
    whole = {"demand": asdict(demand), "plan": asdict(plan) | {"total": plan.total}, "limits": list(limits)}
    return json.dumps(whole | {"figures": {name: asdict(figure) for name, figure in figures.items()}}, indent=2)


def show(console: Console, demand: Demand, plan: Plan, figures: Mapping[str, Figure], limits: Sequence[str]) -> None:
    what = f"{demand.users:,} users, {demand.clips_per_day:,.0f} clips a day of {demand.seconds:g} s at {demand.width}x{demand.height}"
    console.print(f"\n[bold]{what}[/], kept for {demand.retention_days:g} days\n")
    _table(console, "At the peak", _peak(plan))
    _table(console, "Machines", _machines(plan))
    _table(console, "Data", _data(plan))
    costs = {name: f"${cost:,.0f}" for name, cost in plan.cost.items()}
    _table(console, "A month, at the prices below", costs | {"[bold]together[/]": f"[bold]${plan.total:,.0f}[/]"})
    if limits:
        console.print("[bold yellow]Beyond what was tried, or what this design does[/]")
        for sentence in limits:
            console.print(f"  • {sentence}")
        console.print()
    _figures(console, figures)


def _peak(plan: Plan) -> dict[str, str]:
    return {
        "clips": f"{plan.clips_s:,.2f}/s",
        "requests": f"{plan.requests_s:,.1f}/s",
        "an engine's time for a clip": f"{plan.service_s:,.1f} s",
        "clips in the making": f"{plan.clips_in_the_making:,.1f}",
        "95% of clips wait at most": f"{plan.wait_p95_s:,.1f} s",
        "database transactions": f"{plan.changes_s:,.1f}/s",
        "events": f"{plan.events_s:,.1f}/s",
    }


def _machines(plan: Plan) -> dict[str, str]:
    engines = f"{plan.gpus:,} GPUs" if plan.gpus else f"{plan.engine_cores:,} cores"
    rows = {
        "engines": engines,
        "sealing (provenance)": f"{plan.sealing_cores:,} cores",
        "gateway and services": f"{plan.web_cores:,} cores",
    }
    rows |= {f"  replicas of {name}": f"{count:,}" for name, count in plan.replicas.items()}
    return rows | {"Postgres": f"{_many(plan.postgres_cores, 'core')}, and a standby", "  connections": f"{plan.connections:,}"}


def _data(plan: Plan) -> dict[str, str]:
    return {
        "object storage": _gb(plan.media_gb),
        "backups": _gb(plan.backup_gb),
        "egress, a month": _gb(plan.egress_gb_month),
        "Postgres": _gb(plan.postgres_gb),
        "Kafka, all copies": _gb(plan.kafka_gb),
        "Kafka, partitions of a topic": f"{plan.partitions:,}",
    }


def _figures(console: Console, figures: Mapping[str, Figure]) -> None:
    """Lines, since a terminal of 80 columns leaves a table of them no room."""
    for kind, title in _KINDS.items():
        chosen = [figure for figure in figures.values() if figure.kind == kind]
        if chosen:
            console.print(f"[bold]{title}[/]")
        for figure in chosen:
            console.print(f"  [cyan]{figure.name}[/] = {figure.value:,g} {figure.unit} [dim]({figure.source})[/]", soft_wrap=True)
    console.print("\nEach can be set: --set name=value")


def _table(console: Console, name: str, rows: Mapping[str, str]) -> None:
    table = Table(name, "", min_width=56)
    table.columns[1].justify = "right"
    for what, value in rows.items():
        table.add_row(what, value)
    console.print(table)


def _many(number: int, what: str) -> str:
    return f"{number:,} {what}{'' if number == 1 else 's'}"


def _gb(size: float) -> str:
    for unit in ("GB", "TB"):
        if size < 1000:
            return f"{size:,.3g} {unit}"
        size /= 1000
    return f"{size:,.4g} PB"
