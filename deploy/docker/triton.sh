#!/bin/sh
# triton serve: the models below /models, gRPC and HTTP on loopback alone, metrics on port 8002.
#     TRITON_MODELS: which of them, by name (world). TRITON_EXIT_TIMEOUT_S: for the clips in hand when it is asked to end (60).
# triton ready: whether every model answers.
# triton live: whether no model's process has died; Triton calls itself ready without it and fails every request.
set -eu
models=${TRITON_MODELS:-world}
home=${TRITON_HOME:-/opt/triton/pytriton/tritonserver}
python=/opt/kinora/bin/python

serve() {
    base=$($python -c 'import sys; print(sys.base_prefix)')
    packages=$($python -c 'import site; print(site.getsitepackages()[0])')
    # The backend's stub embeds Python: it is told which one, and where its packages lie.
    export KINORA_PYTHON=$python KINORA_SITE_PACKAGES="$packages" PYTHONHOME="$base"
    export LD_LIBRARY_PATH="${home%/pytriton/*}/nvidia_pytriton.libs${LD_LIBRARY_PATH:+:$LD_LIBRARY_PATH}"
    rm -f /dev/shm/kinora_* # of a server that was killed
    for model in $models; do set -- "$@" "--load-model=$model"; done
    exec "$home/bin/tritonserver" --model-repository=/models --backend-directory="$home/backends" --model-control-mode=explicit "$@" \
        --disable-auto-complete-config --grpc-address=127.0.0.1 --grpc-port=8001 --http-address=127.0.0.1 --http-port=8003 \
        --metrics-address=0.0.0.0 --metrics-port=8002 --allow-gpu-metrics="${TRITON_GPU_METRICS:-false}" \
        --exit-timeout-secs="${TRITON_EXIT_TIMEOUT_S:-60}" --backend-config=python,shm-region-prefix-name=kinora_
}

ready() {
    for model in $models; do
        $python -I -S -c "import urllib.request as u; u.urlopen('http://127.0.0.1:8003/v2/models/$model/ready', timeout=5)" 2>/dev/null ||
            { echo "$model is not ready" >&2 && exit 1; }
    done
}

live() { # a stub that has ended and was not waited for: pid (name) Z …
    if grep -qs '^[0-9]* (triton_python_b) Z' /proc/[0-9]*/stat; then echo "a model's process has died" >&2 && exit 1; fi
}

case ${1:-} in
    serve | ready | live)
        command=$1
        shift
        $command "$@"
        ;;
    *) sed -n '2,5s/^# //p' "$0" >&2 && exit 2 ;;
esac
