"""Strict JSON schemas of Kubernetes' own kinds and of the custom kinds that the chart may ask for, for kubeconform.

They come out of the Go modules of their makers: python tools/chart/kubernetes_schemas.py FOLDER
"""

import json
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import yaml

KUBERNETES = "k8s.io/kubernetes@v1.34.4"
CUSTOM = {
    "github.com/cert-manager/cert-manager@v1.19.1": (
        "deploy/crds/cert-manager.io_certificates.yaml",
        "deploy/crds/cert-manager.io_issuers.yaml",
    ),
    "github.com/cloudnative-pg/cloudnative-pg@v1.27.0": ("config/crd/bases/postgresql.cnpg.io_clusters.yaml",),
    "github.com/kedacore/keda/v2@v2.18.1": (
        "config/crd/bases/keda.sh_scaledobjects.yaml",
        "config/crd/bases/keda.sh_triggerauthentications.yaml",
    ),
    "github.com/prometheus-operator/prometheus-operator@v0.85.0": (
        "example/prometheus-operator-crd/monitoring.coreos.com_podmonitors.yaml",
        "example/prometheus-operator-crd/monitoring.coreos.com_prometheusrules.yaml",
    ),
    "sigs.k8s.io/gateway-api@v1.4.1": ("config/crd/standard/gateway.networking.k8s.io_httproutes.yaml",),
}
_PREFIX = "#/definitions/"
_KINDS = ("io.k8s.api.", "io.k8s.kube-aggregator.")
_SCALARS = {
    "io.k8s.apimachinery.pkg.util.intstr.IntOrString": {"type": ["string", "integer"]},
    "io.k8s.apimachinery.pkg.api.resource.Quantity": {"type": ["string", "number"]},
}
Schema = dict[str, Any]


def main(folder: Path) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    for name, schema in {**dict(_own()), **dict(_custom())}.items():
        (folder / f"{name}.json").write_text(json.dumps(schema))


def _own() -> Iterator[tuple[str, Schema]]:
    definitions = json.loads((_module(KUBERNETES) / "api/openapi-spec/swagger.json").read_text())["definitions"]
    for name, definition in definitions.items():
        for kind in definition.get("x-kubernetes-group-version-kind", ()):
            if name.startswith(_KINDS) and not name.endswith("List"):
                yield _file(kind["group"], kind["version"], kind["kind"]), _strict(definition, definitions, (name,))


def _custom() -> Iterator[tuple[str, Schema]]:
    for module, paths in CUSTOM.items():
        root = _module(module)
        for path in paths:
            spec = yaml.safe_load((root / path).read_text())["spec"]
            for version in spec["versions"]:
                schema = _strict(version["schema"]["openAPIV3Schema"], {}, ())
                schema["properties"]["metadata"] = {"type": "object"}
                yield _file(spec["group"], version["name"], spec["names"]["kind"]), schema


def _module(name: str) -> Path:
    """Where Go keeps the module."""
    found = subprocess.run(["go", "mod", "download", "-json", name], check=True, capture_output=True, text=True)
    return Path(json.loads(found.stdout)["Dir"])


def _file(group: str, version: str, kind: str) -> str:
    """As kubeconform looks for it."""
    return "-".join(filter(None, [kind.lower(), group.partition(".")[0], version]))


def _strict(node: Any, definitions: Schema, seen: tuple[str, ...]) -> Any:
    """Without references, closed to unknown names; null is the same as absent. A definition inside itself may be anything."""
    if isinstance(node, list):
        return [_strict(item, definitions, seen) for item in node]
    if not isinstance(node, dict):
        return node
    if isinstance(reference := node.get("$ref"), str):
        name = reference.removeprefix(_PREFIX)
        return _SCALARS.get(name) or ({} if name in seen else _strict(definitions[name], definitions, (*seen, name)))
    if node.get("x-kubernetes-int-or-string"):
        return {"type": ["string", "integer", "null"]}
    strict = {key: _strict(value, definitions, seen) for key, value in node.items() if not _idle(key, value)}
    if isinstance(properties := node.get("properties"), dict):
        strict["properties"] = {key: _strict(value, definitions, seen) for key, value in properties.items()}
        if not node.get("x-kubernetes-preserve-unknown-fields"):
            strict.setdefault("additionalProperties", False)
    if isinstance(kind := node.get("type"), str):
        strict["type"] = [kind, "null"]
    return strict


def _idle(key: str, value: Any) -> bool:
    """What says nothing about shape: descriptions, extensions, formats of numbers."""
    return (key in {"description", "format"} and isinstance(value, str)) or key.startswith("x-kubernetes-") or key == "properties"


if __name__ == "__main__":
    main(Path(sys.argv[1]))
