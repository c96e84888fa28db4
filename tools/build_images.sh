#!/usr/bin/env bash
# Builds the container images, each with its bill of materials (CycloneDX) inside and in out/images, and prints their sizes.
#   tools/build_images.sh [NAME…]   all but `triton`, or e.g. `gateway kafka`
# ENGINE: docker, podman or buildah. PREFIX/NAME:TAG is what they are called (kinora/NAME:dev). BUILD_ARGS: more for every build, e.g.
# "--build-arg PYTHON_IMAGE=docker.io/library/python@sha256:… --build-arg DEBIAN_IMAGE=docker.io/library/debian@sha256:…".
set -euo pipefail
cd "$(dirname "$0")/.."
asked_by_name=(triton) # its base is large and in NVIDIA's registry
names=(gateway identity likeness cameo provenance generation scaler tools triton-world postgres kafka objects)
engine=${ENGINE:-$(command -v docker podman buildah | head -n 1)}
tag=${TAG:-dev}
out=out/images
read -r -a more <<<"${BUILD_ARGS:-}"
more+=(--build-arg "VERSION=$tag" --build-arg "REVISION=$(git rev-parse HEAD 2>/dev/null || true)")

recipe() { # NAME: its file and arguments
    case $1 in
        postgres | kafka | objects) echo trials --target "$1" ;;
        triton-world) echo python-service --target triton-world --build-arg SERVICE=world ;;
        triton) echo triton ;;
        tools) echo python-service --target tools --build-arg SERVICE=tools ;;
        *) echo python-service --target service --build-arg "SERVICE=$1" ;;
    esac
}

build() { # FILE [ARGUMENT…]
    local file=deploy/docker/$1.Dockerfile
    "$engine" build "${more[@]}" -f "$file" "${@:2}" . >"$out/build.log" 2>&1 || { tail -n 40 "$out/build.log" >&2 && exit 1; }
}

size() {
    case $engine in
        *buildah) buildah images --format '{{.Size}}' "$1" ;;
        *) "$engine" image inspect --format '{{.Size}}' "$1" | numfmt --to=si --suffix=B ;;
    esac
}

[ $# -gt 0 ] || set -- "${names[@]}"
for name; do
    [[ " ${names[*]} ${asked_by_name[*]} " == *" $name "* ]] || { echo "there is no image $name; there are: ${names[*]} ${asked_by_name[*]}" >&2 && exit 2; }
done
mkdir -p "$out"
for name; do
    image=${PREFIX:-kinora}/$name:$tag
    read -r -a arguments <<<"$(recipe "$name")"
    build "${arguments[@]}" -t "$image"
    # A builder may not see that what it mounts has changed; the time makes it read again.
    described=(sbom --build-arg "IMAGE=$image" --build-arg "READ_AT=$(date +%s)")
    build "${described[@]}" --target bill --output "type=local,dest=$out/$name"
    build "${described[@]}" -t "$image"
    printf '%-40s %8s  %4d packages\n' "$image" "$(size "$image")" "$(grep -c '"purl"' "$out/$name/sbom.cdx.json")"
done
