"""Makes Grafana's dashboards, deploy/helm/kinora/files/dashboards/*.json, of deploy/observability/dashboards/*.yaml.

A panel is a title, a unit and queries: `legend: expression`. SCOPE in an expression stands for the variables namespace and job.
"""

import json
import sys
from itertools import count
from pathlib import Path
from typing import Any

import yaml

ROOT = Path(__file__).parents[1]
SOURCES, TARGETS = ROOT / "deploy/observability/dashboards", ROOT / "deploy/helm/kinora/files/dashboards"
SCHEMA = 41  # of Grafana 12; later ones raise it themselves
WIDTH, COLUMNS, HEIGHT, STAT_HEIGHT = 24, 3, 8, 4
PROMETHEUS = {"type": "prometheus", "uid": "${datasource}"}
SCOPE = 'namespace=~"$namespace",job=~"$job"'
FOUND_BY = "kinora_build_info"


def main() -> None:
    TARGETS.mkdir(parents=True, exist_ok=True)
    for source in sorted(SOURCES.glob("*.yaml")):
        target = TARGETS / f"{source.stem}.json"
        target.write_text(_lines(dashboard(source.stem, yaml.safe_load(source.read_text()))))
        sys.stdout.write(f"{target.relative_to(ROOT)}\n")


def _lines(made: dict[str, Any]) -> str:
    """JSON of which each panel is a line, so that a change shows where it is."""
    panels = ",\n".join(f"  {json.dumps(panel, ensure_ascii=False)}" for panel in made["panels"])
    facts = "".join(f" {json.dumps(key)}: {json.dumps(value, ensure_ascii=False)},\n" for key, value in made.items() if key != "panels")
    return f'{{\n{facts} "panels": [\n{panels}\n ]\n}}\n'


def dashboard(name: str, written: dict[str, Any]) -> dict[str, Any]:
    return {
        "uid": f"kinora-{name}", "title": f"Kinora: {written['title']}", "description": written["about"], "tags": ["kinora"],
        "schemaVersion": SCHEMA, "version": 1, "editable": False, "graphTooltip": 1, "refresh": "30s",
        "time": {"from": written.get("since", "now-6h"), "to": "now"}, "timezone": "browser",
        "links": [{"title": "Kinora", "type": "dashboards", "tags": ["kinora"], "asDropdown": True, "keepTime": True, "includeVars": True}],
        "templating": {"list": [_datasource(), _variable("namespace", "Namespace"), _variable("job", "Release (scrape job)")]},
        "panels": _panels(written["rows"]),
    }  # fmt: skip


def _datasource() -> dict[str, Any]:
    return {"name": "datasource", "label": "Prometheus", "type": "datasource", "query": "prometheus"}


def _variable(label: str, title: str) -> dict[str, Any]:
    """Of all values that the label has; "All" also matches where it is absent, as outside of Kubernetes."""
    query = f"label_values({FOUND_BY}, {label})"
    return {
        "name": label, "label": title, "type": "query", "datasource": PROMETHEUS, "definition": query,
        "query": {"query": query, "refId": "found"}, "refresh": 2, "sort": 1,
        "includeAll": True, "multi": True, "allValue": ".*", "current": {"text": "All", "value": "$__all"},
    }  # fmt: skip


def _panels(rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
    panels: list[dict[str, Any]] = []
    ids, y = count(1), 0
    for row in rows:
        panels.append({"id": next(ids), "type": "row", "title": row["title"], "collapsed": False, "panels": [], "gridPos": _at(0, y)})
        y += 1
        columns = row.get("columns", COLUMNS)
        height = STAT_HEIGHT if all("stat" in panel for panel in row["panels"]) else HEIGHT
        for number, panel in enumerate(row["panels"]):
            place = _at(number % columns * (WIDTH // columns), y + number // columns * height, WIDTH // columns, height)
            panels.append({"id": next(ids), "gridPos": place, **_panel(panel)})
        y += -(-len(row["panels"]) // columns) * height
    return panels


def _at(x: int, y: int, width: int = WIDTH, height: int = 1) -> dict[str, int]:
    return {"x": x, "y": y, "w": width, "h": height}


def _panel(panel: dict[str, Any]) -> dict[str, Any]:
    made = {"title": panel["title"], "description": panel.get("about", ""), "datasource": PROMETHEUS}
    if panel.get("alerts"):
        return {**made, "type": "alertlist", "options": {"alertName": "Kinora", "maxItems": 30, "stateFilter": {"firing": True}}}
    queries = {"": panel["stat"]} if "stat" in panel else panel["queries"]
    defaults: dict[str, Any] = {"unit": panel.get("unit", "short"), "min": 0}
    if "good" in panel:  # from red through yellow to green, or the other way round
        defaults["color"], defaults["thresholds"] = {"mode": "thresholds"}, _thresholds(*panel["good"])
    if "stat" not in panel:
        defaults["custom"] = {"fillOpacity": 10, "showPoints": "never", "stacking": {"mode": "normal" if panel.get("stacked") else "none"}}
    kind = {"type": "stat", "options": _stat()} if "stat" in panel else {"type": "timeseries", "options": _series()}
    return {**made, **kind, "fieldConfig": {"defaults": defaults, "overrides": []}, "targets": _targets(queries, instant="stat" in panel)}


def _targets(queries: dict[str, str], *, instant: bool) -> list[dict[str, Any]]:
    return [
        {
            "refId": chr(ord("A") + number), "datasource": PROMETHEUS, "editorMode": "code", "instant": instant, "range": not instant,
            "expr": " ".join(expr.split()).replace("SCOPE", SCOPE), "legendFormat": legend,
        }
        for number, (legend, expr) in enumerate(queries.items())
    ]  # fmt: skip


def _thresholds(worst: float, best: float) -> dict[str, Any]:
    colours = ["red", "yellow", "green"] if best > worst else ["green", "yellow", "red"]
    low, high = sorted((worst, best))
    return {"mode": "absolute", "steps": [{"color": c, "value": v} for c, v in zip(colours, (None, low, high), strict=True)]}


def _stat() -> dict[str, Any]:
    return {"colorMode": "value", "graphMode": "none", "reduceOptions": {"calcs": ["lastNotNull"]}, "textMode": "auto"}


def _series() -> dict[str, Any]:
    return {"legend": {"displayMode": "list", "placement": "bottom"}, "tooltip": {"mode": "multi", "sort": "desc"}}


if __name__ == "__main__":
    main()
