"""The bill of materials of an image names what really lies in it."""

import json
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

SBOM = Path(__file__).parents[2] / "tools" / "sbom.py"
STATUS = """\
Package: libssl3t64
Status: install ok installed
Architecture: amd64
Version: 3.5.1-1+deb13u1

Package: gone
Status: deinstall ok config-files
Architecture: amd64
Version: 1
"""


@pytest.fixture
def image(tmp_path):
    def write(path, text):
        (tmp_path / path).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / path).write_text(text)

    write("var/lib/dpkg/status", STATUS)
    write(
        "opt/kinora/lib/python3.11/site-packages/Some_Thing-2.1.dist-info/METADATA",
        "Metadata-Version: 2.4\nName: Some_Thing\nVersion: 2.1\nLicense-Expression: MIT\n\nName: not a header\n",
    )
    write("opt/jre/release", 'IMPLEMENTOR="Debian"\nJAVA_RUNTIME_VERSION="21.0.9+10"\n')
    (tmp_path / "opt/kafka").mkdir()
    with zipfile.ZipFile(tmp_path / "opt/kafka/kafka-clients-4.1.1.jar", "w") as jar:
        jar.writestr(
            "META-INF/maven/org.apache.kafka/kafka-clients/pom.properties",
            "#by\ngroupId=org.apache.kafka\nartifactId=kafka-clients\nversion=4.1.1\n",
        )
    zipfile.ZipFile(tmp_path / "opt/kafka/bare-1.0.jar", "w").close()
    return tmp_path


def test_every_kind_of_package_is_named_by_its_purl_and_what_was_removed_is_not(image):
    printed = subprocess.run([sys.executable, SBOM, image, "kinora/kafka", "1.0"], check=True, capture_output=True).stdout
    bill = json.loads(printed)
    assert (bill["bomFormat"], bill["specVersion"]) == ("CycloneDX", "1.6")
    assert bill["metadata"]["component"] == {"type": "container", "name": "kinora/kafka", "version": "1.0"}
    assert [one["purl"] for one in bill["components"]] == [
        "pkg:deb/debian/libssl3t64@3.5.1-1%2Bdeb13u1?arch=amd64",
        "pkg:generic/bare@1.0",
        "pkg:generic/openjdk@21.0.9%2B10",
        "pkg:maven/org.apache.kafka/kafka-clients@4.1.1",
        "pkg:pypi/some-thing@2.1",
    ]
    assert bill["components"][-1]["licenses"] == [{"expression": "MIT"}]
