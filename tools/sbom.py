"""`sbom.py ROOT NAME VERSION`: what lies in an image whose root is mounted at ROOT, as CycloneDX 1.6 JSON on standard output.

Read from what is really there: Debian's package database, the metadata of Python packages, the manifests inside jars. It needs the standard
library alone: any image with Python runs it.
"""

import json
import re
import sys
import zipfile
from collections.abc import Iterator
from email.parser import HeaderParser
from pathlib import Path

Component = dict[str, object]


def components(root: Path) -> list[Component]:
    """Each once, by package URL (purl)."""
    found = {one["purl"]: one for kind in (_debian, _python, _java) for one in kind(root)}
    return [found[purl] for purl in sorted(found, key=str)]


def document(root: Path, name: str, version: str) -> dict[str, object]:
    image = {"type": "container", "name": name, "version": version}
    return {"bomFormat": "CycloneDX", "specVersion": "1.6", "version": 1, "metadata": {"component": image}, "components": components(root)}


def _debian(root: Path) -> Iterator[Component]:
    database = root / "var/lib/dpkg/status"
    for paragraph in database.read_text().split("\n\n") if database.exists() else ():
        fields = HeaderParser().parsestr(paragraph)
        if fields["Package"] and fields["Status"] == "install ok installed":
            yield _component("deb/debian", fields["Package"], fields["Version"], f"?arch={fields['Architecture']}")


def _python(root: Path) -> Iterator[Component]:
    for folder in ("opt", "usr"):
        for metadata in (root / folder).glob("**/*.dist-info/METADATA"):
            fields = HeaderParser().parsestr(metadata.read_text())
            name = re.sub(r"[-_.]+", "-", fields["Name"]).lower()
            yield _component("pypi", name, fields["Version"]) | _licence(fields["License-Expression"])


def _java(root: Path) -> Iterator[Component]:
    for jar in (root / "opt").glob("**/*.jar"):
        with zipfile.ZipFile(jar) as archive:
            named = [entry for entry in archive.namelist() if entry.startswith("META-INF/maven/") and entry.endswith("/pom.properties")]
            for entry in named:
                fields = dict(line.split("=", 1) for line in archive.read(entry).decode().splitlines() if "=" in line and line[0] != "#")
                yield _component(f"maven/{fields['groupId']}", fields["artifactId"], fields["version"].strip())
        if not named and (parts := re.fullmatch(r"(.+?)-(\d.*)", jar.stem)):
            yield _component("generic", *parts.groups())
    for release in (root / "opt").glob("*/release"):  # of a Java runtime
        if version := re.search(r'^JAVA_RUNTIME_VERSION="(.+)"$', release.read_text(), re.MULTILINE):
            yield _component("generic", "openjdk", version[1])


def _component(kind: str, name: str, version: str, more: str = "") -> Component:
    return {"type": "library", "name": name, "version": version, "purl": f"pkg:{kind}/{name}@{version.replace('+', '%2B')}{more}"}


def _licence(expression: str | None) -> Component:
    return {"licenses": [{"expression": expression}]} if expression else {}


if __name__ == "__main__":
    json.dump(document(Path(sys.argv[1]), *sys.argv[2:]), sys.stdout, indent=1)
