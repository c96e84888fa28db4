# Puts a bill of materials into a finished image, read from its own files; tools/build_images.sh does so with every image.
# docker build -f deploy/docker/sbom.Dockerfile --build-arg IMAGE=kinora/identity:1.0 --build-arg READ_AT=$(date +%s) -t kinora/identity:1.0 .
ARG IMAGE
ARG PYTHON_IMAGE=docker.io/library/python:3.11-slim-trixie
FROM ${IMAGE} AS image

FROM ${PYTHON_IMAGE} AS read
ARG IMAGE
ARG READ_AT
COPY tools/sbom.py /
RUN --mount=type=bind,from=image,target=/image : "${READ_AT}" && python3 /sbom.py /image "${IMAGE%:*}" "${IMAGE##*:}" >/sbom.cdx.json

FROM scratch AS bill
COPY --from=read /sbom.cdx.json /

FROM image
COPY --from=read /sbom.cdx.json /usr/share/sbom/
