"""Makes deploy/helm/kinora/files/alerts/slos.yaml of deploy/observability/slos.yaml: recording rules and multi-window burn-rate alerts."""

import sys
from pathlib import Path
from typing import Any

import yaml

ROOT = Path(__file__).parents[1]
SOURCE, TARGET = ROOT / "deploy/observability/slos.yaml", ROOT / "deploy/helm/kinora/files/alerts/slos.yaml"
HEAD = "# Made by tools/slos.py of deploy/observability/slos.yaml: change that, and run it.\n"
RUNBOOK = "docs/operations.md#"
HOURS = {"5m": 1 / 12, "30m": 0.5, "1h": 1, "2h": 2, "6h": 6, "1d": 24, "3d": 72, "30d": 720}
# Severity: how fast a month's budget burns, over which long and short window (Site Reliability Workbook, table 5-8).
BURNS = {"page": [(14.4, "1h", "5m"), (6, "6h", "30m")], "ticket": [(3, "1d", "2h"), (1, "3d", "6h")]}


def main() -> None:
    groups = [_group(slo) for slo in yaml.safe_load(SOURCE.read_text())]
    TARGET.write_text(HEAD + yaml.safe_dump({"groups": groups}, sort_keys=False, width=160, allow_unicode=True))
    sys.stdout.write(f"{TARGET.relative_to(ROOT)}: {sum(len(group['rules']) for group in groups)} rules\n")


def _group(slo: dict[str, Any]) -> dict[str, Any]:
    recorded = [_recorded(slo, window) for window in HOURS]
    budget = {"record": "kinora:slo_objective:ratio", "labels": {"slo": slo["name"]}, "expr": f"vector({slo['objective']})"}
    return {"name": f"kinora-slo-{slo['name']}", "rules": [budget, *recorded, *(_alert(slo, severity) for severity in BURNS)]}


def _recorded(slo: dict[str, Any], window: str) -> dict[str, Any]:
    bad, every = (_over(slo, slo[which], window) for which in ("bad", "all"))
    expr = f"({bad} or 0 * {every}) / ({every} > 0)"
    return {"record": f"kinora:slo_errors:ratio_rate{window}", "labels": {"slo": slo["name"]}, "expr": expr}


def _alert(slo: dict[str, Any], severity: str) -> dict[str, Any]:
    name = "".join(part.capitalize() for part in slo["name"].split("_"))
    burns = "\nor\n".join(_burning(slo, *burn) for burn in BURNS[severity])
    return {
        "alert": f"Kinora{name}Budget{'Burns' if severity == 'page' else 'Shrinks'}",
        "expr": burns,
        "for": "2m" if severity == "page" else "1h",
        "labels": {"severity": severity, "slo": slo["name"]},
        "annotations": {
            "summary": f"The error budget of {slo['name']} runs out early in {{{{ $labels.namespace }}}}",
            "description": f"Over 30 days {slo['objective']:.1%} of {slo['says']}; now {{{{ $value | humanizePercentage }}}} do not.",
            "runbook_url": RUNBOOK + slo["runbook"],
        },
    }


def _burning(slo: dict[str, Any], factor: float, long: str, short: str) -> str:
    above = f"> {factor} * {1 - slo['objective']:.4g}"
    ratios = [f'kinora:slo_errors:ratio_rate{window}{{slo="{slo["name"]}"}} {above}' for window in (long, short)]
    enough = f"{_over(slo, slo['all'], long)} * {HOURS[long] * 3600:g} >= {slo['least']}"
    return f"({ratios[0]} and {ratios[1]} and on (namespace) {enough})"


def _over(slo: dict[str, Any], expr: str, window: str) -> str:
    return expr.replace("ROUTES", slo.get("routes", "")).replace("WINDOW", window)


if __name__ == "__main__":
    main()
