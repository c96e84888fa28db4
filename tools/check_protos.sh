#!/usr/bin/env bash
# Fail when libs/protos is not what protos/ generates.
set -euo pipefail
cd "$(dirname "$0")/.."
before=$(find libs/protos/src -type f -not -name '*.pyc' | sort | xargs sha256sum | sha256sum)
.venv/bin/python tools/generate_protos.py 2>/dev/null
after=$(find libs/protos/src -type f -not -name '*.pyc' | sort | xargs sha256sum | sha256sum)
if [ "$before" != "$after" ]; then
  echo "libs/protos was not up to date with protos/; run \`make protos\` and commit" >&2
  exit 1
fi
