"""Make what is made of the chart: schemas, licences, the tables of README.md, the rendered examples. `--check` only compares."""

import json
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from chart import readme, schema, values
from google.protobuf.json_format import MessageToDict
from kinora_engine.sheets import FAMILIES, shipped

ROOT = Path(__file__).parent.parent
CHART = ROOT / "deploy/helm/kinora"
KUBERNETES = "1.34.4"
_BEGIN, _END = "<!-- values: made by `make chart-docs` -->", "<!-- /values -->"


def documents() -> Iterator[tuple[Path, str]]:
    """Schemas, licences and README."""
    told = values.read(CHART / "values.yaml")
    services = sorted(path.parent.name for path in CHART.glob("charts/*/values.yaml"))
    yield CHART / "values.schema.json", _json(schema.umbrella(told))
    yield CHART / "files/licences.json", _json({family: MessageToDict(shipped(family).licence) for family in FAMILIES})
    for service in services:
        yield CHART / "charts" / service / "values.schema.json", _json(schema.subchart(service, told))
    before, _, rest = (CHART / "README.md").read_text().partition(_BEGIN)
    after = rest.partition(_END)[2]
    yield CHART / "README.md", f"{before}{_BEGIN}\n\n{readme.tables(told, services)}\n\n{_END}{after}"


def examples() -> Iterator[tuple[Path, str]]:
    """What Helm makes of each example."""
    for given in sorted(CHART.glob("examples/*/values.yaml")):
        command = [
            ROOT / ".cache/bin/helm",
            "template",
            "kinora",
            CHART,
            "--namespace",
            "kinora",
            "--kube-version",
            KUBERNETES,
            "--values",
            given,
        ]
        yield given.with_name("rendered.yaml"), subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True).stdout


def main() -> None:
    check, stale = "--check" in sys.argv, []
    for make in documents, examples:  # schemas first: Helm reads them
        for path, text in make():
            if not path.exists() or path.read_text() != text:
                stale.append(str(path.relative_to(ROOT)))
            if not check:
                path.write_text(text)
    if check and stale:
        sys.exit(f"not what the chart makes now; run `make chart-docs` and commit: {', '.join(stale)}")


def _json(content: dict[str, Any]) -> str:
    return json.dumps(content, indent=2, ensure_ascii=False) + "\n"


if __name__ == "__main__":
    main()
