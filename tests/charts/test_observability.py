"""Dashboards, alerts and runbooks: what they speak of is there, and alerts fire when they should."""

import json
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from functools import cache
from importlib import import_module
from pathlib import Path

import pytest
import yaml
from kinora_engine.metrics import FAMILIES
from kinora_kit import attributes
from prometheus_client import REGISTRY

ROOT = Path(__file__).parents[2]
ALERTS, DASHBOARDS = ROOT / "deploy/helm/kinora/files/alerts", ROOT / "deploy/helm/kinora/files/dashboards"
OPERATIONS, OBSERVABILITY = ROOT / "docs/operations.md", ROOT / "deploy/observability"
PROMTOOL = shutil.which("promtool", path=f"{ROOT / '.cache/bin'}:/usr/local/bin:/usr/bin:/bin")

OTHERS = {line for line in (OBSERVABILITY / "other_metrics.txt").read_text().splitlines() if not line.startswith("#")}
TARGET = frozenset({"namespace", "job", "pod", "instance", "container", "app_kubernetes_io_component", "app_kubernetes_io_name", "le"})
NO_LABELS = frozenset({"by", "on", "without", "ignoring", "group_left", "group_right"})
WORDS = NO_LABELS | {"and", "or", "unless", "bool", "offset"}


@cache
def ours() -> dict[str, frozenset[str]]:
    """Every metric that the code makes, with its labels."""
    for path in [*ROOT.glob("libs/kit/src/**/*.py"), *ROOT.glob("services/*/src/**/*.py")]:
        if "prometheus_client" in path.read_text():
            import_module(".".join(path.relative_to(next(p for p in path.parents if p.name == "src")).with_suffix("").parts))
    known = {}
    for collector, names in REGISTRY._collector_to_names.items():
        known |= {name: frozenset(getattr(collector, "_labelnames", ())) for name in names}
    for family in FAMILIES:
        parts = [f"{family.name}_{part}" for part in ("bucket", "count", "sum")] if family.kind == "HISTOGRAM" else [family.name]
        known |= dict.fromkeys(parts, frozenset({"instance", "model", *family.labels}))
    return known


def recorded() -> set[str]:
    return {rule["record"] for rule in rules() if "record" in rule}


def rules() -> list[dict]:
    return [
        rule for path in sorted(ALERTS.glob("*.yaml")) for group in yaml.safe_load(path.read_text())["groups"] for rule in group["rules"]
    ]


def alerts() -> list[dict]:
    return [rule for rule in rules() if "alert" in rule]


def dashboards() -> list[dict]:
    return [json.loads(path.read_text()) for path in sorted(DASHBOARDS.glob("*.json"))]


def expressions() -> Iterator[str]:
    """Every query of alerts and dashboards, as Prometheus would be asked it."""
    yield from (rule["expr"] for rule in rules())
    for dashboard in dashboards():
        for panel in dashboard["panels"]:
            yield from (target["expr"].replace("$__rate_interval", "5m") for target in panel.get("targets", []))


def metrics_in(expr: str) -> set[str]:
    bare = re.sub(r'"[^"]*"|\{[^}]*\}|\[[^\]]*\]', "", re.sub(r'"(\\.|[^"\\])*"', '""', expr))
    bare = re.sub(r"\b(by|on|without|ignoring|group_left|group_right) *\([^)]*\)", "", bare)
    return {name for name in re.findall(r"[A-Za-z_:][\w:]*(?![\w:]*\s*\()", bare) if name not in WORDS}


def labels_in(expr: str) -> Iterator[tuple[str, str]]:
    """Each metric with each label that its selector names."""
    for metric, selector in re.findall(r"([A-Za-z_:][\w:]*)\{((?:\"[^\"]*\"|[^}\"])*)\}", expr):
        yield from ((metric, label) for label in re.findall(r"(\w+) *(?:=~|!~|!=|=)", re.sub(r'"[^"]*"', "", selector)))


def slug(heading: str) -> str:
    """As GitHub makes anchors."""
    return re.sub(r"[^\w\- ]", "", heading.strip().lower()).replace(" ", "-")


def test_every_metric_that_is_asked_for_exists():
    known = set(ours()) | OTHERS | recorded()
    assert {name for expr in expressions() for name in metrics_in(expr)} - known == set()


def test_every_label_that_is_asked_for_is_one_of_its_metrics():
    named = {(metric, label) for expr in expressions() for metric, label in labels_in(expr) if metric.startswith("kinora_")}
    assert {(metric, label) for metric, label in named if label not in ours()[base(metric)] | TARGET} == set()


def base(metric: str) -> str:
    return metric if metric in ours() else metric.rpartition("_")[0]


def test_no_metric_of_ours_has_a_label_that_could_name_somebody():
    assert {label for labels in ours().values() for label in labels} <= {
        "method", "code", "schema", "consumer", "type", "outcome", "topic", "loop", "component", "version", "route", "status", "state",
        "reason", "engine", "by", "operation", "table", "le", "pool", "replicas", "generation", "implementation", "major", "minor",
        "patchlevel", "instance", "model",
    }  # fmt: skip


def test_dashboards_are_told_apart_and_so_are_their_panels():
    uids = [dashboard["uid"] for dashboard in dashboards()]
    assert len(set(uids)) == len(uids) > 0
    for dashboard in dashboards():
        ids = [panel["id"] for panel in dashboard["panels"]]
        assert len(set(ids)) == len(ids)
        assert {variable["name"] for variable in dashboard["templating"]["list"]} == {"datasource", "namespace", "job"}


def test_panels_do_not_lie_on_each_other():
    for dashboard in dashboards():
        taken = set()
        for panel in dashboard["panels"]:
            at = panel["gridPos"]
            cells = {(x, y) for x in range(at["x"], at["x"] + at["w"]) for y in range(at["y"], at["y"] + at["h"])}
            assert not cells & taken, f"{dashboard['title']}: {panel['title']}"
            assert at["x"] + at["w"] <= 24
            taken |= cells


@pytest.mark.parametrize("tool", ["dashboards", "slos"])
def test_what_is_made_is_as_its_source_says(tool):
    made = {path: path.read_bytes() for path in [*DASHBOARDS.glob("*.json"), ALERTS / "slos.yaml"]}
    subprocess.run([sys.executable, ROOT / f"tools/{tool}.py"], check=True, capture_output=True)
    changed = [path.name for path, before in made.items() if path.read_bytes() != before]
    assert changed == [], f"run tools/{tool}.py and commit what it makes"


@pytest.mark.parametrize("alert", alerts(), ids=lambda alert: alert["alert"])
def test_an_alert_says_how_urgent_it_is_and_what_to_do(alert):
    headings = {slug(line.lstrip("#")) for line in OPERATIONS.read_text().splitlines() if line.startswith("#")}
    page, _, anchor = alert["annotations"]["runbook_url"].partition("#")
    assert (page, anchor in headings) == ("docs/operations.md", True)
    assert alert["alert"] in OPERATIONS.read_text()
    assert alert["labels"]["severity"] in {"page", "ticket"}
    assert alert["annotations"]["summary"]
    assert alert["annotations"]["description"]


def test_no_runbook_is_for_an_alert_that_is_gone():
    told = set(re.findall(r"\bKinora[A-Z]\w+", OPERATIONS.read_text()))
    assert told <= {alert["alert"] for alert in alerts()}


def test_the_chart_hands_over_the_rules_with_runbooks_where_the_operator_keeps_them(render):
    (made,) = (
        each for each in render("production", "monitoring.rules.runbooks=https://wiki.example/k") if each["kind"] == "PrometheusRule"
    )
    handed = [rule for group in made["spec"]["groups"] for rule in group["rules"]]
    for rule in handed:
        if "alert" in rule:
            assert rule["annotations"]["runbook_url"].startswith("https://wiki.example/k#")
            rule["annotations"]["runbook_url"] = rule["annotations"]["runbook_url"].replace("https://wiki.example/k", "docs/operations.md")
    assert handed == rules()


def test_the_chart_hands_over_the_dashboards(render):
    (made,) = (each for each in render("production") if each["metadata"]["name"] == "kinora-dashboards")
    assert [json.loads(text) for _, text in sorted(made["data"].items())] == dashboards()


def test_no_attribute_of_a_span_leaves_but_those_of_the_registry():
    sent = yaml.safe_load((OBSERVABILITY / "collector.yaml").read_text())["config"]["processors"]["redaction"]
    registry = {value for name, value in vars(attributes).items() if name.isupper()}
    assert (sent["allow_all_keys"], set(sent["allowed_keys"])) == (False, registry | {"service.name"})


@pytest.mark.parametrize("values", ["collector", "collector-logs", "kube-prometheus-stack"])
def test_pipelines_name_only_what_they_define(values):
    config = yaml.safe_load((OBSERVABILITY / f"{values}.yaml").read_text()).get("config", {})
    for pipeline in filter(None, config.get("service", {}).get("pipelines", {}).values()):
        for kind, names in pipeline.items():
            assert set(names) <= config[kind].keys()


needs_promtool = pytest.mark.skipif(PROMTOOL is None, reason="promtool is not here; tools/setup_charts.sh builds it by Go 1.26")


@needs_promtool
def test_rules_are_such_as_prometheus_takes():
    found = subprocess.run([PROMTOOL, "check", "rules", *sorted(ALERTS.glob("*.yaml"))], capture_output=True, text=True, check=False)
    assert found.returncode == 0, found.stdout + found.stderr


@needs_promtool
def test_queries_of_dashboards_are_such_as_prometheus_takes(tmp_path):
    asked = [{"record": f"dashboard:query:{number}", "expr": expr.replace("$", "x")} for number, expr in enumerate(expressions())]
    (tmp_path / "queries.yaml").write_text(yaml.safe_dump({"groups": [{"name": "queries", "rules": asked}]}))
    found = subprocess.run([PROMTOOL, "check", "rules", tmp_path / "queries.yaml"], capture_output=True, text=True, check=False)
    assert found.returncode == 0, found.stdout + found.stderr


@needs_promtool
@pytest.mark.timeout(600)
@pytest.mark.parametrize("tests", ["alerts", "slos"])
def test_alerts_fire_when_they_should_and_only_then(tests):
    found = subprocess.run([PROMTOOL, "test", "rules", OBSERVABILITY / f"tests/{tests}.yaml"], capture_output=True, text=True, check=False)
    assert found.returncode == 0, found.stdout + found.stderr
