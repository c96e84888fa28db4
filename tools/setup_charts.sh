#!/usr/bin/env bash
# What only the chart's tests need: Helm, kubeconform and promtool, built by Go, and the schemas of Kubernetes' kinds.
set -euo pipefail
cd "$(dirname "$0")/.."
helm=helm.sh/helm/v3/cmd/helm@v3.19.2
kubeconform=github.com/yannh/kubeconform/cmd/kubeconform@v0.8.0
promtool=github.com/prometheus/prometheus/cmd/promtool@v0.316.0

install() { GOBIN=$PWD/.cache/bin CGO_ENABLED=0 go install -trimpath -ldflags '-s -w' "$@"; }
go_is() { command -v go >/dev/null && [ "$(printf '%s\n' "go$1" "$(go env GOVERSION)" | sort -V | head -n 1)" = "go$1" ]; }

mkdir -p .cache/bin .cache/charts
if [ ! -x .cache/bin/promtool ]; then
  if go_is 1.26; then
    install -tags remove_all_sd "$promtool"  # without what finds servers in every cloud
  else
    echo "promtool wants Go 1.26; without it, alerts are not tried out." >&2
  fi
fi

stamp="$helm $kubeconform $(sha256sum tools/chart/kubernetes_schemas.py)"
if [ "$(cat .cache/charts/stamp 2>/dev/null)" = "$stamp" ]; then exit 0; fi
if ! go_is 1.24; then
  echo "The chart's tools are built by Go 1.24 or newer, which is not here: install it (https://go.dev/dl), then run this again." >&2
  exit 1
fi
install "$helm"
install "$kubeconform"
.venv/bin/python tools/chart/kubernetes_schemas.py .cache/charts/schemas
echo "$stamp" >.cache/charts/stamp
