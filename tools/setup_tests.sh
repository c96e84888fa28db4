#!/usr/bin/env bash
# What only the tests need: Java, Apache Kafka, an object store, and torch with what the GPU engines use.
set -euo pipefail
cd "$(dirname "$0")/.."
missing=()
command -v java >/dev/null || missing+=(default-jre-headless)
command -v mvn >/dev/null || missing+=(maven)
if [ ${#missing[@]} -gt 0 ]; then tools/apt_install.sh "${missing[@]}"; fi
.venv/bin/python -m kinora_testkit.java
uv=$(command -v uv || echo .cache/uv/bin/uv)
touch .cache/engines
"$uv" sync --frozen --quiet --group engines
